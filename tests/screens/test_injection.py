"""Hostile names and messages in a real pseudo-terminal: nothing of them reaches the terminal raw, none is interpreted.

A console is led through every screen, box and bar, with hostile texts wherever a server or a person can put text. Each
defence must hold alone; without both the terminal is steered. Lone surrogates cannot come out of Arrow's UTF-8 and are
tested in the gate's own tests.
"""

from __future__ import annotations

import fcntl
import json
import os
import pty
import select
import signal
import struct
import sys
import termios
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from docs.tour import SCREEN_STOPS, STOPS
from tests.rounds import rounds
from tests.screens.payloads import ESCAPES, MARKUP
from tests.screens.pty_console import MARK, harm

ROOT = Path(__file__).resolve().parents[2]
WIDTH, HEIGHT = 160, 48
DEADLINE_S = 100.0


def marked(text: str) -> str:
    """With the mark before what steers."""
    at = next(place for place, char in enumerate(text) if not char.isprintable())
    return text[:at] + MARK + text[at:]


STEERING = [marked(text) for text in ESCAPES if "\ud800" not in text and not text.isprintable()]
TOWER = next(text for text in ESCAPES if text.startswith("Z"))[:200]
"""All ten thousand marks are for the tests of `safe`: here they would be drawn on every screen."""
TEXTS = [*STEERING, *MARKUP, TOWER]


@dataclass(frozen=True)
class Toured:
    """What came of a tour."""

    sent: bytes
    """All that the terminal was sent."""
    stops: dict[str, dict[str, Any]]
    status: int


def toured(folder: Path, depth: str, *off: str) -> Toured:
    pid, master = pty.fork()
    if pid == 0:
        os.chdir(ROOT)
        # Pictures that other tests take leave COLUMNS and LINES behind, which would count for more than the terminal.
        environ = {name: value for name, value in os.environ.items() if name not in {"COLUMNS", "LINES"}}
        environ |= {"TERM": "xterm-256color", "COLORTERM": "truecolor", "PYTHONPATH": str(ROOT), "LANG": "C.UTF-8"}
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", HEIGHT, WIDTH, 0, 0))
        program = [sys.executable, "-m", "tests.screens.pty_console", json.dumps(TEXTS), str(folder / "seen"), depth]
        os.execve(sys.executable, [*program, *off], environ)
    try:
        sent = everything(master)
        _, status = os.waitpid(pid, 0)
    except BaseException:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        raise
    finally:
        os.close(master)
    failed = folder / "seen.failed"
    assert not failed.exists(), failed.read_text(encoding="utf-8")
    assert (folder / "seen").exists(), "the tour came to no end:\n" + sent.decode("utf-8", "replace")[-3000:]
    return Toured(sent, json.loads((folder / "seen").read_text()), os.waitstatus_to_exitcode(status))


def everything(master: int) -> bytes:
    """What is sent until the program ends."""
    sent, deadline = bytearray(), time.monotonic() + DEADLINE_S
    while True:
        ready, _, _ = select.select([master], [], [], max(0.0, deadline - time.monotonic()))
        assert ready, "the console does not end:\n" + sent.decode("utf-8", "replace")[-3000:]
        try:
            data = os.read(master, 65536)
        except OSError:  # the other end was closed
            return bytes(sent)
        if not data:
            return bytes(sent)
        sent += data


@pytest.mark.parametrize(
    ("off", "depth"),
    [("safe", "truecolor"), ("gate", "none")][: rounds(1, soak=2)],
    ids=["gate-alone", "safe-alone-without-colour"][: rounds(1, soak=2)],
)
def test_nothing_that_was_said_reaches_the_terminal_raw_or_is_interpreted(tmp_path: Path, off: str, depth: str) -> None:
    tour = toured(tmp_path, depth, off)
    assert tour.status == 0
    assert [text for text in STEERING if harm(text) in tour.sent] == []
    assert "\u0301".encode() * 5 not in tour.sent, "a tower of marks would grow into other rows"
    assert {name for name, seen in tour.stops.items() if "app.quit" in seen["metas"]} == set(), "markup can be clicked"
    assert {name for name, seen in tour.stops.items() if not seen["drawn"]} <= {"start"}, "or this proves nothing"
    assert {stop.name for stop in STOPS} <= tour.stops.keys()
    as_written = {text for seen in tour.stops.values() for text in seen["markup"]}
    assert as_written >= set(MARKUP), "markup is text, as it was written"


def test_without_both_defences_the_terminal_is_steered_on_every_screen(tmp_path: Path) -> None:
    tour = toured(tmp_path, "truecolor", "safe", "gate", *["short"][: rounds(1, soak=0)])
    assert [text for text in STEERING if harm(text) not in tour.sent] == []
    assert {stop.name for stop in (SCREEN_STOPS, STOPS)[rounds(0, soak=1)] if not tour.stops[stop.name]["raw"]} == set()
