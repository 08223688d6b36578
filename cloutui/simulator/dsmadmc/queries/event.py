"""QUERY EVENT: what schedules should have run, and what came of it. Client and administrative schedules differ in form.

Column order of the detailed client form, and the two required names, were seen; the administrative columns are from
memory.
"""

from __future__ import annotations

from cloutui.simulator.dsmadmc.kinds import EXACT_NUMBER, MOMENT
from cloutui.simulator.dsmadmc.queries.description import FORMAT, Choice, Names, Positional, Query, Shown, Window

_EXCEPTIONS = Choice({"No": "", "Yes": "STATUS = 'Missed' OR STATUS LIKE 'Failed%'"})
_WINDOW = Window(column="SCHEDULED_START", end_day=None)

_SCHEDULED = Shown("Scheduled Start", "SCHEDULED_START", 20, MOMENT)
_ACTUAL = Shown("Actual Start", "ACTUAL_START", 20, MOMENT)
_COMPLETED = Shown("Completed", "COMPLETED", 20, MOMENT)
_DOMAIN = Shown("Policy Domain Name", "DOMAIN_NAME", 18)
_SCHEDULE = Shown("Schedule Name", "SCHEDULE_NAME", 13)
_NODE = Shown("Node Name", "NODE_NAME", 13)
_STATUS = Shown("Status", "STATUS", 9)
_RESULT = Shown("Result", "RESULT", 6, EXACT_NUMBER)
_REASON = Shown("Reason", "REASON", 40)

CLIENT_EVENT = Query(
    head="QUERY EVENT",
    source="EVENTS",
    only="NODE_NAME IS NOT NULL",
    positionals=(
        Positional("domain", Names("DOMAIN_NAME"), is_required=True),
        Positional("schedule", Names("SCHEDULE_NAME"), is_required=True),
    ),
    keywords={
        "TYPE": Choice({"Client": ""}),
        "NODES": Names("NODE_NAME"),
        "EXCEPTIONSONLY": _EXCEPTIONS,
        "FORMAT": FORMAT,
    },
    window=_WINDOW,
    brief=(_SCHEDULED, _ACTUAL, _SCHEDULE, _NODE, _STATUS),
    detailed=(_DOMAIN, _SCHEDULE, _NODE, _SCHEDULED, _ACTUAL, _COMPLETED, _STATUS, _RESULT, _REASON),
    order="SCHEDULED_START, SCHEDULE_NAME, NODE_NAME",
)

ADMINISTRATIVE_EVENT = Query(
    head="QUERY EVENT",
    source="EVENTS",
    chosen_by=("TYPE", "Administrative"),
    only="NODE_NAME IS NULL",
    positionals=(Positional("schedule", Names("SCHEDULE_NAME"), is_required=True),),
    keywords={"TYPE": Choice({"Administrative": ""}), "EXCEPTIONSONLY": _EXCEPTIONS, "FORMAT": FORMAT},
    window=_WINDOW,
    brief=(_SCHEDULED, _ACTUAL, _SCHEDULE, _STATUS),
    detailed=(_SCHEDULE, _SCHEDULED, _ACTUAL, _COMPLETED, _STATUS, _RESULT, _REASON),
    order="SCHEDULED_START, SCHEDULE_NAME",
)
