"""The screen of reports: the days that are frozen, how each stood, and whether all of it is still what it was."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from textual.binding import Binding, BindingType

from cloutui.errors import CloutuiError
from cloutui.model import formats
from cloutui.model.link import Link
from cloutui.model.safe_text import safe
from cloutui.model.status import Status
from cloutui.screens.background import ask_in_background
from cloutui.screens.desk import Desk
from cloutui.screens.fields import field_lines
from cloutui.screens.moments import aware
from cloutui.screens.notices import empty_notice
from cloutui.screens.table_view import Listing, TableView
from cloutui.screens.view import LinkOpened
from cloutui.widgets.lines import ACT
from cloutui.widgets.paragraph import Paragraph
from cloutui.widgets.result_cells import Cell, Writing

if TYPE_CHECKING:
    from cloutui.model.table import Answer
    from cloutui.records.history_check import HistoryCheck

Row = dict[str, Any]

_DAYS = 90
_MOST_UNITS = 40
"""Named in the peek."""
_FOR_HASHES = 100
"""Columns from which on they stand in whole."""


def _late(value: Any, status: Status | None, writing: Writing) -> Cell:
    """That nothing came late is quiet."""
    del status, writing
    return Cell(formats.count(value), "warning", bold=True) if value else Cell("-", "faint")


def _kept(value: Any, status: Status | None, writing: Writing) -> Cell:
    del status, writing
    return Cell(safe(str(value)), "muted")


FROZEN_DAYS = Listing(
    report="history",
    key=("day",),
    shown=("day", "status", "units", "nodes", "late", "frozen", "kept"),
    noun="frozen day",
    writers={"late": _late, "kept": _kept},
)


class Reports(TableView):
    """Frozen days, the newest first."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("V", "verify", "read all of it again and compare", id="reports.verify", tooltip="verify", group=ACT),
    ]

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "Reports", FROZEN_DAYS)
        self.checked: HistoryCheck | None = None
        self.checked_at: datetime | None = None
        self.is_checking = False
        self._said = ""

    def crumbs(self) -> list[str]:
        """The screen."""
        return ["Reports"]

    def parameters(self) -> dict[str, object]:
        """A quarter of a year."""
        return {"days": _DAYS}

    def note(self, answer: Answer) -> str:
        """How many days there are, of which time."""
        return f"{formats.plural(answer.total, self.listing.noun)} of {_DAYS}d"

    def entitle(self, note: str) -> None:
        """What is known of the files stands beside it."""
        self._said = note
        super().entitle("   ".join(filter(None, (note, self._check_words()))))

    def why_empty(self) -> list[Paragraph]:
        """Nothing has closed yet, or the filter hides it."""
        look = self.desk.look
        if self.filter:
            return empty_notice(look, f"No frozen day matches {self.filter}.", ("esc", "clears the filter"))
        said = f"No day of {self.desk.scope_name()} is frozen yet: a day closes some hours after it is over."
        return empty_notice(look, said, ("2", "shows how today stands"), ("b", "chooses another unit"))

    def open(self, row: Row) -> None:
        """The day as it was."""
        self.post_message(LinkOpened(Link(unit=self.desk.unit, screen="daily", query={"day": row["day"].isoformat()})))

    # Whether it is what it was.

    def action_verify(self) -> None:
        """Read every file again."""
        if self.desk.session is not None and not self.is_checking:
            self.is_checking = True
            self.entitle(self._said)
            ask_in_background(self, self._verify, "verify")

    async def _verify(self) -> None:
        assert self.desk.session is not None
        began = self.desk.now()
        try:
            self.checked, self.checked_at = await self.desk.session.verify_history(), began
        except CloutuiError as error:
            self._said = error.what
        finally:
            self.is_checking = False
            self.entitle(self._said)
        if self.peek is not None:
            self.peek.forget()
            self.tell()

    def _check_words(self) -> str:
        """`files ● 14:31`: all as they were then."""
        glyphs = self.desk.look.glyphs.status
        if self.is_checking:
            return f"files {glyphs[Status.PENDING]}"
        if self.checked is None or self.checked_at is None:
            return ""
        if self.checked.is_ok:
            return f"files {glyphs[Status.OK]} {formats.time(self.checked_at, self.desk.now(), self.desk.zone)}"
        return f"files {glyphs[Status.ERROR]} {formats.plural(len(self.checked.problems), 'problem')}"

    # The peek.

    def entitle_peek(self, row: Row) -> None:
        """The day, and what is behind enter."""
        assert self.peek is not None
        self.peek.entitle(formats.long_day(row["day"]), f"{self.desk.look.glyphs.enter} the day as it was")

    def glance(self, row: Row) -> list[Paragraph]:
        """What is wrong, and when it was frozen."""
        assert self.peek is not None
        look, frozen = self.desk.look, aware(row["frozen"])
        problems = self.checked.problems if self.checked is not None else ()
        bad = [("    × ".replace("×", look.glyphs.status[Status.ERROR]), look.palette.status(Status.ERROR))]
        said = [Paragraph(bad, problem, is_problem=True) for problem in problems if row["day"].isoformat() in problem]
        facts = [
            ("frozen", formats.exact_time(frozen, self.desk.zone) if frozen else ""),
            ("late", f"facts of {formats.plural(row['late'], 'unit')} came late" if row["late"] else ""),
            ("files", "dropped, as they were kept long enough" if row["kept"] == "dropped" else ""),
        ]
        return [*said, *field_lines(facts, look, self.peek.inner_width)]

    async def detail(self, row: Row) -> Sequence[Paragraph]:
        """With each unit, its revision and the hash of its rows. Raises: CloutuiError."""
        assert self.desk.session is not None
        answer = await self.desk.session.ask(
            "history-day", unit=self.desk.scope, day=row["day"].isoformat(), limit=_MOST_UNITS
        )
        lines = [self._unit_line(unit) for unit in answer.rows.to_pylist()]
        more = answer.total - len(lines)
        muted = self.desk.look.palette.style("muted")
        rest = [Paragraph([("    ", muted)], f"and {formats.count(more)} more", muted)] if more > 0 else []
        return [*self.glance(row), *lines, *rest]

    def _unit_line(self, unit: Row) -> Paragraph:
        palette, glyphs, status = self.desk.look.palette, self.desk.look.glyphs, Status(unit["status"])
        revision = "" if unit["revision"] == 1 and unit["state"] == "in force" else f"  revision {unit['revision']}"
        state = "" if unit["state"] == "in force" else f", {unit['state']}"
        nodes = f"{safe(unit['unit'])}  {formats.plural(unit['nodes'], 'node')}{revision}{state}  "
        lead = [
            (f"    {glyphs.status[status]} ", palette.status(status)),
            (nodes, palette.style("text")),
        ]
        assert self.peek is not None
        has_room = self.peek.inner_width >= _FOR_HASHES
        return Paragraph(lead, unit["hash"] if has_room else unit["hash"][:16] + glyphs.cut, palette.style("muted"))
