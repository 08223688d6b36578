"""A row of the report `daily` in words: its cells, and the lines of the pane below. Pure, but for the strip of days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from rich.style import Style

from cloutui.errors import CloutuiError
from cloutui.model import formats
from cloutui.model.safe_text import safe
from cloutui.model.status import Status
from cloutui.screens.desk import Desk
from cloutui.screens.jobs import Job
from cloutui.widgets.paragraph import Paragraph, lay_out
from cloutui.widgets.result_cells import Cell, Writing
from cloutui.widgets.result_seek import SINCE
from cloutui.widgets.text import Piece

Row = Mapping[str, Any]

STRIP_DAYS = 14
_LABEL = 9
_SHORT = {"acknowledged": "", "active": "active", "resolved": "done"}
"""States of handling as a cell says them: who acknowledged stands there alone."""


# Cells.


def handled(value: str, status: Status | None, writing: Writing) -> Cell:
    """Who has taken it on, and how far: `OP1`, `done OP1`."""
    del status
    state, _, who = value.partition(" ")
    if not state:
        return Cell(writing.glyphs.nothing, "faint")
    return Cell(safe(f"{_SHORT.get(state, state)} {who}".strip()), "accent")


def many_comments(value: int, status: Status | None, writing: Writing) -> Cell:
    """`2c`; nothing when there is none."""
    del status, writing
    return Cell(f"{formats.count(value)}c", "accent") if value else Cell("")


# The pane below.


def headline(desk: Desk, row: Row, job: Job | None = None) -> Paragraph:
    """`× Failed 12  4th day in a row  DAILY_SQL 01:04 → 01:22 (18m)  41.2k examined, 3 failed`."""
    palette, glyphs, status = desk.look.palette, desk.look.glyphs, Status(row["status"])
    style, muted = palette.status(status, bold=status.is_problem), palette.style("muted")
    word = safe(row["reason"] or status.word)
    lead: list[Piece] = [(f"  {glyphs.status[status]} {word}", style)]
    run = row["run"] or 0
    if status.is_bad and run > 1:
        lead.append((f"  {formats.ordinal(run)} day in a row", muted))
    if row["handled"]:
        lead.append((f"  {safe(row['handled'])}", palette.style("accent")))
    if row.get(SINCE):
        lead.append((f"  since then: {safe(row[SINCE])}", palette.style("accent")))
    lead.append(("  ", muted))
    facts = [] if job is None else [f"{job.name} {job.span(desk)}".strip(), job.counts()]
    if job is not None and job.word(desk) != row["reason"] and job.status.is_problem:
        facts.insert(1, job.word(desk))
    return Paragraph(lead, "  ".join(filter(None, facts)), is_problem=status.is_problem)


def other_hits(desk: Desk, row: Row) -> list[Paragraph]:
    """The other rules that hit."""
    return [labelled(desk, "also", row["warnings"], "warning")] if row["warnings"] else []


def last_comment(desk: Desk, row: Row) -> list[Paragraph]:
    """What was said last."""
    return [labelled(desk, "comment", row["comment"])] if row["comment"] else []


def labelled(desk: Desk, label: str, text: str, role: str = "text") -> Paragraph:
    """`  comment  Disk E: locked by VSS`."""
    palette = desk.look.palette
    return Paragraph([(f"  {label:<{_LABEL}}", palette.style("muted"))], text, palette.style(role))


async def strip(desk: Desk, node_id: int, until: date) -> list[Paragraph]:
    """The node's last two weeks, a sign a day: by its jobs. Nothing when that cannot be asked: the rest is known."""
    assert desk.session is not None
    asked: dict[str, object] = {"days": STRIP_DAYS, "until": until.isoformat(), "filter": f"node_id={node_id}"}
    try:
        answer = await desk.session.ask("jobs-matrix", unit=desk.scope, **asked)
    except CloutuiError:
        return []
    found: list[Any] = answer.rows.column("days").to_pylist()
    if not found:
        return []
    palette, glyphs = desk.look.palette, desk.look.glyphs
    pieces: list[Piece] = [(f"  {f'{STRIP_DAYS} days':<{_LABEL - 1}}", palette.style("muted"))]
    pieces += [(f" {glyphs.status[Status(day)]} ", palette.cell(Status(day))) for day in found[0]]
    return [Paragraph(pieces)]


def as_many_as_fit(paragraphs: Sequence[Paragraph], rows: int, width: int, plain: Style) -> Sequence[Paragraph]:
    """The last of them that fit into so many lines; one of them always."""
    kept, left = 0, rows
    for paragraph in reversed(paragraphs):
        left -= len(lay_out([paragraph], width, plain))
        if left < 0 and kept:
            break
        kept += 1
    return paragraphs[len(paragraphs) - kept :]
