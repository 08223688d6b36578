"""Finding anything by a part of its name, and asking for tags, among 100,000 nodes of 10,000 units.

The cache is made for this in memory: names, owners and tags are all that these questions read of it.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import Any

from cloutui.cache import dimensions
from cloutui.cache.database import Database
from cloutui.model.principal import Principal, local_principal
from cloutui.records.store import Records
from cloutui.reports.record_relations import RecordSource
from cloutui.reports.runner import Runner

NODES, UNITS, SERVERS, TAGS = 100_000, 10_000, 50, 200
BUDGET_MS = 50
TIMES = 9
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)

_WORLD = f"""
INSERT INTO unit BY NAME
SELECT 1 AS unit_id, NULL AS parent_id, 'Nordhavn Backup' AS name, 0 AS lo, {UNITS} AS hi, 0 AS depth,
       false AS is_archived, TIMESTAMP '2024-01-01' AS created_at, 0 AS own_settings
UNION ALL
SELECT n + 1, 1, 'Customer ' || n, n, n + 1, 1, false, TIMESTAMP '2024-01-01', 0 FROM range(1, {UNITS}) AS r(n);

INSERT INTO unit_clock SELECT unit_id, DATE '1900-01-01', DATE '9999-12-31', 'UTC', 0 FROM unit;

INSERT INTO server BY NAME
SELECT n AS server_id, 'SPA' || lpad(n::VARCHAR, 2, '0') AS name, 'storage-protect' AS product, 1 AS unit_id,
       NULL AS time_zone, false AS is_removed FROM range(1, {SERVERS + 1}) AS r(n);
INSERT INTO server_unit SELECT server_id, 1, true FROM server;

INSERT INTO data_source BY NAME
SELECT n AS data_source_id, n % {SERVERS} + 1 AS server_id, 'node' AS kind, native_key, native_key AS name
FROM range(1, {NODES + 1}) AS r(n), LATERAL (
    SELECT 'C' || n % {UNITS - 1} || ['-SQL', '-WEB', '-FILE', '-ORA', '-EX'][(n * 7919 % 5)::INTEGER + 1] || n
           AS native_key
);
INSERT INTO owner
SELECT data_source_id, data_source_id % {UNITS - 1} + 2, DATE '1900-01-01', DATE '9999-12-31', 'UTC', 0
FROM data_source;

INSERT INTO nodes_now BY NAME
SELECT server_id, native_key AS node, 'PD_' || data_source_id % 12 AS domain, false AS is_locked, 0 AS utc_offset_s,
       0 AS fingerprint, TIMESTAMP '2026-11-22' AS collected_at FROM data_source;
INSERT INTO schedules_now BY NAME
SELECT server_id, native_key AS node, 'PD_' || data_source_id % 12 AS domain,
       ['DAILY_SQL', 'DAILY_FILE', 'WEEKLY_IMG'][(data_source_id % 3)::INTEGER + 1] AS schedule,
       0 AS fingerprint, TIMESTAMP '2026-11-22' AS collected_at FROM data_source;

INSERT INTO tag SELECT n, 1, 'tag-' || n, true FROM range(1, {TAGS + 1}) AS r(n);
INSERT INTO tagging SELECT unit_id // 5 % {TAGS} + 1, unit_id, NULL FROM unit WHERE unit_id % 5 = 0;
INSERT INTO tagging
SELECT data_source_id // 4 % {TAGS} + 1, NULL, data_source_id FROM data_source WHERE data_source_id % 4 = 0;
"""

ASKED: Mapping[str, tuple[str, Mapping[str, object], str]] = {
    "find sql, in a fifth of the nodes": ("find", {"text": "sql"}, ""),
    "find c17-sql, in a few": ("find", {"text": "c17-sql"}, ""),
    "find c, in all": ("find", {"text": "c"}, ""),
    "find, nothing": ("find", {"text": "nothing at all"}, ""),
    "nodes with tag:tag-7": ("nodes", {}, "tag:tag-7"),
    "nodes without tag:tag-7": ("nodes", {}, "-tag:tag-7"),
    "tags": ("tags", {}, ""),
    "tag-uses": ("tag-uses", {"tag_id": 7}, ""),
    "node-tags of 500 nodes": ("node-tags", {"nodes": tuple(range(1, 501))}, ""),
}
"""What is asked: a report, its parameters, a filter."""


def measure() -> list[dict[str, Any]]:
    """The median wait for each, in ms, warm; a page of 100 rows and the total. `cpu_ms`: the work, on all threads."""
    with world() as (runner, principal):
        figures = [_figure(runner, principal, name, *asked) for name, asked in ASKED.items()]
        return [*figures, _offers(runner, principal)]


@contextmanager
def world() -> Iterator[tuple[Runner, Principal]]:
    """100,000 nodes, and who sees them all."""
    with TemporaryDirectory() as folder, Records.open(Path(folder) / "records.sqlite") as records:
        database = Database(None)
        try:
            database.write(lambda con: con.execute(_WORLD + dimensions.NODE_TAGS))
            runner = Runner(database, now=lambda: NOW, records=RecordSource(records))
            yield runner, local_principal("bench", records.root_unit_id, "terminal")
        finally:
            database.close()


def _figure(
    runner: Runner, principal: Principal, name: str, report: str, given: Mapping[str, object], text: str
) -> dict[str, Any]:
    total = runner.run(report, principal, given, filter=text, limit=100).total
    return _told(f"{name}: {total} rows", lambda: runner.run(report, principal, given, filter=text, limit=100))


def _offers(runner: Runner, principal: Principal) -> dict[str, Any]:
    """What is offered behind `tag:` while it is typed."""
    return _told("values of tag: in nodes", lambda: runner.values("nodes", principal, {}, "tag", begun="tag-1"))


def _told(name: str, ask: Callable[[], object]) -> dict[str, Any]:
    waits, worked = [], []
    for _ in range(TIMES):
        started, at_work = perf_counter(), process_time()
        assert ask()
        waits.append((perf_counter() - started) * 1000)
        worked.append((process_time() - at_work) * 1000)
    median = statistics.median(waits[1:])
    return {
        "name": name,
        "value": round(median, 1),
        "unit": "ms",
        "rows": NODES,
        "peer": "budget",
        "peer_value": BUDGET_MS,
        "ratio": round(median / BUDGET_MS, 2),
        "cpu_ms": round(statistics.median(worked[1:]), 1),
    }


if __name__ == "__main__":
    for figure in measure():
        print(figure)
