"""What there is in a column of a report, and how often: offered while somebody types a filter."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from cloutui.model.filter.fields import NODE_ID, find_field
from cloutui.model.filter.problem import NOWHERE, BadFilter
from cloutui.model.status import Status
from cloutui.model.table import Column, Kind

if TYPE_CHECKING:
    import duckdb

MOST_VALUES = 100


def counted_tags(
    fetched: Callable[[str, Mapping[str, object]], duckdb.DuckDBPyConnection], condition: str, begun: str
) -> Mapping[str, int]:
    """The commonest tags of the nodes of those rows for which the condition holds, with `begun` in them."""
    asked = f"""
        SELECT t.tag, count(*) FROM (SELECT {NODE_ID} FROM report WHERE {condition}) AS r
        JOIN (SELECT DISTINCT node_id, tag FROM scoped_node_tag) AS t ON t.node_id = r.{NODE_ID}
        WHERE contains(t.tag, lower($begun))
        GROUP BY t.tag ORDER BY count(*) DESC, t.tag LIMIT {MOST_VALUES}
    """
    return dict(fetched(asked, {"begun": begun}).fetchall())


def of_column(word: str, columns: Sequence[Column]) -> Column:
    """The column that a field means. Raises: BadFilter for none, and for one of numbers or moments."""
    found = find_field(word, columns, NOWHERE)
    if found.kind not in {Kind.TEXT, Kind.STATUS}:
        raise BadFilter(f"The values of “{word}” are not counted.", hint="Ask for a text or a status.", at=NOWHERE)
    return next(column for column in columns if column.name == found.names[0])


def counted(
    fetched: Callable[[str, Mapping[str, object]], duckdb.DuckDBPyConnection],
    column: Column,
    condition: str,
    begun: str,
) -> Mapping[str, int]:
    """The commonest values among the rows of `report` for which the condition holds; of statuses every one.

    Statuses are said in the words of the filter. Of texts only those that have `begun` in them, in any case of letters.
    """
    is_status = column.kind is Kind.STATUS
    wanted = "TRUE" if is_status else "contains(lower(value), lower($begun))"
    asked = f"""
        SELECT value, count(*) FROM (SELECT "{column.name}" AS value FROM report WHERE {condition})
        WHERE value IS NOT NULL AND {wanted}
        GROUP BY value ORDER BY count(*) DESC, value LIMIT {MOST_VALUES}
    """
    rows = fetched(asked, {"begun": begun}).fetchall()
    return {Status(value).key if is_status else value: count for value, count in rows}
