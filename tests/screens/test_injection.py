"""Hostile names and messages in a real pseudo-terminal: nothing of them reaches the terminal raw.

One console shows all texts at once, wherever text of a server is shown: tree, matrix, peek, list, page, header, bars,
boxes. Lone surrogates cannot come out of Arrow's UTF-8 and are tested in the gate's own tests.
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
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pyte
import pytest

from tests.screens.payloads import ESCAPES, MARKUP

ROOT = Path(__file__).resolve().parents[2]
WIDTH, HEIGHT = 120, 36
DEADLINE_S = 20.0

MARK = "QZ"
"""Put before the character that does the harm, to tell it from the sequences that Textual sends itself."""


def marked(text: str) -> str:
    at = first_steering(text)
    return text[:at] + MARK + text[at:]


def harm(text: str) -> bytes:
    """The mark and where the steering begins, as a terminal would be sent them.

    Three characters of it: after the mark Textual may end a style itself, with `ESC [ 0 m`.
    """
    at = first_steering(text)
    return text[at - len(MARK) : at + 3].encode()


def first_steering(text: str) -> int:
    return next(place for place, char in enumerate(text) if not char.isprintable())


STEERING = [marked(text) for text in ESCAPES if "\ud800" not in text and not text.isprintable()]


class Terminal:
    """The other end of the pseudo-terminal."""

    def __init__(self, master: int) -> None:
        self.master = master
        self.sent = b""
        self.screen = pyte.Screen(WIDTH, HEIGHT)
        self.stream = pyte.ByteStream(self.screen)

    def until(self, condition: Callable[[], bool], what: str) -> None:
        deadline = time.monotonic() + DEADLINE_S
        while not condition():
            ready, _, _ = select.select([self.master], [], [], max(0.0, deadline - time.monotonic()))
            assert ready, f"not seen: {what}\n" + "\n".join(self.screen.display)
            data = os.read(self.master, 65536)
            self.sent += data
            self.stream.feed(data)

    def press(self, keys: str, what: str, condition: Callable[[], bool]) -> None:
        os.write(self.master, keys.encode())
        self.until(condition, what)

    def shows(self, text: str) -> Callable[[], bool]:
        return lambda: any(text in line for line in self.screen.display)

    def lacks(self, text: str) -> Callable[[], bool]:
        return lambda: not any(text in line for line in self.screen.display)


@contextmanager
def console(payloads: list[str], *off: str) -> Iterator[Terminal]:
    pid, master = pty.fork()
    if pid == 0:
        os.chdir(ROOT)
        os.environ.update(TERM="xterm-256color", COLORTERM="truecolor", PYTHONPATH=str(ROOT), LANG="C.UTF-8")
        os.environ.pop("COLUMNS", None)
        os.environ.pop("LINES", None)
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", HEIGHT, WIDTH, 0, 0))
        os.execv(sys.executable, [sys.executable, "-m", "tests.screens.pty_console", json.dumps(payloads), *off])
    try:
        yield Terminal(master)
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        os.close(master)


def tour(terminal: Terminal) -> None:
    """Through every screen that shows what a server said."""
    terminal.until(terminal.shows("opens the day"), "the matrix and its peek")
    for key, row in (("j", "2/"), ("G", f"{len(STEERING)}/"), ("gg", " 1/")):
        terminal.press(key, "another row", terminal.shows(row))
    terminal.press("\r", "the day", terminal.shows("full text"))
    terminal.press("\r", "the job", terminal.shows("server said"))
    terminal.press("G", "the end of the log", terminal.lacks("server said"))
    terminal.press("i", "the box of ages", terminal.shows("How old the facts are"))
    terminal.press("\x1b", "the job again", terminal.lacks("How old the facts are"))
    terminal.press("?", "the keys", terminal.shows("Keys:"))
    terminal.press("\x1b", "the job again", terminal.lacks("Keys:"))
    terminal.press("\x7f", "the day", terminal.shows("full text"))
    terminal.press("\x7f", "the matrix", terminal.shows("opens the day"))
    terminal.press("\x1b[Z", "the tree", terminal.shows("find unit"))
    terminal.press("jj\r", "another scope", terminal.shows("esc back"))
    terminal.press("/el", "the search", terminal.shows("/ el"))


@pytest.mark.parametrize("off", [(), ("gate",), ("safe",)], ids=["both", "safe-alone", "gate-alone"])
def test_no_control_sequence_of_a_server_reaches_the_terminal(off: tuple[str, ...]) -> None:
    with console(STEERING, *off) as terminal:
        tour(terminal)
    assert [text for text in STEERING if harm(text) in terminal.sent] == []
    assert MARK.encode() in terminal.sent, "the texts must have been drawn, or this proves nothing"


def test_without_both_defences_the_terminal_is_steered() -> None:
    payload = marked("N\x1b]0;OWNED\x07")
    with console([payload], "safe", "gate") as terminal:
        terminal.until(lambda: harm(payload) in terminal.sent, "the payload, raw: else these tests prove nothing")


def test_markup_is_text() -> None:
    with console(list(MARKUP)) as terminal:
        terminal.until(terminal.shows("opens the day"), "the matrix and its peek")
        terminal.press("G", "the last row", terminal.shows(f"{len(MARKUP)}/{len(MARKUP)}"))
        for text in MARKUP:
            short = text if len(text) < 17 else text[:10]
            terminal.until(terminal.shows(short), f"{text} as it was written")
        terminal.press("\r", "the day", terminal.shows("full text"))
        terminal.press("\r", "the job", terminal.shows("server said"))
        terminal.until(terminal.shows(MARKUP[0]), "a message of markup as it was written")


def test_a_tower_of_combining_marks_stays_in_its_row() -> None:
    tower = next(text for text in ESCAPES if text.startswith("Z"))
    with console([tower]) as terminal:
        terminal.until(terminal.shows("opens the day"), "the matrix and its peek")
    assert "\u0301".encode() * 5 not in terminal.sent
