"""A report's SQL reads from scoped relations and from nothing else: what is refused, and what is not."""

from __future__ import annotations

from operator import attrgetter

import pytest

from cloutui.reports.check import UnscopedReport, check
from cloutui.reports.registry import Report, all_reports

REFUSED = [
    # The cache's own tables, wherever a table may stand.
    "SELECT * FROM job_event",
    "FROM job_event",
    "TABLE job_event",
    "SELECT * FROM main.scoped_job",
    "SELECT * FROM memory.main.job_event",
    "SELECT * FROM Scoped_Job",
    "SELECT * FROM scoped_job JOIN unit USING (unit_id)",
    "SELECT * FROM record_user",
    "SELECT * FROM scoped_user JOIN record_activity USING (unit_id)",
    "SELECT * FROM scoped_job POSITIONAL JOIN unit",
    "SELECT * FROM scoped_job, LATERAL (SELECT * FROM job_event)",
    "SELECT * FROM (SELECT * FROM (SELECT * FROM job_event))",
    "SELECT 1 UNION SELECT unit_id FROM unit",
    "SELECT unit_id FROM scoped_job EXCEPT SELECT unit_id FROM unit",
    "SELECT (SELECT max(day) FROM job_event)",
    "SELECT (SELECT max(day) FROM job_event) FROM scoped_job",
    "SELECT * FROM scoped_job WHERE EXISTS (FROM job_event)",
    "SELECT * FROM scoped_job WHERE unit_id IN (SELECT unit_id FROM unit)",
    "SELECT * FROM scoped_job GROUP BY ALL HAVING count(*) > (SELECT count(*) FROM unit)",
    "SELECT * FROM scoped_job QUALIFY row_number() OVER (ORDER BY (SELECT 1 FROM unit)) = 1",
    "SELECT rank() OVER w FROM scoped_job WINDOW w AS (ORDER BY (SELECT 1 FROM unit))",
    "SELECT * FROM scoped_job ORDER BY (SELECT 1 FROM unit)",
    "SELECT * FROM scoped_job LIMIT (SELECT count(*) FROM unit)",
    "SELECT list_transform([1], x -> (SELECT max(unit_id) FROM unit))",
    "SELECT CASE WHEN true THEN (SELECT max(unit_id) FROM unit) END",
    "PIVOT job_event ON day USING count(*)",
    "UNPIVOT job_event ON day INTO NAME a VALUE b",
    # Names of its own, where they do not mean its own.
    "WITH job_event AS (SELECT * FROM job_event) SELECT * FROM job_event",
    "WITH RECURSIVE unit AS (SELECT * FROM unit UNION ALL SELECT * FROM unit) SELECT * FROM unit",
    "WITH mine AS (SELECT * FROM unit), unit AS (SELECT 1) SELECT * FROM mine",
    "SELECT * FROM job_event UNION SELECT * FROM (WITH job_event AS (SELECT 1) SELECT * FROM job_event)",
    "SELECT (WITH unit AS (SELECT 1) SELECT * FROM unit), unit_id FROM unit",
    "WITH mine AS (SELECT * FROM job_event) SELECT * FROM mine",
    "WITH mine AS (WITH unit AS (SELECT 1) SELECT * FROM unit) SELECT * FROM mine, unit",
    # A name that would hide a scoped relation.
    "WITH scoped_job AS (SELECT 1) SELECT * FROM scoped_job",
    "WITH SCOPED_JOB AS (SELECT 1) SELECT * FROM scoped_job",
    "SELECT * FROM (WITH scoped_unit AS (SELECT 1) SELECT * FROM scoped_unit)",
    # Files and the world outside.
    "SELECT * FROM 'other.csv'",
    "SELECT * FROM read_csv('x')",
    "SELECT * FROM read_parquet('x')",
    "SELECT * FROM parquet_scan('x')",
    "SELECT * FROM read_text('x')",
    "SELECT * FROM glob('*')",
    "SELECT read_text('x')",
    "SELECT getenv('HOME')",
    "SELECT GETENV('HOME')",
    "SELECT upper(getenv('HOME')) FROM scoped_job",
    "SELECT current_setting('home_directory')",
    "SELECT getvariable('x')",
    # The engine's catalogue, and SQL in texts.
    "SELECT * FROM information_schema.tables",
    "SELECT * FROM duckdb_tables()",
    "SELECT * FROM duckdb_tables",
    "SELECT * FROM sqlite_master",
    "SELECT * FROM pragma_table_info('job_event')",
    "SELECT * FROM query('SELECT * FROM unit')",
    "SELECT * FROM query_table('job_event')",
    "SELECT * FROM seq_scan('job_event')",
    "SELECT * FROM (SHOW TABLES)",
    "SELECT * FROM (DESCRIBE job_event)",
    "SELECT * FROM (SUMMARIZE job_event)",
    "SHOW TABLES",
    # Anything but one SELECT.
    "",
    "SELECT 1; SELECT 2",
    "SELECT * FROM scoped_job; DROP TABLE unit",
    "ATTACH 'other.duckdb'",
    "INSERT INTO unit VALUES (1)",
    "DELETE FROM unit",
    "COPY (SELECT 1) TO 'x'",
    "PRAGMA version",
    "SET threads = 1",
    "EXPLAIN SELECT * FROM scoped_job",
    "CALL duckdb_tables()",
    "SELEKT 1",
]

ACCEPTED = [
    "SELECT * FROM scoped_job",
    'SELECT * FROM "scoped_job"',
    "SELECT * FROM (VALUES (1)) AS t",
    "SELECT day FROM generate_series(DATE '2026-11-01', DATE '2026-11-03', INTERVAL 1 DAY) AS t(day)",
    "WITH bad AS (SELECT * FROM scoped_job WHERE status >= 8) SELECT * FROM BAD",
    "WITH a AS (SELECT 1 AS n), b AS (SELECT n FROM a) SELECT * FROM a JOIN b USING (n)",
    "WITH a AS (SELECT 1 AS n) SELECT (SELECT max(n) FROM a) UNION SELECT * FROM (SELECT n FROM a)",
    "WITH RECURSIVE a AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM a WHERE n < 3), b AS (FROM a) SELECT * FROM b",
    "SELECT count(*) FILTER (status >= 8) FROM scoped_node_day WHERE day BETWEEN $first AND $today - 7",
]


@pytest.mark.parametrize("report", list(all_reports()), ids=attrgetter("name"))
def test_every_report_reads_from_scoped_relations_only(report: Report) -> None:
    check(report.name, report.sql)


@pytest.mark.parametrize("sql", REFUSED)
def test_sql_that_reaches_past_scope_is_refused(sql: str) -> None:
    with pytest.raises(UnscopedReport, match="“a-report”"):
        check("a-report", sql)


@pytest.mark.parametrize("sql", ACCEPTED)
def test_sql_that_stays_in_scope_is_accepted(sql: str) -> None:
    check("a-report", sql)
