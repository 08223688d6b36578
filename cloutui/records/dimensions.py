"""Reading all that the cache copies, as plain tuples."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from typing import TypeVar

from sqlalchemy import Connection, select

from cloutui.model.sla import tenths, words_of
from cloutui.model.unit_setting import (
    BACKUP_DAY_START,
    DAY_GOOD,
    DAY_POOR,
    POOL_FULL,
    SLA_GOAL,
    SLA_SETTINGS,
    TIME_ZONE,
    SettingRow,
    SettingValue,
    UnitSettingKey,
    in_force,
    own_value_on,
    seconds_of,
    value_on,
)
from cloutui.model.unit_tree import Place, UnitTree, build_tree
from cloutui.records import schema, severity, tags
from cloutui.records.rows import (
    AliasRow,
    AssignmentRow,
    DataSourceRow,
    Dimensions,
    ServerRow,
    UnitClockRow,
    UnitLimitRow,
    UnitRow,
    UnitSlaRow,
)

_Settings = Mapping[int, Sequence[SettingRow]]
_Period = tuple[date | None, date | None]
"""From a day on, None being the beginning, up to the first day it no longer holds, None being never."""
_Row = TypeVar("_Row", UnitClockRow, UnitLimitRow, UnitSlaRow)


def read(connection: Connection) -> Dimensions:
    """Everything, as of the connection's snapshot. 100,000 data sources take about half a second."""
    tree, settings = read_tree(connection), setting_rows(connection)
    rules = severity.rows(connection, tree)
    return Dimensions(
        version=version(connection),
        units=_units(connection, tree, settings),
        unit_clocks=unit_clocks(tree, settings),
        unit_limits=unit_limits(tree, settings),
        unit_slas=unit_slas(tree, settings),
        servers=_servers(connection),
        data_sources=_data_sources(connection),
        aliases=_aliases(connection),
        assignments=_assignments(connection),
        tags=tags.rows(connection),
        taggings=tags.taggings(connection),
        severity_profiles=rules.profiles,
        severity_rules=rules.in_force,
    )


def version(connection: Connection) -> int:
    """How often what the cache copies has changed."""
    state = schema.state
    return int(connection.execute(select(state.c.value).where(state.c.name == schema.DIMENSIONS)).scalar_one())


def read_tree(connection: Connection) -> UnitTree:
    """All units, archived ones too. Raises: BrokenTree."""
    unit = schema.unit
    rows = connection.execute(select(unit.c.unit_id, unit.c.parent_id, unit.c.name)).all()
    return build_tree((unit_id, parent_id, name) for unit_id, parent_id, name in rows)


def archived_units(connection: Connection) -> frozenset[int]:
    """Ids of the units that are kept for their history alone."""
    unit = schema.unit
    return frozenset(connection.execute(select(unit.c.unit_id).where(unit.c.archived_at.is_not(None))).scalars())


def setting_rows(connection: Connection) -> dict[int, list[SettingRow]]:
    """Settings by unit."""
    table = schema.unit_setting
    by_unit: defaultdict[int, list[SettingRow]] = defaultdict(list)
    for row in connection.execute(select(table.c.unit_id, table.c.key, table.c.value, table.c.valid_from)):
        by_unit[row.unit_id].append(SettingRow._make(row))
    return dict(by_unit)


def unit_clocks(tree: UnitTree, settings: _Settings) -> list[UnitClockRow]:
    """For each unit, in tree order, how it counts its days: its periods, oldest first."""

    def clock(unit_id: int, period: _Period, values: Sequence[SettingValue]) -> UnitClockRow:
        zone, start = values
        return UnitClockRow(unit_id, *period, str(zone), seconds_of(str(start)))

    return _by_period(tree, settings, (TIME_ZONE, BACKUP_DAY_START), clock)


def unit_limits(tree: UnitTree, settings: _Settings) -> list[UnitLimitRow]:
    """For each unit, in tree order, from where on its days and pools are bad: its periods, oldest first."""

    def limit(unit_id: int, period: _Period, values: Sequence[SettingValue]) -> UnitLimitRow:
        return UnitLimitRow(unit_id, *period, *map(float, values))

    return _by_period(tree, settings, (POOL_FULL, DAY_GOOD, DAY_POOR), limit)


def unit_slas(tree: UnitTree, settings: _Settings) -> list[UnitSlaRow]:
    """For each unit, in tree order, what was promised to it and which of its jobs count: its periods, oldest first."""

    def terms(unit_id: int, period: _Period, values: Sequence[SettingValue]) -> UnitSlaRow:
        branch = [place.unit_id for place in tree.ancestors(unit_id)]
        said_by = in_force(period[0] or date.min, branch, SLA_GOAL, settings).unit_id
        okwarn, warning, unscheduled, locked = map(bool, values[1:5])
        handled, only, without = (" ".join(words_of(value)) for value in values[5:])
        goal = tenths(values[0])
        return UnitSlaRow(unit_id, *period, goal, said_by, okwarn, warning, unscheduled, locked, handled, only, without)

    return _by_period(tree, settings, SLA_SETTINGS, terms)


def _by_period(
    tree: UnitTree,
    settings: _Settings,
    keys: Sequence[UnitSettingKey],
    make: Callable[[int, _Period, Sequence[SettingValue]], _Row],
) -> list[_Row]:
    """What these keys say of each unit, inherited values included: its periods, oldest first."""
    names = {key.name for key in keys}
    made: dict[int, list[_Row]] = {}
    for place in tree:
        says_something = any(row.key in names for row in settings.get(place.unit_id, ()))
        if place.parent_id is None or says_something:
            above = tree.ancestors(place.unit_id)
            made[place.unit_id] = [
                make(place.unit_id, period, [value_on(period[0] or date.min, above, key, settings) for key in keys])
                for period in _periods(above, settings, names)
            ]
        else:  # most units: their parent's, which tree order has already made
            made[place.unit_id] = [row._replace(unit_id=place.unit_id) for row in made[place.parent_id]]
    return [row for rows in made.values() for row in rows]


def _periods(ancestors: Sequence[Place], settings: _Settings, keys: Collection[str]) -> list[_Period]:
    """The days between which nothing changes for the first of `ancestors`."""
    said = [row for above in ancestors for row in settings.get(above.unit_id, ()) if row.key in keys]
    changes = sorted({row.valid_from for row in said if row.valid_from is not None})
    return list(zip([None, *changes], [*changes, None], strict=True))


def _units(connection: Connection, tree: UnitTree, settings: _Settings) -> list[UnitRow]:
    unit = schema.unit
    rows = connection.execute(select(unit.c.unit_id, unit.c.archived_at, unit.c.created_at))
    known = {unit_id: (archived_at is not None, created_at) for unit_id, archived_at, created_at in rows}
    return [UnitRow(*place, *known[place.unit_id], _own_settings(settings.get(place.unit_id, ()))) for place in tree]


def _own_settings(rows: Sequence[SettingRow]) -> int:
    return sum(own_value_on(date.max, rows, key) is not None for key in {row.key for row in rows})


def _servers(connection: Connection) -> list[ServerRow]:
    server = schema.server
    columns = (server.c.server_id, server.c.name, server.c.product, server.c.unit_id, server.c.time_zone)
    rows = connection.execute(select(*columns, server.c.removed_at.is_not(None)).order_by(server.c.server_id))
    return [ServerRow._make(row) for row in rows]


def _data_sources(connection: Connection) -> list[DataSourceRow]:
    source, consumer = schema.data_source, schema.consumer
    columns = (
        source.c.data_source_id,
        source.c.server_id,
        source.c.kind,
        source.c.native_key,
        source.c.name,
        source.c.domain,
        consumer.c.consumer_id,
    )
    joined = source.join(consumer, consumer.c.data_source_id == source.c.data_source_id)
    rows = connection.execute(select(*columns).select_from(joined).order_by(source.c.data_source_id))
    return [DataSourceRow._make(row) for row in rows]


def _aliases(connection: Connection) -> list[AliasRow]:
    alias = schema.data_source_alias
    columns = (alias.c.data_source_id, alias.c.server_id, alias.c.kind, alias.c.native_key)
    return [AliasRow._make(row) for row in connection.execute(select(*columns))]


def _assignments(connection: Connection) -> list[AssignmentRow]:
    assignment, consumer = schema.assignment, schema.consumer
    columns = (
        assignment.c.consumer_id,
        consumer.c.data_source_id,
        assignment.c.unit_id,
        assignment.c.valid_from,
        assignment.c.valid_to,
        assignment.c.how,
    )
    joined = assignment.join(consumer, consumer.c.consumer_id == assignment.c.consumer_id)
    rows = connection.execute(select(*columns).select_from(joined).order_by(assignment.c.assignment_id))
    return [AssignmentRow._make(row) for row in rows]
