"""The palette: everything there is, found by a part of its name: screens, units, nodes, servers, commands, themes.

`>` looks among commands only, `@` among units, `#` among tags. What is chosen is a line of the command bar, so that the
palette can do nothing that could not be typed. What is too much to be known before it is asked for: `find`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen

from cloutui.errors import CloutuiError
from cloutui.model.safe_text import safe
from cloutui.screens.background import ask_in_background
from cloutui.screens.commands import COMMANDS
from cloutui.screens.desk import Desk
from cloutui.screens.fuzzy import best
from cloutui.screens.notices import empty_notice, error_notice
from cloutui.widgets.field import Field
from cloutui.widgets.lines import Lines
from cloutui.widgets.text import Piece, cut, pad
from cloutui.widgets.theme import theme_names

if TYPE_CHECKING:
    from cloutui.model.filter.saved import SavedFilter

_MOST_FOUND = 500
_WIDTH = 78
_ROWS = 16
_KIND_WIDTH, _NAME_WIDTH = 9, 22


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing that can be chosen."""

    kind: str
    name: str
    command: str
    detail: str = ""
    key: str = ""
    is_allowed: bool = True
    """What needs a right that one lacks is found among commands only, and last."""


class Found(Lines):
    """The entries that fit."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.look)
        self.entries: list[Entry] = []
        self.can_focus = False

    def show(self, entries: list[Entry], note: str) -> None:
        """Show these, the first under the cursor."""
        self.entries, self.cursor, self.top, self.notice = entries, 0, 0, ()
        self.entitle(note=note)
        self.changed()

    def count(self) -> int:
        """One row an entry."""
        return len(self.entries)

    def row(self, index: int) -> list[Piece]:
        """Kind, name, what it says, key."""
        palette, entry, is_cursor = self.look.palette, self.entries[index], index == self.cursor
        on = "cursor-ground" if is_cursor else "background"
        key = f" {entry.key} " if entry.key else " "
        room = self.inner_width - _KIND_WIDTH - 3 - cell_len(key)
        name = cut(safe(entry.name), room, self.look.glyphs.cut)
        name = pad(name, max(cell_len(name), min(_NAME_WIDTH, room)))
        detail = cut(f"  {safe(entry.detail)}", max(0, room - cell_len(name)), self.look.glyphs.cut)
        return [
            (self.look.glyphs.cursor if is_cursor else " ", palette.style("accent")),
            (f" {entry.kind:<{_KIND_WIDTH}} ", palette.style("muted", on)),
            (name, palette.style("text", on, bold=True)),
            (pad(detail, room - cell_len(name)), palette.style("muted", on)),
            (key, palette.style("accent", on)),
        ]


class Finder(ModalScreen[str | None], inherit_bindings=False):
    """Type, choose, enter: the answer is a line of the command bar."""

    DEFAULT_CSS = """
    Finder { align: center top; background: $background 60%; }
    #finder { height: auto; background: $background; margin-top: 2; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "close", id="finder.close"),
    ]
    PREFIXES: ClassVar[Mapping[str, frozenset[str]]] = {
        ">": frozenset({"command", "screen", "action"}),
        "@": frozenset({"unit"}),
        "#": frozenset({"tag"}),
    }
    """What is typed first → the kinds that are looked among."""

    def __init__(self, desk: Desk, begun: str = "") -> None:
        super().__init__()
        self.desk = desk
        self.field = Field(desk.look, " Find ", ground="panel", id="sought")
        self.found = Found(desk)
        self._begun = begun
        self._entries = list(self.own_entries())
        self._names = [entry.name.lower() for entry in self._entries]

    def compose(self) -> ComposeResult:
        """The field over what it finds."""
        with Vertical(id="finder"):
            yield self.field
            yield self.found

    def on_mount(self) -> None:
        """What is not known comes when it has been asked for."""
        self._fit()
        self.field.put(self._begun)
        self.field.focus()
        self._find()
        if self.desk.session is not None:
            ask_in_background(self, self.ask, "more")

    def on_resize(self) -> None:
        """As wide as there is room."""
        self._fit()

    def _fit(self) -> None:
        width, height = self.app.size
        box = self.query_one("#finder")
        box.styles.width = min(width - 2, _WIDTH)
        self.found.styles.height = max(3, min(_ROWS, height - 6))

    def own_entries(self) -> Iterable[Entry]:
        """What is known without asking."""
        return _own_entries(self.desk)

    async def ask(self) -> None:
        """For what is not."""
        assert self.desk.session is not None
        try:
            for saved in await self.desk.session.saved_filters(self.desk.scope):
                self._add(_of_saved(saved, self.desk))
        except CloutuiError:
            return  # units, screens and commands can be found all the same
        self._find()

    def _add(self, entry: Entry, sought: str = "") -> None:
        """`sought`: what it is found by, where that is more than its name."""
        self._entries.append(entry)
        self._names.append((sought or entry.name).lower())

    @on(Field.Changed)
    def _typed(self) -> None:
        self._find()

    def _find(self) -> None:
        text = self.field.text
        kinds = self.PREFIXES.get(text[:1])
        if kinds is None:
            places = best(text, self._names, _MOST_FOUND)
            self.show([self._entries[place] for place in places if self._entries[place].is_allowed])
            return
        entries = [entry for entry in self._entries if entry.kind in kinds]
        places = best(text[1:].lstrip(), [entry.name.lower() for entry in entries], _MOST_FOUND)
        self.show(sorted((entries[place] for place in places), key=lambda entry: not entry.is_allowed))

    def show(self, entries: list[Entry]) -> None:
        """What fits."""
        self.found.show(entries, f"{len(entries)} found   > commands   @ units   # tags")

    @on(Field.Stepped)
    def _stepped(self, message: Field.Stepped) -> None:
        self.found.move_to(self.found.cursor + message.by)

    @on(Field.Entered)
    def _entered(self) -> None:
        entries = self.found.entries
        self.dismiss(entries[self.found.cursor].command if entries else None)

    @on(Field.Left)
    def _left(self) -> None:
        self.action_close()

    @on(Lines.Opened)
    def _clicked(self) -> None:
        self._entered()

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """A click beside the box closes it."""
        if self.get_widget_at(event.screen_x, event.screen_y)[0] is self:
            self.action_close()

    def action_close(self) -> None:
        """Back, with nothing chosen."""
        self.dismiss(None)


class SavedFinder(Finder):
    """Only the saved filters."""

    def own_entries(self) -> Iterable[Entry]:
        """None is known without asking."""
        return ()

    async def ask(self) -> None:
        """For all that a name may stand for here."""
        assert self.desk.session is not None
        look = self.desk.look
        try:
            for saved in await self.desk.session.saved_filters(self.desk.scope):
                self._add(_of_saved(saved, self.desk))
        except CloutuiError as error:
            self.found.say(error_notice(error, look))
        else:
            self._find()
            if not self._entries:
                keep = (":save NAME", "keeps the filter that is on the screen")
                self.found.say(empty_notice(look, "No filter is saved yet.", keep))

    def show(self, entries: list[Entry]) -> None:
        """What fits."""
        self.found.show(entries, f"{len(entries)} saved")


def _of_saved(saved: SavedFilter, desk: Desk) -> Entry:
    """A unit's names the unit."""
    path = [] if saved.unit_id is None else desk.forest.path(saved.unit_id)
    # Of units above one's own only the filter is seen.
    whose = f"for {path[-1].name}   " if path else ""
    name = f"@{saved.name}"
    return Entry(kind="filter", name=name, command=f"filter {name}", detail=f"{whose}{saved.text}")


def _own_entries(desk: Desk) -> Iterator[Entry]:
    """What is known without asking."""
    for command in COMMANDS:
        kind = "screen" if command.does == "screen" else "command"
        name = command.summary if kind == "screen" else command.word
        detail = command.word if kind == "screen" else command.summary
        needs_more = bool(command.takes) and kind == "command" and not command.takes.startswith("[")
        if not needs_more:
            yield Entry(kind=kind, name=name, command=command.word, detail=detail, key=command.key)
    forest = desk.forest
    for unit in forest.units:
        path = f" {desk.look.glyphs.crumb} ".join(above.name for above in forest.path(unit.unit_id)[:-1])
        yield Entry(kind="unit", name=unit.name, command=f"unit {unit.unit_id}", detail=path)
    for name in desk.as_of:
        yield Entry(kind="server", name=name, command=f"servers /name:{name}", detail="")
    yield from _actions(desk)
    for name in theme_names():
        yield Entry(kind="theme", name=name, command=f"theme {name}")


def _actions(desk: Desk) -> Iterator[Entry]:
    """Each opens its dialog."""
    from cloutui.actions.registry import all_actions

    if desk.session is None:
        return
    for spec in (action.spec for action in all_actions()):
        may = desk.session.may(spec.needs)
        denied = "not from here: --read-only" if desk.session.is_read_only else f"needs the right {spec.needs}"
        detail = spec.summary if may else denied
        yield Entry(kind="action", name=spec.name, command=f"act {spec.name}", detail=detail, is_allowed=may)
