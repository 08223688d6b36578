"""Every relation that reports read has rows of one's own, none of others, and would have some without its guard.

The relations are read as they are, with everything that people decided laid beside the cache: what keeps rows of others
out is the guard in the relation's own text, and nothing else.
"""
# ruff: noqa: DTZ001 - a server's times have no zone

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert

from cloutui.model.severity import RuleValue, stored_value
from cloutui.model.status import Status
from cloutui.products.observation import FILESPACES, OCCUPANCY, POOLS, SCHEDULES, SERVER
from cloutui.records.daily_tables import severity_rule
from cloutui.records.relations import RECORD_RELATIONS
from cloutui.records.schema import saved_filter
from cloutui.reports import record_relations, scope
from cloutui.reports.record_relations import RecordSource
from cloutui.reports.runner import _statement
from tests.world import NOON, World, a_job, a_line, a_node, a_row, jobs, lines, nodes, observed

DAYS = [date(2026, 11, day) for day in (19, 20, 21)]
MOVED_ON = DAYS[1]
SERVERS = {"SP-WEST": "west", "SP-BOTH": "east", "SP-EAST": "east"}
"""Whose they are. The second has the node that moved."""
NODES = {"NODE-WEST": "SP-WEST", "NODE-MOVED": "SP-BOTH", "NODE-EAST": "SP-EAST"}
FOREIGN = ("east", "kept", "nordhavn")
"""What is told of the other side, what the top keeps for itself, and the name of the top."""


class TwoSides:
    """Units west and east below the top, each with everything there is; one node went from east to west."""

    def __init__(self, home: Path) -> None:
        world = self.world = World(home)
        self.top = world.records.root_unit_id
        self.units = {"top": self.top, "west": world.unit("west"), "east": world.unit("east")}
        self.servers = {name: world.server(name, self.units[side]) for name, side in SERVERS.items()}
        for node, server in NODES.items():
            world.nodes(self.servers[server], node)
        self.ids = {source.native_key: source.data_source_id for source in world.records.dimensions().data_sources}
        west, east = self.units["west"], self.units["east"]
        world.assign_all([("NODE-MOVED", east, None, MOVED_ON), ("NODE-MOVED", west, MOVED_ON, None)])
        self.lines: list[int] = []
        """Of the activity log, one of each side."""
        self._say_what_counts()
        for node, server in NODES.items():
            self._observe(node, server, self.servers[server])
        for side in ("west", "east"):
            self._furnish(side, self.units[side])
        world.handled(self.ids["NODE-MOVED"], east, day=DAYS[0])
        world.cache.copy_dimensions()
        world.freeze(DAYS[1])
        lost = "INSERT INTO frozen_lost SELECT DISTINCT 1, day, unit_id, 'lost' FROM frozen_grade"
        world.cache.copy_dimensions()
        world.cache.database.write(lambda con: con.execute(lost))

    def owner(self, node: str, day: date) -> str:
        return "west" if node == "NODE-WEST" or (node == "NODE-MOVED" and day >= MOVED_ON) else "east"

    def _say_what_counts(self) -> None:
        """For all: what comes from above is in force, and who said it is not told."""
        self._rule(self.top, "status:missed", Status.WARNING)
        self.world.unit_setting(self.top, "sla_goal_percent", 90)
        self.world.unit_setting(self.top, "sla_tags_without", "vip")
        kept = self.world.tag("kept above", self.top, inheritable=False)
        self.vip = self.world.tag("vip", self.top)
        self.world.put(kept, unit=self.units["west"])

    def _rule(self, unit: int, key: str, grade: Status) -> None:
        value = stored_value(RuleValue(grade))
        said = {"unit_id": unit, "product": "", "key": key, "value": value, "set_at": NOON, "set_by": "op"}
        self.world._change(insert(severity_rule).values(**said))

    def _observe(self, node: str, server: str, server_id: int) -> None:
        store, side = self.world.cache.store, SERVERS[server]
        at = [datetime(day.year, day.month, day.day, 1) for day in DAYS]
        store(server_id, jobs(*(a_job(node, each, "Missed", schedule=f"plan of {node}") for each in at)), NOON)
        saved = (a_job(node, each, schedule="VMS", made_for=[node]) for each in at)
        store(server_id, jobs(*saved), NOON)
        told = [a_line(f"line of the {self.owner(node, each.date())}", node, logged_local=each) for each in at]
        store(server_id, lines(*told), NOON)
        store(server_id, nodes(a_node(node)), NOON)
        for number, day in enumerate(DAYS):
            seen_at = NOON.replace(day=day.day)
            held = a_row(OCCUPANCY, node=node, pool=f"pool of {node}", reporting_bytes=number + 1)
            full = a_row(POOLS, pool=f"pool of {side}", used_percent=90.0 + number)
            store(server_id, observed(OCCUPANCY, [held]), seen_at)
            store(server_id, observed(POOLS, [full]), seen_at)
            state = a_row(SERVER, name=server, version=f"as {side} has it", db_used_percent=float(number))
            store(server_id, observed(SERVER, [state]), seen_at)
        store(server_id, observed(FILESPACES, [a_row(FILESPACES, node=node, filespace="/")]), NOON)
        planned = a_row(SCHEDULES, node=node, schedule=f"plan of {node}")
        store(server_id, observed(SCHEDULES, [planned]), NOON)

    def _furnish(self, side: str, unit: int) -> None:
        """What people decide and say."""
        world, node = self.world, self.ids[f"NODE-{side.upper()}"]
        role = world.role(f"role of {side}", unit, is_inheritable=False)
        user = world.user(f"user of {side}", unit, role)
        world.key(user, f"SHA256:{side}")
        world.session(user, unit, f"user of {side}")
        world.rule(unit, unit, name=f"{side}*")
        self.lines.append(world.told(unit, f"Something in the {side}."))
        world.comment(node, unit, f"word of {side}", day=DAYS[1])
        for day, key in (
            (DAYS[1], None),
            (DAYS[2], f"plan of NODE-{side.upper()}|NODE-{side.upper()}|{DAYS[2]} 01:00:00"),
        ):
            world.handled(node, unit, day=day, job_key=key)
        world.put(self.vip, unit=unit)
        self._rule(unit, f"text:{side}", Status.ERROR)
        saved = {"name": f"filter of {side}", "text": "tag:vip", "unit_id": unit, "owner": "op", "version": 1}
        world._insert_alone(saved_filter, **saved, saved_at=NOON)
        world.closed_month(unit, date(2026, 10, 1))
        if side == "west":
            world.me = user

    def rows(self, relation: str) -> list[dict[str, Any]]:
        """What somebody of the west reads from it."""
        world, west = self.world, self.units["west"]
        source = RecordSource(world.records, lambda: world.sessions, world.history)
        runner = world.runner(now=lambda: NOON)
        sql, found = f"SELECT * FROM {relation}", []
        for seq in self.lines[: 2 if relation == "scoped_activity_entry" else 1]:
            with world.cache.database.reader() as snapshot:
                values = {**ASKED, "seq": seq, **runner._context(snapshot, world.principal(west), west)}
                with source.laid(scope.records_behind(sql), snapshot, values):
                    found += snapshot.execute(*_statement(sql, values)).to_arrow_table().to_pylist()
        return found

    def is_foreign(self, relation: str, row: dict[str, Any]) -> bool:
        """Whether only the other side, or the top, may read it."""
        # The names of the units above, of a day as it was: the runner tells them from the reader's own unit on.
        told = repr([value for name, value in row.items() if name != "path"]).casefold()
        units = {None, self.units["west"], self.units.get(MAY_NUMBER.get(relation, ""))}
        servers = {None, self.servers["SP-WEST"], None if relation in STATES else self.servers["SP-BOTH"]}
        names = {node_id: name for name, node_id in self.ids.items()}
        return (
            any(word in told for word in FOREIGN)
            or not {row.get("unit_id"), row.get("top_id"), None} <= units
            or row.get("server_id") not in servers
            or ("node_id" in row and self.owner(names[row["node_id"]], row.get("day") or DAYS[-1]) != "west")
        )


MAY_NUMBER = {
    "scoped_severity": "top",
    "scoped_role": "top",
    "scoped_server": "east",
}
"""Whose number a relation may have too, and never the name: what holds comes from above, and a server is somebody's."""
STATES = {"scoped_server_state", "scoped_pool", "scoped_pool_day"}
"""How a server is: for those alone who own it, and not for all who have a node there."""
ASKED = {
    "since": NOON - timedelta(days=9),
    "until": NOON + timedelta(days=9),
    "day": DAYS[1],
    "first": DAYS[0],
    "last": DAYS[-1],
    "revision": None,
    "key": "text:west",
    "value": "warning",
    "product": "",
    "node_id": None,
    "user": None,
    "kinds": ("user", "comment"),
    "sought": "of",
}
"""What questions bind that read of the records."""

GUARD = r"\bscoped_unit\b"
"""Nearly all hold on to the units of the scope."""

Guard = tuple[str, str, str]
"""A relation, the guard in it as a pattern, and what stands in its place when it is gone."""

_ANY_NODE = "(SELECT data_source_id AS node_id, 1 AS unit_id, server_id, native_key AS node FROM data_source)"
_ANY_OWNER = "(SELECT unit_id, data_source_id AS node_id, valid_from, valid_to FROM owner)"
_ANY_HANDLED = "(SELECT data_source_id AS node_id, day, job_key, state FROM handling)"
_ANY_PLANNED = """(
    SELECT p.*, p.profile_id AS present_id, r.is_said, r.grade, r.bound
    FROM severity_profile AS p, scoped_severity_after AS r
)"""
_ABOVE = r"AND a\.lo >= own\.lo AND a\.lo < own\.hi"

OTHER_GUARDS: Sequence[Guard] = (
    ("scoped_unit", r"WHERE u\.lo >= \$scope_lo AND u\.lo < \$scope_hi", ""),
    ("scoped_unit_stored", r"(?s)WHERE lo >= .* = \$scope_unit\)", ""),
    ("scoped_severity", "scoped_severity_profile", "severity_profile"),
    ("scoped_severity", _ABOVE, ""),
    ("scoped_planned_severity_profile", "scoped_severity_profile", "severity_profile"),
    ("scoped_planned_severity", "scoped_planned_severity_profile", _ANY_PLANNED),
    *((name, "scoped_node", _ANY_NODE) for name in ("scoped_occupancy", "scoped_filespace", "scoped_schedule")),
    *((name, r"AND s\.is_own", "") for name in sorted(STATES)),
    ("scoped_tag", r"WHERE own\.seen OR t\.is_inheritable", ""),
    ("scoped_unit_sla", _ABOVE, ""),
    ("scoped_sla_left_out", "scoped_unit_sla", "unit_sla"),
    ("scoped_sla_left_out_day", "scoped_sla_left_out", _ANY_OWNER),
    ("scoped_handled_day", "scoped_handled", _ANY_HANDLED),
    ("scoped_handled_job", "scoped_handled", _ANY_HANDLED),
    ("scoped_self", r"WHERE r\.user_id = \$self", ""),
    ("scoped_own_key", r"WHERE r\.user_id = \$self", ""),
    ("scoped_unit_setting", _ABOVE, ""),
    ("scoped_frozen_row", _ABOVE, ""),
)
UNGUARDED = {"scoped_severity_kind", "scoped_frozen_node", "scoped_history_day", "scoped_severity_after"}
"""The first two are nobody's: they say what is asked, and take rows away. Of the others, what is read is the guard."""

GUARDS: Sequence[Guard] = (
    *(
        (name, GUARD, "unit")
        for name, text in sorted(scope._TEXTS.items())
        # Settings are read of the one unit that is asked about; and who says a rule is nearer or further away.
        if re.search(GUARD, text) and name not in {"scoped_unit_setting", "scoped_planned_severity"}
    ),
    *OTHER_GUARDS,
)


@pytest.fixture(scope="module")
def sides(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TwoSides]:
    """Only looked at, so it is made once."""
    made = TwoSides(tmp_path_factory.mktemp("sides"))
    yield made
    made.world.close()


@pytest.fixture
def everything_is_laid(monkeypatch: pytest.MonkeyPatch) -> None:
    """The records are read of all units, and of all users: so that the guard stands alone."""
    monkeypatch.setattr(record_relations, "_UNITS", "SELECT unit_id FROM unit WHERE $scope_unit IS NOT NULL")
    users, keys = (RECORD_RELATIONS[f"record_{what}"].read for what in ("user", "user_key"))
    for name, read in (
        ("record_self", lambda *given: ((*row, None, 0) for row in users(*given))),
        ("record_own_key", keys),
    ):
        monkeypatch.setitem(RECORD_RELATIONS, name, replace(RECORD_RELATIONS[name], read=read))


@contextmanager
def without(relation: str, guard: str, instead: str) -> Iterator[None]:
    """A relation with one guard taken away."""
    text = scope._TEXTS[relation]
    assert re.search(guard, text), "the guard reads otherwise now"
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(scope._TEXTS, relation, re.sub(guard, instead, text))
        _forget()
        yield
    _forget()


def _forget() -> None:
    scope._needed.cache_clear()
    scope.records_behind.cache_clear()


def test_every_relation_has_a_guard_that_is_tried() -> None:
    assert {relation for relation, _, _ in GUARDS} | UNGUARDED == scope.RELATIONS


@pytest.mark.usefixtures("everything_is_laid")
@pytest.mark.parametrize("relation", sorted(scope.RELATIONS - UNGUARDED))
def test_a_relation_has_rows_of_ones_own_and_no_others(sides: TwoSides, relation: str) -> None:
    rows = sides.rows(relation)
    assert rows, "no rows prove nothing: give the world one for this relation"
    assert [row for row in rows if sides.is_foreign(relation, row)] == []


@pytest.mark.usefixtures("everything_is_laid")
@pytest.mark.parametrize(("relation", "guard", "instead"), GUARDS)
def test_without_a_guard_a_relation_has_rows_of_others(
    sides: TwoSides, relation: str, guard: str, instead: str
) -> None:
    """The negative control."""
    with without(relation, guard, instead):
        assert any(sides.is_foreign(relation, row) for row in sides.rows(relation))


def test_days_are_added_up_of_ones_own_units_alone(sides: TwoSides, monkeypatch: pytest.MonkeyPatch) -> None:
    """The one relation whose guard is what is read: its rows are of no unit any more."""
    assert [row["units"] for row in sides.rows("scoped_history_day")] == [1]
    monkeypatch.setattr(record_relations, "_UNITS", "SELECT unit_id FROM unit WHERE $scope_unit IS NOT NULL")
    assert [row["units"] for row in sides.rows("scoped_history_day")] == [2]
