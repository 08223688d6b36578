"""What the peek tells of a business unit, part by part: settings and whence they come, rules, users, last deeds."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rich.cells import cell_len

from cloutui.model import formats
from cloutui.model.privilege import Privilege
from cloutui.model.safe_text import safe
from cloutui.model.status import Status
from cloutui.screens.desk import Desk
from cloutui.screens.moments import aware
from cloutui.widgets.paragraph import Paragraph
from cloutui.widgets.text import Piece, cut, pad

Row = Mapping[str, Any]
Said = tuple[str, ...]
"""What stands side by side in a line."""

_LAST_DAYS = 90
_LAST_LINES = 20
_GAP = 2
_MOST_OF_WIDTH = 0.45
"""No part of a line but its last takes more of the peek than this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of the peek: a report asked within the unit, and how a row of it reads."""

    name: str
    report: str
    needs: Privilege
    said: Callable[[Row, Row, Desk], Said]
    """Of a row, for the unit."""
    none: str
    """What is said where there are no rows; `{unit}` is its name."""
    asked: Mapping[str, Any] = field(default_factory=dict)
    is_quiet: Callable[[Row], bool] = lambda row: False
    """Whether a row is muted: nothing of it is the unit's own."""
    status: Callable[[Row], Status | None] = lambda row: None


def _setting(row: Row, unit: Row, desk: Desk) -> Said:
    since = f" since {formats.day(row['from'], desk.today())}" if row["from"] else ""
    match row["source"]:
        case "own":
            return row["key"], row["value"], f"set here{since}"
        case "inherited":
            return row["key"], row["value"], f"from {row['set_on'] or 'a unit above yours'}{since}"
    return row["key"], row["value"], "default"


def _rule(row: Row, unit: Row, desk: Desk) -> Said:
    conditions = [
        f"{word} {row[name]}"
        for word, name in (("server", "server"), ("domain", "domain"), ("node", "name"), ("contact", "contact"))
        if row[name]
    ]
    where = "" if row["unit_id"] == unit["unit_id"] else f"for {row['unit']}"
    return f"{row['position']}", ", ".join(conditions), f"{formats.plural(row['nodes'], 'node')} {where}".rstrip()


def _user(row: Row, unit: Row, desk: Desk) -> Said:
    seen = aware(row["last_sign_in"])
    ago = formats.age(seen, desk.now(), desk.zone) if seen else "never"
    where = "" if row["unit_id"] == unit["unit_id"] else f"   {row['unit']}"
    return row["name"], row["role"], f"{row['standing']}, last here {ago}{where}"


def _line(row: Row, unit: Row, desk: Desk) -> Said:
    at = aware(row["at"])
    return formats.time(at, desk.now(), desk.zone) if at else "", row["actor"], row["sentence"]


PARTS = (
    Part(
        name="settings",
        report="unit-settings",
        needs=Privilege.UNIT_VIEW,
        said=_setting,
        none="No setting is known.",
        is_quiet=lambda row: row["source"] != "own",
    ),
    Part(
        name="rules",
        report="rules",
        needs=Privilege.RULE_VIEW,
        said=_rule,
        none="No rule gives nodes to {unit} or a unit below it.",
    ),
    Part(
        name="users",
        report="users",
        needs=Privilege.USER_VIEW,
        said=_user,
        none="Nobody lives in {unit} or below it.",
        status=lambda row: Status(row["status"]) if row["status"] >= Status.WARNING else None,
    ),
    Part(
        name="activity",
        report="activity",
        needs=Privilege.ACTIVITY_VIEW,
        said=_line,
        none=f"Nothing was done in {{unit}} or below it in {_LAST_DAYS} days.",
        asked={"days": _LAST_DAYS, "limit": _LAST_LINES},
    ),
)


def paragraphs_of(part: Part, rows: Sequence[Row], unit: Row, desk: Desk, width: int) -> list[Paragraph]:
    """A line for each row, with what stands side by side in columns."""
    palette, glyphs = desk.look.palette, desk.look.glyphs
    muted = palette.style("muted")
    if not rows:
        return [Paragraph([("    ", muted)], part.none.format(unit=safe(unit["unit"])), muted)]
    told = [tuple(map(safe, part.said(row, unit, desk))) for row in rows]
    most = max(8, int(width * _MOST_OF_WIDTH))
    widths = [min(most, max(cell_len(said[at]) for said in told)) for at in range(len(told[0]) - 1)]
    lines = []
    for row, said in zip(rows, told, strict=True):
        status, lead = part.status(row), "    "
        sign: Piece = (lead, muted)
        if status is not None:
            sign = (f"  {glyphs.status[status]} ", palette.status(status))
        pieces = [sign]
        for at, column in enumerate(widths):
            role = "text" if at == 0 and not part.is_quiet(row) else "muted"
            if at == 1 and not part.is_quiet(row):
                role = "accent"
            pieces.append((pad(cut(said[at], column, glyphs.cut), column + _GAP), palette.style(role)))
        lines.append(Paragraph(pieces, said[-1], muted))
    return lines
