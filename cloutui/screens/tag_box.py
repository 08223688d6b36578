"""Ticking tags for nodes: which of them all have, some have, or none has; what would be changed stands below."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from cloutui.model import formats
from cloutui.model.safe_text import safe
from cloutui.screens.desk import Desk
from cloutui.widgets.lines import ACT, MOVE
from cloutui.widgets.sought_list import SoughtList
from cloutui.widgets.text import Piece, cut, pad

_WIDTH = 64
_MOST_ROWS = 18


class Tick(Enum):
    """On how many of the nodes a tag is to be."""

    NONE = "none"
    SOME = "some"
    """As it is: on those that have it now."""
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Ticked:
    """What is to be changed: ids of tags."""

    put: Sequence[int]
    take: Sequence[int]


class TagChoice:
    """The tags that may be ticked: rows of the report `node-tags`. Pure."""

    def __init__(self, rows: Sequence[Mapping[str, Any]]) -> None:
        self.rows = list(rows)
        self.before = {row["tag_id"]: _tick(row) for row in rows}
        self.now = dict(self.before)

    def flip(self, row: Mapping[str, Any]) -> None:
        """On all, then on none; what only some had comes last, as it was. What not all may have is only taken off."""
        tag_id = row["tag_id"]
        order = [Tick.ALL, Tick.NONE] if row["usable"] >= row["of"] else [Tick.NONE]
        if self.before[tag_id] not in order:
            order.append(self.before[tag_id])
        self.now[tag_id] = order[(order.index(self.now[tag_id]) + 1) % len(order)]

    @property
    def ticked(self) -> Ticked:
        """Only what differs from before."""
        changed = {tag_id: tick for tag_id, tick in self.now.items() if tick is not self.before[tag_id]}
        put = [tag_id for tag_id, tick in changed.items() if tick is Tick.ALL]
        return Ticked(put, [tag_id for tag_id, tick in changed.items() if tick is Tick.NONE])


def _tick(row: Mapping[str, Any]) -> Tick:
    if row["has"] >= row["of"]:
        return Tick.ALL
    return Tick.SOME if row["has"] else Tick.NONE


class TagLines(SoughtList, inherit_bindings=False):
    """The tags, a row each. What is typed narrows them."""

    HEADS: ClassVar[int] = 1

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "down", "down", id="tick.down", show=False, group=MOVE),
        Binding("up", "up", "up", id="tick.up", show=False, group=MOVE),
        Binding("pagedown", "page(1)", "page down", id="tick.page-down", show=False, group=MOVE),
        Binding("pageup", "page(-1)", "page up", id="tick.page-up", show=False, group=MOVE),
        Binding("home", "first", "first", id="tick.first", show=False, group=MOVE),
        Binding("end", "last", "last", id="tick.last", show=False, group=MOVE),
        Binding("space", "flip", "on all, on none", id="tick.flip", group=ACT),
        Binding("backspace", "shorten", "take back a letter", id="tick.shorten", show=False, group=ACT),
    ]

    def __init__(self, desk: Desk, title: str, choice: TagChoice) -> None:
        super().__init__(desk.look, title)
        self.choice = choice
        self.note = "esc leaves it"

    def listed(self) -> list[Mapping[str, Any]]:
        """The tags that have what was typed."""
        return [row for row in self.choice.rows if self.sought in row["tag"]]

    def count(self) -> int:
        """One a tag."""
        return len(self.listed())

    def head(self, index: int) -> list[Piece]:
        """What is typed; else what would be changed; else what keys do."""
        del index
        palette, glyphs = self.look.palette, self.look.glyphs
        if self.sought:
            return self.typed()
        if not self.choice.rows:
            return [("   no tag yet: a on g k makes one", palette.style("muted"))]
        changes = list(self._changes())
        if changes:
            return [("   ", palette.style()), *changes, (f"   {glyphs.enter} does it", palette.style("muted"))]
        return [(f"   space ticks   letters narrow   {glyphs.enter} takes", palette.style("muted"))]

    def _changes(self) -> Iterator[Piece]:
        palette, ticked = self.look.palette, self.choice.ticked
        texts = {row["tag_id"]: row["tag"] for row in self.choice.rows}
        for sign, ids, role in (("+", ticked.put, "ok"), ("-", ticked.take, "error")):
            for tag_id in ids:
                yield (f"{sign}{safe(texts[tag_id])} ", palette.style(role, bold=True))

    def row(self, index: int) -> list[Piece]:
        """A box, filled, half filled or not, the tag, and how many have it."""
        palette, glyphs, row = self.look.palette, self.look.glyphs, self.listed()[index]
        on = "cursor-ground" if index == self.cursor else "background"
        tick = self.choice.now[row["tag_id"]]
        signs = "*+-" if glyphs.rule.isascii() else "■▪□"
        sign = {Tick.ALL: signs[0], Tick.SOME: signs[1], Tick.NONE: signs[2]}[tick]
        told = _told(row)
        room = self.inner_width - 6
        name = cut(safe(row["tag"]), max(12, room - len(told) - 2), glyphs.cut)
        role = "text" if tick is not Tick.NONE else "muted"
        return [
            self.marker(index, on=on),
            (f" {sign}  ", palette.style("accent", on)),
            (pad(name, room - len(told)), palette.style(role, on)),
            (f"{told} ", palette.style("muted", on)),
        ]

    def action_flip(self) -> None:
        """On all, on none, or as it was."""
        listed = self.listed()
        if self.cursor < len(listed):
            self.choice.flip(listed[self.cursor])
            self.changed()


def _told(row: Mapping[str, Any]) -> str:
    """How many have it where there are several, and whence they have it."""
    said = []
    if row["has"] and row["of"] > 1:
        said.append(f"{formats.count(row['has'])} of {formats.count(row['of'])}")
    if row["inherits"]:
        said.append("by its unit" if row["of"] == 1 else f"{formats.count(row['inherits'])} by their unit")
    if row["usable"] < row["of"]:
        said.append("not for all of them" if row["usable"] else "from elsewhere")
    return "  ".join([*said, safe(row["owner"] or "")]) if said else safe(row["owner"] or "")


class TagBox(ModalScreen["Ticked | None"], inherit_bindings=False):
    """What is to be changed; None when it was left."""

    DEFAULT_CSS = """
    TagBox { align: center middle; background: $background 60%; }
    TagBox > TagLines { background: $background; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,ctrl+j", "take", "do it", id="tick.take"),
        Binding("escape,ctrl+c", "close", "leave it", id="tick.close"),
    ]

    def __init__(self, desk: Desk, title: str, choice: TagChoice) -> None:
        super().__init__()
        self.list = TagLines(desk, title, choice)

    def compose(self) -> ComposeResult:
        """The list alone."""
        yield self.list

    def on_mount(self) -> None:
        """As large as it needs to be."""
        self._fit()
        self.list.focus()

    def on_resize(self) -> None:
        """It fits the terminal."""
        self._fit()

    def _fit(self) -> None:
        width, height = self.app.size
        self.list.styles.width = min(width - 2, _WIDTH)
        self.list.styles.height = max(4, min(len(self.list.choice.rows) + 3, _MOST_ROWS, height - 4))

    def action_take(self) -> None:
        """What was ticked."""
        self.dismiss(self.list.choice.ticked)

    def action_close(self) -> None:
        """Nothing is changed."""
        self.dismiss(None)
