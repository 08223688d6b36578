"""What a reader keeps: filters under names, and the columns of each report."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from textual.binding import Binding, BindingType

from cloutui.errors import CloutuiError, Invalid
from cloutui.screens.background import ask_in_background
from cloutui.screens.taking import Taking
from cloutui.screens.view import Preferred
from cloutui.widgets.lines import VIEW

if TYPE_CHECKING:
    from cloutui.widgets.result_order import OrderedResult


class Keeping(Taking):
    """Saved filters are found with `f` and made with `:save`; columns are chosen with `|`."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f", "saved_filters", "saved filters", id="view.saved-filters", show=False, group=VIEW),
    ]

    # Filters.

    def action_saved_filters(self) -> None:
        """Find a saved filter, to look through it."""
        from cloutui.screens.finder import SavedFinder

        if self.view.TAKES_FILTER and self.desk.session is not None:
            self.app.push_screen(SavedFinder(self.desk), self.run_found)

    async def run_found(self, command: str | None) -> None:
        """Do what was found."""

    async def command_filter(self, rest: str, _word: str) -> None:
        """`filter @bad`; without anything all rows."""
        if not self.view.TAKES_FILTER:
            raise Invalid("This view takes no filter.", hint="Go back to the list first.")
        self.set_filter(rest)

    async def command_save(self, rest: str, _word: str) -> None:
        """`save bad`, or `save bad @Fjord Retail`: the filter that is on the screen."""
        if not self.view.filter:
            raise Invalid("There is no filter to save.", hint="Type one with / first.")
        await self._act_on_filter("filter.save", rest, text=self.view.filter)

    async def command_forget(self, rest: str, _word: str) -> None:
        """`forget bad`, or `forget bad @Fjord Retail`."""
        await self._act_on_filter("filter.forget", rest)

    async def _act_on_filter(self, action: str, rest: str, **given: object) -> None:
        from cloutui.screens.unit_names import find_unit

        name, _, place = rest.removeprefix("@").partition(" ")
        if place.strip():
            given["unit"] = find_unit(self.desk.forest, place.strip().removeprefix("@").strip('"'))
        if self.desk.session is None:
            raise Invalid("Nothing can be saved yet.", hint="Wait until the console is open.")
        outcome = await self.desk.session.act(action, {"name": name, **given})
        self.tell(outcome.sentence)

    # Columns.

    async def load_choices(self) -> None:
        """The columns that the reader chose another time. Those of the report stay where they cannot be read."""
        assert self.desk.session is not None
        try:
            self.desk.columns = dict(await self.desk.session.saved_columns())
        except CloutuiError as error:
            self.complain(error)
        if self.desk.columns:
            from cloutui.screens.table_view import TableView

            for view in self.bases.values():
                if isinstance(view, TableView):
                    view.table.choose_columns(view.wanted_columns())
        if self.at not in self.screens():
            await self.start_with(self.screens()[0].word)  # of who was invited that is their account
        await self._load_preferences()

    async def _load_preferences(self) -> None:
        """What the reader prefers, beside what was said for this console alone."""
        assert self.desk.session is not None
        try:
            preferred = await self.desk.session.preferences()
        except CloutuiError:
            return  # the screen of the account says why
        for name, value in preferred.items():
            if value and name not in self.desk.decided:
                self.post_message(Preferred(name, value))
        start = preferred.get("start", "")
        if "start" not in self.desk.decided and any(spec.word == start for spec in self.screens()):
            await self.start_with(start)

    def on_ordered_result_columns_asked(self, message: OrderedResult.ColumnsAsked) -> None:
        """Choose them in a box; the table shows at once what is chosen."""
        from cloutui.screens.column_box import ColumnBox
        from cloutui.screens.table_view import TableView
        from cloutui.widgets.result_choice import ColumnChoice

        view, table = self.view, message.lines
        if not isinstance(view, TableView):
            return
        listing, beside = view.listing, view.BESIDE
        columns = [column for column in table.columns if column.name not in beside]
        choice = ColumnChoice([column.name for column in columns], table.chosen, listing.shown)
        box = ColumnBox(self.desk, columns, choice, lambda names: table.choose_columns([*names, *beside]))
        self.app.push_screen(box, lambda kept: self._keep_columns(listing.report, choice) if kept else None)

    def _keep_columns(self, report: str, choice: Any) -> None:
        names = () if choice.is_usual else choice.chosen
        if names == self.desk.columns.get(report, ()):
            return
        self.desk.columns = {**self.desk.columns, report: names}
        given = {"report": report, "columns": names}
        ask_in_background(self, partial(self._act_quietly, "view.save", given), f"keep {report}")

    async def _act_quietly(self, action: str, given: Mapping[str, object]) -> None:
        assert self.desk.session is not None
        try:
            await self.desk.session.act(action, given)
        except CloutuiError as error:
            self.complain(error)  # what was chosen is there all the same until one leaves
