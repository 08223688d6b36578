"""The set-up's list of units that could be made: each can be switched off, renamed, and is made with the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message

from cloutui.model import formats
from cloutui.model.safe_text import safe
from cloutui.model.status import Status
from cloutui.model.unit_proposal import FoundNode, Proposal, preview, propose, renamed, switched
from cloutui.widgets.keyed import QUIT
from cloutui.widgets.line_edit import LineEdit
from cloutui.widgets.lines import ACT
from cloutui.widgets.look import Look
from cloutui.widgets.parts import Parted
from cloutui.widgets.text import Piece, cut, length, pad

_BOX = 4
_NODES = 7
_MOST_NAME = 40


class ProposalList(Parted):
    """Units to be made. The heads say what making them would do."""

    HEADS: ClassVar[int] = 4

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "switch", "make it or not", id="setup.switch", group=ACT),
        Binding("enter,c", "rename", "rename", id="setup.rename", group=ACT),
        Binding("ctrl+j", "make", "make the units", id="setup.make", group=ACT),
    ]

    @dataclass
    class Wanted(Message):
        """These are to be made."""

        proposals: Sequence[Proposal]

    def __init__(self, look: Look) -> None:
        super().__init__(look, "Set up: units")
        self.nodes: Sequence[FoundNode] = ()
        self.proposals: Sequence[Proposal] = ()
        self.doing = ""
        """What is being made; until that is over no key changes anything."""
        self.complaint = ""
        self._edit: LineEdit | None = None
        self._said = ""

    def fill(self, nodes: Sequence[FoundNode]) -> None:
        """Propose for these nodes. What the reader has changed stays, as long as the nodes are the same."""
        if nodes != self.nodes or not self.proposals:
            self.nodes, self.proposals = nodes, propose(nodes)
            self._edit = None
            self._count()
        self.waiting, self.notice = False, ()
        self.changed()

    def work(self, words: str, *, complaint: str = "") -> None:
        """This is being done; nothing, when it is over, and why it did not work."""
        self.doing, self.complaint = words, complaint
        self.refresh()

    @property
    def chosen(self) -> Sequence[Proposal]:
        """Those that are switched on."""
        return [proposal for proposal in self.proposals if proposal.is_on]

    def _count(self) -> None:
        self._said = preview(self.proposals, self.nodes).words
        self.refresh()

    # Drawing.

    def count(self) -> int:
        """One row a proposal."""
        return len(self.proposals)

    def head(self, index: int) -> list[Piece]:
        """What was found, and what the units would do."""
        palette, muted = self.look.palette, self.look.palette.style("muted")
        if index == 0 and self.complaint:
            sign = self.look.glyphs.status[Status.ERROR]
            return [(f"  {sign} {safe(self.complaint)}", palette.style("error"))]
        if index == 1 and not self.notice and not self.waiting:
            said = self.doing or f"{formats.plural(len(self.nodes), 'node')} of no unit below"
            preview_words = "" if self.doing else f":  {self._said}"
            return [(f"  {said}", muted), (preview_words, palette.style("text", bold=True))]
        if index == 3 and not self.notice and not self.waiting:
            name, words = self._widths()
            return [
                (" " * _BOX + pad("unit", name) + "  " + pad("by", words) + pad("nodes", _NODES, right=True), muted)
            ]
        return []

    def _widths(self) -> tuple[int, int]:
        room = max(20, self.inner_width - _BOX - _NODES - 3)
        name = min(_MOST_NAME, room // 2)
        return name, min(_MOST_NAME, room - name)

    def row(self, index: int) -> list[Piece]:
        """Switched on or off, the unit's name, the rule, and how many nodes fit it."""
        palette, glyphs, proposal = self.look.palette, self.look.glyphs, self.proposals[index]
        lit = index == self.cursor and self.has_focus
        on = "cursor-ground" if lit else "background"
        role = "text" if proposal.is_on else "muted"
        name, words = self._widths()
        is_plain = glyphs.rule.isascii()
        box = ("[x]" if is_plain else " ■ ") if proposal.is_on else ("[ ]" if is_plain else " □ ")
        pieces: list[Piece] = [
            self.marker(index, on=on),
            (box, palette.style("accent" if proposal.is_on else "muted", on)),
            *self._unit(index, proposal.unit, name, on, role),
            ("  ", palette.style(on=on)),
            (pad(cut(safe(proposal.words), words, glyphs.cut), words), palette.style("muted", on)),
            (pad(formats.count(proposal.nodes), _NODES, right=True), palette.style(role, on)),
        ]
        return [*pieces, (" " * max(0, self.inner_width - length(pieces)), palette.style(on=on))]

    def _unit(self, index: int, unit: str, width: int, on: str, role: str) -> list[Piece]:
        palette, edit = self.look.palette, self._edit
        if edit is None or index != self.cursor:
            return [
                (pad(cut(safe(unit), width, self.look.glyphs.cut), width), palette.style(role, on, bold=role == "text"))
            ]
        style, start = palette.style("text", "panel"), max(0, edit.cursor - width + 2)
        before, after = safe(edit.text[start : edit.cursor]), safe(edit.text[edit.cursor :])
        caret: Piece = (self.look.glyphs.caret, palette.style("accent", "panel"))
        after = cut(after, max(0, width - 1 - length([(before, style)])), self.look.glyphs.cut)
        gap = " " * max(0, width - length([(before + after, style)]) - 1)
        return [(before, style), caret, (after + gap, style)]

    # Keys.

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """While a name is typed, nothing else is done with a key."""
        del character
        return self._edit is not None and key != QUIT

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Keys that would do nothing are not there."""
        if action in {"switch", "rename", "make"}:
            return bool(self.count()) and not self.doing and not self.notice
        return super().check_action(action, parameters)

    async def on_key(self, event: events.Key) -> None:
        """A name that is being typed takes every key."""
        if self._edit is None:
            return
        event.stop()
        event.prevent_default()
        if event.key in {"enter", "ctrl+j", "tab", "escape", "ctrl+c"}:
            self._end_edit(keep=event.key not in {"escape", "ctrl+c"})
        else:
            self._edit.press(event.key, event.character)
        self.refresh()

    def _end_edit(self, *, keep: bool) -> None:
        assert self._edit is not None
        name, self._edit = self._edit.text.strip(), None
        if keep and name:
            self.proposals = renamed(self.proposals, self.cursor, name)
            self._count()
        self.post_message(self.Moved(self))

    def action_switch(self) -> None:
        """On, or off; and to the next."""
        self.proposals = switched(self.proposals, self.cursor)
        self._count()
        self.action_down()

    def action_rename(self) -> None:
        """Type another name."""
        self._edit = LineEdit(self.proposals[self.cursor].unit)
        self.refresh()
        self.post_message(self.Moved(self))

    def action_make(self) -> None:
        """Make those that are switched on."""
        if self.chosen:
            self.post_message(self.Wanted(self.chosen))

    def clicked(self, index: int, x: int) -> None:
        """The box switches, the rest moves; on the cursor row it renames."""
        if self.doing or self._edit is not None:
            return
        was_here = index == self.cursor
        self.move_to(index)
        if x < _BOX:
            self.proposals = switched(self.proposals, index)
            self._count()
        elif was_here:
            self.action_rename()
