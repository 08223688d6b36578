"""What the pane below the matrix tells of the cell under the cursor: its jobs, its days, or what lies below it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from cloutui.errors import CloutuiError
from cloutui.model import formats
from cloutui.model.filter.rendering import render_value
from cloutui.model.handling import HandlingState
from cloutui.model.safe_text import safe
from cloutui.model.status import Status
from cloutui.model.step import Step
from cloutui.screens.desk import Desk
from cloutui.screens.freshness import ages
from cloutui.screens.matrix_facts import JOBS, NODES, SERVERS, UNITS, RowKind
from cloutui.screens.peek import Peek
from cloutui.widgets.matrix_rows import MatrixRows
from cloutui.widgets.paragraph import Paragraph
from cloutui.widgets.text import Piece, cut, pad

_NAME_CELLS = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Pointed:
    """The cell under the cursor."""

    kind: RowKind
    key: Any
    fact: Mapping[str, Any]
    rows: MatrixRows
    row: int
    column: int
    today: date

    @property
    def first(self) -> date:
        """The first day of the cell."""
        return self.rows.days[self.column]

    @property
    def last(self) -> date:
        """Its last day that has come."""
        return min(self.rows.step.last_of(self.first), max(self.today, self.first))

    @property
    def status(self) -> Status:
        """The worst of it."""
        return Status(self.rows.statuses[self.row][self.column])

    @property
    def is_one_nodes_day(self) -> bool:
        """Whether its jobs can be listed: else there are many of them."""
        return self.rows.step is Step.DAY and "node_id" in self.fact


def tell(desk: Desk, peek: Peek, cell: Pointed) -> None:
    """Of this cell from now on."""
    step, crumb = cell.rows.step, f" {desk.look.glyphs.crumb} "
    where = crumb.join(safe(cell.fact[part]) for part in ("unit", "server") if cell.fact.get(part))
    opens = f"{desk.look.glyphs.enter} opens the {step}"
    peek.entitle(
        f"{cell.rows.names[cell.row]}  {step.words(cell.first)}",
        f"{where}   {opens}" if cell.kind.key[0] == "node_id" else opens,
    )
    asked_as = (cell.key, step, cell.first) if (cell.kind, step) != (NODES, Step.DAY) else (cell.key, cell.first)
    peek.look_at(asked_as, [in_short(desk, cell), *run(desk, cell)], lambda: detail(desk, cell, peek.page_rows))


def in_short(desk: Desk, cell: Pointed) -> Paragraph:
    """The cell in words, which needs no asking."""
    palette, status = desk.look.palette, cell.status
    sign = f"  {desk.look.glyphs.status[status]} "
    if status is Status.NONE:
        return Paragraph([(sign, palette.status(status))], "Nothing was scheduled.", palette.style("muted"))
    if status is Status.UNKNOWN:
        return Paragraph([(sign, palette.status(status))], _why_unknown(desk, cell), palette.status(status))
    return Paragraph([(sign + status.word, palette.status(status))])


def _why_unknown(desk: Desk, cell: Pointed) -> str:
    """A server that is silent now, or nothing more than that."""
    graded = [age for age in ages(desk.as_of, desk.now()) if age.status is Status.UNKNOWN]
    server = cell.fact.get("server")
    silent = next((age for age in graded if age.server == server or cell.kind is UNITS), None)
    if silent is None:
        return "Unknown: the server could not tell."
    return f"Unknown: {silent.server} has not answered {silent.words(desk.now(), desk.zone)}."


def run(desk: Desk, cell: Pointed) -> list[Paragraph]:
    """How many bad columns this one ends."""
    statuses = cell.rows.statuses[cell.row][: cell.column + 1]
    run = len(statuses) - 1 - max((at for at, status in enumerate(statuses) if not Status(status).is_bad), default=-1)
    if run < 2:
        return []
    longer = " at least" if run == len(statuses) else ""
    muted = desk.look.palette.style("muted")
    return [Paragraph([("    ", muted)], f"{formats.ordinal(run)} {cell.rows.step} in a row{longer}", muted)]


async def detail(desk: Desk, cell: Pointed, page_rows: int) -> Sequence[Paragraph]:
    """What is found when asked. Raises: CloutuiError."""
    if cell.is_one_nodes_day:
        return await _jobs(desk, cell, page_rows)
    return [in_short(desk, cell), *run(desk, cell), *await _parts(desk, cell, page_rows)]


async def _jobs(desk: Desk, cell: Pointed, page_rows: int) -> Sequence[Paragraph]:
    # Not needed for the first paint, so loaded here.
    from cloutui.screens.job_log import ask_log
    from cloutui.screens.jobs import jobs_of

    assert desk.session is not None
    asked: dict[str, object] = {"node_id": cell.fact["node_id"], "day": cell.first.isoformat()}
    jobs = jobs_of(await desk.session.ask("node-day", unit=desk.scope, **asked))
    if cell.kind is JOBS:
        jobs = [job for job in jobs if job.schedule == cell.fact["schedule"]]
    after = run(desk, cell)
    if not jobs:
        return [in_short(desk, cell), *after]
    told = [*(paragraph for job in jobs for paragraph in job.paragraphs(desk)), *after]
    if cell.status.is_problem:
        told += await said_of(desk, asked)
    if any(job.status is Status.UNKNOWN for job in jobs):
        told.append(in_short(desk, cell))
    if jobs[0].status.is_problem and page_rows > len(told) + 2:
        told += [Paragraph(), *await ask_log(desk, jobs[0])]
    return told


async def said_of(desk: Desk, asked: Mapping[str, Any]) -> list[Paragraph]:
    """Who takes care of a node's day, and what was written of it. `asked`: the node and the day."""
    assert desk.session is not None
    node_id, day, muted = asked["node_id"], asked["day"], desk.look.palette.style("muted")
    try:
        lines = await desk.session.ask(
            "handling-history", unit=desk.scope, node_id=node_id, first=day, last=day, filter="-job_key:*", limit=1
        )
        comments = await desk.session.ask("node-comments", unit=desk.scope, node_id=node_id, day=day)
    except CloutuiError:
        return []  # what the reader may not see is left out
    newest = [row for row in lines.rows.to_pylist() if row["state"] != HandlingState.OPEN]
    by = f"{newest[0]['state']} by {newest[0]['actor']}" if newest else "acknowledged by no one"
    written = [
        Paragraph([(f"    {row['author']}, {row['type']}  ", muted)], row["comment"])
        for row in comments.rows.to_pylist()
    ]
    return [Paragraph([("    ", muted)], by, muted), *written]


async def _parts(desk: Desk, cell: Pointed, page_rows: int) -> Sequence[Paragraph]:
    """The nodes in the cell, the worst first: each with its days."""
    assert desk.session is not None
    asked: dict[str, object] = {"first": cell.first.isoformat(), "last": cell.last.isoformat()}
    unit = desk.scope
    if cell.kind is UNITS:
        unit = cell.key
    elif cell.kind is SERVERS:
        asked["filter"] = f"server={render_value(cell.fact['server'])}"
    else:
        asked["filter"] = f"node_id={cell.fact['node_id']}"
        if cell.kind is JOBS:
            return await _days_of_schedule(desk, cell, asked)
    answer = await desk.session.ask("jobs-matrix", unit=unit, limit=max(1, page_rows - 2), **asked)
    return [_strip(desk, row["node"], row["days"]) for row in answer.rows.to_pylist()]


async def _days_of_schedule(desk: Desk, cell: Pointed, asked: dict[str, object]) -> Sequence[Paragraph]:
    assert desk.session is not None
    answer = await desk.session.ask(JOBS.report, unit=desk.scope, **asked)
    own = [row for row in answer.rows.to_pylist() if row["schedule"] == cell.fact["schedule"]]
    return [_strip(desk, cell.rows.names[cell.row], row["days"]) for row in own]


def _strip(desk: Desk, name: str, days: Sequence[int]) -> Paragraph:
    """A name and the signs of its days."""
    palette, glyphs, worst = desk.look.palette, desk.look.glyphs, Status(max(days, default=0))
    shown = pad(cut(name, _NAME_CELLS, glyphs.cut), _NAME_CELLS)
    pieces: list[Piece] = [
        (f"  {glyphs.status[worst]} ", palette.status(worst)),
        (f"{shown} {worst.word:<8} ", palette.style("text", bold=worst.is_bad)),
    ]
    if len(days) > 1:
        pieces += [(f" {glyphs.status[Status(day)]}", palette.cell(Status(day))) for day in days]
    return Paragraph(pieces, is_problem=worst.is_problem)
