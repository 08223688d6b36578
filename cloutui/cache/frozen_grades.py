"""How nodes stood on days that are frozen, for questions about many days: by the newest revision of each.

The rows themselves are in files (`records.frozen_files`), of which a question about a year would read hundreds. They
are followed by their last number in the records: what was frozen since is taken over, and what was dropped goes. A file
that is not what it was is noted with its units, and tried again when the cache is opened: it may have been restored.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING, Any

from cloutui.cache.database import in_one
from cloutui.errors import Broken

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

    from cloutui.records.frozen_files import FrozenFiles
    from cloutui.records.store import Records

log = logging.getLogger(__name__)

_Values = dict[str, Any]

_TAKEN = "INSERT INTO frozen_file VALUES ($number, $day)"


def follow(con: duckdb.DuckDBPyConnection, records: Records, files: FrozenFiles) -> None:
    """Take over what is new."""
    found = con.execute("SELECT coalesce(max(frozen_day_id), 0), min(day) FROM frozen_file").fetchone()
    last, first = found or (0, None)
    if first is not None and not records.glance.keeps(first):
        _forget(con, records)
    for number, day, file in records.frozen_files(after=last):
        values = {"number": number, "day": day}
        try:
            _put(con, _rows(file, files), values, is_new=True)
        except Broken as error:
            log.warning("%s", error.what)
            _lose(con, values, file, list(records.frozen_units(file)))


def try_again(con: duckdb.DuckDBPyConnection, files: FrozenFiles) -> None:
    """Take over what could not be read, where it can be now."""
    lost = con.execute("SELECT DISTINCT frozen_day_id, day, file FROM frozen_lost ORDER BY frozen_day_id").fetchall()
    for number, day, file in lost:
        with suppress(Broken):
            rows = _rows(file, files)
            # Of the others there is a later revision by now, or there was then.
            own = f"SELECT unit_id FROM frozen_lost WHERE frozen_day_id = {number:d}"
            _put(con, rows, {"number": number, "day": day}, only=f"unit_id IN ({own})")


def _forget(con: duckdb.DuckDBPyConnection, records: Records) -> None:
    """What is kept no longer: days are dropped from the first one on."""
    days = con.execute("SELECT DISTINCT day FROM frozen_file ORDER BY day").fetchall()
    kept = next((day for (day,) in days if records.glance.keeps(day)), date.max)
    with in_one(con):
        for table in _TABLES:
            con.execute(f"DELETE FROM {table} WHERE day < $kept", {"kept": kept})


_TABLES = ("frozen_grade", "frozen_file", "frozen_lost")


def _lose(con: duckdb.DuckDBPyConnection, values: _Values, file: str, units: Sequence[int]) -> None:
    lost = "INSERT INTO frozen_lost SELECT $number, $day, unnest($units::INTEGER[]), $file"
    with in_one(con):
        con.execute(lost, {**values, "units": units, "file": file})
        con.execute(_TAKEN, values)


def _rows(file: str, files: FrozenFiles) -> pa.Table:
    """Raises: Broken."""
    return files.read(file).select(["unit_id", "node_id", "status"]).drop_null()


def _put(
    con: duckdb.DuckDBPyConnection,
    rows: pa.Table,
    values: _Values,
    *,
    is_new: bool = False,
    only: str = "true",
) -> None:
    """These rows in place of what is known of their units on that day: a later revision has all rows of its units."""
    con.register("frozen_in", rows)
    try:
        con.execute(f"CREATE OR REPLACE TEMP TABLE frozen_rows AS SELECT * FROM frozen_in WHERE {only}")
    finally:
        con.unregister("frozen_in")
    day = {"day": values["day"]}
    with in_one(con):
        for table in ("frozen_grade", "frozen_lost"):
            con.execute(f"DELETE FROM {table} WHERE day = $day AND unit_id IN (SELECT unit_id FROM frozen_rows)", day)
        con.execute("INSERT INTO frozen_grade SELECT $day, unit_id, node_id, status FROM frozen_rows", day)
        if is_new:
            con.execute(_TAKEN, values)
