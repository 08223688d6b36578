"""QUERY PROCESS: background work under way. The columns are those of 8.1, from memory."""

from __future__ import annotations

from cloutui.simulator.dsmadmc.kinds import COUNT
from cloutui.simulator.dsmadmc.queries.description import Number, Positional, Query, Shown, Words

PROCESS = Query(
    head="QUERY PROCESS",
    source="PROCESSES",
    positionals=(Positional("number", Number("PROCESS_NUM")),),
    keywords={"DESCRIPTION": Words("PROCESS"), "STATUS": Words("STATUS")},
    brief=(
        Shown("Process Number", "PROCESS_NUM", 8, COUNT),
        Shown("Process Description", "PROCESS", 20),
        Shown("Job Id", "JOBID", 6, COUNT),
        Shown("Process Status", "STATUS", 40),
    ),
    order="PROCESS_NUM",
    no_match="ANR0944E {head}: No active processes found.",
)
