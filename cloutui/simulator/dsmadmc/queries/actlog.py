"""QUERY ACTLOG: the activity log, the last hour of it unless told otherwise."""

from __future__ import annotations

from cloutui.simulator.dsmadmc.kinds import MOMENT
from cloutui.simulator.dsmadmc.queries.description import Choice, Names, Number, Query, Shown, Window, Words

ACTLOG = Query(
    head="QUERY ACTLOG",
    source="ACTLOG",
    keywords={
        "MSGNO": Number("MSGNO"),
        "SEARCH": Words("MESSAGE"),
        "NODENAME": Names("NODENAME"),
        "ORIGINATOR": Choice({"ALL": "", "SErver": "ORIGINATOR = 'SERVER'", "CLient": "ORIGINATOR = 'CLIENT'"}),
        "SCHEDNAME": Names("SCHEDNAME"),
        "DOMAINNAME": Names("DOMAINNAME"),
        "SESSNUM": Number("SESSION"),
    },
    window=Window(column="DATE_TIME", begin_time="NOW-01:00", end_time="NOW"),
    brief=(Shown("Date/Time", "DATE_TIME", 20, MOMENT), Shown("Message", "MESSAGE", 54)),
    order="DATE_TIME",
)
