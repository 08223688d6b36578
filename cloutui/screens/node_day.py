"""One node's day in full: its jobs; below them the one under the cursor, why the day stands so, and what was said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import partial

from textual import on

from cloutui.errors import CloutuiError
from cloutui.model import formats
from cloutui.model.link import Link
from cloutui.model.question import Question
from cloutui.model.safe_text import safe
from cloutui.screens.background import ask_in_background
from cloutui.screens.catalogue import find_screen
from cloutui.screens.desk import Desk
from cloutui.screens.job_log import ask_log
from cloutui.screens.jobs import Cell, Job, find_cell, jobs_of, subject_of_cell, subject_of_job
from cloutui.screens.node_day_facts import titled, told_of_day, told_of_node
from cloutui.screens.notices import empty_notice, error_notice
from cloutui.screens.peek import Peek
from cloutui.screens.subject import Subject
from cloutui.screens.table_view import where
from cloutui.screens.view import CrumbsChanged, JobOpened, View
from cloutui.widgets.lines import Lines
from cloutui.widgets.paragraph import Paragraph
from cloutui.widgets.row_list import ListColumn, ListRow, RowList

_COLUMNS = (
    ListColumn(head="job", least=10),
    ListColumn(head="status", least=12),
    ListColumn(head="time", least=13),
    ListColumn(head="took", is_number=True, priority=3),
    ListColumn(head="examined", is_number=True, priority=6),
    ListColumn(head="failed", is_number=True, priority=5),
    ListColumn(head="sent", is_number=True, priority=4),
    ListColumn(head="message", least=20, priority=2),
)
_WEEK = 7
_TOLD = {"time", "took", "examined", "failed", "message"}
"""Columns that the peek's own lines say."""


class NodeDay(View):
    """The jobs of one node on one day."""

    HAS_DAYS = True

    def __init__(self, desk: Desk, cell: Cell) -> None:
        super().__init__(desk, RowList(desk.look, cell.node, _COLUMNS), Peek(desk.look))
        self.cell = cell
        self.jobs: Sequence[Job] = ()

    @property
    def job_list(self) -> RowList:
        """The main list."""
        assert isinstance(self.main, RowList)
        return self.main

    def crumbs(self) -> list[str]:
        """Screen, node, day."""
        return [find_screen(self.word).title, self.cell.node, formats.dense_day(self.cell.day)]

    @property
    def day(self) -> date:
        """The one day."""
        return self.cell.day

    def link(self) -> Link:
        """The node on the day."""
        query = self.link_query()
        return Link(unit=self.desk.unit, screen=self.word, kind="node-day", id=self.cell.node_id, query=query)

    def question(self) -> Question:
        """The jobs."""
        return Question(report="node-day", unit=self.desk.scope, parameters=self.cell.parameters())

    def subject(self) -> Subject:
        """The job under the cursor; on a day without any, the node."""
        if not self.jobs or self.job_list.notice:
            return subject_of_cell(self.cell)
        return subject_of_job(self.jobs[self.job_list.cursor], self.cell)

    def problems(self) -> Sequence[Subject]:
        """The day, whichever of its jobs the cursor is on."""
        return [subject_of_cell(self.cell)]

    # Size: few jobs take few lines, and the rest of the report all others.

    def least_of_peek(self) -> int:
        """However many jobs there are, half of the lines are for what is told of the day."""
        return self._lines // 2

    def on_mount(self) -> None:
        """Heads and dots at once, rows when they come."""
        self.job_list.waiting = True
        self.reload(anew=True)

    def reload(self, *, anew: bool = False) -> None:
        """Ask for the jobs of the day."""
        self.job_list.entitle(note=self._picked_day())
        ask_in_background(self, partial(self._ask, anew=anew), "load")

    async def _ask(self, *, anew: bool) -> None:
        assert self.desk.session is not None
        try:
            answer = await self.desk.session.ask(
                "node-day", unit=self.desk.scope, node_id=self.cell.node_id, day=self.cell.day.isoformat()
            )
        except CloutuiError as error:
            self.job_list.say(error_notice(error, self.desk.look))
            return
        assert self.peek is not None
        self.peek.forget()
        jobs = jobs_of(answer)
        if not anew:
            places = {job.job_key: place for place, job in enumerate(self.jobs)}
            jobs.sort(key=lambda job: places.get(job.job_key, len(places)))
        self.jobs = jobs
        self.job_list.show([self._row(job) for job in jobs], 0 if anew else None)
        self.job_list.entitle(note=f"{self._picked_day()}   {formats.plural(len(jobs), 'job')}")
        if not jobs:
            self._say_empty()

    def _picked_day(self) -> str:
        glyphs = self.desk.look.glyphs
        return f"{glyphs.before} {formats.long_day(self.cell.day)} {glyphs.after}"

    def _say_empty(self) -> None:
        said = f"Nothing was scheduled for {self.cell.node} on {formats.short_day(self.cell.day)}, and nothing ran."
        notice = empty_notice(self.desk.look, said, ("[", "goes a day back"), ("backspace", "goes back"))
        self.job_list.say(notice)
        if self.job_list.most is not None:  # below it stands what is told of the day
            self.job_list.styles.height = 2 + self.job_list.HEADS + len(notice)
        assert self.peek is not None
        self.peek.entitle("The day", where(self.desk, self.cell.unit, self.cell.server))
        self.peek.look_at("day", [], self._told_beside)

    def _row(self, job: Job) -> ListRow:
        desk, nothing = self.desk, "-"
        took = formats.duration(job.end - job.start) if job.start and job.end else nothing
        return ListRow(
            status=job.status,
            texts=(
                job.name,
                job.word(desk),
                _times(job, desk),
                took,
                _count(job.examined),
                _count(job.failed),
                formats.size(job.bytes) if job.bytes is not None else nothing,
                job.message or "",
            ),
            roles=(
                "text",
                job.status.key,
                "text",
                "muted",
                "muted",
                "error" if job.failed else "muted",
                "muted",
                "muted",
            ),
        )

    # Days.

    def move_day(self, days: int) -> None:
        """The same node, another day; not beyond today."""
        moved = min(self.desk.today(), self.cell.day + timedelta(days=days))
        if moved != self.cell.day:
            self.cell = replace(self.cell, day=moved)
            self.reload(anew=True)
            self.post_message(CrumbsChanged())

    def move_days(self, direction: int) -> None:
        """The same weekday of another week."""
        self.move_day(direction * _WEEK)

    def to_today(self) -> None:
        """The same node, today."""
        self.move_day((self.desk.today() - self.cell.day).days)

    # The cursor.

    @on(Lines.Moved)
    def _moved(self, message: Lines.Moved) -> None:
        if message.lines is not self.job_list or not self.jobs or self.peek is None:
            return
        job = self.jobs[self.job_list.cursor]
        crumb, enter = self.desk.look.glyphs.crumb, self.desk.look.glyphs.enter
        self.peek.entitle(job.name, f"{safe(job.unit)} {crumb} {safe(job.server)}   {enter} full text")
        self.peek.look_at(job.job_key, [*job.paragraphs(self.desk), *self._left_out()], lambda: self._detail(job))

    async def _detail(self, job: Job) -> Sequence[Paragraph]:
        """The job, why the day stands so, what was said; the log, which may be long, and what the node holds."""
        desk, told = self.desk, job.paragraphs(self.desk)
        log = await ask_log(desk, job)
        return [
            *(told[:1] if log else told),
            *self._left_out(),
            *await self._told_of_day(),
            *titled("Log", log, desk.look),
            *await told_of_node(desk, self.cell),
        ]

    async def _told_of_day(self) -> Sequence[Paragraph]:
        assert self.peek is not None
        return await told_of_day(self.desk, self.cell, self.peek.inner_width)

    async def _told_beside(self) -> Sequence[Paragraph]:
        """What there is to be told of a day without jobs."""
        return [*await self._told_of_day(), *await told_of_node(self.desk, self.cell)]

    def _left_out(self) -> list[Paragraph]:
        """What the columns that did not fit would say."""
        muted = self.desk.look.palette.style("muted")
        left_out = self.job_list.left_out()
        texts = [f"{head} {text}" for head, text in left_out if text not in {"", "-"} and head not in _TOLD]
        return [Paragraph([("    ", muted)], "   ".join(texts), muted)] if texts else []

    @on(Lines.Opened)
    def _opened(self, message: Lines.Opened) -> None:
        message.stop()
        if self.jobs:
            self.post_message(JobOpened(self.jobs[self.job_list.cursor], self.cell))


async def node_day_of(desk: Desk, link: Link) -> NodeDay:
    """The view that a link names. Raises: NotFound."""
    return NodeDay(desk, await find_cell(desk, link))


def _times(job: Job, desk: Desk) -> str:
    return job.span(desk).partition(" (")[0]


def _count(number: int | None) -> str:
    return formats.count(number) if number is not None else "-"
