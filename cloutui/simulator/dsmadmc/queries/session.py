"""QUERY SESSION: who is connected. Brief values such as `0 S` and `Tcp/Ip` were seen, detailed ones were not."""

from __future__ import annotations

from cloutui.simulator.dsmadmc.kinds import BYTES, COUNT, MOMENT, SECONDS
from cloutui.simulator.dsmadmc.queries.description import FORMAT, Choice, Names, Number, Positional, Query, Shown

_BRIEF = (
    Shown("Sess Number", "SESSION_ID", 6, COUNT),
    Shown("Comm. Method", "COMMMETHOD", 6),
    Shown("Sess State", "STATE", 6),
    Shown("Wait Time", "WAIT_SECONDS", 6, SECONDS),
    Shown("Bytes Sent", "BYTES_SENT", 7, BYTES),
    Shown("Bytes Recvd", "BYTES_RECEIVED", 7, BYTES),
    Shown("Sess Type", "SESSION_TYPE", 5),
    Shown("Platform", "CLIENT_PLATFORM", 8),
    Shown("Client Name", "CLIENT_NAME", 20),
)

SESSION = Query(
    head="QUERY SESSION",
    source="SESSIONS",
    positionals=(Positional("number", Number("SESSION_ID")),),
    keywords={
        "TYPE": Choice(
            {
                "*": "",
                "Admin": "UPPER(SESSION_TYPE) = 'ADMIN'",
                "Node": "UPPER(SESSION_TYPE) = 'NODE'",
                "Server": "UPPER(SESSION_TYPE) = 'SERVER'",
            }
        ),
        "CLIENTNAME": Names("CLIENT_NAME"),
        "FORMAT": FORMAT,
    },
    brief=_BRIEF,
    detailed=(
        *_BRIEF,
        Shown("Media Access Status", "INPUT_MOUNT_WAIT"),
        Shown("User Name", "OWNER_NAME"),
        Shown("Date/Time First Data Sent", "START_TIME", 20, MOMENT),
    ),
    order="SESSION_ID",
)
