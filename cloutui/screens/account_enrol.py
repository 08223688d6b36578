"""Setting up a second factor: a secret as QR code and as text, then the code that the app shows.

The secret is made here, shown here, and kept nowhere until the code has shown that the app has it.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING, ClassVar

from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType

from cloutui.errors import CloutuiError
from cloutui.model import one_time_codes
from cloutui.model.link import Link
from cloutui.screens.account_qr import drawn, modules_of
from cloutui.screens.background import ask_in_background
from cloutui.screens.view import ActionAsked, LinkOpened, View
from cloutui.widgets.lines import ACT
from cloutui.widgets.page import Page
from cloutui.widgets.paragraph import Paragraph, lay_out
from cloutui.widgets.text import Piece, length, pad

if TYPE_CHECKING:
    from cloutui.screens.desk import Desk

_QR_FROM = 60
"""Columns of the terminal from which on there is a code."""
_BESIDE = 34
"""Cells that the words need beside it."""
_GAP = 2


class SecretPage(Page):
    """A page whose cell, when it is copied, is the secret."""

    CAN_BE_SOUGHT = False
    secret = ""

    def cell_text(self) -> str:
        """For who types nothing off a screen."""
        return self.secret


class Enrolment(View):
    """A new secret each time it is opened."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "go_on", "give the code", id="enrolment.code", group=ACT),
    ]

    def __init__(self, desk: Desk, user: str, unit: str, *, is_first: bool = True) -> None:
        """`is_first`: there is no second factor yet, so that it can be seen when there is one."""
        self._is_first = is_first
        self._secret = one_time_codes.new_secret()
        self._uri = one_time_codes.enrolment_uri(self._secret, user, unit)
        page = SecretPage(desk.look, "Second factor")
        page.secret = self._secret.reveal()
        super().__init__(desk, page)

    def crumbs(self) -> list[str]:
        """The screen, and what is set up."""
        return ["My account", "Second factor"]

    def link(self) -> Link:
        """A secret has no link: it leads to the account."""
        return Link(unit=self.desk.unit, screen="account")

    def reload(self, *, anew: bool = False) -> None:
        """Done: back to the account, which says what is there now."""
        del anew
        if self.desk.session is not None and self._is_first:
            ask_in_background(self, self._leave_when_done, "load")

    async def _leave_when_done(self) -> None:
        assert self.desk.session is not None
        try:
            own = (await self.desk.session.ask("my-account")).rows.to_pylist()
        except CloutuiError:
            return  # the secret is still here, and can be used
        if any(row["second_factor"] == "on" for row in own):
            self.post_message(LinkOpened(self.link()))

    def on_mount(self) -> None:
        """What is to be done, in short."""
        self.main.entitle(note="1 scan   2 code   3 recovery codes")

    def on_resize(self, event: events.Resize) -> None:
        """The code stands beside the words where there is room."""
        assert isinstance(self.main, Page)
        self.main.show(self._laid(event.size.width), stay=True)

    def action_go_on(self) -> None:
        """Ask for the code."""
        self.post_message(ActionAsked("account.second-factor", secret=self._secret))

    def _laid(self, width: int) -> list[Paragraph]:
        if self.app.size.width < _QR_FROM:
            return [Paragraph(), *self._words(is_scanned=False)]
        code = drawn(modules_of(self._uri), self.desk.look)
        room = width - length(code[0]) - 2 * _GAP
        words = self._words(is_scanned=True)
        if room < _BESIDE:
            return [*words, Paragraph(), *(Paragraph([(" " * _GAP, self._plain), *line]) for line in code)]
        plain = self._plain
        beside = [laid.pieces for laid in lay_out([Paragraph(), *words], room, plain)]
        blank: list[Piece] = [(" " * length(code[0]), plain)]
        return [
            Paragraph([(" " * _GAP, plain), *(left or blank), *(right or ())])
            for left, right in zip_longest(code, beside)
        ]

    @property
    def _plain(self) -> Style:
        return self.desk.look.palette.style()

    def _words(self, *, is_scanned: bool) -> Sequence[Paragraph]:
        palette = self.desk.look.palette
        plain, muted, accent = palette.style(), palette.style("muted"), palette.style("accent", bold=True)
        groups = grouped(self._secret.reveal())
        first = (
            "Scan this with an authenticator app, or type its secret there:"
            if is_scanned
            else ("Type this secret into an authenticator app. From 60 columns on there is a code to scan.")
        )
        return [
            Paragraph([("  1 ", accent)], first, plain),
            *(Paragraph([("    ", plain), (pad(line, len(line)), palette.style(bold=True))]) for line in groups),
            Paragraph([("    ", plain)], "y copies it. By time, six digits, every thirty seconds.", muted),
            Paragraph(),
            Paragraph(
                [("  2 ", accent)], f"{self.desk.look.glyphs.enter} asks for the code that the app shows then.", plain
            ),
            Paragraph(),
            Paragraph(
                [("  3 ", accent)],
                "Recovery codes come with it, this once: they open the door without the phone.",
                plain,
            ),
        ]


def grouped(secret: str) -> list[str]:
    """In groups of four letters, four groups a line: so people can type it."""
    groups = [secret[at : at + 4] for at in range(0, len(secret), 4)]
    return [" ".join(groups[at : at + 4]) for at in range(0, len(groups), 4)]
