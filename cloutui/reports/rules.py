"""The rules that assign nodes to the units in sight, in the order in which they are tried."""

from __future__ import annotations

from cloutui.model.privilege import Privilege
from cloutui.model.table import Column, Kind
from cloutui.reports.registry import Report, register

RULES = register(
    Report(
        name="rules",
        needs=Privilege.RULE_VIEW,
        summary="Assignment rules, with how many nodes each holds.",
        columns=(
            Column(name="position", kind=Kind.COUNT),
            Column(name="unit", kind=Kind.TEXT),
            Column(name="server", kind=Kind.TEXT, priority=2),
            Column(name="domain", kind=Kind.TEXT, priority=2),
            Column(name="name", kind=Kind.TEXT, title="node", priority=2),
            Column(name="contact", kind=Kind.TEXT, priority=3),
            Column(name="nodes", kind=Kind.COUNT),
            Column(name="rule_id", kind=Kind.COUNT, priority=9),
            Column(name="unit_id", kind=Kind.COUNT, priority=9),
        ),
        sql="""
            SELECT position, unit, server, domain, name, contact, nodes, rule_id, unit_id
            FROM scoped_rule ORDER BY position, rule_id
        """,
    )
)
