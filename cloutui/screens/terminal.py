"""What the terminal itself is told beside what is drawn: its title, and where its cursor stands.

Readers of screens and magnifiers follow those. The title is put back when the console leaves.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from textual.geometry import Offset
from textual.message import Message
from textual.screen import Screen
from textual.widget import Widget

from cloutui.model import formats
from cloutui.screens.view import View
from cloutui.widgets.field import Field
from cloutui.widgets.gate import harmless
from cloutui.widgets.lines import Lines
from cloutui.widgets.unit_tree import UnitTree

_LONGEST = 120
"""Characters: a title bar shows fewer."""
_NO_TITLE = ("linux", "dumb", "vt")
"""Terminals without a title, by how their names begin. They would show the characters, or worse."""


class FocusMoved(Message):
    """Another cell, or another field, is the one that keys are for."""

    def __init__(self, said: str) -> None:
        super().__init__()
        self.said = said
        """In words: `Jobs, ACME-SQL01, 21 Nov Failed`."""


class Terminal:
    """Writes sequences that draw nothing."""

    def __init__(self, write: Callable[[str], None], *, has_title: bool, has_cursor: bool) -> None:
        self._write = write
        self._has_title = has_title and not os.environ.get("TERM", "").startswith(_NO_TITLE)
        self._has_cursor = has_cursor
        self._said = ""

    def say(self, said: str) -> None:
        """Have the title say this."""
        if not self._said and self._has_cursor:
            self._write("\x1b[?25h")
        if not self._said and self._has_title:
            self._write("\x1b[22;2t")  # keep the one that was there
        if self._has_title and said != self._said:
            self._write(f"\x1b]2;cloutui: {harmless(said)[:_LONGEST]}\x07")
        self._said = said

    def leave(self) -> None:
        """As it was."""
        if self._said and self._has_title:
            self._write("\x1b[23;2t")


def words_of(view: View, focused: Widget | None) -> str:
    """What has the focus, in words."""
    if isinstance(focused, UnitTree):
        return f"Units, {focused.unit.name}" if focused.unit else "Units"
    words = list(view.crumbs())
    if isinstance(focused, Lines) and focused is view.main:
        subject = view.subject()
        day = formats.dense_day(subject.day) if subject and subject.day else ""
        words += [word for word in (subject.name if subject else "", day) if word and word not in words]
        cell = focused.cell_text()
        return ", ".join(words) + (f" {cell}" if cell and cell not in words else "")
    if isinstance(focused, Lines):
        words.append(focused.heading)
    return ", ".join(word for word in words if word)


def place_of(screen: Screen[Any]) -> Offset:
    """Where keys go: the cursor's row, what is typed, and in a box that only tells something, its corner."""
    focused = screen.focused or next(iter(screen.children), None)
    if focused is None:
        return Offset(0, 0)
    return focused.region.offset + (focused.cursor_cell() if isinstance(focused, Lines | Field) else Offset(0, 0))
