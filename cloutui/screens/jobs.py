"""Jobs as the console tells of them: the rows of the report `node-day`, in words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from cloutui.errors import NotFound
from cloutui.model import formats
from cloutui.model.link import Link
from cloutui.model.status import Status
from cloutui.model.table import Answer
from cloutui.screens.desk import Desk
from cloutui.screens.moments import aware
from cloutui.screens.subject import Subject
from cloutui.widgets.paragraph import Paragraph


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A node on a day: what a cell of the matrix stands for."""

    node_id: int
    node: str
    unit: str
    server: str
    day: date

    def parameters(self) -> dict[str, object]:
        """What the report `node-day` is asked with."""
        return {"node_id": self.node_id, "day": self.day.isoformat()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One run, or one that should have been. None is what nobody has said."""

    job_key: str
    server: str
    unit: str
    node: str
    schedule: str | None
    scheduled_start: datetime | None
    start: datetime | None
    end: datetime | None
    status: Status
    server_status: str | None
    result: int | None
    bytes: int | None
    files: int | None
    examined: int | None
    failed: int | None
    message: str | None

    @property
    def name(self) -> str:
        """The schedule, or that there is none."""
        return self.schedule or "not scheduled"

    def word(self, desk: Desk) -> str:
        """`Failed 12`, `Pending 16:00`, `OK`."""
        if self.status is Status.PENDING and self.scheduled_start:
            return f"{self.status.word} {formats.clock(self.scheduled_start, desk.zone)}"
        shows_result = self.result and self.status in {Status.ERROR, Status.WARNING}
        return f"{self.status.word} {self.result}" if shows_result else self.status.word

    def span(self, desk: Desk) -> str:
        """`01:04 → 01:22 (18m)`, as far as it is known."""
        arrow, zone = desk.look.glyphs.arrow, desk.zone
        if self.start is None:
            return f"due {formats.clock(self.scheduled_start, zone)}" if self.scheduled_start else ""
        begin = formats.clock(self.start, zone)
        if self.end is not None:
            took = formats.dense_duration(self.end - self.start)
            return f"{begin} {arrow} {formats.clock(self.end, zone)} ({took})"
        if self.status is Status.RUNNING:
            return f"{begin} {arrow} now ({formats.dense_duration(desk.now() - self.start)})"
        return begin

    def counts(self) -> str:
        """`41.2k examined, 3 failed`; nothing when no session said."""
        said = [(self.examined, "examined"), (self.failed, "failed")]
        return ", ".join(f"{formats.count(number)} {word}" for number, word in said if number is not None)

    def paragraphs(self, desk: Desk) -> list[Paragraph]:
        """Two lines for a pane below: what happened, and the first message."""
        palette, glyphs = desk.look.palette, desk.look.glyphs
        plain, muted, status = palette.style(), palette.style("muted"), palette.status(self.status)
        facts = [text for text in (f"{self.name} {self.span(desk)}".strip(), self.counts()) if text]
        said = [
            Paragraph(
                [(f"  {glyphs.status[self.status]} {self.word(desk)}", status), ("  ", plain)],
                "  ".join(facts),
                is_problem=self.status.is_problem,
            )
        ]
        if self.message:
            said.append(Paragraph([("    ", plain)], self.message, muted))
        return said


def subject_of_job(job: Job, cell: Cell) -> Subject:
    """The job on its day, of its node."""
    return replace(subject_of_cell(cell), job_key=job.job_key, job=job.name)


def subject_of_cell(cell: Cell) -> Subject:
    """The node on that day."""
    return Subject(name=cell.node, node_id=cell.node_id, node=cell.node, server=cell.server, day=cell.day)


_KNOWN_FOR_DAYS = 60
"""A node that had no job for so long before a day has no link to that day either."""

_FIELDS = tuple(Job.__dataclass_fields__)
_TIMES = ("scheduled_start", "start", "end")


def jobs_of(answer: Answer) -> list[Job]:
    """The rows of `node-day` as values."""
    columns: dict[str, list[Any]] = {name: answer.rows.column(name).to_pylist() for name in _FIELDS}
    columns["status"] = [Status(number) for number in columns["status"]]
    for name in _TIMES:
        columns[name] = [aware(moment) for moment in columns[name]]
    return [Job(**dict(zip(_FIELDS, row, strict=True))) for row in zip(*columns.values(), strict=True)]


async def find_cell(desk: Desk, link: Link) -> Cell:
    """The node and the day that a link names. Raises: NotFound for a node that is not there, or not the reader's."""
    node_id, at = link.id, link.day or desk.today()
    if desk.session is None or node_id is None:
        raise NotFound("node", str(node_id))
    scope = None if link.unit == desk.root else link.unit
    asked: dict[str, object] = {"days": _KNOWN_FOR_DAYS, "until": at.isoformat(), "filter": f"node_id={node_id}"}
    answer = await desk.session.ask("jobs-matrix", unit=scope, **asked)
    found = answer.rows.select(["node", "unit", "server"]).to_pylist()
    if not found:
        raise NotFound("node", str(node_id))
    return Cell(node_id=node_id, day=at, **found[0])
