"""Reports over the records: under the same scope as the cache's, whatever the tree, and saying what the records say."""
# ruff: noqa: DTZ001 - the moments of answers have no zone

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import insert

from cloutui.errors import Invalid, NotAllowed
from cloutui.model.privilege import Privilege
from cloutui.model.role import ENROLMENT
from cloutui.records import relations
from cloutui.records.access_tables import recovery_code
from cloutui.records.handled import GLANCED
from cloutui.records.relation import Wanted
from cloutui.reports import record_relations, scope
from tests.rounds import rounds
from tests.world import NOON, World, a_node, nodes

UNITS = range(6)
"""0 is the root. Roles of even units are handed down."""

NAMED = {
    "users": ("name", "user-{}"),
    "user-keys": ("fingerprint", "SHA256:{}"),
    "sessions": ("session", "s-user-{}"),
    "activity": ("sentence", "Line of {}."),
    "rules": ("name", "NODE-{}-*"),
}
"""By report: the column that tells what it is of, and how it is written for a unit."""


class Town:
    """A tree with everything that people decide in each of its units."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.parents = {1: 0, 2: 0, 3: 1, 4: 1, 5: 3}
        self.ids = {0: world.records.root_unit_id}
        self.lines: dict[int, int] = {}
        for number in UNITS:
            if number:
                self.ids[number] = world.unit(f"UNIT-{number}", self.ids[self.parents[number]])
            unit = self.ids[number]
            role = world.role(f"role-{number}", unit, is_inheritable=number % 2 == 0)
            user = world.user(f"user-{number}", unit, role, totp_secret=f"secret of {number}")
            world.key(user, f"SHA256:{number}")
            world.session(user, unit, f"user-{number}")
            world.rule(unit, number + 1, name=f"NODE-{number}-*")
            self.lines[number] = world.told(unit, f"Line of {number}.")

    def move(self, number: int, parent: int) -> None:
        """Nothing, when the tree would not be one any more."""
        if parent != self.parents[number] and parent not in self.below(number):
            self.parents[number] = parent
            self.world.move_unit(self.ids[number], self.ids[parent])

    def below(self, top: int) -> set[int]:
        return {number for number in UNITS if top in self.above(number)}

    def above(self, number: int) -> list[int]:
        """Itself first."""
        found = [number]
        while found[-1]:
            found.append(self.parents[found[-1]])
        return found

    def found(self, report: str, top: int, **asked: object) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self.world.run(report, self.ids[top], **asked).rows.to_pylist()
        return rows

    def is_right(self, report: str, top: int) -> bool:
        """Whether an answer for the unit is what the tree says: told here once more, and not as the product does."""
        inside = self.below(top)
        if report == "activity-entry":
            return all(bool(self.found(report, top, seq=self.lines[each])) is (each in inside) for each in UNITS)
        if report in {"roles", "role-rights"}:
            usable = inside | {number for number in self.above(top) if number % 2 == 0}
            rows = self.found(report, top)
            told = {row.get("role", row.get("name")) for row in rows}
            held = sum(row.get("users", 0) for row in rows)
            return told == {f"role-{number}" for number in usable} and held in {0, len(inside)}
        column, form = NAMED[report]
        told = {row[column] for row in self.found(report, top) if row.get("action", "test.do") == "test.do"}
        return told == {form.format(number) for number in inside}


REPORTS = (*NAMED, "roles", "role-rights", "activity-entry")


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Made once: who moves its units says so to it."""
    world = World(tmp_path_factory.mktemp("town"))
    yield Town(world)
    world.close()


@settings(max_examples=rounds(2, soak=20), deadline=None)
@given(unit=st.integers(1, 5), parent=st.integers(0, 5), top=st.integers(0, 5))
def test_wherever_units_are_moved_an_answer_has_all_of_the_scope_and_nothing_else(
    town: Town, unit: int, parent: int, top: int
) -> None:
    town.move(unit, parent)
    assert [report for report in REPORTS if not town.is_right(report, top)] == []


GUARDS = [
    ("scoped_user", "JOIN scoped_unit AS u", "JOIN unit AS u", "users"),
    ("scoped_user_key", "JOIN scoped_unit AS u", "JOIN unit AS u", "user-keys"),
    ("scoped_session", "JOIN scoped_unit AS u", "JOIN unit AS u", "sessions"),
    ("scoped_activity", "JOIN scoped_unit AS u", "JOIN unit AS u", "activity"),
    ("scoped_activity_entry", "JOIN scoped_unit AS u", "JOIN unit AS u", "activity-entry"),
    ("scoped_holder", "JOIN scoped_unit AS u", "JOIN unit AS u", "roles"),
    ("scoped_rule", "JOIN scoped_unit AS u", "JOIN unit AS u", "rules"),
    ("scoped_role", "LEFT JOIN scoped_unit AS u", "LEFT JOIN unit AS u", "roles"),
    ("scoped_role", "r.is_inheritable AND ", "", "roles"),
    ("scoped_role", "AND above.lo <= s.lo AND above.hi > s.lo", "", "roles"),
]


@pytest.fixture
def everything_is_laid(monkeypatch: pytest.MonkeyPatch) -> None:
    """The records are read of all units, so that scope stands alone."""
    monkeypatch.setattr(record_relations, "_UNITS", "SELECT unit_id FROM unit WHERE $scope_unit IS NOT NULL")


@pytest.mark.usefixtures("everything_is_laid")
@pytest.mark.parametrize(("relation", "guard", "without", "report"), GUARDS)
def test_each_guard_keeps_something_out(
    town: Town, monkeypatch: pytest.MonkeyPatch, relation: str, guard: str, without: str, report: str
) -> None:
    for number, parent in ((5, 1), (3, 1), (4, 1), (1, 0), (2, 0)):
        town.move(number, parent)
    assert town.is_right(report, 4)
    assert guard in scope._TEXTS[relation]
    monkeypatch.setitem(scope._TEXTS, relation, scope._TEXTS[relation].replace(guard, without))
    scope._needed.cache_clear()
    try:
        assert not town.is_right(report, 4)
    finally:
        scope._needed.cache_clear()


def test_little_more_is_read_than_is_shown(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other defence: of units outside not even the rows are fetched."""
    unit = scope._TEXTS["scoped_user"].replace("JOIN scoped_unit AS u", "JOIN unit AS u")
    monkeypatch.setitem(scope._TEXTS, "scoped_user", unit)
    scope._needed.cache_clear()
    try:
        assert {row["name"] for row in town.found("users", 4)} == {f"user-{number}" for number in town.below(4)}
    finally:
        scope._needed.cache_clear()


def test_what_was_laid_for_one_question_is_gone_with_it(town: Town) -> None:
    for asked in ({"filter": "nosuch:x"}, {}):
        try:
            town.world.runner().run("users", town.world.principal(), {}, **asked)  # type: ignore[arg-type]
        except Invalid:
            assert asked
        with pytest.raises(duckdb.CatalogException):
            town.world.rows("SELECT * FROM record_user")


def test_nothing_that_lets_anybody_in_is_ever_laid(town: Town) -> None:
    with town.world.records.begin() as tx:
        row = {"user_id": 1, "code_hash": "hash of a code", "made_at": NOON}
        tx.connection.execute(insert(recovery_code).values(**row))
        town.world._log(tx)
    wanted = Wanted(
        units=None,
        branch=[1],
        now=NOON,
        values={"self": 1, "since": NOON - timedelta(9), "until": NOON + timedelta(9), "user": None, "seq": 1}
        | {"today": NOON.date(), "day": NOON.date(), "revision": None}
        | {"key": "at-risk", "value": "", "product": "", "node_id": None, "scope_unit": 1}
        | {"kinds": ("user", "comment", "filter"), "sought": "o"},
    )
    told: dict[str, str] = {}
    with town.world.records.reading() as connection:
        for name, relation in relations.RECORD_RELATIONS.items():
            table = relation.read_table(connection, wanted).to_pylist() if relation.read_table else []
            told[name] = repr([*relation.read(connection, wanted), *table])
    told |= {name: repr(read(town.world.records.glance.rows, wanted).to_pylist()) for name, read in GLANCED.items()}
    assert [name for name, said in told.items() if "hash of" in said or "secret of" in said] == []


# What the rows say.


@pytest.fixture
def acme(world: World) -> int:
    return world.unit("Acme ApS")


def one(world: World, report: str, **asked: object) -> dict[str, Any]:
    [row] = world.run(report, **asked).rows.to_pylist()
    return dict(row)


def test_a_user_as_the_records_have_them(world: World, acme: int) -> None:
    role = world.role("Operator", needs_second_factor=True)
    user = world.user(
        "op-01", acme, role, full_name="A. Person", last_sign_in_at=NOON - timedelta(3), last_sign_in_from="10.2.9.4"
    )
    world.key(user)
    world.key(user, "SHA256:old", removed_at=NOON)
    world.session(user, acme, "op-01")
    row = one(world, "users")
    expected = {"name": "op-01", "full_name": "A. Person", "unit": "Acme ApS", "role": "Operator", "keys": 1}
    expected |= {"standing": "invited", "second_factor": "due", "sessions": 1, "password": "set", "user_id": user}
    expected |= {"last_sign_in": datetime(2026, 11, 19, 12), "from": "10.2.9.4", "expires": None}
    assert {name: row[name] for name in expected} == expected


@pytest.mark.parametrize(
    ("differing", "standing", "status"),
    [
        ({}, "active", 2),
        ({"password_hash": None}, "invited", 3),
        ({"expires_at": NOON}, "expired", 7),
        ({"locked_at": NOON, "expires_at": NOON}, "locked", 9),
    ],
)
def test_how_a_user_stands_is_a_word_and_a_status(
    world: World, differing: dict[str, Any], standing: str, status: int
) -> None:
    world.user("op-01", **differing)
    world.user("gone", archived_at=NOON)
    row = one(world, "users")
    assert (row["standing"], row["status"]) == (standing, status)


def test_one_sees_ones_own_account_and_no_other(world: World, acme: int) -> None:
    world.user("somebody")
    assert world.run("my-account").total == world.run("my-keys").total == 0  # the local principal is nobody
    world.me = world.user("ten-1", acme, preferences={"theme": "daybook", "keys": "vim"})
    world.key(world.me, "SHA256:mine")
    row = one(world, "my-account", now=NOON)
    assert (row["name"], row["unit"], row["prefers_theme"], row["prefers_keys"]) == (
        *("ten-1", "Acme ApS"),
        *("daybook", "vim"),
    )
    assert (row["keys"], row["second_factor"], row["recovery_codes"], row["prefers_csv"]) == (1, "off", 0, None)
    assert one(world, "my-keys")["fingerprint"] == "SHA256:mine"


def test_who_is_invited_sees_their_account_and_nothing_of_servers(world: World, acme: int) -> None:
    world.server(unit=acme)
    world.me = world.user("ten-1", acme, password_hash=None)
    invited = replace(world.principal(acme), privileges=ENROLMENT)
    answer = world.runner().run("my-account", invited, {})
    assert (answer.total, answer.as_of) == (1, {})
    for report in ("users", "activity", "sessions", "roles"):
        with pytest.raises(NotAllowed):
            world.runner().run(report, invited, {})


def test_a_role_tells_its_rights_and_who_has_it(world: World, acme: int) -> None:
    role = world.role("Night shift", privileges=["node.view", "node.edit", "no.such"], description="Nights.")
    world.user("op-01", acme, role)
    row = one(world, "roles")
    assert (row["users"], row["rights"], row["builtin"], row["inheritable"]) == (1, "node.edit, node.view", "no", "yes")
    rights = {row["resource"]: row for row in world.run("role-rights", role="night SHIFT").rows.to_pylist()}
    assert (rights["node"]["view"], rights["node"]["edit"], rights["node"]["delete"]) == ("yes", "yes", None)
    assert rights["unit"]["view"] == "no"
    assert set(rights) == {privilege.resource for privilege in Privilege}
    assert world.run("role-rights", role_id=role + 1).total == 0


def test_a_tenant_sees_a_role_from_above_and_not_where_it_was_made(world: World, acme: int) -> None:
    world.role("Reader")
    [row] = world.run("roles", acme).rows.to_pylist()
    assert (row["name"], row["unit"]) == ("Reader", None)


def test_keys_can_be_asked_of_one_user(world: World) -> None:
    for name in ("op-01", "op-02"):
        world.key(world.user(name), f"SHA256:{name}", last_used_at=NOON)
    assert [row["user"] for row in world.run("user-keys").rows.to_pylist()] == ["op-01", "op-02"]
    row = one(world, "user-keys", user="OP-02")
    assert (row["fingerprint"], row["kind"], row["last_used"]) == (
        *("SHA256:op-02", "ssh-ed25519"),
        NOON.replace(tzinfo=None),
    )


def test_a_session_is_shown_with_its_terminal(world: World) -> None:
    world.session(world.user("op-01"), 1, "op-01")
    row = one(world, "sessions")
    expected = {"user": "op-01", "from": "10.2.9.4", "face": "ssh", "idle": 4, "size": "120x36", "write_mode": "off"}
    assert {name: row[name] for name in expected} == expected


# The activity log.


def sentences(world: World, **asked: object) -> list[str]:
    return [row["sentence"] for row in world.run("activity", **asked).rows.to_pylist()]


def test_a_day_of_the_log_goes_from_midnight_to_midnight_where_the_scope_is(world: World) -> None:
    world.unit_setting(1, "time_zone", "Europe/Copenhagen")
    for hour in (22, 23):
        world.told(1, f"At {hour} UTC.", at=datetime(2026, 11, 19, hour, 30, tzinfo=UTC))
    assert sentences(world, first="2026-11-19", last="2026-11-19") == ["At 22 UTC."]
    assert sentences(world, first="2026-11-20", last="2026-11-20") == ["At 23 UTC."]
    with pytest.raises(Invalid):
        sentences(world, first=date.max, last=date.max)


def test_the_log_is_told_newest_first_of_one_user_if_asked(world: World) -> None:
    for number, actor in enumerate(("op-01", "op-02", "op-01")):
        world.told(1, f"{number} by {actor}", actor=actor)
    assert sentences(world, user="op-01", days=1) == ["2 by op-01", "0 by op-01"]


def test_of_too_many_lines_the_newest_are_there_and_a_note_says_so(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = replace(relations.RECORD_RELATIONS["record_activity"], most=2)
    monkeypatch.setitem(relations.RECORD_RELATIONS, "record_activity", lines)
    for number in range(3):
        world.told(1, f"Line {number}.")
    answer = world.run("activity", days=1)
    assert [row["sentence"] for row in answer.rows.to_pylist()] == ["Line 2.", "Line 1."]
    assert answer.notes == ("Only the newest 2 lines are here: ask for fewer days.",)
    assert world.run("users").notes == ()


def test_one_line_has_all_that_was_written(world: World) -> None:
    seq = world.told(1, before={"name": "old"}, after={"name": "new"}, params={"unit": 1}, reason="ticket 4417")
    row, line = one(world, "activity-entry", seq=seq), world.records.activity(1)[0]
    assert (row["hash"], row["reason"], row["class"], row["at"]) == (
        *(line.hash, "ticket 4417", "note"),
        NOON.replace(tzinfo=None),
    )
    assert [json.loads(row[name]) for name in ("before", "after", "params")] == [line.before, line.after, line.params]
    assert world.run("activity-entry", seq=seq + 1).total == 0


# Settings and rules.


def test_a_setting_tells_where_it_comes_from(world: World, acme: int) -> None:
    world.unit_setting(1, "time_zone", "Europe/Copenhagen", date(2026, 1, 1))
    world.unit_setting(1, "time_zone", "Asia/Tokyo", date(2027, 1, 1))
    world.unit_setting(acme, "backup_day_start", "12:00")

    def told(unit: int, by: int | None = None) -> dict[str, tuple[object, ...]]:
        found = world.runner(now=lambda: NOON).run("unit-settings", world.principal(by or unit), {}, unit=unit)
        kept = ("value", "source", "set_on", "from")
        return {row["key"]: tuple(row[name] for name in kept) for row in found.rows.to_pylist()}

    assert told(1)["time_zone"] == ("Europe/Copenhagen", "own", "Nordhavn Backup", date(2026, 1, 1))
    assert told(acme, 1)["time_zone"] == ("Europe/Copenhagen", "inherited", "Nordhavn Backup", date(2026, 1, 1))
    assert told(acme, 1)["backup_day_start"] == ("12:00", "own", "Acme ApS", None)
    assert told(1)["backup_day_start"] == ("00:00", "default", None, None)
    # The tenant has the value, and not the name of who set it.
    assert told(acme)["time_zone"] == ("Europe/Copenhagen", "inherited", None, date(2026, 1, 1))


def test_a_rule_tells_how_many_nodes_it_holds(world: World, acme: int) -> None:
    server = world.server()
    rule = world.rule(acme, name="ACME-*", server_id=server)
    world.nodes(server, "ACME-1", "ACME-2", "BOLT-1")
    world.cache.store(server, nodes(a_node("ACME-1"), a_node("ACME-2"), a_node("BOLT-1")), NOON)
    row = one(world, "rules")
    expected = {"unit": "Acme ApS", "server": "SPA01", "name": "ACME-*", "nodes": 2, "rule_id": rule, "domain": None}
    assert {name: row[name] for name in expected} == expected
