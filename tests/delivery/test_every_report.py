"""Whatever a report gives, every format writes: what the cache's types really are, not what a builder thinks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from operator import attrgetter

import pytest

from cloutui.delivery.formats import FORMATS
from cloutui.delivery.heading import Export, Heading
from cloutui.delivery.plain import plain_rows, spread_columns
from cloutui.model.table import Answer
from cloutui.products.observation import FILESPACES, OCCUPANCY, POOLS, SCHEDULES, SERVER
from cloutui.reports.registry import Report, all_reports
from tests.delivery.readers import READERS, written
from tests.world import NOON, World, a_job, a_line, a_node, a_row, jobs, lines, nodes, observed

REPORTS = list(all_reports())


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Answer]]:
    """Each report's answer about one node with a failed job, on a server whose state is known."""
    world = World(tmp_path_factory.mktemp("home"))
    server = world.server()
    world.nodes(server, "ACME-SQL01")
    world.assign("ACME-SQL01", world.unit("Acme ApS"))
    observations = (
        jobs(a_job(said="Failed", result=12, stored_bytes=4_529_984_118)),
        lines(a_line()),
        nodes(a_node(client_version="8.1.20")),
        observed(OCCUPANCY, [a_row(OCCUPANCY, node="ACME-SQL01", pool="P", type="Bkup", files=7, reporting_bytes=9)]),
        observed(SERVER, [a_row(SERVER, version="8.1.21", db_used_percent=61.5)]),
        observed(FILESPACES, [a_row(FILESPACES, node="ACME-SQL01", filespace="/srv", capacity_bytes=9)]),
        observed(SCHEDULES, [a_row(SCHEDULES, node="ACME-SQL01", domain="PD_SQL", schedule="DAILY")]),
        observed(POOLS, [a_row(POOLS, pool="P", capacity_bytes=9, used_percent=95.0)]),
    )
    for observation in observations:
        world.cache.store(server, observation, NOON)
    world.swept(server)
    root = world.records.root_unit_id
    world.me = world.user("op-01", last_sign_in_at=NOON, preferences={"theme": "daybook"})
    world.key(world.me, last_used_at=NOON)
    world.session(world.me, root, "op-01")
    world.rule(root, name="ACME-*")
    world.told(root, "Locked ACME-SQL01.")
    node = world.rows("SELECT data_source_id FROM data_source")[0][0]
    world.comment(node, root)
    world.handled(node, root)
    world.closed_month(root, date(2026, 10, 1))
    [(job,)] = world.rows("SELECT job_key FROM job_event")
    given = {"node-day": {"node_id": node, "day": "2026-11-21"}, "job-log": {"server": "SPA01", "job_key": job}}
    days: dict[str, dict[str, object]] = {name: {"day": "2026-11-21"} for name in ("daily", "daily-since")}
    days |= {"jobs": {"days": 3}, "job-counts": {"days": 3}, "server-pools": {"server": "SPA01"}}
    days |= {"activity-entry": {"seq": 1}, "activity": {"first": "2026-11-22", "last": "2026-11-22"}}
    about = ("node-comments", "node-filespaces", "node-jobs", "node-occupancy", "node-schedules")
    given |= {name: {"node_id": node} for name in about}
    tag = world.tag("vip", root)
    world.put(tag, node="ACME-SQL01")
    days |= {"find": {"text": "acme"}, "tag-uses": {"tag_id": tag}, "node-tags": {"nodes": [node]}}
    days |= {"history-day": {"day": "2026-11-21"}}
    days |= {
        "severity-preview": {"key": "status:error", "value": "warning", "day": "2026-11-21"},
        "node-grades": {"node_id": node, "day": "2026-11-21"},
    }
    world.freeze(date(2026, 11, 21))
    world.handled(node, root, day=date(2026, 11, 21))  # since it was closed
    yield {one.name: world.run(one.name, **{**given, **days}.get(one.name, {})) for one in REPORTS}
    world.close()


@pytest.mark.parametrize("report", REPORTS, ids=attrgetter("name"))
def test_every_format_writes_it_and_machines_read_the_same_rows(report: Report, answers: dict[str, Answer]) -> None:
    answer = answers[report.name]
    assert answer.rows.num_rows, "an empty answer proves nothing: give the world a row for this report"
    export = Export(answer=answer, heading=Heading(report=report.name, summary=report.summary, made_at=NOON))
    names = [column.name for column in spread_columns(answer)]
    expected = [dict(zip(names, row, strict=True)) for row in plain_rows(answer)]
    for name in FORMATS:
        assert written(name, export)
    assert READERS["json"](export) == expected
    for name in ("parquet", "xlsx"):
        for row, plain in zip(READERS[name](export), expected, strict=True):
            assert row == pytest.approx(plain), name
