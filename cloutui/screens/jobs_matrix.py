"""The jobs matrix: nodes of the scope by days, and what happened in the cell under the cursor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from textual import on
from textual.timer import Timer

from cloutui.errors import CloutuiError
from cloutui.model import formats
from cloutui.model.safe_text import safe
from cloutui.model.status import Status
from cloutui.screens.background import ask_in_background
from cloutui.screens.desk import Desk
from cloutui.screens.freshness import ages
from cloutui.screens.layout import Layout, SizeClass
from cloutui.screens.notices import empty_notice, error_notice
from cloutui.screens.peek import Peek
from cloutui.screens.view import CellOpened, View
from cloutui.widgets.lines import Lines
from cloutui.widgets.matrix import Matrix
from cloutui.widgets.matrix_rows import MatrixRows
from cloutui.widgets.paragraph import Paragraph

if TYPE_CHECKING:
    from cloutui.model.question import Question
    from cloutui.model.table import Answer

_NAME_WIDTHS = {SizeClass.XS: 15, SizeClass.S: 15, SizeClass.M: 18, SizeClass.L: 23, SizeClass.XL: 24}
_CELL_WIDTHS = {SizeClass.XL: 2}
"""Of a day, where it is not three: beside the peek, two cells a day still show six weeks."""
_WEEK = 7
_MUTE_AFTER_S = 0.15


@dataclass(frozen=True, slots=True)
class MatrixPlace:
    """Where a reader was, to come back to."""

    key: int | None = None
    day: date | None = None


_HERE = MatrixPlace()
_NO_KEY = -1
"""Of no node: the cursor goes to the first row."""


class JobsMatrix(View):
    """The screen `3 Jobs`."""

    HAS_DAYS = True
    TAKES_FILTER = True

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, Matrix(desk.look, "Jobs matrix"), Peek(desk.look))
        self.until: date | None = None
        """The last day shown; None follows the calendar."""
        self._wanted_day: date | None = None
        """Where the cursor goes with the next answer."""
        self._days = 0
        self._name_width = 15
        self._places: dict[int, tuple[str, str]] = {}
        """Unit and server of each node."""
        self._mute_timer: Timer | None = None
        self._chosen_widths: dict[SizeClass, int] = {}
        self._size_class = SizeClass.M

    @property
    def matrix(self) -> Matrix:
        """The main list."""
        assert isinstance(self.main, Matrix)
        return self.main

    # Size: how many days are shown follows from it.

    def fit(self, layout: Layout, *, peek: bool) -> None:
        """Totals go first when room is short; the width of a day is what it was at this size."""
        super().fit(layout, peek=peek)
        self._size_class = layout.width_class
        self.matrix.totals = layout.width_class >= SizeClass.M
        self.matrix.narrow = layout.is_narrow
        self.matrix.cell_width = self._chosen_widths.get(layout.width_class, _CELL_WIDTHS.get(layout.width_class, 3))
        self._name_width = _NAME_WIDTHS[layout.width_class]
        self.call_after_refresh(self._fill)

    @on(Matrix.WidthChanged)
    def _width_changed(self, message: Matrix.WidthChanged) -> None:
        self._chosen_widths[self._size_class] = message.cell_width
        self._fill()

    def _fill(self) -> None:
        """Show as many days as fit now."""
        days = self.matrix.capacity(self._name_width)
        if days == self._days or not self.matrix.size.width:
            return
        self._days = days
        if self.matrix.count():
            self._load()
        else:
            last = self.until or self.desk.today()
            self.matrix.expect([last - timedelta(days=back) for back in reversed(range(days))])
            if self.desk.session is not None:
                self._load()

    # Facts.

    def reload(self, *, anew: bool = False) -> None:
        """Ask for the same days again, of the unit that is the scope now."""
        assert self.peek is not None
        self.peek.forget()
        self._load(anew=anew)

    def scope_changed(self, place: MatrixPlace | None = None) -> None:
        """Another unit: from its first row, or from where the reader was in it."""
        assert self.peek is not None
        self.peek.forget()
        self.matrix.cursor = 0
        self._load(place=place or MatrixPlace(key=_NO_KEY))

    def place(self) -> MatrixPlace:
        """Where the reader is."""
        return MatrixPlace(self.matrix.key, self.matrix.day)

    @property
    def day(self) -> date | None:
        """The column under the cursor."""
        return self.matrix.day or self._wanted_day

    def go_to(self, day: date) -> None:
        """That column; the days follow when it is not among them."""
        today = self.desk.today()
        self._wanted_day = min(day, today)
        shown = self.matrix.rows.days
        if not (shown and shown[0] <= self._wanted_day <= shown[-1]):
            self.until = None if today - self._wanted_day < timedelta(days=_WEEK) else self._wanted_day

    def question(self) -> Question:
        """The days that are shown."""
        from cloutui.model.question import Question

        asked = {"days": self._days, "until": self.until.isoformat() if self.until else None}
        return Question(report="jobs-matrix", unit=self.desk.scope, parameters=asked, filter=self.filter)

    def _load(self, *, anew: bool = True, place: MatrixPlace = _HERE) -> None:
        if self.desk.session is not None and self._days:
            if anew:
                self._mute_soon()
            ask_in_background(self, partial(self._ask, anew=anew, place=place), "load")

    async def _ask(self, *, anew: bool, place: MatrixPlace) -> None:
        until = self.until.isoformat() if self.until else None
        try:
            answer = await self.ask("jobs-matrix", days=self._days, until=until)
        except CloutuiError as error:
            self._settle()
            if not anew and self.matrix.count():
                self.matrix.entitle(note=error.what)  # the rows are old, not wrong: they stay
            else:
                self.matrix.say(error_notice(error, self.desk.look))
                self._clear_peek()
        else:
            self._settle()
            if answer is not None:
                self._show(answer, anew=anew, place=place)

    def _show(self, answer: Answer, *, anew: bool, place: MatrixPlace) -> None:
        rows = _rows_of(answer)
        self._places = _places_of(answer)
        waiting = 0
        shown = self.matrix.rows
        if not anew and len(shown):
            # What is under a cursor stays there: new nodes and another order come when they are asked for.
            kept = rows.in_order_of(shown.keys)
            waiting, rows = len(rows) - len(kept), kept
        self.matrix.show(rows, key=place.key, day=self._wanted_day or place.day)
        self._wanted_day = None
        nodes = formats.plural(len(rows), "node")
        if not self.matrix.narrow:
            nodes += f" {self.desk.look.glyphs.times} {len(rows.days)} days"
        note = f"{formats.count(waiting)} new, r shows" if waiting else "worst first"
        self.matrix.entitle(note=f"{nodes}   {note}")
        if not len(rows):
            self.matrix.entitle(note="")
            self.matrix.say(self._why_empty())
            self._clear_peek()

    def _clear_peek(self) -> None:
        assert self.peek is not None
        self.peek.entitle("", "")
        self.peek.look_at_nothing()

    def _why_empty(self) -> list[Paragraph]:
        look, name = self.desk.look, self.desk.scope_name()
        if self.filter:
            return empty_notice(look, f"No match for {self.filter}.", ("esc", "clears the filter"))
        if not self.desk.as_of:
            return empty_notice(
                look,
                "No backup server yet, so nothing is known.",
                ("cloutui server add", "connects the first"),
                ("cloutui demo", "shows a simulated fleet"),
            )
        if self.until is not None:
            return empty_notice(look, f"No jobs in {name} in these days.", (".", "goes to today"))
        return empty_notice(
            look,
            f"No jobs in {name} in the last {self._days} days.",
            ("{", "looks further back"),
            ("b", "chooses another unit"),
        )

    def _mute_soon(self) -> None:
        if self.matrix.count() and self._mute_timer is None:
            self._mute_timer = self.set_timer(_MUTE_AFTER_S, self._mute)

    def _mute(self) -> None:
        self.matrix.mute()
        self.matrix.entitle(note="refreshing")

    def _settle(self) -> None:
        if self._mute_timer is not None:
            self._mute_timer.stop()
            self._mute_timer = None

    # Days.

    @on(Matrix.Beyond)
    def _beyond(self, message: Matrix.Beyond) -> None:
        self.shift(message.days)

    def move_day(self, days: int) -> None:
        """The cursor goes a day on or back; at the edge the days follow."""
        self.matrix.action_day(days)

    def move_days(self, direction: int) -> None:
        """All days and the cursor move by a week."""
        self.shift(direction * _WEEK)

    def to_today(self) -> None:
        """Today is the last day shown, and the cursor is on it."""
        if self.until is None:
            self.matrix.action_last_day()
        else:
            self.until = None
            self._load(place=MatrixPlace(day=self.desk.today()))

    def shift(self, days: int) -> None:
        """Move the cursor by so many days, and what is shown by a week at least; not beyond today."""
        today, at = self.desk.today(), self.matrix.day
        if at is None:
            return
        last = self.until or today
        step = max(abs(days), _WEEK) * (1 if days > 0 else -1)
        moved = min(today, last + timedelta(days=step))
        if moved == last:
            self.matrix.action_last_day()
            return
        self.until = None if moved == today else moved
        self._load(place=MatrixPlace(day=at + timedelta(days=days)))

    # The cursor.

    @on(Lines.Moved)
    def _moved(self, message: Lines.Moved) -> None:
        if message.lines is not self.matrix:
            return
        key, day = self.matrix.key, self.matrix.day
        if key is None or day is None or self.peek is None:
            return
        unit, server = self._places.get(key, ("", ""))
        crumb = self.desk.look.glyphs.crumb
        where = f" {crumb} ".join(safe(part) for part in (unit, server) if part)
        self.peek.entitle(
            f"{self.matrix.name_under_cursor}  {formats.short_day(day)}",
            f"{where}   {self.desk.look.glyphs.enter} opens the day",
        )
        self.peek.look_at((key, day), [self._in_short(), *self._run()], lambda: self._detail(key, day))

    async def _detail(self, node_id: int, day: date) -> Sequence[Paragraph]:
        # Not needed for the first paint, so loaded here.
        from cloutui.screens.job_log import ask_log
        from cloutui.screens.jobs import jobs_of

        assert self.desk.session is not None
        answer = await self.desk.session.ask("node-day", unit=self.desk.scope, node_id=node_id, day=day.isoformat())
        jobs = jobs_of(answer)
        run = self._run() if (node_id, day) == (self.matrix.key, self.matrix.day) else []
        if not jobs:
            return [self._in_short(), *run]
        told = [*(paragraph for job in jobs for paragraph in job.paragraphs(self.desk)), *run]
        if any(job.status is Status.UNKNOWN for job in jobs):
            told.append(self._in_short())
        assert self.peek is not None
        if jobs[0].status.is_problem and self.peek.page_rows > len(told) + 2:
            told += [Paragraph(), *await ask_log(self.desk, jobs[0])]
        return told

    def _in_short(self) -> Paragraph:
        """The cell in words, which needs no asking."""
        palette, status = self.desk.look.palette, self.matrix.status
        sign = f"  {self.desk.look.glyphs.status[status]} "
        if status is Status.NONE:
            return Paragraph([(sign, palette.status(status))], "Nothing was scheduled.", palette.style("muted"))
        if status is Status.UNKNOWN:
            return Paragraph([(sign, palette.status(status))], self._why_unknown(), palette.status(status))
        return Paragraph([(sign + status.word, palette.status(status))])

    def _why_unknown(self) -> str:
        """A server that is silent now, or nothing more than that."""
        _, server = self._places.get(self.matrix.key or _NO_KEY, ("", ""))
        silent = next((age for age in ages(self.desk.as_of, self.desk.now()) if age.server == server), None)
        if silent is None or silent.status is not Status.UNKNOWN:
            return "Unknown: the server could not tell."
        return f"Unknown: {server} has not answered {silent.words(self.desk.now(), self.desk.zone)}."

    def _run(self) -> list[Paragraph]:
        """How many bad days this one ends."""
        statuses = self.matrix.rows.statuses[self.matrix.cursor][: self.matrix.column + 1]
        run = (
            len(statuses) - 1 - max((at for at, status in enumerate(statuses) if not Status(status).is_bad), default=-1)
        )
        if run < 2:
            return []
        longer = " at least" if run == len(statuses) else ""
        muted = self.desk.look.palette.style("muted")
        return [Paragraph([("    ", muted)], f"{formats.ordinal(run)} day in a row{longer}", muted)]

    @on(Lines.Opened)
    def _opened(self, message: Lines.Opened) -> None:
        from cloutui.screens.jobs import Cell

        message.stop()
        key, day = self.matrix.key, self.matrix.day
        if key is not None and day is not None:
            unit, server = self._places.get(key, ("", ""))
            cell = Cell(node_id=key, node=self.matrix.name_under_cursor, unit=unit, server=server, day=day)
            self.post_message(CellOpened(cell))


def _rows_of(answer: Answer) -> MatrixRows:
    def column(name: str) -> list[Any]:
        return answer.rows.column(name).to_pylist()

    return MatrixRows(
        days=[date.fromisoformat(day) for day in answer.days],
        keys=column("node_id"),
        names=[safe(name) for name in column("node")],
        statuses=_status_bytes(answer.rows.column("days"), len(answer.days)),
        bad=column("bad"),
        run=column("run"),
    )


def _status_bytes(column: Any, days: int) -> list[bytes]:
    """One byte a day, straight from Arrow's memory: 10,000 rows of a year are 3.6 million numbers."""
    rows: list[bytes] = []
    for chunk in column.chunks:
        flat = chunk.flatten().cast("uint8")
        memory = flat.buffers()[1]
        cells = memoryview(memory)[flat.offset : flat.offset + len(flat)].tobytes() if memory is not None else b""
        rows += [cells[at : at + days] for at in range(0, len(cells), days)]
    return rows


def _places_of(answer: Answer) -> dict[int, tuple[str, str]]:
    columns = [answer.rows.column(name).to_pylist() for name in ("node_id", "unit", "server")]
    return {node_id: (unit, server) for node_id, unit, server in zip(*columns, strict=True)}
