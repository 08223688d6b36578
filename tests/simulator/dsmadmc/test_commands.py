"""The server's side of a command: QUERY descriptions, refusals, routing, the audit line."""

from __future__ import annotations

from datetime import datetime

import pytest

from cloutui.simulator.answer import Column, Rows
from cloutui.simulator.dsmadmc.commands import Asker, answer, asks_first
from cloutui.simulator.dsmadmc.grammar import heads, parse
from cloutui.simulator.dsmadmc.host import Stand
from cloutui.simulator.dsmadmc.queries import QUERIES
from cloutui.simulator.dsmadmc.reply import Reply
from cloutui.simulator.dsmadmc.sheet import Sheet
from cloutui.simulator.faults import FaultSwitch
from tests.simulator.dsmadmc.fake_server import FakeServer

ASKER = Asker("CLOUTUI", 42)


def obey(server: FakeServer, text: str, *others: FakeServer) -> Reply:
    stands = {one.name: Stand(one, FaultSwitch()) for one in (server, *others)}
    return answer(stands, server, text, ASKER)


def one_row(sql: str, **bound: object) -> Rows:
    """A row of NULLs, as wide as the select list that was asked."""
    forms = [columns for query in QUERIES for columns in (query.brief, query.detailed)]
    width = next(len(form) for form in forms if sql.startswith(f"SELECT {', '.join(shown.sql for shown in form)} FROM"))
    return Rows([Column("X", "VARCHAR")], [(None,) * width])


def asked(server: FakeServer, text: str) -> tuple[str, dict[str, object]]:
    obey(server, text)
    sql, bound = server.asked[-1]
    return sql.partition(" WHERE ")[2].partition(" ORDER BY ")[0], bound


EVENT_WINDOW = "SCHEDULED_START >= $window_begin AND SCHEDULED_START < $window_end"
LOG_WINDOW = "DATE_TIME >= $window_begin AND DATE_TIME < $window_end"


def fits(column: str, *names: str) -> str:
    return " OR ".join(f"UPPER({column}) LIKE ${name} ESCAPE '!'" for name in names)


@pytest.mark.parametrize(
    ("text", "where", "bound"),
    [
        (
            "q ev * *",
            ["NODE_NAME IS NOT NULL", EVENT_WINDOW],
            {"window_begin": "2026-11-21T00:00:00", "window_end": "2026-11-22T00:00:00"},
        ),
        (
            "q ev pd_* NIGHT begind=-1 begint=20:00 endd=today endt=06:00 nodes=a?me-*,B%_x f=d",
            [
                "NODE_NAME IS NOT NULL",
                fits("DOMAIN_NAME", "domain_0"),
                fits("SCHEDULE_NAME", "schedule_0"),
                fits("NODE_NAME", "nodes_0", "nodes_1"),
                EVENT_WINDOW,
            ],
            {
                "domain_0": "PD!_%",
                "schedule_0": "NIGHT",
                "nodes_0": "A_ME-%",
                "nodes_1": "B!%!_X",
                "window_begin": "2026-11-20T20:00:00",
                "window_end": "2026-11-21T06:01:00",
            },
        ),
        (
            "q ev * * begind=-3",
            ["NODE_NAME IS NOT NULL", EVENT_WINDOW],
            {"window_begin": "2026-11-18T00:00:00", "window_end": "2026-11-19T00:00:00"},
        ),
        (
            "q ev * t=admin ex=y",
            ["NODE_NAME IS NULL", "STATUS = 'Missed' OR STATUS LIKE 'Failed%'", EVENT_WINDOW],
            {"window_begin": "2026-11-21T00:00:00", "window_end": "2026-11-22T00:00:00"},
        ),
        (
            "q act",
            [LOG_WINDOW],
            {"window_begin": "2026-11-21T11:30:15.250000", "window_end": "2026-11-21T12:30:15.250000"},
        ),
        (
            "q act begind=today begint=00:00 msg=2507 sea=50%",
            ["MSGNO = $msgno", "UPPER(MESSAGE) LIKE $search ESCAPE '!'", LOG_WINDOW],
            {
                "msgno": 2507,
                "search": "%50!%%",
                "window_begin": "2026-11-21T00:00:00",
                "window_end": "2026-11-21T12:30:15.250000",
            },
        ),
        ("q n", ["NODETYPE = 'CLIENT'"], {}),
        (
            "q n *sql* t=any dom=pd_sql",
            [fits("NODE_NAME", "node_0"), fits("DOMAIN_NAME", "domain_0")],
            {"node_0": "%SQL%", "domain_0": "PD!_SQL"},
        ),
        ("q pr 12", ["PROCESS_NUM = $number"], {"number": 12}),
        (
            "q se t=n clientn=acme*",
            ["UPPER(SESSION_TYPE) = 'NODE'", fits("CLIENT_NAME", "clientname_0")],
            {"clientname_0": "ACME%"},
        ),
    ],
)
def test_a_query_asks_for_what_its_parameters_say(text: str, where: list[str], bound: dict[str, object]) -> None:
    got_where, got_bound = asked(FakeServer(query_answer=one_row), text)
    assert got_where == " AND ".join(f"({condition})" for condition in where)
    assert {
        name: value.isoformat() if isinstance(value, datetime) else value for name, value in got_bound.items()
    } == bound


@pytest.mark.parametrize(
    ("text", "code", "message"),
    [
        ("q ev", 3, "ANR2022E QUERY EVENT: One or more parameters are missing."),
        ("q ev *", 3, "ANR2022E QUERY EVENT: One or more parameters are missing."),
        ("q ev * * *", 3, "ANR2023E QUERY EVENT: Extraneous parameter - *."),
        ("q st now", 3, "ANR2023E QUERY STATUS: Extraneous parameter - NOW."),
        ("q ev * * begind=soon", 3, "ANR2020E QUERY EVENT: Invalid parameter - SOON."),
        ("q ev * * t=x", 3, "ANR2020E QUERY EVENT: Invalid parameter - X."),
        ("q n f=pretty", 3, "ANR2020E QUERY NODE: Invalid parameter - PRETTY."),
        ("q pr twelve", 3, "ANR2020E QUERY PROCESS: Invalid parameter - TWELVE."),
        ("q nonsense", 2, "ANR2000E Unknown command - Q NONSENSE."),
        ("q pr", 11, "ANR0944E QUERY PROCESS: No active processes found."),
        ("q n none", 11, "ANR2034E QUERY NODE: No match found using this criteria."),
        ("del vol X", 38, "This stand-in server does not simulate DELETE VOLUME."),
        ("q act job=3", 38, "This stand-in server does not simulate QUERY ACTLOG with JOB=."),
    ],
)
def test_what_cannot_be_answered_is_refused_by_code(text: str, code: int, message: str) -> None:
    assert obey(FakeServer(), text) == Reply((message,), code)


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: f"{query.head} {query.chosen_by or ''}")
def test_a_description_names_only_what_the_servers_grammar_has(query) -> None:
    head = next(head for head in heads() if head.name == query.head)
    known = {keyword.upper() for keyword in head.keywords}
    assert set(query.keywords) <= known
    assert set(query.defaults) <= set(query.keywords)
    if query.detailed:
        assert "FORMAT" in query.keywords
    if query.window:
        assert {"BEGINDATE", "BEGINTIME", "ENDDATE", "ENDTIME"} <= known


def test_a_detailed_query_is_a_detailed_sheet() -> None:
    reply = obey(FakeServer(query_answer=one_row), "q ev * * f=d")
    [sheet] = reply.parts
    assert isinstance(sheet, Sheet)
    assert sheet.is_detailed
    assert [column.title for column in sheet.columns] == [
        "Policy Domain Name",
        "Schedule Name",
        "Node Name",
        "Scheduled Start",
        "Actual Start",
        "Completed",
        "Status",
        "Result",
        "Reason",
    ]


def test_status_has_the_fields_of_the_captured_answer() -> None:
    [sheet] = obey(FakeServer(query_answer=one_row), "q st").parts
    assert len(sheet.columns) == 42
    assert sheet.columns[17].title == "Activity Log Retention"


def test_every_command_leaves_its_line_in_the_activity_log_without_its_password() -> None:
    server = FakeServer(query_answer=one_row)
    for text in ("select 1 from nodes", "q n", "reg n ACME hush", "(SPA01) reg n ACME hush", "nonsense"):
        obey(server, text)
    assert server.logged == [
        f"ANR2017I Administrator CLOUTUI issued command: {shown}  (SESSION: 42)"
        for shown in ("select 1 from nodes", "q n", "reg n ACME ?***?", "(SPA01) reg n ACME ?***?", "nonsense")
    ]


@pytest.mark.parametrize("text", ["(SPA01,SPB01) q pr 9", "(spa01, spb01)  q pr 9", "SPA01,SPB01: q pr 9"])
def test_a_routed_command_is_answered_by_each_and_wrapped(text: str) -> None:
    first, second = FakeServer(), FakeServer(name="SPB01", query_answer=one_row)
    reply = obey(first, text, second)
    assert [part if isinstance(part, str) else "(sheet)" for part in reply.parts] == [
        "ANR1699I Resolved SPA01,SPB01 to 2 server(s) - issuing command q pr 9 against server(s).",
        "ANR1687I Output for command 'q pr 9' issued against server SPA01 follows:",
        "ANR0944E QUERY PROCESS: No active processes found.",
        "ANR1688I Output for command 'q pr 9' issued against server SPA01 completed.",
        "ANR1695W Server SPA01 processed command 'q pr 9' but completed with warnings.",
        "ANR1687I Output for command 'q pr 9' issued against server SPB01 follows:",
        "(sheet)",
        "ANR1688I Output for command 'q pr 9' issued against server SPB01 completed.",
        "ANR1694I Server SPB01 processed command 'q pr 9' and completed successfully.",
        "ANR1697I Command 'q pr 9' processed by 2 server(s):  1 successful, 1 with warnings, and 0 with errors.",
    ]
    assert reply.return_code == 11


def test_a_route_to_nowhere_is_refused() -> None:
    reply = obey(FakeServer(), "SPZ09: q pr")
    assert reply.return_code == 3
    assert "SPZ09" in reply.parts[0]


def test_a_colon_inside_a_command_is_no_route() -> None:
    server = FakeServer(query_answer=one_row)
    obey(server, "q act sea=node:x")
    assert server.asked[-1][1]["search"] == "%NODE:X%"


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("del fi ACME *", True),
        ("SPB01: rem n ACME", True),
        ("halt", True),
        ("q n", False),
        ("select 'halt' from x", False),
    ],
)
def test_only_what_destroys_is_asked_first(text: str, asks: bool) -> None:
    assert asks_first(text) is asks


def test_every_command_that_asks_first_exists() -> None:
    from cloutui.simulator.dsmadmc.commands import ASKED_FIRST

    assert {parse(name).head.name for name in ASKED_FIRST} == ASKED_FIRST
