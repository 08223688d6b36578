"""The made-up fleet behind the reports of the overview, the servers, the nodes and the lists of jobs."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pyarrow as pa

from cloutui.errors import NotAllowed
from cloutui.model.status import Status
from cloutui.model.table import Answer, Freshness, Kind
from cloutui.reports.registry import find_report
from tests.screens.fake_access import AccessRows
from tests.screens.fake_daily import DailyRows
from tests.screens.fake_growth import GrowthRows
from tests.screens.fake_history import HistoryRows
from tests.screens.fake_session import NOW, TODAY, FakeNode, FakeSession, _stand, filtered, page_of
from tests.screens.fake_sla import SlaRows
from tests.screens.fake_tags import TagRows, tags_of
from tests.screens.fake_units import UnitRows

_PLATFORMS = ("WinNT", "Linux x86-64", "AIX")
_DOMAINS = ("PD_SQL", "PD_WIN", "PD_LX")
_VERSIONS = ("8.1.27.0", "8.1.23.0", "8.1.25.100")
_TYPES: Mapping[Kind, pa.DataType] = {
    Kind.TEXT: pa.string(),
    Kind.STATUS: pa.uint8(),
    Kind.BYTES: pa.int64(),
    Kind.COUNT: pa.int64(),
    Kind.PERCENT: pa.float64(),
    Kind.DURATION: pa.int64(),
    Kind.TIME: pa.timestamp("us"),
    Kind.DAY: pa.date32(),
    Kind.AGE: pa.timestamp("us"),
}
TIB = 2**40


class ViewsSession(HistoryRows, SlaRows, TagRows, GrowthRows, AccessRows, UnitRows, DailyRows, FakeSession):
    """Also answers the reports of the newer screens, in the columns that the reports promise."""

    async def ask(self, report: str, /, *, unit: int | None = None, **params: object) -> Answer:
        maker = getattr(self, f"_rows_of_{report.replace('-', '_')}", None)
        if maker is None:
            return await FakeSession.ask(self, report, unit=unit, **params)
        self.asked.append((report, {"unit": unit, **params}))
        if self.delay_s:
            await asyncio.sleep(self.delay_s)
        if find_report(report).needs in self.denied:
            raise NotAllowed(find_report(report).needs)
        if report in self.failing:
            raise self.failing[report]
        text, limit = str(params.pop("filter", "")), params.pop("limit", None)
        answer = answer_of(report, maker(self._nodes_in(unit), **params))
        return replace(page_of(filtered(answer, text), limit), as_of=self.fleet.freshness)

    def _nodes_in(self, unit: int | None) -> list[FakeNode]:
        below = self.fleet.below(unit)
        return [node for node in self.fleet.nodes if node.unit_id in below]

    def _unit_name(self, node: FakeNode) -> str:
        return next(name for unit_id, _, name in self.fleet.units if unit_id == node.unit_id)

    # The overview.

    def _rows_of_job_counts(self, nodes: list[FakeNode]) -> list[dict[str, Any]]:
        counted = Counter(self._status(node, TODAY) for node in nodes)
        return [{"status": status, "jobs": jobs} for status, jobs in sorted(counted.items(), reverse=True)]

    def _rows_of_attention(self, nodes: list[FakeNode]) -> list[dict[str, Any]]:
        found = [self._attention(node) for node in nodes if _stand(node).is_problem]
        for name, known in self.fleet.freshness.items():
            if known.is_silent:
                found.append(
                    {
                        "status": Status.UNKNOWN,
                        "name": name,
                        "what": "No answer",
                        "since": known.failing_since,
                        "unit": "Nordhavn Backup",
                        "server": name,
                        "kind": "server",
                        "node_id": None,
                        "day": None,
                        "handled": "",
                    }
                )
        return sorted(found, key=lambda row: (-row["status"], row["since"], row["name"]))

    def _attention(self, node: FakeNode) -> dict[str, Any]:
        stand = _stand(node)
        run = 1
        while run < len(node.statuses) and Status(node.statuses[-1 - run]).is_problem:
            run += 1
        what = {Status.ERROR: "Failed 12", Status.MISSED: "Missed"}.get(stand, "Warning 8")
        return {
            "status": stand,
            "name": node.name,
            "what": what,
            "since": NOW - timedelta(days=run, hours=3),
            "unit": self._unit_name(node),
            "server": node.server,
            "kind": "node",
            "node_id": node.node_id,
            "day": TODAY,
            "handled": "",
        }

    def _rows_of_stored(self, nodes: list[FakeNode]) -> list[dict[str, Any]]:
        stored = sum(_stored(node) for node in nodes) if nodes else None
        return [{"stored": stored, "files": 1_000_000, "nodes": len(nodes)}]

    def _rows_of_days(
        self, nodes: list[FakeNode], *, days: int = 0, first: str = "", last: str = ""
    ) -> list[dict[str, Any]]:
        end = date.fromisoformat(last) if last else TODAY
        days = days or (end - date.fromisoformat(first)).days + 1
        return [self._day(nodes, end - timedelta(days=back)) for back in reversed(range(days))]

    def _day(self, nodes: list[FakeNode], day: date) -> dict[str, Any]:
        statuses = [status for node in nodes if (status := self._status(node, day)) is not Status.NONE]
        bad = sum(status.is_bad for status in statuses)
        good = 100 * (1 - bad / len(statuses)) if statuses else None
        graded = Status.NONE
        if good is not None:
            graded = Status.OK if good >= 98 else Status.WARNING if good >= 95 else Status.ERROR
        return {"day": day, "status": graded, "jobs": len(statuses), "bad": bad, "good": good}

    # Servers.

    def _rows_of_servers(self, nodes: list[FakeNode]) -> list[dict[str, Any]]:
        rows = [self._server(place, known, nodes) for place, known in enumerate(self.fleet.freshness.values())]
        return sorted(rows, key=lambda row: (-row["status"], row["server"]))

    def _server(self, place: int, known: Freshness, nodes: list[FakeNode]) -> dict[str, Any]:
        own = [node for node in nodes if node.server == known.server]
        used = (71.0, 66.0, 93.0, 55.0, 48.0, 81.0)[place % 6]
        figures = {
            "nodes": len(own),
            "stored": sum(_stored(node) for node in own),
            "db": 61.0 - 3 * place,
            "log": 12.0 + place,
            "pool": "DEDUP-A",
            "pool_used": used,
            "volumes": 400 + place,
            "sessions": 41 - place,
            "licence": "Valid",
            "db_backup": NOW - timedelta(hours=5 + place),
            "restarted": NOW - timedelta(days=12 + 9 * place),
        }
        status = Status.UNKNOWN if known.is_silent else Status.WARNING if used >= 90 else Status.OK
        return {
            "status": status,
            "server": known.server,
            "product": "storage-protect",
            "version": _VERSIONS[place % 3],
            "platform": "Linux/x86_64",
            "unit": "Nordhavn Backup",
            **(dict.fromkeys(figures) if known.is_silent else figures),
            "collected": known.collected_at,
            "problem": known.problem,
            "hint": known.hint,
            "code": "product-unreachable" if known.problem else None,
        }

    def _rows_of_server_pools(self, nodes: list[FakeNode], *, server: str) -> list[dict[str, Any]]:
        silent = self.fleet.freshness[server].is_silent
        pools = (
            ("DEDUP-A", "container", 220, 71.0, 214),
            ("TAPE-COPY", "copy", 1200, 54.0, None),
            ("FULL", "primary", 4, 93.0, 19),
        )
        return [
            {
                "status": Status.UNKNOWN if silent else Status.WARNING if used >= 90 else Status.OK,
                "pool": pool,
                "type": kind,
                "total": None if silent else total * TIB,
                "used": None if silent else used,
                "free": None if silent else int(total * TIB * (100 - used) / 100),
                "growth": None if silent else TIB // 8 if lasts else -TIB // 9,
                "runway": None if silent else lasts,
                "basis": "the server is silent" if silent else "Theil-Sen over 90 days" if lasts else "does not grow",
                "history": " ".join(f"{used - back / 3 + back % 4:.1f}" for back in range(15)[::-1]),
            }
            for pool, kind, total, used, lasts in pools
        ]

    def _rows_of_capacity(self, nodes: list[FakeNode]) -> list[dict[str, Any]]:
        rows = [
            {"server": server, **row}
            for server in sorted(self.fleet.freshness)
            for row in self._rows_of_server_pools(nodes, server=server)
        ]
        return sorted(rows, key=lambda row: (row["runway"] is None, row["runway"] or 0, row["server"], row["pool"]))

    # Nodes.

    def _rows_of_nodes(self, nodes: list[FakeNode]) -> list[dict[str, Any]]:
        rows = [self._node(node) for node in nodes]
        return sorted(rows, key=lambda row: (-row["status"], row["node"]))

    def _node(self, node: FakeNode) -> dict[str, Any]:
        number = node.node_id - 1000
        good = next((back for back, status in enumerate(reversed(node.statuses)) if status in {2, 5}), None)
        return {
            "status": _stand(node),
            "node": node.name,
            "unit": self._unit_name(node),
            "platform": _PLATFORMS[number % 3],
            "client_version": _VERSIONS[number % 3],
            "domain": _DOMAINS[number % 3],
            "server": node.server,
            "stored": _stored(node),
            "files": 41_234 * (number + 1),
            "schedules": 1 + number % 2,
            "last_ok": None if good is None else NOW - timedelta(days=good, hours=6),
            "state": "Locked" if number % 17 == 5 else "Decommissioning" if number % 23 == 7 else "Active",
            "tags": tags_of(node),
            "contact": "it@acme.example",
            "registered": datetime(2023, 5, 1 + number % 28, 9, 30),  # noqa: DTZ001 - as Arrow gives it
            "last_access": NOW - timedelta(hours=number % 30),
            "node_id": node.node_id,
        }

    def _rows_of_node_filespaces(self, nodes: list[FakeNode], *, node_id: int) -> list[dict[str, Any]]:
        end = NOW - timedelta(hours=12)
        disks = ((r"\\acme-sql01\c$", "NTFS", 120 * 2**30, 41.0), (r"\\acme-sql01\e$", "NTFS", 4 * TIB, 88.0))
        rows = [
            {
                "filespace": name,
                "type": kind,
                "capacity": capacity,
                "used": used,
                "backup_start": end - timedelta(minutes=18),
                "backup_end": end,
                "took": 1087,
            }
            for name, kind, capacity, used in disks
        ]
        return [dict.fromkeys(rows[0]) | {"filespace": "JUNK", "type": "API:Db2"}, *rows]

    def _rows_of_node_schedules(self, nodes: list[FakeNode], *, node_id: int) -> list[dict[str, Any]]:
        schedule = {"schedule": self.fleet.schedule, "domain": "PD_SQL", "action": "Incremental", "start": "01:00:00"}
        run = {"status": Status.ERROR, "window": "1 Hours", "period": "1 Days", "last_run": NOW - timedelta(hours=12)}
        return [{**schedule, **run}]

    def _rows_of_node_occupancy(self, nodes: list[FakeNode], *, node_id: int) -> list[dict[str, Any]]:
        held = {"stored": 4 * TIB, "files": 41_234, "logical": 2 * TIB, "physical": None}
        return [{"pool": "DEDUP-A", "type": "Bkup", **held}, {"pool": "TAPE-COPY", "type": "Bkup", **held}]

    def _rows_of_node_jobs(self, nodes: list[FakeNode], *, node_id: int) -> list[dict[str, Any]]:
        node = next(node for node in nodes if node.node_id == node_id)
        return [row for back in range(30) for row in self._jobs_on(node, TODAY - timedelta(days=back))]

    def _rows_of_jobs(self, nodes: list[FakeNode], *, first: str, last: str) -> list[dict[str, Any]]:
        return [row for node in nodes for row in self._jobs_on(node, date.fromisoformat(first))]

    def _jobs_on(self, node: FakeNode, day: date) -> list[dict[str, Any]]:
        status = self._status(node, day)
        if status is Status.NONE:
            return []
        return [{**self._job(node, day, status), "day": day, "node_id": node.node_id}]


def _stored(node: FakeNode) -> int:
    return (node.node_id % 13 + 1) * 340 * 2**30


def answer_of(report: str, rows: Sequence[Mapping[str, Any]]) -> Answer:
    """In the columns and types of the report."""
    columns = find_report(report).columns
    arrays = {
        column.name: pa.array([_naive(row[column.name]) for row in rows], _TYPES[column.kind]) for column in columns
    }
    return Answer(columns=columns, rows=pa.table(arrays), total=len(rows))


def _naive(value: Any) -> Any:
    """As DuckDB gives moments: UTC that does not say so."""
    return value.replace(tzinfo=None) if isinstance(value, datetime) else value
