"""A server's definitions, written into its database: nodes, schedules, domains, file spaces."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from functools import lru_cache
from importlib.resources import files
from zoneinfo import ZoneInfo

import pyarrow as pa

from cloutui.simulator.tables import catalogue
from cloutui.simulator.world import zone
from cloutui.simulator.world.database import Database
from cloutui.simulator.world.nodes import Node, Place, nodes_of
from cloutui.simulator.world.trade import ADMIN_SCHEDULES, DOMAINS, SCHEDULES

_YEARS_AHEAD = 5
_MACHINES = """
    INSERT INTO filespace BY NAME
    SELECT datacenter AS node, i AS id, '\\VMFULL-' || machine_name(node, i) AS name, 'API:TSMVM' AS type,
        1.0 / machines AS share
    FROM node CROSS JOIN LATERAL (SELECT unnest(range(1, machines + 1)) AS i) WHERE datacenter IS NOT NULL
"""
"""The file spaces of a datacenter node: one for each machine that its data mover backs up."""


def filled_database(place: Place, constants: Mapping[str, object], zone_: ZoneInfo, made: datetime) -> Database:
    """A database with all definitions and no plan yet."""
    nodes = nodes_of(place)
    seeded = {**constants, "seed": place.seed, "sessions_a_day": _sessions_a_day(nodes)}
    # Views are bound when they are made: give every variable that they read a value of its type.
    placeholders = {"now": place.made, "now_utc": place.made, "timezone": 0}
    database = Database({**seeded, **placeholders})
    database.run(_macros_of(zone_.key, place.began.date().isoformat(), made))
    for package, name in (("sql", "db2.sql"), ("world", "macros.sql"), ("world", "schema.sql")):
        database.run(files(f"cloutui.simulator.{package}").joinpath(name).read_text("utf-8"))
    _define(database, nodes)
    for definition in catalogue.definitions():
        database.run(definition)
    for definition in catalogue.exact(database.columns_of("raw")):
        database.run(definition)
    database.close_to_the_world()
    return database


@lru_cache
def _macros_of(key: str, began: str, made: datetime) -> str:
    first = datetime.fromisoformat(began).replace(tzinfo=made.tzinfo) - timedelta(days=2)
    return zone.macros(ZoneInfo(key), first, made + timedelta(days=365 * _YEARS_AHEAD))


def _define(database: Database, nodes: list[Node]) -> None:
    _fill(database, "node", map(_node_row, nodes))
    _fill(database, "association", _association_rows(nodes))
    _fill(database, "filespace", (row for node in nodes if not node.partner for row in _filespace_rows(node)))
    database.run(_MACHINES)
    _fill(database, "schedule", map(asdict, SCHEDULES))
    _fill(database, "admin_schedule", map(asdict, ADMIN_SCHEDULES))
    _fill(database, "domain", map(asdict, DOMAINS))
    _fill(database, "catalogue_column", _catalogue_rows())


def _fill(database: Database, table: str, rows: Iterable[Mapping[str, object]]) -> None:
    if found := list(rows):
        database.fill(table, pa.Table.from_pylist(found))


def _node_row(node: Node) -> Mapping[str, object]:
    return {
        "node": node.name,
        "company": node.company,
        "domain": node.kind.domain,
        "platform": node.kind.platform,
        "os": node.kind.os,
        "os_level": node.kind.os_level,
        "registered": node.registered,
        "locked": node.locked,
        "gone": node.decommissioned,
        "associated": bool(node.schedules),
        "troubled": node.troubled,
        "agent": node.agent,
        "datacenter": node.datacenter,
        "machines": node.machines,
        "stored_bytes": node.stored_bytes,
        "daily_bytes": node.daily_bytes,
        "examined": node.examined,
        "bytes_per_second": node.bytes_per_second,
        "streams": node.streams,
        "growth": node.growth,
        "level": list(node.level),
        "address": node.address,
        "guid": node.guid,
    }


def _association_rows(nodes: Iterable[Node]) -> Iterable[Mapping[str, object]]:
    for node in nodes:
        for schedule in node.schedules:
            yield {"domain": node.kind.domain, "schedule": schedule, "node": node.name}


def _filespace_rows(node: Node) -> Iterable[Mapping[str, object]]:
    named = {"host": node.name.lower(), "node": node.name}
    for number, space in enumerate(node.kind.filespaces, start=1):
        yield {
            "node": node.name,
            "id": number,
            "name": space.name.format(**named),
            "type": space.type,
            "share": space.share,
        }


def _catalogue_rows() -> Iterable[Mapping[str, object]]:
    for table, number, column, kind, length, scale in catalogue.described():
        yield {
            "tabname": table,
            "colno": number,
            "colname": column,
            "typename": kind,
            "length": length,
            "scale": scale,
        }


def _sessions_a_day(nodes: Iterable[Node]) -> int:
    """A round number above what a day can have, by which session numbers advance."""
    runs = sum(30 * len(node.schedules) + 5 * node.streams + node.machines for node in nodes)
    return int(10 ** len(str(runs + 100)))
