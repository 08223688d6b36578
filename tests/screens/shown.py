"""What is on the terminal as text: the signs, and letters for how they look. Kept files are compared with it.

`pytest --snapshot-update` writes the kept files anew; then `git diff` tells what has changed.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from string import ascii_letters

import pytest
from rich.style import Style

from docs.tour import Stop
from tests.screens.console import Console

KEPT = Path(__file__).parent / "__shown__"

Cell = tuple[str, Style]


def cells(it: Console) -> list[list[Cell]]:
    """Line by line, a sign and its style for each cell but the second ones of wide signs."""
    it.shell.draw_bars()  # they follow the cursor a moment later
    compositor = it.app.screen._compositor
    compositor.reflow(it.app.screen, it.app.size)
    return [
        [(sign, segment.style or Style()) for segment in strip for sign in segment.text]
        for strip in compositor.render_strips()
    ]


def signs(shown: Sequence[Sequence[Cell]]) -> str:
    return "\n".join("".join(sign for sign, _ in line).rstrip() for line in shown)


def looks(shown: Mapping[str, Sequence[Sequence[Cell]]]) -> str:
    """Runs of cells that look alike in every one of these themes (`a12 b3`), and what each letter looks like."""
    letters: dict[tuple[str, ...], str] = {}
    lines = []
    for versions in zip(*shown.values(), strict=True):
        styles = zip(*([said(style) for _, style in line] for line in versions), strict=True)
        runs = [(look, sum(1 for _ in run)) for look, run in groupby(styles)]
        names = [(letters.setdefault(look, (ascii_letters * 4)[len(letters)]), length) for look, length in runs]
        lines.append(" ".join(f"{name}{length}" for name, length in names))
    legend = [f"{letter}  " + " | ".join(f"{look:<26}" for look in found).rstrip() for found, letter in letters.items()]
    return "\n".join([*lines, f"-- {' | '.join(shown)}", *legend])


def said(style: Style) -> str:
    """`bold #d9e1ec on #0f141b`."""
    words = [word for word in ("bold", "underline", "reverse", "dim", "italic", "blink") if getattr(style, word)]
    colours = [colour.name if colour else "-" for colour in (style.color, style.bgcolor)]
    return " ".join([*words, " on ".join(colours)])


async def quiet(it: Console) -> None:
    """Everything that was asked for is there, and painted."""
    await it.until(lambda: it.session.listeners, "an open session")
    await it.until(lambda: not it.shell.view.main.waiting, "rows")
    await it.until(lambda: not it.busy(), "no question open")


async def go(it: Console, stop: Stop) -> None:
    """To a stop of the tour, by its keys."""
    for key in stop.keys:
        await it.press(key)
        await quiet(it)
    if stop.typed:
        await it.press(*stop.presses)
    await it.sees(*stop.signs)
    await quiet(it)


async def back(it: Console, stop: Stop) -> None:
    await it.press(*stop.leave)
    await quiet(it)


Compare = Callable[[Mapping[str, str]], None]


@pytest.fixture
def same_as_kept(request: pytest.FixtureRequest) -> Compare:
    """Compares texts with the files of their names, all of them before it fails."""

    def compare(texts: Mapping[str, str]) -> None:
        KEPT.mkdir(exist_ok=True)
        differing = [name for name, text in texts.items() if _kept(name) != text + "\n"]
        if request.config.getoption("update_snapshots"):
            for name in differing:
                (KEPT / f"{name}.txt").write_text(texts[name] + "\n", encoding="utf-8")
            return
        assert not differing, "\n".join(_difference(name, texts[name]) for name in differing)

    return compare


def _kept(name: str) -> str:
    file = KEPT / f"{name}.txt"
    return file.read_text(encoding="utf-8") if file.exists() else ""


def _difference(name: str, text: str) -> str:
    kept, now = _kept(name).splitlines(), text.splitlines()
    return "\n".join(difflib.unified_diff(kept, now, f"{name}, kept", f"{name}, now", lineterm="", n=1))


def titled(parts: Iterable[tuple[str, str]]) -> str:
    """Several screens in one file."""
    return "\n".join(f"== {title}\n{text}" for title, text in parts)
