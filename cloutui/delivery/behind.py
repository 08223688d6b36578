"""What the backup servers were asked for a report: their own commands, to be compared with what we say.

A server knows neither units nor our filters, so its commands answer for all of its nodes; those about one node answer
for it alone. Days are the server's own. Reports that are made of more than one answer of a server have none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from cloutui.delivery.copy_as import AdminCommand, dsmadmc_line
from cloutui.delivery.headed import Ask
from cloutui.errors import NotFound
from cloutui.model.question import Question
from cloutui.products.catalogue import STORAGE_PROTECT
from cloutui.reports.registry import find_report

if TYPE_CHECKING:
    from cloutui.records.rows import ServerRecord

_KINDS: Mapping[str, str] = {
    "jobs": "jobs",
    "jobs-matrix": "jobs",
    "node-day": "jobs",
    "node-filespaces": "filespaces",
    "node-jobs": "jobs",
    "node-occupancy": "occupancy",
    "node-schedules": "schedules",
    "nodes": "nodes",
    "server-pools": "pools",
    "servers": "server",
}
"""By report: the kind of observation that it shows."""

_NODE_JOBS_DAYS = 30
"""How far the report `node-jobs` looks back."""


def lines_behind(question: Question, ask: Ask, servers: Callable[[], Sequence[ServerRecord]]) -> str:
    """The commands as lines of a shell; nothing where no command says the same. Raises: as `commands_behind`."""
    return "\n".join(map(dsmadmc_line, commands_behind(question, ask, servers)))


def commands_behind(question: Question, ask: Ask, servers: Callable[[], Sequence[ServerRecord]]) -> list[AdminCommand]:
    """The commands of each server in turn; none where no command says the same.

    Only for those who see the servers: a command names their administrators. Raises: NotAllowed, NotFound, Invalid.
    """
    from cloutui.products.storage_protect.statements import statements

    kind = _KINDS.get(question.report)
    if kind is None:
        return []
    asked = {name: value for name, value in question.parameters.items() if value is not None}
    seen = {str(name) for name in ask("servers", unit=question.unit).rows.column("server").to_pylist()}
    node, server = _subject(asked, ask)
    bounds = _bounds(question.report, asked) if kind == "jobs" else {}
    texts = list(statements(kind, node=node, **bounds))
    return [
        AdminCommand(server=_stanza(record), administrator=record.administrator, pieces=[text])
        for record in servers()
        if record.product == STORAGE_PROTECT and record.name in seen and server in {None, record.name}
        for text in texts
    ]


def _subject(asked: Mapping[str, Any], ask: Ask) -> tuple[str | None, str | None]:
    """The node and the server that a report is about; None: all."""
    if "node_id" not in asked:
        return asked.get("node"), asked.get("server")
    found = ask("nodes", filter=f"node_id={asked['node_id']}").rows.to_pylist()
    if not found:
        raise NotFound("node", str(asked["node_id"]))
    return found[0]["node"], found[0]["server"]


def _bounds(report: str, asked: Mapping[str, Any]) -> dict[str, datetime]:
    """The days of the report as moments, the last one whole."""
    today = datetime.now(UTC).date()
    first, last = _days(report, asked, today)
    return {"since": datetime.combine(first, time()), "until": datetime.combine(last + timedelta(days=1), time())}


def _days(report: str, asked: Mapping[str, Any], today: date) -> tuple[date, date]:
    if report == "node-jobs":
        return today - timedelta(days=_NODE_JOBS_DAYS), today
    found = find_report(report)
    given = found.parameters(asked)
    if report == "node-day":
        return given.day, given.day
    assert found.bind is not None
    bound: Mapping[str, Any] = found.bind(given, {"today": today})
    return bound["first"], bound["last"]


def _stanza(server: ServerRecord) -> str | None:
    stanzas: Iterator[Any] = (door.get("server") for door in server.doors)
    return next((str(stanza) for stanza in stanzas if stanza), None)
