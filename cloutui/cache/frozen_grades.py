"""How nodes stood on days that are frozen, for questions about many days: by the newest revision of each.

The rows themselves are in files (`records.frozen_files`), of which a question about a year would read hundreds. They
are followed by their last number in the records: what was frozen since is taken over, and what was dropped goes.
"""

from __future__ import annotations

import logging
from datetime import date
from typing import TYPE_CHECKING, Any

from cloutui.errors import Broken

if TYPE_CHECKING:
    import duckdb

    from cloutui.records.frozen_files import FrozenFiles
    from cloutui.records.store import Records

log = logging.getLogger(__name__)


def follow(con: duckdb.DuckDBPyConnection, records: Records, files: FrozenFiles) -> None:
    """Take over what is new. A file that is not what it was is passed over: its days are told by their jobs."""
    found = con.execute("SELECT coalesce(max(frozen_day_id), 0), min(day) FROM frozen_file").fetchone()
    last, first = found or (0, None)
    if first is not None and not records.glance.keeps(first):
        _forget(con, records)
    for number, day, file in records.frozen_files(after=last):
        _take(con, number, day, file, files)


def _forget(con: duckdb.DuckDBPyConnection, records: Records) -> None:
    """What is kept no longer: days are dropped from the first one on."""
    days = con.execute("SELECT DISTINCT day FROM frozen_file ORDER BY day").fetchall()
    kept = next((day for (day,) in days if records.glance.keeps(day)), date.max)
    _in_one(con, *((f"DELETE FROM {table} WHERE day < $kept", {"kept": kept}) for table in _TABLES))


_TABLES = ("frozen_grade", "frozen_file")


def _take(con: duckdb.DuckDBPyConnection, number: int, day: date, file: str, files: FrozenFiles) -> None:
    values = {"day": day}
    taken = "INSERT INTO frozen_file VALUES ($number, $day)", {**values, "number": number}
    try:
        rows = files.read(file).select(["unit_id", "node_id", "status"]).drop_null()
    except Broken as error:
        log.warning("%s", error.what)
        _in_one(con, taken)
        return
    con.register("frozen_rows", rows)
    try:
        _in_one(
            con,
            # A later revision has all rows of its units.
            ("DELETE FROM frozen_grade WHERE day = $day AND unit_id IN (SELECT unit_id FROM frozen_rows)", values),
            ("INSERT INTO frozen_grade SELECT $day, unit_id, node_id, status FROM frozen_rows", values),
            taken,
        )
    finally:
        con.unregister("frozen_rows")


def _in_one(con: duckdb.DuckDBPyConnection, *statements: tuple[str, dict[str, Any]]) -> None:
    con.begin()
    try:
        for sql, values in statements:
            con.execute(sql, values)
        con.commit()
    except BaseException:
        con.rollback()
        raise
