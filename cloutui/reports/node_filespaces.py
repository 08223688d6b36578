"""The file spaces of one node: how full the disks behind them are, and when each was last backed up."""

from __future__ import annotations

from cloutui.model.privilege import Privilege
from cloutui.model.table import Column, Kind
from cloutui.reports.one_node import OneNode
from cloutui.reports.registry import Report, register

NODE_FILESPACES = register(
    Report(
        name="node-filespaces",
        needs=Privilege.NODE_VIEW,
        summary="The file spaces of one node.",
        params=OneNode,
        is_internal=True,
        columns=(
            Column(name="filespace", kind=Kind.TEXT, title="file space"),
            Column(name="type", kind=Kind.TEXT, priority=4),
            Column(name="capacity", kind=Kind.BYTES, priority=3),
            Column(name="used", kind=Kind.PERCENT, priority=2),
            Column(name="backup_start", kind=Kind.TIME, title="last backup begun", priority=5),
            Column(name="backup_end", kind=Kind.TIME, title="last backup ended", priority=1),
            Column(name="took", kind=Kind.DURATION, priority=3),
        ),
        # An application's file space has no disk behind it: its capacity is told as 0, which is none, not an empty one.
        # A start after the end is a backup that has not come to its end: it took nothing yet.
        sql="""
            SELECT filespace, filespace_type AS type, nullif(capacity_bytes, 0) AS capacity,
                   CASE WHEN capacity_bytes > 0 THEN used_percent END AS used,
                   backup_start_local - to_seconds(utc_offset_s) AS backup_start,
                   backup_end_local - to_seconds(utc_offset_s) AS backup_end,
                   CASE WHEN backup_end_local >= backup_start_local
                        THEN date_diff('second', backup_start_local, backup_end_local) END AS took
            FROM scoped_filespace WHERE node_id = $node_id
            ORDER BY filespace
        """,
    )
)
