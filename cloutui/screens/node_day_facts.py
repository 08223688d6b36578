"""What is told of a node's day beside its jobs: the rules that it hit, what was said of it, and what the node holds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from cloutui.errors import CloutuiError
from cloutui.model import formats
from cloutui.screens.daily_reasons import reasons
from cloutui.screens.daily_words import headline, strip
from cloutui.screens.desk import Desk
from cloutui.screens.fields import field_lines
from cloutui.screens.jobs import Cell
from cloutui.screens.moments import aware
from cloutui.widgets.look import Look
from cloutui.widgets.paragraph import Paragraph
from cloutui.widgets.result_seek import SINCE

_NAME = 24


async def told_of_day(desk: Desk, cell: Cell, width: int) -> list[Paragraph]:
    """The parts that there is anything in, each under its title. What the reader may not see is left out."""
    day = cell.parameters()
    about = {"day": day["day"], "filter": f"node_id={cell.node_id}"}
    report = await _rows(desk, "daily", **about)
    if any(row["revision"] for row in report):
        since = await _rows(desk, "daily-since", **about)
        report = [{**row, SINCE: since[0][SINCE] if since else ""} for row in report]
    return [
        *titled("Report", [line for row in report for line in _report(row, desk, width)], desk.look),
        *await strip(desk, cell.node_id, cell.day),
        *titled("Why it stands so", reasons(await _rows(desk, "node-grades", **day), desk), desk.look),
        *titled("Comments", _comments(await _rows(desk, "node-comments", **day), desk), desk.look),
    ]


def _report(row: dict[str, Any], desk: Desk, width: int) -> list[Paragraph]:
    """How the day stands, and its figures."""
    last_ok = aware(row["last_ok"])
    fields = [
        ("stored", formats.size(row["stored"]) if row["stored"] is not None else ""),
        ("change", formats.growth(row["delta"] / 100) + " a day" if row["delta"] is not None else ""),
        ("sent", formats.size(row["sent"]) if row["sent"] is not None else ""),
        ("last ok", formats.time(last_ok, desk.now(), desk.zone) if last_ok else "none known"),
        ("client", row["client_version"] or ""),
        ("os", row["platform"] or ""),
        ("domain", row["domain"] or ""),
        ("tags", row["tags"] or ""),
        ("closed", f"revision {row['revision']}" if row["revision"] else ""),
    ]
    return [headline(desk, row), *field_lines(fields, desk.look, width)]


async def told_of_node(desk: Desk, cell: Cell) -> list[Paragraph]:
    """What it holds, as of now."""
    holds = await _rows(desk, "node-occupancy", node_id=cell.node_id)
    return titled("Holds now", [_held(row, desk.look) for row in holds], desk.look)


def titled(title: str, lines: Sequence[Paragraph], look: Look) -> list[Paragraph]:
    """A part of the report; nothing where it is empty."""
    if not lines:
        return []
    palette, glyphs = look.palette, look.glyphs
    rule = (f"{glyphs.rule * 2} ", palette.style("line"))
    return [Paragraph(), Paragraph([rule, (title, palette.style(bold=True))]), *lines]


async def _rows(desk: Desk, report: str, **asked: object) -> list[dict[str, Any]]:
    assert desk.session is not None
    try:
        rows: list[dict[str, Any]] = (await desk.session.ask(report, unit=desk.scope, **asked)).rows.to_pylist()
    except CloutuiError:
        return []
    return rows


def _comments(rows: Iterable[dict[str, Any]], desk: Desk) -> list[Paragraph]:
    muted = desk.look.palette.style("muted")
    return [Paragraph([(f"  {_written(row, desk)}  ", muted)], row["comment"]) for row in rows]


def _written(row: dict[str, Any], desk: Desk) -> str:
    """`Fri 20 Nov 09:12 OP2, ticket`."""
    at = aware(row["at"])
    when = formats.time(at, desk.now(), desk.zone) if at else ""
    return f"{when} {row['author']}, {row['type']}"


def _held(row: dict[str, Any], look: Look) -> Paragraph:
    palette = look.palette
    stored = formats.size(row["stored"]) if row["stored"] is not None else "-"
    files = formats.count(row["files"]) if row["files"] is not None else "-"
    lead = [(f"  {row['pool'] or '':<{_NAME}} {row['type'] or '':<6}", palette.style("muted"))]
    return Paragraph(lead, f"{stored:>9}  {files:>7} files")
