"""Copies of what is only ever added to in the records: months that were closed, and how problems were handled.

They are followed by their last number, and not copied in whole: a large provider has hundreds of thousands of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa

if TYPE_CHECKING:
    from cloutui.records.store import Records

_COLUMNS: dict[str, dict[str, pa.DataType]] = {
    "sla_month": {
        "sla_month_id": pa.int32(),
        "unit_id": pa.int32(),
        "month": pa.date32(),
        "revision": pa.int32(),
        "frozen_at": pa.timestamp("us"),
        "goal": pa.int32(),
        **dict.fromkeys(("ok", "okwarn", "warning", "failed", "missed", "good"), pa.int64()),
        "counts": pa.string(),
    },
    "handling": {
        "handling_id": pa.int32(),
        "data_source_id": pa.int32(),
        "day": pa.date32(),
        "job_key": pa.string(),
        "state": pa.string(),
    },
}


def follow(con: duckdb.DuckDBPyConnection, records: Records) -> None:
    """Take over the lines that are new."""
    for table, columns in _COLUMNS.items():
        (last,) = con.execute(f"SELECT coalesce(max({table}_id), 0) FROM {table}").fetchone() or (0,)
        lines = list(zip(*records.appended(table, after=last), strict=True))
        if lines:
            arrays = [pa.array(line, kind) for line, kind in zip(lines, columns.values(), strict=True)]
            con.register("appended_rows", pa.Table.from_arrays(arrays, names=list(columns)))
            con.execute(f"INSERT INTO {table} BY NAME SELECT * FROM appended_rows")
            con.unregister("appended_rows")
