"""Frozen days in reports: rows as they were when their unit's day closed stand in the place of the live ones.

A unit that has a frozen day shows nothing else of that day, and a node that is frozen with one unit is shown by no
other: so an answer that is wholly frozen stays the same, whatever is decided later.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from cloutui.model.formats import exact_count, plural
from cloutui.model.table import Freshness, Frozen
from cloutui.reports.registry import Kept, Late, Report

if TYPE_CHECKING:
    import duckdb

Fetch = Callable[[str], "duckdb.DuckDBPyConnection"]
"""Asks something of scoped relations."""


_FOUND_BY = ("status", "node", "server", "unit_id", "node_id")
"""The columns by which a page of frozen rows is found when nobody asks for others."""
_BY = f"SELECT {', '.join(_FOUND_BY)} FROM scoped_frozen_row"


def _read_by(names: str) -> str:
    return f"SELECT {names} FROM scoped_frozen_row WHERE (unit_id, node_id) IN (SELECT (unit_id, node_id) FROM early)"


def with_frozen(live: str, columns: Sequence[str], order: str) -> dict[str, Any]:
    """`sql` and `kept` of a report about one day, `$day`, whose live SQL gives these columns.

    `unit_id`, `node_id` and `revision`, which is 0 in live rows, are among them. `order`: by `_FOUND_BY`.
    """
    names = ", ".join(f'"{name}"' for name in columns)
    frozen = f"SELECT {names} FROM scoped_frozen_row"
    rest = f"""
        SELECT {names} FROM ({live}) AS live
        WHERE live.unit_id NOT IN (SELECT unit_id FROM scoped_frozen_row)
          AND live.node_id NOT IN (SELECT node_id FROM scoped_frozen_node)
    """
    return {
        "sql": f"SELECT {names} FROM ({rest} UNION ALL {frozen}) ORDER BY {order}",
        "kept": Kept(
            live=f"SELECT {names} FROM ({live}) ORDER BY {order}",
            frozen=f"{frozen} ORDER BY {order}",
            # Nothing is left to be made; but of so many rows a page is found without putting all in order, and mostly
            # without reading all that they say.
            late=(
                Late(first=_BY, known=frozenset(_FOUND_BY), rest=_read_by(names), order=order),
                Late(first=frozen, known=frozenset(columns), rest="SELECT * FROM early", order=order),
            ),
        ),
    }


_ANY = "SELECT count(*) FROM (SELECT 1 FROM scoped_frozen_node LIMIT 1)"
"""Quicker to ask than `_FROZEN`, of the days that are looked at most."""
_FROZEN = "SELECT count(*) FROM (SELECT 1 FROM scoped_frozen_mark LIMIT 1)"
_LIVE = """
SELECT count(DISTINCT d.unit_id) FROM scoped_bare_node_day AS d
ANTI JOIN (SELECT DISTINCT unit_id FROM scoped_frozen_mark) AS f ON f.unit_id = d.unit_id
ANTI JOIN scoped_frozen_node AS n ON n.node_id = d.node_id
WHERE d.day = $day
"""


def chosen(report: Report, fetched: Fetch) -> Report:
    """The report with the SQL that is enough for its day. A unit without facts is no part of a day that is frozen."""
    if report.kept is None:
        return report
    if not _number(fetched(_ANY)) or not _number(fetched(_FROZEN)):
        return replace(report, sql=report.kept.live)
    if _number(fetched(_LIVE)):
        return replace(report, late=())
    return replace(report, sql=report.kept.frozen, late=report.kept.late)


class Past(NamedTuple):
    """What of an answer is as it was."""

    frozen: Frozen | None
    as_of: Mapping[str, Freshness] | None
    """How old the servers' facts were then; None where rows are as of now."""
    notes: Sequence[str]


_WHOLE = """
SELECT min(frozen_at), max(frozen_at), min(revision), max(revision), arg_min(path, (unit_id <> $scope_unit, unit_id))
FROM scoped_frozen_mark
"""
_AS_OF = """
SELECT server, max(collected_at) AS collected_at, arg_max(problem, collected_at) AS problem,
       arg_max(hint, collected_at) AS hint, arg_max(failing_since, collected_at) AS failing_since
FROM scoped_frozen_mark GROUP BY server ORDER BY server
"""


def past_of(report: Report, fetched: Fetch, values: Mapping[str, Any]) -> Past:
    """Whether the answer is frozen, and what is to be noted of it. `report`: as it was `chosen`."""
    if report.kept is None or report.sql == report.kept.live:
        return Past(None, None, ())
    found = fetched(_WHOLE).fetchone()
    assert found is not None
    first, last, least, most, path = found
    note = f"Frozen {_moments(first, last)} UTC, {_revisions(least, most)}."
    if report.sql != report.kept.frozen:
        others = plural(_number(fetched(_LIVE)), "unit")
        return Past(None, None, (f"{note} {others} without a frozen day as of now.",))
    as_of = {row[0]: _freshness(*row) for row in fetched(_AS_OF).fetchall()}
    return Past(Frozen(at=last.replace(tzinfo=UTC), path=_names(path, values)), as_of, (note,))


def _number(found: duckdb.DuckDBPyConnection) -> int:
    row = found.fetchone()
    assert row is not None
    return int(row[0])


def _names(path: str, values: Mapping[str, Any]) -> Sequence[str]:
    """From the reader's own unit down to the scope's."""
    branch: list[tuple[int, str]] = json.loads(path)
    ids = [unit_id for unit_id, _ in branch]
    if values["scope_unit"] not in ids:  # it stood elsewhere in the tree then
        return ()
    end = ids.index(values["scope_unit"])
    begin = ids.index(values["own_unit"]) if values["own_unit"] in ids[: end + 1] else end
    return [name for _, name in branch[begin : end + 1]]


def _freshness(
    server: str, collected_at: datetime | None, problem: str | None, hint: str | None, failing_since: datetime | None
) -> Freshness:
    known = {"collected_at": _utc(collected_at), "failing_since": _utc(failing_since)}
    return Freshness(server=server, problem=problem or "", hint=hint or "", **known)


def _utc(moment: datetime | None) -> datetime | None:
    return moment.replace(tzinfo=UTC) if moment else None


def _moments(first: datetime, last: datetime) -> str:
    """`22 Nov 2026 02:00`, or from the first to the last where the units' days closed at different times."""
    begun, ended = (f"{moment.day} {moment:%b %Y %H:%M}" for moment in (first, last))
    if begun == ended:
        return begun
    return f"{begun} to {last:%H:%M}" if first.date() == last.date() else f"{begun} to {ended}"


def _revisions(least: int, most: int) -> str:
    return f"revision {exact_count(least)}" if least == most else f"revisions {least} to {most}"
