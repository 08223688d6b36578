"""What one node holds in each storage pool."""

from __future__ import annotations

from cloutui.model.privilege import Privilege
from cloutui.model.table import Column, Kind
from cloutui.reports.one_node import OneNode
from cloutui.reports.registry import Report, register

NODE_OCCUPANCY = register(
    Report(
        name="node-occupancy",
        needs=Privilege.NODE_VIEW,
        summary="What one node holds in each storage pool.",
        params=OneNode,
        is_internal=True,
        columns=(
            Column(name="pool", kind=Kind.TEXT),
            Column(name="type", kind=Kind.TEXT, priority=2),
            Column(name="stored", kind=Kind.BYTES),
            Column(name="files", kind=Kind.COUNT, priority=2),
            Column(name="logical", kind=Kind.BYTES, priority=4),
            Column(name="physical", kind=Kind.BYTES, priority=5),
        ),
        sql="""
            SELECT pool, type, reporting_bytes AS stored, files, logical_bytes AS logical, physical_bytes AS physical
            FROM scoped_occupancy WHERE node_id = $node_id
            ORDER BY stored DESC, pool, type
        """,
    )
)
