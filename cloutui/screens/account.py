"""The screen of one's own account: what one comes in with, and how one likes the console.

Whoever was invited sees nothing else until everything is there that their role asks for.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType

from cloutui.errors import CloutuiError
from cloutui.model.status import Status
from cloutui.screens.account_facts import Account, AccountRow, Shown, account_of, preferences_in, rows_of
from cloutui.screens.account_preferences import PreferenceFinder
from cloutui.screens.background import ask_in_background
from cloutui.screens.notices import error_notice
from cloutui.screens.peek import Peek
from cloutui.screens.view import ActionAsked, Preferred, View, ViewOpened
from cloutui.widgets.lines import ACT, Lines
from cloutui.widgets.paragraph import Paragraph
from cloutui.widgets.row_list import ListColumn, ListRow, RowList

if TYPE_CHECKING:
    from cloutui.screens.account_preferences import Preferable
    from cloutui.screens.desk import Desk

_COLUMNS = (
    ListColumn(head="what", least=13),
    ListColumn(head="is", least=18),
    ListColumn(head="", priority=2, least=12),
)
_SHOWN_STATUSES = tuple(sorted(Status, reverse=True))


class MyAccount(View):
    """A list of what there is; enter changes what the cursor is on."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("D", "remove_key", "remove the key", id="account.remove-key", group=ACT),
    ]

    def __init__(self, desk: Desk) -> None:
        self.list = RowList(desk.look, "My account", _COLUMNS)
        super().__init__(desk, self.list, Peek(desk.look))
        self.account: Account | None = None
        self.rows: list[AccountRow] = []
        self._is_new = True

    def on_mount(self) -> None:
        """Dots until it is known."""
        self.list.waiting = True

    def crumbs(self) -> list[str]:
        """The screen."""
        return ["My account"]

    # Facts.

    def reload(self, *, anew: bool = False) -> None:
        """Ask again."""
        del anew
        if self.desk.session is not None:
            ask_in_background(self, self._load, "load")

    def scope_changed(self, place: object = None) -> None:
        """One is the same in every unit: the cursor stays."""
        del place
        self.reload()

    async def _load(self) -> None:
        assert self.desk.session is not None
        try:
            own = (await self.desk.session.ask("my-account")).rows.to_pylist()
            keys = (await self.desk.session.ask("my-keys")).rows.to_pylist()
        except CloutuiError as error:
            self.list.say(error_notice(error, self.desk.look))
            return
        self.account = account_of(own[0], keys) if own else None
        preferences = preferences_in(own[0]) if own else {}
        shown = Shown(now=self.desk.now(), zone=self.desk.zone, preferences=preferences)
        self.rows = rows_of(self.account, shown)
        self.list.show([_drawn(row) for row in self.rows], self._cursor())
        self.list.entitle(note=self._note())
        self.tell()

    def _cursor(self) -> int | None:
        """At first on what is to be done; then where it is."""
        is_new, self._is_new = self._is_new, False
        places = (at for at, row in enumerate(self.rows) if row.status.is_problem)
        return next(places, 0) if is_new else None

    def _note(self) -> str:
        account = self.account
        if account is None:
            return "no account: cloutui init makes the first one"
        if not account.is_complete:
            return f"{account.progress}   the rest opens when all is"
        return f"{account.role} of {account.unit}   {account.name}"

    # The peek.

    @property
    def row(self) -> AccountRow | None:
        """The one under the cursor."""
        return self.rows[self.list.cursor] if self.list.cursor < len(self.rows) and not self.list.notice else None

    @on(Lines.Moved)
    def _moved(self, message: Lines.Moved) -> None:
        if message.lines is self.list:
            self.tell()

    def tell(self) -> None:
        """What the row is good for, and what enter does."""
        row, peek = self.row, self.peek
        assert peek is not None
        if row is None:
            peek.entitle("", "")
            peek.look_at_nothing()
            return
        enter = self.desk.look.glyphs.enter
        peek.entitle(row.label, f"{enter} {row.does}" if row.does else "D removes it")
        peek.show(self._told(row))

    def _told(self, row: AccountRow) -> list[Paragraph]:
        palette = self.desk.look.palette
        plain = palette.style()
        said = [Paragraph([("    ", plain)], row.explained)]
        if row.preferable is not None and row.preferable.name in {"theme", "glyphs"}:
            said += [Paragraph(), *_test_rows(self.desk)]
        return said

    # Keys.

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A key is removed where there is one."""
        del parameters
        return action != "remove_key" or (self.row is not None and self.row.key is not None)

    def action_remove_key(self) -> None:
        """Ask whether the key is to go."""
        if self.row is not None and self.row.key is not None:
            self.post_message(ActionAsked("account.remove-key", fingerprint=self.row.key.fingerprint))

    @on(Lines.Opened)
    def _opened(self, message: Lines.Opened) -> None:
        row = self.row
        if message.lines is not self.list or row is None:
            return
        message.stop()
        if row.preferable is not None:
            self._choose(row.preferable, row.value)
        elif row.is_second_factor:
            self._enrol()
        elif row.action:
            self.post_message(ActionAsked(row.action))

    def _enrol(self) -> None:
        from cloutui.screens.account_enrol import Enrolment

        account = self.account
        if account is not None:
            enrolment = Enrolment(self.desk, account.name, account.unit, is_first=not account.has_second_factor)
            self.post_message(ViewOpened(enrolment))

    # Preferences.

    def _choose(self, preferable: Preferable, value: str) -> None:
        before = in_effect(self.desk, preferable.name)
        kept = value if any(value == known for known, _ in preferable.choices(self.desk)) else ""

        def chosen(answer: str | None) -> None:
            if answer is None:
                self.post_message(Preferred(preferable.name, kept or before))
            elif answer != kept:
                ask_in_background(self, partial(self._keep, preferable.name, answer), "prefer")

        self.app.push_screen(PreferenceFinder(self.desk, preferable, kept), chosen)

    async def _keep(self, name: str, value: str) -> None:
        assert self.desk.session is not None
        try:
            await self.desk.session.act("account.prefer", {"key": name, "value": value or None})
        except CloutuiError as error:
            self.list.entitle(note=f"{error.what} It holds until you leave.")
        else:
            await self._load()


def in_effect(desk: Desk, name: str) -> str:
    """What the console is like now, where that can be seen; for going back to it."""
    from cloutui.widgets.glyphs import GLYPH_SETS

    look = desk.look
    match name:
        case "theme":
            return look.palette.theme.name
        case "glyphs":
            return next((word for word, glyphs in GLYPH_SETS.items() if glyphs is look.glyphs), "")
        case "time_zone":
            return getattr(desk.zone, "key", "UTC")
    return ""


def _drawn(row: AccountRow) -> ListRow:
    return ListRow(
        status=row.status,
        texts=(row.label, row.value, row.note),
        roles=("text", "muted" if row.preferable is None and not row.key else "accent", "muted"),
    )


def _test_rows(desk: Desk) -> list[Paragraph]:
    """The ten signs with the words that they stand for, in the colours of the theme."""
    palette, glyphs = desk.look.palette, desk.look.glyphs
    pairs = [(f"{glyphs.status[status]} {status.word:<10}", palette.status(status)) for status in _SHOWN_STATUSES]
    half = len(pairs) // 2
    return [Paragraph([("    ", palette.style()), *some]) for some in (pairs[:half], pairs[half:])]
