"""Every screen in a real terminal of each size, by keys alone: nothing cut that matters, and a clean terminal after."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from docs.tour import STOPS, Stop
from tests.rounds import rounds

pytestmark = [
    pytest.mark.tmux,
    pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed"),
]

LIMIT_S = 60
SIZES = ((80, 24), (220, 60), (120, 36))[: rounds(1, soak=3)]
"""The narrowest cuts the most; `make soak` tries all."""
NAMES = {"enter": "Enter", "escape": "Escape", "backspace": "BSpace", "question_mark": "?", "colon": ":", "slash": "/"}
"""Keys that tmux calls otherwise than Textual does; `ctrl+p` is `C-p`."""

CUT_NUMBER = re.compile(r"(?<![\w.,:/\\-])\d[\d.,]*…")
"""A number that ends in the sign for what was cut. Names may end in one: `ACME-SQL0…`."""

MODES = "#{alternate_on} #{cursor_flag} #{mouse_any_flag}"


class Window:
    """A tmux server of one window, of that size."""

    def __init__(self, folder: Path, size: tuple[int, int], program: str) -> None:
        self.folder = folder
        self._tmux = ["tmux", "-S", str(folder / "tmux"), "-f", "/dev/null"]
        self._run("new-session", "-d", "-x", str(size[0]), "-y", str(size[1]), "env", "PS1=$ ", "sh")
        self.type("stty -a > before; clear", "Enter")
        self.before = self.modes()
        self.type(f"{program}; echo left $?", "Enter")

    def type(self, *keys: str) -> None:
        self._run("send-keys", *keys)

    def modes(self) -> str:
        """Alternate screen, cursor, mouse."""
        return self._run("display-message", "-p", MODES).strip()

    def screen(self) -> str:
        return self._run("capture-pane", "-p")

    def wait_for(self, holds: Callable[[str], bool], what: object) -> str:
        deadline = time.monotonic() + LIMIT_S
        while True:
            seen = self.screen()
            if holds(seen):
                return seen
            assert time.monotonic() < deadline, f"no {what} on\n{seen}"
            time.sleep(0.05)

    def go(self, stop: Stop) -> None:
        """One key after the other, each when what came of the one before is there."""
        self.wait_until_still()
        expected = ("",) * (len(stop.keys) - len(stop.at)) + stop.at
        for key, there in zip(stop.keys, expected, strict=True):
            self.wait_for(lambda seen, there=there: there in seen and is_settled(seen), there)  # type: ignore[misc]
            if there:  # it may have been there before the last key, too
                self.wait_until_still()
            self.press(key)
        if stop.typed:
            self.type("-l", stop.typed)

    def wait_until_still(self) -> None:
        """As a person does: the next key comes when nothing moves any more."""
        before = ""
        while before != (before := self.screen()):
            time.sleep(0.1)

    def press(self, key: str) -> None:
        self.type(NAMES.get(key, key.replace("ctrl+", "C-")))

    def close(self) -> None:
        self._run("kill-server")

    def _run(self, *arguments: str) -> str:
        command = [*self._tmux, *arguments]
        return subprocess.run(command, capture_output=True, text=True, timeout=30, check=True, cwd=self.folder).stdout


def is_settled(seen: str) -> bool:
    """No row is still on its way. Longer runs are days of a year on which nothing was."""
    return not re.search(r"(?<!·)·····(?!·)", seen)


@pytest.fixture(scope="module")
def program(home: str) -> str:
    return shlex.join([sys.executable, "-m", "cloutui", "--home", home])


@pytest.fixture(params=SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def window(request: pytest.FixtureRequest, program: str, tmp_path: Path) -> Iterator[Window]:
    opened = Window(tmp_path, request.param, program)
    yield opened
    opened.close()


def is_there(stop: Stop, seen: str) -> bool:
    """A screen is there when its tab or the path says so; everything else shows what only it has."""
    return all(sign in seen for sign in stop.signs) and is_settled(seen)


def test_every_screen_by_keys_alone_and_a_clean_terminal_after(window: Window) -> None:
    window.wait_for(lambda seen: "1 Over" in seen and is_settled(seen) and "SPA01" in seen, "the first rows")
    for stop in STOPS:
        window.go(stop)
        seen = window.wait_for(lambda seen, stop=stop: is_there(stop, seen), stop.signs)  # type: ignore[misc]
        assert CUT_NUMBER.findall(seen) == [], f"{stop.name} cuts a number:\n{seen}"
        assert "Traceback" not in seen
        for key in stop.leave:
            window.press(key)
        if stop.leave:  # what is typed at once after `esc` would be `alt` and that key
            window.wait_for(lambda seen, stop=stop: not is_there(stop, seen), f"way out of {stop.name}")  # type: ignore[misc]
    window.type("C-q")
    window.wait_for(lambda seen: "left 0" in seen, "an end")
    window.type("stty -a > after; echo same", "Enter")
    window.wait_for(lambda seen: "\nsame" in seen, "the shell")
    assert (window.folder / "after").read_text() == (window.folder / "before").read_text()
    assert window.modes() == window.before == "0 1 0"


def test_a_number_that_is_cut_is_found() -> None:
    cut = ["stored 1.04 TiB, 1,139,901,275…", "  412… ", "(12…"]
    assert [bool(CUT_NUMBER.search(text)) for text in cut] == [True] * 3
    whole = ["ACME-SQL0…", "file01…", "/srv/2025…", "… Pending 485", "return code…", "1,139"]
    assert [bool(CUT_NUMBER.search(text)) for text in whole] == [False] * 6
