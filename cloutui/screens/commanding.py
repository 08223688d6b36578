"""The command bar: a line above the key bar, and what its commands do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message

from cloutui.errors import CloutuiError, Invalid
from cloutui.model.link import Link, parse_link
from cloutui.screens.desk import Desk
from cloutui.screens.keeping import Keeping
from cloutui.widgets.lines import GO

if TYPE_CHECKING:
    from cloutui.widgets.field import Field
    from cloutui.widgets.palette import Palette

_MOST_KEPT = 200


class ThemeChanged(Message):
    """The console has other colours now."""

    def __init__(self, palette: Palette) -> None:
        super().__init__()
        self.palette = palette


class Commanding(Keeping):
    """What can be typed can also be pressed or clicked; here it is typed."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("colon", "command", "command", id="shell.command", key_display=":", group=GO),
        Binding("ctrl+p", "palette", "palette: find anything", id="shell.palette", show=False, group=GO),
        Binding("u", "units", "find a unit", id="shell.units", show=False, group=GO),
        Binding("F", "find", "find by a part of a name", id="shell.find", show=False, group=GO),
    ]

    def __init__(self, desk: Desk, start: str) -> None:
        super().__init__(desk, start)
        self._command_bar: Field | None = None
        self._typed_before: list[str] = []
        self._older = 0
        self.node_names: Sequence[str] = ()
        """For completion; asked for when the bar is first opened."""

    @property
    def command_bar(self) -> Field:
        """The bar above the key bar, which comes with the first command."""
        if self._command_bar is None:
            from cloutui.widgets.field import Field

            self._command_bar = Field(self.desk.look, " :", ground="surface", id="command")
            self.mount(self._command_bar, before=self.key_bar)
        return self._command_bar

    def action_command(self) -> None:
        """Open the bar."""
        self.open_command("")

    def open_command(self, begun: str) -> None:
        """Open the bar with what is to be gone on with."""
        self._older = 0
        self.command_bar.put(begun)
        self._say_below("")
        self.command_bar.display = True
        self.set_focus(self.command_bar)  # at once: what is typed after it may already be waiting

    def close_command(self) -> None:
        """Close the bar."""
        if self._command_bar is not None:
            self._command_bar.display = False
        self.set_focus(self.view.main)

    def _say_below(self, text: str, *, role: str = "muted") -> None:
        self.command_bar.below = [(f"   {text}", self.desk.look.palette.style(role, "surface"))]
        self.command_bar.refresh()

    def names(self) -> Mapping[str, Sequence[str]]:
        """What completes a command."""
        from cloutui.delivery.formats import FORMATS
        from cloutui.widgets.theme import theme_names

        return {
            "units": [unit.name for unit in self.desk.forest.units],
            "nodes": self.node_names,
            "formats": list(FORMATS),
            "themes": theme_names(),
        }

    def on_field_changed(self, message: Field.Changed) -> None:
        """Offer the end of the word, and say what it does."""
        if message.field is self._command_bar:
            self._command_typed()

    def _command_typed(self) -> None:
        from cloutui.screens.commands import find_command, ghost, split

        text = self.command_bar.text
        self.command_bar.suggest(ghost(text, self.names()))
        word, _ = split(text)
        try:
            command = find_command(word) if word else None
        except Invalid:
            command = None
        self._say_below(f"{command.word} {command.takes}   {command.summary}" if command else "")

    def on_field_stepped(self, message: Field.Stepped) -> None:
        """Older and younger commands."""
        if message.field is not self._command_bar:
            return
        self._older = max(0, min(self._older - message.by, len(self._typed_before)))
        self.command_bar.put(self._typed_before[-self._older] if self._older else "")

    def on_field_left(self, message: Field.Left) -> None:
        """Nothing is to be done."""
        if message.field is self._command_bar:
            self.close_command()

    async def on_field_entered(self, message: Field.Entered) -> None:
        """Do it, or say why not."""
        if message.field is not self._command_bar:
            return
        text = self.command_bar.text
        try:
            await self.run_command(text)
        except CloutuiError as error:
            self._say_below(f"{error.what} {error.hint}", role="error")

    async def run_command(self, text: str) -> None:
        """Do what a line says. Raises: CloutuiError."""
        from cloutui.screens.commands import find_command, split

        word, rest = split(text)
        if word:
            command = find_command(word)
            self.check_command(command.does, rest)
            self._typed_before = [*self._typed_before, text][-_MOST_KEPT:]
            self.close_command()
            try:
                await getattr(self, f"command_{command.does}")(rest or "", command.word)
            except CloutuiError:
                self.command_bar.display = True
                self.set_focus(self.command_bar)
                raise
        else:
            self.close_command()

    def check_command(self, does: str, rest: str) -> None:
        """Raises: Invalid, for a command that lacks what it takes."""
        if does in {"unit", "node", "day", "range", "open", "theme", "save", "forget", "act"} and not rest:
            raise Invalid(f"“{does}” takes something more.", hint=f"Write it behind: {does} …")

    # What the commands do.

    async def command_screen(self, rest: str, word: str) -> None:
        """`nodes @acme /locked:yes`."""
        from cloutui.screens.commands import split_place
        from cloutui.screens.unit_names import find_unit

        wanted, query = split_place(rest), self.bases[self.view.word].link_query()
        kept = {name: value for name, value in query.items() if name in {"day", "filter"}}
        if wanted.filter is not None:
            kept["filter"] = wanted.filter.strip()
        unit = self.desk.unit if wanted.unit is None else find_unit(self.desk.forest, wanted.unit)
        await self.visit(Link(unit=unit, screen=word, query=kept))

    async def command_unit(self, rest: str, _word: str) -> None:
        """`unit Acme ApS`."""
        from cloutui.screens.unit_names import find_unit

        await self.choose_unit(find_unit(self.desk.forest, rest.lstrip("@").strip('"')))

    async def command_node(self, rest: str, _word: str) -> None:
        """`node ACME-SQL01`: all of a node that has this name, or this name only in part."""
        from cloutui.screens.node_names import find_node

        node_id = await find_node(self.desk, rest)
        await self.visit(Link(unit=self.desk.unit, screen="nodes", kind="node", id=node_id))

    async def command_day(self, rest: str, _word: str) -> None:
        """`day -1`."""
        from cloutui.screens.commands import day_of

        view, today = self.view, self.desk.today()
        if not view.HAS_DAYS:
            raise Invalid("This screen is not about days.", hint="3 is: Jobs.")
        day = day_of(rest, today=today, current=view.day or today)
        view.move_day((min(day, today) - (view.day or today)).days)

    async def command_range(self, rest: str, _word: str) -> None:
        """`range 30d`: what the filter says with `last:30d`."""
        if not self.view.TAKES_FILTER:
            raise Invalid("This view takes no filter.", hint="Go back to the list first.")
        others = [word for word in self.view.filter.split() if not word.startswith("last:")]
        self.set_filter(" ".join([*others, f"last:{rest}"]))

    async def command_open(self, rest: str, _word: str) -> None:
        """`open cloutui://unit/12/matrix`."""
        await self.visit(parse_link(rest))

    async def command_theme(self, rest: str, _word: str) -> None:
        """`theme daybook`."""
        self.set_theme(rest)

    def set_theme(self, name: str) -> None:
        """Other colours, at once. Raises: Invalid when there is no such theme."""
        from cloutui.widgets.palette import Palette
        from cloutui.widgets.theme import load_theme

        look = self.desk.look
        look.palette = Palette(load_theme(name), look.palette.depth)
        self.post_message(ThemeChanged(look.palette))
        for view in self.views:
            view.reload()
        self.unit_tree.refresh()
        self.scope_block.draw()
        self.draw_bars()

    async def command_export(self, rest: str, _word: str) -> None:
        """`export csv jobs.csv`; without anything the dialog asks."""
        name, _, file = rest.partition(" ")
        if name:
            self.export(name, file.strip())
        else:
            self.action_export()

    async def command_copy(self, _rest: str, _word: str) -> None:
        """What `y` does."""
        self.action_copy()

    async def command_link(self, _rest: str, _word: str) -> None:
        """What `Y` does."""
        self.action_copy_link()

    async def command_notices(self, _rest: str, _word: str) -> None:
        """Everything that was said."""
        from cloutui.screens.boxes import TextBox

        self.app.push_screen(TextBox(self.desk, "Notices", self.notices.paragraphs(), "Nothing was said yet."))

    async def command_tasks(self, _rest: str, _word: str) -> None:
        """What is being done."""
        self.show_tasks()

    async def command_ask_servers(self, _rest: str, _word: str) -> None:
        """What `R` does."""
        self.action_ask_servers()

    async def command_help(self, _rest: str, _word: str) -> None:
        """What `?` does."""
        self.action_keys()

    async def command_quit(self, _rest: str, _word: str) -> None:
        """What `q` does at the root."""
        self.ask_to_leave()

    def action_keys(self) -> None:
        """The keys of the focused pane."""

    def ask_to_leave(self) -> None:
        """Whether to leave."""

    # The palette.

    def action_palette(self) -> None:
        """Find anything by a part of its name."""
        self._open_palette("")

    def action_units(self) -> None:
        """Find a unit."""
        self._open_palette("@")

    def _open_palette(self, begun: str) -> None:
        from cloutui.screens.find import Palette

        self.app.push_screen(Palette(self.desk, begun), self.run_found)

    def action_find(self) -> None:
        """Find what has a text in its name, in everything that one sees."""
        self._open_find("")

    async def command_find(self, rest: str, _word: str) -> None:
        """`find sql`."""
        self._open_find(rest)

    def _open_find(self, begun: str) -> None:
        from cloutui.screens.find import FindBox

        if self.desk.session is None:
            raise Invalid("Nothing can be found yet.", hint="Wait until the first rows are there.")
        self.app.push_screen(FindBox(self.desk, begun), self.run_found)

    async def run_found(self, command: str | None) -> None:
        """The line of the command bar that was found."""
        if command:
            try:
                await self.run_command(command)
            except CloutuiError as error:
                self.close_command()
                self.complain(error)
