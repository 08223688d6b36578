"""Boxes over the shell: the keys of this pane, why the facts are as old as they are, and leaving."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import zip_longest
from typing import ClassVar

from rich.cells import cell_len
from rich.style import Style
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from cloutui.model.formats import plural
from cloutui.model.safe_text import safe
from cloutui.model.status import Status
from cloutui.screens.desk import Desk
from cloutui.screens.freshness import ages
from cloutui.screens.key_names import key_name
from cloutui.widgets.box import Box
from cloutui.widgets.look import Look
from cloutui.widgets.paragraph import Paragraph, lay_out
from cloutui.widgets.text import Piece, cut, pad

_GROUPS = ("move", "act", "view", "go")
_GROUP_WIDTH = 7
Entry = tuple[str, str]
"""The keys, and what they do."""
Line = Sequence[Piece]


def button(text: str, style: Style, action: str, *arguments: object) -> Piece:
    """A piece of a box's line; a click on it does what the box's action does."""
    return text, style + Style.from_meta({"@click": (f"screen.{action}", arguments)})


class BoxScreen(ModalScreen[bool], inherit_bindings=False):
    """A box in the middle. `esc` closes it, and so does `q`."""

    DEFAULT_CSS = "BoxScreen { align: center middle; background: $background 60%; }"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "close", "close", id="box.close"),
        Binding("ctrl+c", "interrupt", "close", id="box.interrupt", show=False),
        Binding("j,down", "scroll(1)", "down", id="box.down"),
        Binding("k,up", "scroll(-1)", "up", id="box.up"),
    ]

    MOST_WIDTH: ClassVar[int] = 96
    """Longer lines of text are hard to read."""

    def __init__(self, desk: Desk, title: str, note: str) -> None:
        super().__init__()
        self.desk = desk
        self.box = Box(desk.look, title, note)
        self._note = note

    def compose(self) -> ComposeResult:
        """The box alone."""
        yield self.box

    def on_mount(self) -> None:
        """As large as its lines."""
        self._fill()

    def on_resize(self) -> None:
        """It fits the terminal, whatever its size."""
        self._fill()

    def _fill(self) -> None:
        width, height = self.app.size
        lines = self.lines(min(width, self.MOST_WIDTH) - 4)
        self.box.note = f"j k more   {self._note}" if len(lines) > height - 4 else self._note
        self.box.show(lines, width=width, height=height - 2)

    def lines(self, width: int) -> list[Line]:
        """What stands in the box, in lines of at most `width` cells."""
        del width
        return []

    def action_close(self) -> None:
        """Back to what is below."""
        self.dismiss(False)

    def action_interrupt(self) -> None:
        """What is typed to get out of anything."""
        self.action_close()

    def action_scroll(self, by: int) -> None:
        """When there is more than fits."""
        self.box.scroll_lines(by)


class KeysBox(BoxScreen):
    """The keys that do something in the focused pane, made from its bindings."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("question_mark", "close", "close", id="keys.close")]
    MOST_WIDTH: ClassVar[int] = 120

    def __init__(self, desk: Desk, pane: str, bindings: Iterable[Binding]) -> None:
        super().__init__(desk, f"Keys: {safe(pane)}", "esc closes")
        self._listed = list(bindings)

    def lines(self, width: int) -> list[Line]:
        """Two columns where there is room."""
        grouped = grouped_keys(self.desk.look, self._listed)
        halves = {group: _in_columns(entries, 2) for group, entries in grouped.items()}
        if sum(_column_widths(halves)) + _GROUP_WIDTH > width:
            halves = {group: _in_columns(entries, 1) for group, entries in grouped.items()}
        widths = _column_widths(halves)
        lines: list[Line] = [[]]
        for group, columns in halves.items():
            for row in range(len(columns[0])):
                entries = [column[row] for column in columns if row < len(column)]
                lines.append(self._row("" if row else group, entries, widths))
            lines.append([])
        return lines

    def _row(self, group: str, entries: Sequence[Entry], widths: Sequence[int]) -> Line:
        palette = self.desk.look.palette
        pieces: list[Piece] = [(pad(f" {group}", _GROUP_WIDTH), palette.style("muted", "panel"))]
        for place, (keys, label) in enumerate(entries):
            pieces.append((pad(keys, widths[2 * place]), palette.style("accent", "panel", bold=True)))
            pieces.append((pad(label, widths[2 * place + 1]), palette.style("text", "panel")))
        return pieces


def _in_columns(entries: Sequence[Entry], columns: int) -> list[Sequence[Entry]]:
    """Read down each column."""
    rows = -(-len(entries) // columns)
    return [entries[start : start + rows] for start in range(0, len(entries), rows)]


def _column_widths(halves: Mapping[str, Sequence[Sequence[Entry]]]) -> list[int]:
    """Of keys and labels in turn, with a gap behind each."""
    columns = zip_longest(*halves.values(), fillvalue=())
    return [
        max(cell_len(entry[part]) for entries in column for entry in entries) + 2
        for column in columns
        for part in (0, 1)
    ]


def grouped_keys(look: Look, bindings: Iterable[Binding]) -> Mapping[str, list[Entry]]:
    """For each group its keys and what they do: one entry an action, with all its keys."""
    keys: dict[tuple[str, str], list[str]] = {}
    for binding in bindings:
        group = binding.group.description if binding.group else "go"
        keys.setdefault((group, binding.description), []).append(key_name(binding, look.glyphs))
    grouped: dict[str, list[tuple[str, str]]] = {group: [] for group in _GROUPS}
    for (group, label), names in keys.items():
        grouped.setdefault(group, []).append((" ".join(dict.fromkeys(names)), label))
    return {group: entries for group, entries in grouped.items() if entries}


class WhyBox(BoxScreen):
    """Every server: how old its facts are, what went wrong, and what to do."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("i", "close", "close", id="why.close")]

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "How old the facts are", "esc closes")

    def lines(self, width: int) -> list[Line]:
        """The worst first."""
        desk, palette, glyphs = self.desk, self.desk.look.palette, self.desk.look.glyphs
        plain, muted = palette.style(on="panel"), palette.style("muted", "panel")
        graded = ages(desk.as_of, desk.now())
        name_width = max((cell_len(safe(age.server)) for age in graded), default=0) + 2
        said: list[Paragraph] = [Paragraph()]
        for age in graded:
            sign = (f" {glyphs.status[age.status]} ", palette.status(age.status, "panel"))
            name = (pad(safe(age.server), name_width), palette.style("text", "panel", bold=True))
            said.append(
                Paragraph([sign, name, (age.words(desk.now(), desk.zone), palette.status(age.status, "panel"))])
            )
            texts = (age.freshness.problem, age.freshness.hint)
            said += [Paragraph([("   ", plain)], text, muted) for text in texts if text]
        if not graded:
            said.append(Paragraph([(" ", plain)], "No server has been collected yet.", muted))
        return [laid.pieces for laid in lay_out([*said, Paragraph()], width, plain)]


class TextBox(BoxScreen):
    """Text to read, and to mark with the terminal's own means."""

    def __init__(self, desk: Desk, title: str, paragraphs: Sequence[Paragraph], nothing: str) -> None:
        """`nothing` is said when there is no paragraph."""
        super().__init__(desk, title, "esc closes")
        plain = desk.look.palette.style("muted", "panel")
        self._paragraphs = paragraphs or [Paragraph([(" ", plain)], nothing, plain)]

    def lines(self, width: int) -> list[Line]:
        """Wrapped."""
        plain = self.desk.look.palette.style(on="panel")
        return [[], *(laid.pieces for laid in lay_out(self._paragraphs, width, plain)), []]


class QuitBox(BoxScreen):
    """Whether to leave. Nothing is lost by it but work that has not ended."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,s", "close", "stay", id="quit.stay"),
        Binding("enter,q,y", "leave", "leave", id="quit.leave"),
    ]

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "Leave cloutui", "")

    def lines(self, width: int) -> list[Line]:
        """What leaving does, and the two ways on."""
        palette, glyphs = self.desk.look.palette, self.desk.look.glyphs
        key, plain = palette.style("accent", "panel", bold=True), palette.style("text", "panel")
        warning = palette.status(Status.WARNING, "panel")
        ending = [cut(f" {safe(task.title)} would end. ", width, glyphs.cut) for task in self.desk.tasks.running]
        if guests := self.desk.guests:
            ending.append(cut(f" {plural(guests, 'other session')} on this host would end. ", width, glyphs.cut))
        return [
            [],
            *([(said, warning)] for said in ending),
            [(" What was collected stays. ", plain)],
            [],
            [
                button(f" {glyphs.enter}", key, "leave"),
                button(" leave", plain, "leave"),
                button("    esc", key, "close"),
                button(" stay", plain, "close"),
            ],
            [],
        ]

    def action_leave(self) -> None:
        """Leave."""
        self.dismiss(True)
