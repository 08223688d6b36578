"""Start to first paint, in a pseudo-terminal: the console beside an empty Textual application, turn by turn.

The console's session does not open while it is measured: the first paint must not wait for it. As the command line
does, the child pauses the garbage collector while it imports, when nothing is garbage yet.
"""

from __future__ import annotations

import fcntl
import os
import pty
import select
import statistics
import struct
import sys
import termios
import time
from typing import Any

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

CONSOLE = """
import gc
gc.disable()
import asyncio
from cloutui.app import CloutuiApp
async def never(progress):
    await asyncio.sleep(60)
CloutuiApp(never).run()
"""


def measure() -> list[dict[str, Any]]:
    """Medians in ms, the runs of the two interleaved so that both see the same machine."""
    seconds_to_paint(EMPTY, b"painted")
    seconds_to_paint(CONSOLE, b"Jobs matrix")  # the first run of each compiles
    pairs = [(seconds_to_paint(CONSOLE, b"Jobs matrix"), seconds_to_paint(EMPTY, b"painted")) for _ in range(RUNS)]
    console, empty = (statistics.median(times) * 1000 for times in zip(*pairs, strict=True))
    return [
        {
            "name": "start to first paint",
            "value": round(console),
            "unit": "ms",
            "rows": None,
            "peer": "empty Textual app",
            "peer_value": round(empty),
            "ratio": round(console / empty, 2),
        }
    ]


def seconds_to_paint(program: str, sign: bytes) -> float:
    """From the start of the interpreter until the terminal has been sent the sign."""
    started = time.perf_counter()
    pid, terminal = pty.fork()
    if pid == 0:
        os.environ.update(TERM="xterm-256color", COLORTERM="truecolor")
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
