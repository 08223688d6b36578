"""Parquet: typed columns, moments in UTC, statuses by their key; the heading as JSON in the file's metadata."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, BinaryIO

from cloutui.delivery.heading import Export
from cloutui.delivery.plain import batches, is_text, no_rows, safe_texts, spread_columns, status_keys
from cloutui.model.table import Column, Kind

if TYPE_CHECKING:
    import pyarrow as pa

METADATA_KEY = b"cloutui"
"""The heading of the file. Each column has its kind under the same key."""

_ROW_GROUP = 65_536


def write(export: Export, out: BinaryIO) -> None:
    """Row groups of 65,536 rows, compressed with Zstandard."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns = spread_columns(export.answer)
    types = [_typed(column, array).type for column, array in zip(columns, no_rows(export.answer), strict=True)]
    fields = [
        pa.field(column.name, arrow_type, metadata={METADATA_KEY: column.kind.value.encode()})
        for column, arrow_type in zip(columns, types, strict=True)
    ]
    heading = json.dumps(export.facts(), ensure_ascii=False).encode()
    schema = pa.schema(fields, metadata={METADATA_KEY: heading})
    with pq.ParquetWriter(out, schema, compression="zstd") as writer:
        for arrays in batches(export.answer, most_rows=_ROW_GROUP, wrote=export.wrote):
            writer.write_batch(pa.record_batch(list(map(_typed, columns, arrays)), schema=schema))


def _typed(column: Column, array: pa.Array[Any]) -> pa.Array[Any]:
    import pyarrow as pa
    import pyarrow.types as kinds

    if column.kind is Kind.STATUS:
        return status_keys(array)
    if is_text(array.type):
        return safe_texts(array)
    if kinds.is_timestamp(array.type):
        return array.cast(pa.timestamp("us", "UTC"), safe=False)
    return array
