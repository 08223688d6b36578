"""What a unit holds in all: bytes, objects, nodes and servers."""

from __future__ import annotations

from cloutui.model.privilege import Privilege
from cloutui.model.table import Column, Kind
from cloutui.reports.registry import Report, register

STORED = register(
    Report(
        name="stored",
        needs=Privilege.NODE_VIEW,
        summary="What the nodes of a unit hold in all.",
        columns=(
            Column(name="stored", kind=Kind.BYTES),
            Column(name="files", kind=Kind.COUNT),
            Column(name="nodes", kind=Kind.COUNT),
        ),
        # As `nodes` has it: what is managed before deduplication, all copies. Null until a server has told of any.
        sql="""
            SELECT held.stored, held.files, counted.nodes
            FROM (SELECT sum(reporting_bytes)::BIGINT AS stored, sum(files)::BIGINT AS files FROM scoped_occupancy)
                 AS held,
                 (SELECT count(*) AS nodes FROM scoped_node) AS counted
        """,
    )
)
