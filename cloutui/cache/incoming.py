"""A batch on its way into the cache: rows in the archive's schema, and which server said them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import pyarrow as pa

from cloutui.cache.archive import archived_schema
from cloutui.products.observation import ObservationKind


@dataclass(frozen=True, slots=True)
class Incoming:
    """Rows of one kind from one server, in `archived_schema(kind)`."""

    kind: ObservationKind
    server_id: int
    rows: pa.Table

    def with_ordinals(self) -> pa.Table:
        """The rows with a column `ordinal`, so that a query can say which of them it means."""
        return self.rows.append_column("ordinal", pa.array(range(self.rows.num_rows), pa.int64()))


def stamped(kind: ObservationKind, batch: pa.Table, collected_at: datetime, *, is_gone: bool = False) -> pa.Table:
    """A batch of a product in the archive's schema."""
    moment = collected_at.astimezone(UTC).replace(tzinfo=None)
    schema = archived_schema(kind)
    said = batch.select(kind.schema.names).cast(kind.schema)
    return (
        said.append_column(
            schema.field("collected_at"), pa.repeat(pa.scalar(moment, pa.timestamp("us")), said.num_rows)
        )
        .append_column(schema.field("is_gone"), pa.repeat(pa.scalar(is_gone, pa.bool_()), said.num_rows))
        .replace_schema_metadata(None)
    )
