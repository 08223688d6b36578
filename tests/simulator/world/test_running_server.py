"""Sessions, log lines and many askers at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from time import process_time

from cloutui.simulator.fleet import FleetPlan, build_fleet
from cloutui.simulator.server import Server

AT = datetime(2026, 11, 22, 1, 20, tzinfo=UTC)


def small(nodes: int = 40) -> Server:
    return build_fleet(FleetPlan(servers=1, nodes=nodes, days=3, seed=1, at=AT))["SPA01"]


def test_a_line_that_the_server_logs_is_in_actlog() -> None:
    server = small()
    server.log(2017, "I", "ANR2017I Administrator CLOUTUI issued command: QUERY STATUS", session=17)
    assert server.select(
        "SELECT MSGNO, SEVERITY, MESSAGE, ORIGINATOR, SESSION FROM ACTLOG WHERE SESSION = 17"
    ).rows == [(2017, "I", "ANR2017I Administrator CLOUTUI issued command: QUERY STATUS", "SERVER", 17)]


def test_an_administrator_is_in_sessions_while_connected() -> None:
    server = small()
    mine = "SELECT SESSION_ID, SESSION_TYPE, CLIENT_NAME FROM SESSIONS WHERE CLIENT_NAME = 'CLOUTUI'"
    number = server.open_session("cloutui", "Linux x86-64")
    assert server.query(mine).rows == [(number, "Admin", "CLOUTUI")]
    server.close_session(number)
    server.close_session(number)
    assert server.query(mine).rows == []


def test_nodes_that_back_up_have_sessions() -> None:
    server = small(200)
    running = server.select("SELECT COUNT(*) FROM EVENTS WHERE STATUS IN ('Started', 'In Progress')").rows
    connected = server.select("SELECT COUNT(DISTINCT CLIENT_NAME) FROM SESSIONS WHERE SESSION_TYPE = 'Node'").rows
    assert running[0][0]
    assert connected[0][0]


def test_many_ask_at_once_while_the_plan_is_written() -> None:
    server = small(120)
    selects = ["EVENTS", "SUMMARY", "ACTLOG", "NODES", "SESSIONS", "OCCUPANCY", "SUMMARY_EXTENDED", "DRIVES"] * 4

    def ask(table: str) -> int:
        number = server.open_session("ADMIN", "Linux")
        server.log(2017, "I", f"ANR2017I Administrator ADMIN issued command: {table}", session=number)
        count = server.select(f"SELECT COUNT(*) FROM {table}").rows[0][0]
        server.close_session(number)
        assert isinstance(count, int)
        return count

    with ThreadPoolExecutor(8) as pool:
        counts = list(pool.map(ask, selects))
    for place, table in enumerate(selects[:8]):
        if table not in ("ACTLOG", "SESSIONS"):
            assert len(set(counts[place::8])) == 1, table
    assert server.select("SELECT COUNT(*) FROM ACTLOG WHERE SESSION >= 1000000000").rows == [(len(selects),)]


def test_a_fleet_is_made_and_first_asked_in_seconds() -> None:
    # The time of this process: other work on the machine is not its fault.
    begun = process_time()
    fleet = build_fleet(FleetPlan(servers=3, nodes=200, days=45, seed=1, at=AT))
    for server in fleet.values():
        server.select("SELECT COUNT(*) FROM EVENTS WHERE SCHEDULED_START > '2012-01-01'")
        server.select("SELECT COUNT(*) FROM SUMMARY")
    assert process_time() - begun < 4


def test_a_days_events_come_within_a_breath(server: Server) -> None:
    select = (
        "SELECT DOMAIN_NAME, SCHEDULE_NAME, NODE_NAME, SCHEDULED_START, ACTUAL_START, COMPLETED, STATUS, RESULT, REASON"
        " FROM EVENTS WHERE SCHEDULED_START >= '2026-11-21 00:00:00' AND SCHEDULED_START < '2026-11-22 00:00:00'"
    )
    server.select(select)
    took = []
    for _ in range(5):
        begun = process_time()
        server.select(select)
        took.append(process_time() - begun)
    assert min(took) < 0.1


def test_a_large_fleet_costs_nothing_until_asked() -> None:
    begun = process_time()
    fleet = build_fleet(FleetPlan(servers=100, nodes=100_000, days=45, seed=1, at=AT))
    assert len(fleet) == 100
    assert process_time() - begun < 0.5
