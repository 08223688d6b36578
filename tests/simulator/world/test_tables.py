"""Every documented table is there, with its columns, and tables agree with each other."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal

import pytest

from cloutui.simulator.companies import COMPANIES
from cloutui.simulator.server import Server
from cloutui.simulator.tables import catalogue


def ask(server: Server, sql: str) -> list[tuple[object, ...]]:
    return list(server.query(sql).rows)


@pytest.mark.parametrize("table", sorted(catalogue.columns()))
def test_a_table_has_its_columns_types_and_some_rows(server: Server, table: str) -> None:
    answer = server.query(f"SELECT * FROM {table}")
    types = {
        name: ("DECIMAL(31,2)" if kind == "DECIMAL" else kind.split("(")[0] if "CHAR" in kind else kind)
        for name, kind in catalogue.columns()[table].items()
    }
    assert {column.name: column.type for column in answer.columns} == {
        name: "VARCHAR" if kind == "CHAR" else kind for name, kind in types.items()
    }
    assert answer.rows or table in {"PROCESSES", "SESSIONS"}, "what runs just now may be nothing"


def test_no_view_gives_a_column_that_the_product_lacks(server: Server) -> None:
    given = server._database.columns_of("raw")
    known = {table.lower(): {column.lower() for column in columns} for table, columns in catalogue.columns().items()}
    assert given.keys() == known.keys()
    strange = {table: columns - known[table] for table, columns in given.items() if columns - known[table]}
    assert strange == {"summary_extended": {"total"}}


def test_the_catalogue_lists_every_column(server: Server) -> None:
    listed = ask(server, "SELECT TABNAME, COLNAME, TYPENAME FROM SYSCAT.COLUMNS ORDER BY TABNAME, COLNO")
    assert {(table, column) for table, column, _ in listed} == {
        (table, column) for table, columns in catalogue.columns().items() for column in columns
    }
    assert ask(server, "SELECT LENGTH, SCALE, TYPENAME FROM SYSCAT.COLUMNS WHERE COLNAME = 'PHYSICAL_MB'") == [
        (14, 2, "DECIMAL")
    ]
    assert ask(server, "SELECT COUNT(*) FROM SYSCAT.TABLES") == [(len(catalogue.columns()),)]
    assert len(ask(server, "SELECT TABNAME FROM TABLES")) == len(catalogue.columns())
    assert len(ask(server, "SELECT COLNAME FROM COLUMNS")) == len(listed)


def test_a_fleet_has_exactly_its_nodes_and_no_name_twice(fleet: Mapping[str, Server]) -> None:
    names = [name for server in fleet.values() for (name,) in ask(server, "SELECT NODE_NAME FROM NODES")]
    assert len(names) <= 200
    assert len(names) == len(set(names))
    # Those not yet registered are no rows yet; nobody registers in the future.
    assert len(names) == 200


def test_every_node_belongs_to_one_company(fleet: Mapping[str, Server]) -> None:
    prefixes = {prefix for prefix, _, _ in COMPANIES}
    assert len(prefixes) == len(COMPANIES)
    names = [str(name) for server in fleet.values() for (name,) in ask(server, "SELECT NODE_NAME FROM NODES")]
    assert {name.split("-")[0] for name in names} <= prefixes


def test_companies_and_groups_are_29_units() -> None:
    units = {company for _, company, _ in COMPANIES} | {group for _, _, group in COMPANIES if group}
    assert len(units) == 29


@pytest.mark.parametrize(
    "orphans",
    [
        "SELECT NODE_NAME FROM ASSOCIATIONS WHERE NODE_NAME NOT IN (SELECT NODE_NAME FROM NODES)",
        "SELECT NODE_NAME FROM FILESPACES WHERE NODE_NAME NOT IN (SELECT NODE_NAME FROM NODES)",
        "SELECT STGPOOL_NAME FROM OCCUPANCY WHERE STGPOOL_NAME NOT IN (SELECT STGPOOL_NAME FROM STGPOOLS)",
        "SELECT DOMAIN_NAME FROM NODES WHERE DOMAIN_NAME NOT IN (SELECT DOMAIN_NAME FROM DOMAINS)",
        "SELECT DESTINATION FROM BU_COPYGROUPS WHERE DESTINATION NOT IN (SELECT STGPOOL_NAME FROM STGPOOLS)",
        "SELECT DESTINATION FROM AR_COPYGROUPS WHERE DESTINATION NOT IN (SELECT STGPOOL_NAME FROM STGPOOLS)",
        "SELECT STGPOOL_NAME FROM VOLUMES WHERE STGPOOL_NAME NOT IN (SELECT STGPOOL_NAME FROM STGPOOLS)",
        "SELECT VOLUME_NAME FROM VOLUMEUSAGE WHERE VOLUME_NAME NOT IN (SELECT VOLUME_NAME FROM VOLUMES)",
        "SELECT DEVCLASS FROM STGPOOLS WHERE DEVCLASS NOT IN (SELECT DEVCLASS_NAME FROM DEVCLASSES)",
        (
            "SELECT A.NODE_NAME FROM ASSOCIATIONS A LEFT JOIN CLIENT_SCHEDULES S"
            " ON S.DOMAIN_NAME = A.DOMAIN_NAME AND S.SCHEDULE_NAME = A.SCHEDULE_NAME WHERE S.SCHEDULE_NAME IS NULL"
        ),
        (
            "SELECT E.NODE_NAME FROM EVENTS E WHERE SCHEDULED_START > '2012-01-01' AND NODE_NAME IS NOT NULL"
            " AND NODE_NAME NOT IN (SELECT NODE_NAME FROM NODES)"
        ),
        (
            "SELECT O.NODE_NAME FROM OCCUPANCY O LEFT JOIN FILESPACES F ON F.NODE_NAME = O.NODE_NAME"
            " AND F.FILESPACE_ID = O.FILESPACE_ID WHERE F.NODE_NAME IS NULL AND O.NODE_NAME IS NOT NULL"
        ),
    ],
)
def test_nothing_refers_to_what_is_not_there(server: Server, orphans: str) -> None:
    assert ask(server, orphans) == []


def test_auditocc_is_the_sum_of_occupancy(server: Server) -> None:
    sums = "SELECT NODE_NAME, SUM(LOGICAL_MB) FROM OCCUPANCY WHERE NODE_NAME IS NOT NULL GROUP BY NODE_NAME"
    audited = dict(ask(server, "SELECT NODE_NAME, TOTAL_MB FROM AUDITOCC"))
    for node, mb in ask(server, sums):
        assert abs(audited[node] - mb) <= 4, node


def test_pools_are_filled_but_not_beyond_their_size(fleet: Mapping[str, Server]) -> None:
    for server in fleet.values():
        rows = ask(server, "SELECT PCT_UTILIZED FROM STGPOOLS WHERE PCT_UTILIZED IS NOT NULL")
        assert all(Decimal(0) <= percent < 100 for (percent,) in rows)
        assert any(percent > 50 for (percent,) in rows)


def test_a_file_space_was_last_backed_up_by_its_nodes_last_good_job(server: Server) -> None:
    rows = ask(
        server,
        (
            "SELECT F.BACKUP_END, MAX(E.COMPLETED) FROM FILESPACES F JOIN EVENTS E ON E.NODE_NAME = F.NODE_NAME"
            " JOIN CLIENT_SCHEDULES S ON S.SCHEDULE_NAME = E.SCHEDULE_NAME"
            " WHERE E.SCHEDULED_START > '2012-01-01' AND E.STATUS = 'Completed'"
            " AND S.ACTION IN ('INCREMENTAL', 'IMAGEBACKUP')"
            " AND F.BACKUP_END IS NOT NULL GROUP BY F.NODE_NAME, F.FILESPACE_NAME, F.BACKUP_END"
        ),
    )
    assert rows
    assert all(end == completed for end, completed in rows)


@pytest.mark.parametrize(
    "quirk",
    [
        "SELECT 1 FROM OCCUPANCY WHERE NODE_NAME IS NULL AND FILESPACE_NAME IS NULL AND NUM_FILES = 1370",
        "SELECT 1 FROM STGPOOLS WHERE STG_TYPE = 'DIRECTORY' AND DEVCLASS IS NULL",
        "SELECT 1 FROM OCCUPANCY WHERE PHYSICAL_MB IS NULL AND REPORTING_MB > 0",
        "SELECT 1 FROM FILESPACES WHERE FILESPACE_TYPE LIKE 'API:%' AND BACKUP_END IS NULL",
        "SELECT 1 FROM FILESPACES WHERE FILESPACE_NAME LIKE '\\VMFULL-%'",
        (
            "SELECT 1 FROM EVENTS WHERE SCHEDULED_START > '2012-01-01' AND NODE_NAME IS NULL AND DOMAIN_NAME IS NULL"
            " AND REASON = 'Ok'"
        ),
        "SELECT 1 FROM SUMMARY_EXTENDED WHERE SUB_ENTITY = 'Aggregate' AND ACTIVITY_DETAILS = 'VMware'",
        "SELECT 1 FROM SUMMARY WHERE ENTITY LIKE '% (%)'",
        "SELECT 1 FROM NODES WHERE DECOMM_STATE = 'YES' AND LOCKED = 'YES'",
        "SELECT 1 FROM NODES WHERE NODE_NAME NOT IN (SELECT NODE_NAME FROM ASSOCIATIONS)",
        "SELECT 1 FROM SUMMARY WHERE SCHEDULE_NAME IS NULL AND ACTIVITY = 'RESTORE'",
        "SELECT 1 FROM SUMMARY WHERE ACTIVITY = 'TAPE MOUNT' AND VOLUME_NAME IS NOT NULL AND DRIVE_NAME IS NOT NULL",
    ],
)
def test_the_fleet_shows_a_quirk_of_real_servers(fleet: Mapping[str, Server], quirk: str) -> None:
    assert any(ask(server, quirk) for server in fleet.values())


def test_running_replication_ends_in_1900(server: Server) -> None:
    from cloutui.simulator.clock import Clock
    from cloutui.simulator.fleet import FleetPlan, build_fleet

    from .conftest import AT

    clock = Clock(AT.replace(hour=13, minute=20))
    fresh = build_fleet(FleetPlan(servers=2, nodes=60, days=3, seed=7), clock)["SPA01"]
    running = ask(fresh, "SELECT END_TIME, COMP_STATE FROM REPLICATIONVIEW WHERE YEAR(END_TIME) = 1900")
    assert [state for _, state in running] == ["INCOMPLETE"]
    assert ask(fresh, "SELECT PROCESS FROM PROCESSES") == [("Replicate Node",)]
    clock.set(AT.replace(hour=13, minute=20) + timedelta(hours=4))
    assert ask(fresh, "SELECT 1 FROM REPLICATIONVIEW WHERE YEAR(END_TIME) = 1900") == []
