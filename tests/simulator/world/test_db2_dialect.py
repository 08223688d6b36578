"""Db2's spellings give what Db2 gives."""

# ruff: noqa: DTZ001 - a server's times have no zone

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloutui.simulator.server import Server

NOW = datetime(2026, 11, 22, 15, 0, 30)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("CURRENT_TIMESTAMP", NOW),
        ("CURRENT TIMESTAMP - 24 HOURS", datetime(2026, 11, 21, 15, 0, 30)),
        ("current_timestamp-1 hour", datetime(2026, 11, 22, 14, 0, 30)),
        ("CURRENT_TIMESTAMP + (2 + 1) MINUTES - 30 SECONDS", datetime(2026, 11, 22, 15, 3, 0)),
        ("CURRENT DATE", date(2026, 11, 22)),
        ("CURRENT_DATE - 1 MONTH", date(2026, 10, 22)),
        ("CURRENT TIME", time(15, 0, 30)),
        ("CURRENT TIMEZONE", 0),
        ("CURRENT_TIMEZONE", 0),
        ("DAYS(CURRENT DATE) - DAYS('2026-11-20')", 2),
        ("DAYS('0001-01-01')", 1),
        ("DATE(CURRENT_TIMESTAMP)", date(2026, 11, 22)),
        ("TIME(CURRENT_TIMESTAMP)", time(15, 0, 30)),
        ("TIMESTAMP('2026-11-21-01.02.03.400000')", datetime(2026, 11, 21, 1, 2, 3, 400_000)),
        ("TIMESTAMP('2026-11-21', '01:02:03')", datetime(2026, 11, 21, 1, 2, 3)),
        ("HOUR(CURRENT_TIMESTAMP)", 15),
        ("MINUTE(CURRENT TIME)", 0),
        ("YEAR(CURRENT DATE)", 2026),
        ("DAYOFWEEK(CURRENT DATE)", 1),
        ("CURRENT_TIMESTAMP - TIMESTAMP('2026-11-20 12:00:00')", Decimal("2030030.000000")),
        ("TIMESTAMP('2026-11-20 12:00:00') - CURRENT_TIMESTAMP", Decimal("-2030030.000000")),
        ("CHAR(CURRENT_TIMESTAMP)", "2026-11-22-15.00.30.000000"),
        ("CHAR(12)", "12"),
        ("TO_CHAR(CURRENT_TIMESTAMP, 'YYYY-MM-DD HH24:MI:SS')", "2026-11-22 15:00:30"),
        ("VARCHAR_FORMAT(CURRENT_TIMESTAMP, 'DD.MM.YYYY')", "22.11.2026"),
        ("7/2", 3),
        ("-7/2", -3),
        ("7/2.0", Decimal("3.500000")),
        ("7/2E0", 3.5),
        ("DECIMAL(7.999, 4, 2)", Decimal("7.99")),
        ("DEC(7.9)", Decimal(7)),
        ("INTEGER(3.9)", 3),
        ("BIGINT('42')", 42),
        ("CAST(3.9 AS INTEGER)", 3),
        ("FLOAT(1)", 1.0),
        ("VALUE(NULL, 'x')", "x"),
        ("NVL(NULL, 3)", 3),
        ("COALESCE(NULL, NULL, 1)", 1),
        ("'a' || 'b'", "ab"),
        ("CONCAT('a', 'b')", "ab"),
        ("SUBSTR('abcdef', 2, 3)", "bcd"),
        ("LOCATE('c', 'abcabc', 4)", 6),
        ("POSSTR('abc', 'c')", 3),
        ("TRANSLATE('abc', 'xy', 'ab')", "xyc"),
        ("TRANSLATE('abc')", "ABC"),
        ("UCASE('a')", "A"),
        ("CASE WHEN 1 ^= 2 THEN 'differs' ELSE 'same' END", "differs"),
        ("CASE WHEN 1 <> 1 THEN 'differs' END", None),
    ],
)
def test_an_expression_means_what_db2_says(server: Server, expression: str, value: object) -> None:
    assert server.select(f"SELECT {expression} FROM SYSIBM.SYSDUMMY1").rows == [(value,)]


@pytest.mark.parametrize(
    ("code", "units"), [(1, 90_061_000_000), (2, 90_061), (4, 1501), (8, 25), (16, 1), (32, 0), (64, 0), (256, 0)]
)
def test_timestampdiff_counts_whole_units(server: Server, code: int, units: int) -> None:
    duration = "CHAR(TIMESTAMP('2026-03-02 01:01:01') - TIMESTAMP('2026-03-01 00:00:00'))"
    assert server.select(f"SELECT TIMESTAMPDIFF({code}, {duration}) FROM SYSIBM.SYSDUMMY1").rows == [(units,)]


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2026, 1, 28)), st.datetimes(datetime(2026, 1, 1), datetime(2026, 1, 28))
)
def test_timestampdiff_in_seconds_is_the_difference_within_a_month(server: Server, a: datetime, b: datetime) -> None:
    a, b = a.replace(microsecond=0), b.replace(microsecond=0)
    answer = server.select(f"SELECT TIMESTAMPDIFF(2, CHAR(TIMESTAMP('{a}') - TIMESTAMP('{b}'))) FROM SYSIBM.SYSDUMMY1")
    assert answer.rows == [(int((a - b).total_seconds()),)]


@pytest.mark.parametrize(
    "tail", ["FOR READ ONLY WITH UR", "FOR FETCH ONLY", "WITH UR", "FETCH FIRST 1 ROW ONLY WITH UR", ";", "with ur;"]
)
def test_closing_clauses_change_nothing(server: Server, tail: str) -> None:
    assert server.select(f"SELECT SERVER_NAME FROM STATUS {tail}").rows == [("SPA01",)]


def test_fetch_first_limits(server: Server) -> None:
    assert len(server.select("SELECT * FROM NODES FETCH FIRST 5 ROWS ONLY").rows) == 5


def test_nulls_are_the_highest_value(server: Server) -> None:
    order = "SELECT DISTINCT DEVCLASS FROM STGPOOLS ORDER BY DEVCLASS"
    assert server.select(order).rows[-1] == (None,)
    assert server.select(f"{order} DESC").rows[0] == (None,)


def test_an_average_of_whole_numbers_is_whole(server: Server) -> None:
    (average,) = server.select("SELECT AVG(EXAMINED) FROM SUMMARY").rows[0]
    assert isinstance(average, int)


@pytest.mark.parametrize(
    ("select", "names"),
    [
        ("SELECT node_name, lockeD FROM nodes", ["NODE_NAME", "LOCKED"]),
        ("SELECT COUNT(*) FROM NODES", ["1"]),
        ("SELECT COUNT(*) AS n, 1+1 FROM NODES", ["N", "2"]),
        ('SELECT COUNT(*) AS "n" FROM NODES', ["n"]),
        ("SELECT * FROM OPTIONS", ["OPTION_NAME", "OPTION_VALUE"]),
        ("SELECT o.*, 7 FROM OPTIONS o", ["OPTION_NAME", "OPTION_VALUE", "3"]),
    ],
)
def test_columns_are_named_as_db2_names_them(server: Server, select: str, names: list[str]) -> None:
    assert [column.name for column in server.select(select).columns] == names


def test_types_are_spelled_as_db2_spells_them(server: Server) -> None:
    answer = server.select(
        "SELECT START_TIME, NUMBER, SUM(BYTES), PROCESSES, ENTITY, DATE(START_TIME), SUM(BYTES) / 2.5 FROM SUMMARY"
        " GROUP BY START_TIME, NUMBER, PROCESSES, ENTITY FETCH FIRST 1 ROW ONLY"
    )
    kinds = [column.type for column in answer.columns]
    assert kinds == ["TIMESTAMP", "BIGINT", "BIGINT", "INTEGER", "VARCHAR", "DATE", "DECIMAL(31,6)"]


@pytest.mark.parametrize(
    "select",
    [
        (
            "SELECT N.NODE_NAME, COUNT(*) FROM NODES N INNER JOIN OCCUPANCY O ON N.NODE_NAME = O.NODE_NAME"
            " GROUP BY N.NODE_NAME HAVING COUNT(*) > 1 ORDER BY 2 DESC"
        ),
        "SELECT NODE_NAME FROM NODES WHERE EXISTS (SELECT 1 FROM FILESPACES F WHERE F.NODE_NAME = NODES.NODE_NAME)",
        "SELECT NODE_NAME FROM NODES UNION SELECT STGPOOL_NAME FROM STGPOOLS",
        (
            "WITH BIG AS (SELECT NODE_NAME, SUM(LOGICAL_MB) AS MB FROM OCCUPANCY GROUP BY NODE_NAME)"
            " SELECT * FROM BIG WHERE MB > (SELECT AVG(MB) FROM BIG)"
        ),
        "SELECT TABNAME, COLNAME FROM SYSCAT.COLUMNS WHERE TABNAME = 'EVENTS' ORDER BY COLNO",
        "SELECT X.DAY, COUNT(*) FROM (SELECT DATE(START_TIME) AS DAY FROM SUMMARY) X GROUP BY X.DAY",
        "SELECT TSMDB1.NODES.NODE_NAME FROM TSMDB1.NODES",
        "SELECT NODE_NAME FROM NODES WHERE NODE_NAME LIKE 'ACME-%' AND LOCKED IN ('NO') AND REG_TIME > '2012-01-01'",
        "SELECT MAX(SCHEDULED_START) FROM EVENTS WHERE SCHEDULED_START BETWEEN '2026-11-01-00.00.00' AND CURRENT DATE",
    ],
)
def test_joins_subqueries_and_unions_run(server: Server, select: str) -> None:
    assert server.select(select).rows


def test_values_are_bound_by_name(server: Server) -> None:
    answer = server.query("SELECT NODE_NAME FROM NODES WHERE NODE_NAME LIKE $name", name="ACME-SQL01")
    assert answer.rows == [("ACME-SQL01",)]
    assert server.query("SELECT NODE_NAME FROM NODES WHERE NODE_NAME = $name", name="' OR 1=1 --").rows == []
