"""The pools of a server as lines: how large, how full, how they went in ninety days, and how long they last."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from cloutui.model import formats
from cloutui.model.status import Status
from cloutui.screens.desk import Desk
from cloutui.widgets.bars import bar
from cloutui.widgets.look import Look
from cloutui.widgets.paragraph import Paragraph
from cloutui.widgets.sparkline import WIDTH as SPARK_CELLS
from cloutui.widgets.sparkline import sparkline
from cloutui.widgets.text import Piece, cut, pad

if TYPE_CHECKING:
    from cloutui.model.table import Answer

_BAR_CELLS = 15
_WITH_RUNWAY, _WITH_TYPES, _WITH_HISTORY, _WITH_GROWTH = 62, 74, 92, 104
"""Cells from which on there is room for more. How long a pool lasts comes first."""


def pool_lines(answer: Answer, desk: Desk, width: int) -> list[Paragraph]:
    """A head and a line for each pool; below them how the days were found."""
    look, rows = desk.look, answer.rows.to_pylist()
    muted = look.palette.style("muted")
    if not rows:
        return [Paragraph([("    ", muted)], "No pool of this server is known to you.", muted)]
    names = max(4, min(30, max(len(row["pool"]) for row in rows)))
    lines = [Paragraph([(_head(names, width), muted)])]
    lines += [Paragraph(_pieces(row, look, names, width), is_problem=Status(row["status"]).is_problem) for row in rows]
    if width >= _WITH_RUNWAY:
        ways = dict.fromkeys(row["basis"] for row in rows)
        lines.append(Paragraph([("    ", muted)], f"days left: {'; '.join(ways)}", muted))
    return lines


def _head(names: int, width: int) -> str:
    head = f"    {'pool':<{names}}  " + ("type      " if width >= _WITH_TYPES else "")
    head += f"{'total':>8}  {'used':>4}  " + " " * (_BAR_CELLS + 2) + f"{'free':>8}"
    head += f"  {'a day':>9}" if width >= _WITH_GROWTH else ""
    head += f"  {'90 days':<{SPARK_CELLS}}" if width >= _WITH_HISTORY else ""
    return head + (f"  {'runway':>7}" if width >= _WITH_RUNWAY else "")


def _pieces(row: Mapping[str, Any], look: Look, names: int, width: int) -> list[Piece]:
    status, palette = Status(row["status"]), look.palette
    is_bad, plain, muted = status.is_problem, palette.style(), palette.style("muted")
    role = status.key if status is not Status.OK else "text"
    unknown = "?" if status is Status.UNKNOWN else "-"
    sized = {name: formats.size(row[name]) if row[name] is not None else unknown for name in ("total", "free")}
    used = formats.percent(row["used"] / 100) if row["used"] is not None else unknown
    kind = pad(cut((row["type"] or "").lower(), 8, look.glyphs.cut), 10) if width >= _WITH_TYPES else ""
    share = row["used"] / 100 if row["used"] is not None else None
    pieces: list[Piece] = [
        (f"  {look.glyphs.status[status]} ", palette.status(status)),
        (pad(cut(row["pool"], names, look.glyphs.cut), names), palette.style("text", bold=is_bad)),
        (f"  {kind}", muted),
        (f"{sized['total']:>8}  ", plain),
        (f"{used:>4}  ", palette.style(role, bold=is_bad)),
        *bar(share, _BAR_CELLS, look, "accent" if role == "text" else role),
        (f"  {sized['free']:>8}", plain),
    ]
    if width >= _WITH_GROWTH:
        pieces.append((f"  {_growth(row, unknown):>9}", muted))
    if width >= _WITH_HISTORY:
        pieces.append((f"  {sparkline(history_of(row), look.glyphs)}", palette.style("accent")))
    if width >= _WITH_RUNWAY:
        pieces.append((f"  {_runway(row, unknown):>7}", palette.style(role, bold=is_bad)))
    return pieces


def history_of(row: Mapping[str, Any]) -> list[float]:
    """Percent used on some of the last ninety days, the oldest first."""
    return [float(value) for value in (row["history"] or "").split()]


def _growth(row: Mapping[str, Any], unknown: str) -> str:
    if row["growth"] is None:
        return unknown
    return ("+" if row["growth"] > 0 else "-" if row["growth"] < 0 else "") + formats.size(abs(row["growth"]))


def _runway(row: Mapping[str, Any], unknown: str) -> str:
    return f"{row['runway']}d" if row["runway"] is not None else unknown
