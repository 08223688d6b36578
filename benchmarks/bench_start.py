"""Start to first paint, in a pseudo-terminal: the console beside an empty Textual application, turn by turn.

The console is the installed program on a home whose cache holds millions of jobs; its one server has no door, so that
nothing is collected meanwhile.
"""

from __future__ import annotations

import fcntl
import os
import pty
import select
import statistics
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path
from typing import Any

from benchmarks.fleet_cache import JOBS, open_fleet_cache

RUNS = 9
BUDGET_RATIO = 1.4
_TIMEOUT_S = 20.0

EMPTY = """
from textual.app import App
from textual.widgets import Static
class Empty(App):
    def compose(self):
        yield Static("painted")
Empty().run()
"""

CONSOLE = "import sys; sys.argv = ['cloutui', '--home', {home!r}]; from cloutui.cli import main; main()"

SKELETON, FIRST_DATA = b"Needs attention", b"NODE-"
"""What the first paint shows, and what stands there once the overview tells what needs attention."""


def measure() -> list[dict[str, Any]]:
    """Medians in ms, the runs of the two interleaved so that both see the same machine."""
    cache, records = open_fleet_cache()
    home = str(records.path.parent)
    cache.close()
    records.close()
    console = CONSOLE.format(home=home)
    seconds_to_paint(EMPTY, b"painted")
    seconds_to_paint(console, SKELETON)  # the first run of each compiles
    pairs = [(seconds_to_paint(console, SKELETON), seconds_to_paint(EMPTY, b"painted")) for _ in range(RUNS)]
    ours, empty = (statistics.median(times) * 1000 for times in zip(*pairs, strict=True))
    data = statistics.median(seconds_to_paint(console, FIRST_DATA) for _ in range(RUNS)) * 1000
    return [
        {
            "name": "start to first paint",
            "value": round(ours),
            "unit": "ms",
            "rows": JOBS,
            "peer": "empty Textual app",
            "peer_value": round(empty),
            "ratio": round(ours / empty, 2),
        },
        {"name": "first data after that", "value": round(data - ours), "unit": "ms", "rows": JOBS},
        *_beside_harlequin(ours),
    ]


def _beside_harlequin(ours: float) -> list[dict[str, Any]]:
    """harlequin pins its own versions, so it has an environment of its own, made once and kept with the data."""
    folder = Path(__file__).parent / "data" / "harlequin"
    if not (folder / "bin" / "harlequin").exists():
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        subprocess.run([folder / "bin" / "pip", "install", "--quiet", "harlequin"], check=True)
    program = str(folder / "bin" / "harlequin")
    start = f"import os; os.environ['HOME'] = {str(folder)!r}; os.execv({program!r}, ['harlequin'])"
    seconds_to_paint(start, b"Results")
    theirs = statistics.median(seconds_to_paint(start, b"Results") for _ in range(RUNS)) * 1000
    return [
        {
            "name": "start to first paint, beside another product",
            "value": round(ours),
            "unit": "ms",
            "rows": JOBS,
            "peer": "harlequin",
            "peer_value": round(theirs),
            "ratio": round(ours / theirs, 2),
        }
    ]


def seconds_to_paint(program: str, sign: bytes) -> float:
    """From the start of the interpreter until the terminal has been sent the sign."""
    started = time.perf_counter()
    pid, terminal = pty.fork()
    if pid == 0:
        os.environ.update(TERM="xterm-256color", COLORTERM="truecolor")
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        os.environ.pop("COLUMNS", None)
        os.environ.pop("LINES", None)
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 36, 120, 0, 0))
        os.execv(sys.executable, [sys.executable, "-c", program])
    try:
        return _wait_for(terminal, sign) - started
    finally:
        os.kill(pid, 9)
        os.waitpid(pid, 0)
        os.close(terminal)


def _wait_for(terminal: int, sign: bytes) -> float:
    seen, deadline = b"", time.perf_counter() + _TIMEOUT_S
    while sign not in seen:
        ready, _, _ = select.select([terminal], [], [], max(0.0, deadline - time.perf_counter()))
        if not ready:
            raise TimeoutError(f"{sign!r} did not appear in {_TIMEOUT_S:g} s: {seen[-500:]!r}")
        seen += os.read(terminal, 65536)
    return time.perf_counter()


if __name__ == "__main__":
    for figure in measure():
        print(figure)
