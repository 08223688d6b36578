"""The screen of all jobs of a day, one row a job: what the matrix has in its cells, laid out."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from textual.binding import Binding, BindingType

from cloutui.model import formats
from cloutui.model.status import Status
from cloutui.screens.day_table import DayTable
from cloutui.screens.desk import Desk
from cloutui.screens.job_log import ask_log
from cloutui.screens.jobs import Cell, Job, subject_of_job
from cloutui.screens.moments import aware
from cloutui.screens.notices import empty_notice
from cloutui.screens.subject import Subject
from cloutui.screens.table_view import Listing, TableView, field_lines_left_out, where
from cloutui.screens.view import JobOpened
from cloutui.widgets.lines import VIEW
from cloutui.widgets.paragraph import Paragraph
from cloutui.widgets.result_cells import Cell as TableCell
from cloutui.widgets.result_cells import Writing
from cloutui.widgets.result_rows import keys_of

if TYPE_CHECKING:
    from cloutui.model.table import Answer

JOBS = Listing(
    report="jobs",
    key=("job_key", "server"),
    shown=(
        *("node", "status", "schedule", "scheduled_start", "start", "end", "bytes", "files", "examined", "failed"),
        *("unit", "server", "message"),
    ),
    noun="job",
    status_detail="result",
)
_TIMES = ("scheduled_start", "start", "end")


class JobsList(DayTable):
    """Every job of one day, as the day went."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("F", "follow", "follow the newest", id="jobs.follow", show=False, group=VIEW),
    ]

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "Job list", replace(JOBS, writers=dict.fromkeys(_TIMES, self._clock)))

    def _clock(self, value: datetime, status: Status | None, writing: Writing) -> TableCell:
        """The time of day alone: the day is said in the title, as long as it is that one."""
        del status
        moment = aware(value)
        assert moment is not None
        is_that_day = moment.astimezone(writing.zone).date() == self.shown_day
        text = formats.clock(moment, writing.zone) if is_that_day else formats.time(moment, writing.now, writing.zone)
        return TableCell(text, "muted")

    def crumbs(self) -> list[str]:
        """Screen and day."""
        return ["Job list", formats.dense_day(self.shown_day)]

    def parameters(self) -> dict[str, object]:
        """One day."""
        day = self.shown_day.isoformat()
        return {"first": day, "last": day}

    def note(self, answer: Answer) -> str:
        """The day, and how many."""
        glyphs = self.desk.look.glyphs
        day = f"{glyphs.before} {formats.long_day(self.shown_day)} {glyphs.after}"
        following = "   following" if self.is_following else ""
        return f"{day}   {formats.plural(answer.total, 'job')}{following}"

    def why_empty(self) -> list[Paragraph]:
        """Nothing ran on that day, or the filter hides it."""
        look, day = self.desk.look, formats.short_day(self.shown_day)
        if self.filter:
            return empty_notice(look, f"No job of {day} matches {self.filter}.", ("[", "goes a day back"))
        if not self.desk.as_of:
            return self.no_servers()
        said = f"No jobs in {self.desk.scope_name()} on {day}."
        return empty_notice(look, said, ("[", "goes a day back"), ("b", "chooses another unit"))

    # The peek.

    def entitle_peek(self, row: dict[str, Any]) -> None:
        """The job, and where it ran."""
        assert self.peek is not None
        enter = self.desk.look.glyphs.enter
        path = where(self.desk, row["unit"], row["server"], row["node"])
        self.peek.entitle(row["schedule"] or "not scheduled", f"{path}   {enter} full text")

    def glance(self, row: dict[str, Any]) -> list[Paragraph]:
        """What happened."""
        return [*job_of(row).paragraphs(self.desk), *field_lines_left_out(self)]

    async def detail(self, row: dict[str, Any]) -> Sequence[Paragraph]:
        """With the log."""
        return await told_in_full(self, job_of(row))

    def subject(self) -> Subject | None:
        """The job."""
        row = self.chosen()
        return subject_of_job(job_of(row), cell_of(row)) if row else None

    def open(self, row: dict[str, Any]) -> None:
        """The job in full."""
        self.post_message(JobOpened(job_of(row), cell_of(row)))

    def go_to_newest(self, answer: Answer) -> None:
        """The job that began last: rows have an order of their own."""
        self._wanted = newest(answer)


def newest(answer: Answer) -> Hashable:
    """The key of the job that began last; None when none has begun."""
    begun = [start for start in answer.rows.column("start").to_pylist() if start is not None]
    if not begun:
        return None
    place = answer.rows.column("start").to_pylist().index(max(begun))
    return keys_of(answer.rows.slice(place, 1), JOBS.key)[0]


async def told_in_full(view: TableView, job: Job) -> Sequence[Paragraph]:
    """A job, and its log; where there is none, the message that its server gave."""
    told = job.paragraphs(view.desk)
    log = await ask_log(view.desk, job)
    return [*told[:1], *(log or told[1:]), *field_lines_left_out(view)]


def job_of(row: dict[str, Any]) -> Job:
    """A row of the reports `jobs` and `node-jobs` as a value."""
    said = {name: row[name] for name in Job.__dataclass_fields__}
    times = {name: aware(row[name]) for name in ("scheduled_start", "start", "end")}
    return Job(**{**said, **times, "status": Status(row["status"])})


def cell_of(row: dict[str, Any]) -> Cell:
    """The node and the day of such a row."""
    return Cell(node_id=row["node_id"], node=row["node"], unit=row["unit"], server=row["server"], day=row["day"])
