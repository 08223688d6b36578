"""One job in full: everything its server said of it, in exact numbers and in the server's own words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from cloutui.errors import CloutuiError, NotFound
from cloutui.model import formats
from cloutui.model.link import Link
from cloutui.model.safe_text import safe
from cloutui.model.status import Status
from cloutui.screens.background import ask_in_background
from cloutui.screens.desk import Desk
from cloutui.screens.job_log import ask_log
from cloutui.screens.jobs import Cell, Job, find_cell, jobs_of, subject_of_job
from cloutui.screens.notices import error_notice
from cloutui.screens.subject import Subject
from cloutui.screens.view import View
from cloutui.widgets.page import Page
from cloutui.widgets.paragraph import Paragraph

_LABEL_WIDTH = 16


class JobText(View):
    """A job, to be read."""

    def __init__(self, desk: Desk, job: Job, cell: Cell) -> None:
        super().__init__(desk, Page(desk.look, job.name))
        self.job, self.cell = job, cell

    @property
    def page(self) -> Page:
        """The text."""
        assert isinstance(self.main, Page)
        return self.main

    def crumbs(self) -> list[str]:
        """Screen, node, day, job."""
        return ["Jobs", self.job.node, formats.dense_day(self.cell.day), self.job.name]

    @property
    def day(self) -> date:
        """The day it belongs to."""
        return self.cell.day

    def link(self) -> Link:
        """The job, by its server's own key."""
        query = {**self.link_query(), "job": self.job.job_key}
        return Link(unit=self.desk.unit, screen=self.word, kind="job", id=self.cell.node_id, query=query)

    def subject(self) -> Subject:
        """The job."""
        return subject_of_job(self.job, self.cell)

    def on_mount(self) -> None:
        """The fields at once, the log when it comes."""
        self._show([])
        self.reload()

    def reload(self, *, anew: bool = False) -> None:
        """Ask for the job and its log again; where the reader is stays in view."""
        del anew
        ask_in_background(self, self._ask, "load")

    async def _ask(self) -> None:
        assert self.desk.session is not None
        try:
            answer = await self.desk.session.ask(
                "node-day", unit=self.desk.scope, node_id=self.cell.node_id, day=self.cell.day.isoformat()
            )
        except CloutuiError as error:
            self._show(error_notice(error, self.desk.look))
            return
        self.job = next((job for job in jobs_of(answer) if job.job_key == self.job.job_key), self.job)
        muted = self.desk.look.palette.style("muted")
        log = await ask_log(self.desk, self.job)
        self._show(log or [Paragraph([("  ", muted)], "No log line is known of this job.", muted)])

    def _show(self, log: Sequence[Paragraph]) -> None:
        crumb = self.desk.look.glyphs.crumb
        where = f" {crumb} ".join(safe(part) for part in (self.job.unit, self.job.server, self.job.node))
        self.page.entitle(self.job.name, where)
        self.page.show([*self._headline(), *self._fields(), Paragraph(), *self._section("Log"), *log], stay=True)

    def _headline(self) -> Iterator[Paragraph]:
        job, palette = self.job, self.desk.look.palette
        sign = f"  {self.desk.look.glyphs.status[job.status]} "
        style = palette.status(job.status)
        yield Paragraph()
        yield Paragraph([(sign, style), (job.word(self.desk), style)])
        if job.message:
            yield Paragraph([("    ", palette.style())], job.message)
        yield Paragraph()

    def _fields(self) -> Iterator[Paragraph]:
        job, zone = self.job, self.desk.zone
        result = f", result {job.result}" if job.result is not None else ""
        said = f"{job.server_status}{result}" if job.server_status else None
        for label, text in (
            ("server said", said),
            ("scheduled", formats.exact_time(job.scheduled_start, zone) if job.scheduled_start else None),
            ("started", self._started()),
            ("ended", formats.exact_time(job.end, zone) if job.end else None),
            ("took", formats.duration(job.end - job.start) if job.start and job.end else None),
            ("examined", _objects(job.examined)),
            ("backed up", _objects(job.files)),
            ("failed", _objects(job.failed)),
            ("sent", self._sent()),
            ("key", job.job_key),
        ):
            if text:
                alarming = label == "failed" and job.failed
                yield self._field(label, text, "error" if alarming else "text")

    def _field(self, label: str, text: str, role: str) -> Paragraph:
        palette = self.desk.look.palette
        return Paragraph(
            [("    ", palette.style()), (label.ljust(_LABEL_WIDTH), palette.style("muted"))], text, palette.style(role)
        )

    def _section(self, title: str) -> Iterator[Paragraph]:
        palette, glyphs = self.desk.look.palette, self.desk.look.glyphs
        yield Paragraph(
            [
                (glyphs.rule + " ", palette.style("line")),
                (title + " ", palette.style(bold=True)),
                (glyphs.rule * 20, palette.style("line")),
            ]
        )

    def _started(self) -> str | None:
        job = self.job
        if job.start is None:
            return "not at all" if job.status is Status.MISSED else None
        text = formats.exact_time(job.start, self.desk.zone)
        return text + _lateness(job.start, job.scheduled_start)

    def _sent(self) -> str | None:
        job = self.job
        if job.bytes is None:
            return None
        rate = formats.rate(job.bytes, job.end - job.start) if job.start and job.end else ""
        return formats.exact_size(job.bytes) + (f", {rate}" if rate else "")


async def job_of(desk: Desk, link: Link) -> JobText:
    """The view that a link names. Raises: NotFound."""
    cell = await find_cell(desk, link)
    assert desk.session is not None
    scope = None if link.unit == desk.root else link.unit
    jobs = jobs_of(await desk.session.ask("node-day", unit=scope, **cell.parameters()))
    found = next((job for job in jobs if job.job_key == link.query.get("job")), None)
    if found is None:
        raise NotFound("job", link.query.get("job", ""))
    return JobText(desk, found, cell)


def _objects(number: int | None) -> str | None:
    return f"{formats.exact_count(number)} objects" if number is not None else None


def _lateness(start: datetime, scheduled: datetime | None) -> str:
    late_s = (start - scheduled).total_seconds() if scheduled else 0
    return f", {formats.duration(late_s)} after its time" if late_s >= 60 else ""
