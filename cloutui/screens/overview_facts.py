"""What is told of what needs attention: of a node its bad jobs, of a server the cause, of a pool those beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cloutui.model.filter.rendering import render_value
from cloutui.model.status import Status
from cloutui.screens.daily_words import as_many_as_fit, strip
from cloutui.screens.desk import Desk
from cloutui.screens.job_log import ask_log
from cloutui.screens.jobs import jobs_of
from cloutui.screens.matrix_peek import said_of
from cloutui.screens.pool_lines import pool_lines
from cloutui.widgets.paragraph import Paragraph, lay_out

Row = Mapping[str, Any]


async def told_of(row: Row, desk: Desk, width: int, lines: int) -> Sequence[Paragraph]:
    """Of a row of the report `attention`, for so many cells and lines. Raises: CloutuiError."""
    if row["kind"] == "node":
        return await _of_node(row, desk, width, lines)
    return await _of_pool(row, desk, width) if row["kind"] == "pool" else await _of_server(row, desk)


async def _of_node(row: Row, desk: Desk, width: int, lines: int) -> Sequence[Paragraph]:
    """Its bad jobs of the day, as much of the first one's log as there is room for, what was said, and two weeks."""
    assert desk.session is not None
    asked: dict[str, object] = {"node_id": row["node_id"], "day": row["day"].isoformat()}
    found = jobs_of(await desk.session.ask("node-day", unit=desk.scope, **asked))
    bad = [job for job in found if job.status.is_problem]
    if not bad:
        return []
    worst, plain = bad[0], desk.look.palette.style()
    head = worst.paragraphs(desk)[:1]
    rest = [line for job in bad[1:] for line in job.paragraphs(desk)[:1]]
    rest += [*await said_of(desk, asked), *await strip(desk, row["node_id"], row["day"])]
    log = await ask_log(desk, worst)
    log = [line for line in log if line.is_problem] or log or worst.paragraphs(desk)[1:]
    room = lines - len(lay_out([*head, *rest], width, plain))
    return [*head, *as_many_as_fit(log, room, width, plain), *rest]


async def _of_pool(row: Row, desk: Desk, width: int) -> Sequence[Paragraph]:
    """It stands among the others of its server."""
    assert desk.session is not None
    return pool_lines(await desk.session.ask("server-pools", unit=desk.scope, server=row["server"]), desk, width)


async def _of_server(row: Row, desk: Desk) -> Sequence[Paragraph]:
    """What is wrong, and what helps."""
    assert desk.session is not None
    only = f"server={render_value(row['server'])}"
    answer = await desk.session.ask("servers", unit=desk.scope, filter=only)
    palette, status = desk.look.palette, Status(row["status"])
    sign, style = f"  {desk.look.glyphs.status[status]} ", palette.status(status)
    return [
        line
        for problem, hint in zip(*(answer.rows.column(name).to_pylist() for name in ("problem", "hint")), strict=True)
        for line in (
            Paragraph([(sign, style)], problem or row["what"], style),
            Paragraph([("    ", palette.style())], hint or "", palette.style("muted")),
        )
    ]
