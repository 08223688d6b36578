"""A report without its order has the same rows, and reads from nothing else."""

from __future__ import annotations

from operator import attrgetter

import duckdb
import pytest

from cloutui.reports.check import check
from cloutui.reports.registry import Report, all_reports
from cloutui.reports.unordered import unordered


@pytest.mark.parametrize("report", list(all_reports()), ids=attrgetter("name"))
def test_a_report_without_its_order_is_still_scoped(report: Report) -> None:
    check(report.name, unordered(report.sql))


def test_only_the_outermost_order_goes() -> None:
    sql = "SELECT * FROM (SELECT n FROM t ORDER BY n LIMIT $most) ORDER BY n DESC"
    text = unordered(sql)
    assert text.count("ORDER BY") == 1
    with duckdb.connect(":memory:") as con:
        con.execute("CREATE TABLE t AS SELECT n FROM range(50) AS r (n)")
        assert sorted(con.execute(text, {"most": 3}).fetchall()) == [(0,), (1,), (2,)]


@pytest.mark.parametrize("sql", ["SELECT n FROM t ORDER BY n LIMIT 3", "SELECT n FROM t", "SELECT DISTINCT n FROM t"])
def test_an_order_that_decides_which_rows_there_are_stays(sql: str) -> None:
    assert unordered(sql) == sql
