"""Tags in the cache: on which nodes they come to lie, who sees them, and what a filter makes of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cloutui.model.filter.problem import BadFilter
from cloutui.model.tag import Tag
from cloutui.reports import scope
from tests.rounds import rounds
from tests.world import NOON, World, a_job, a_node, jobs, nodes

NAMES = ("NODE-A", "NODE-B", "NODE-C", "NODE-D")


class Tagged(World):
    """The root over UNIT-1 (over UNIT-3) and UNIT-2: a node for each, and whatever tags a test puts on them."""

    def build(self) -> None:
        self.one, self.two = self.unit("UNIT-1"), self.unit("UNIT-2")
        self.three = self.unit("UNIT-3", self.one)
        self.units = (self.records.root_unit_id, self.one, self.two, self.three)
        server = self.server()
        self.nodes(server, *NAMES)
        self.cache.store(server, nodes(*(a_node(name) for name in NAMES)), NOON)
        self.cache.store(server, jobs(*(a_job(name, said="Failed") for name in NAMES)), NOON)
        for name, unit in zip(NAMES, self.units, strict=True):
            self.assign(name, unit)
        self.swept(server)

    def found(self, text: str, report: str = "nodes", unit: int | None = None, own: int | None = None) -> list[str]:
        """The nodes that a filter finds."""
        answer = self.runner(now=lambda: NOON).run(report, self.principal(own), {}, filter=text, unit=unit)
        return sorted(map(str, answer.rows.column("node").to_pylist()))

    def have(self, text: str, unit: int | None = None) -> list[str]:
        return self.found(f"tag:{text}", unit=unit)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tagged]:
    """Only asked: of every kind of tag one."""
    made = Tagged(tmp_path_factory.mktemp("home"))
    made.build()
    root = made.records.root_unit_id
    made.put(made.tag("vip", root), unit=made.one)
    made.put(made.tag("test", root), node="NODE-C")
    made.put(made.tag("kept", root, inheritable=False), unit=root)
    made.put(made.tag("db", made.one), node="NODE-D")
    made.put(made.tag("vip", made.two), unit=made.two)
    yield made
    made.close()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("tag:vip", "BCD"),
        ("tag=VIP", "BCD"),
        ("-tag:test", "ABD"),
        ("tag!=test", "ABD"),
        ("tag:vip -tag:db", "BC"),
        ("tag:db|test", "CD"),
        ("tag:v*", "BCD"),
        ("tag:vi", ""),  # a tag is a word as a whole
        ("tag:nothing", ""),
        ("tag:kept", "ABCD"),
        ('tag:""', ""),
        ("tag:db OR name:NODE-A", "AD"),
    ],
)
def test_a_filter_asks_for_tags(house: Tagged, text: str, found: str) -> None:
    wanted = [f"NODE-{letter}" for letter in found]
    for report in ("nodes", "jobs-matrix"):
        assert house.found(text, report) == wanted, report


def test_what_has_no_tag_can_be_asked_for(house: Tagged) -> None:
    seen_below = house.found('tag:""', unit=house.two, own=house.two)
    assert seen_below == []
    assert house.found('-tag:"" tag:test') == ["NODE-C"]


@pytest.mark.parametrize("text", ["tag>vip", "tag:a..b", "sort:tag"])
def test_tags_have_no_order(house: Tagged, text: str) -> None:
    with pytest.raises(BadFilter, match="no order"):
        house.found(text)


def test_a_report_that_names_no_node_has_no_tags(house: Tagged) -> None:
    with pytest.raises(BadFilter, match="no field “tag”"):
        house.runner().run("days", house.principal(), {}, filter="tag:vip")


def test_tags_are_offered_with_the_rows_that_have_them(house: Tagged) -> None:
    def offered(begun: str = "", text: str = "") -> dict[str, int]:
        return dict(
            house.runner(now=lambda: NOON).values("nodes", house.principal(), {}, "tag", begun=begun, filter=text)
        )

    assert offered() == {"kept": 4, "vip": 3, "db": 1, "test": 1}
    assert offered("I") == {"vip": 3}
    assert offered(text="tag:test") == {"kept": 1, "test": 1, "vip": 1}


def test_a_tag_of_a_unit_below_is_not_told_to_its_sibling_nor_one_that_is_kept_above(house: Tagged) -> None:
    assert house.found("tag:db", own=house.two) == []
    assert house.found("tag:kept", own=house.one) == []
    assert house.found("tag:vip", own=house.one) == ["NODE-B", "NODE-D"]
    # Who looks at a unit from above sees what their own unit keeps.
    assert house.found("tag:kept", unit=house.one) == ["NODE-B", "NODE-D"]


@pytest.mark.parametrize(
    ("relation", "guard", "without"),
    [
        ("scoped_tag", "WHERE own.seen OR t.is_inheritable", ""),
        ("scoped_node_tag", "WHERE g.unit_id IN (SELECT unit_id FROM scoped_unit)", ""),
    ],
)
def test_each_guard_of_tags_keeps_something_out(
    house: Tagged, monkeypatch: pytest.MonkeyPatch, relation: str, guard: str, without: str
) -> None:
    """The negative control: of a tag that is handed down the report counts the nodes of others."""

    def told() -> str:
        answer = house.runner(now=lambda: NOON).run("tags", house.principal(house.two), {})
        return repr(sorted((row["tag"], row["nodes"]) for row in answer.rows.to_pylist()))

    before = told()
    assert guard in scope._TEXTS[relation]
    monkeypatch.setitem(scope._TEXTS, relation, scope._TEXTS[relation].replace(guard, without))
    scope._needed.cache_clear()
    try:
        assert told() != before
    finally:
        scope._needed.cache_clear()


def test_the_list_says_what_has_a_tag_and_what_asks_for_it(world_of: Tagged) -> None:
    house = world_of
    root = house.records.root_unit_id
    house.put(house.tag("vip", root), unit=house.one)
    house.put(house.tag("kept", root, inheritable=False), node="NODE-A")
    house.tag("idle", house.one, inheritable=False)
    house.unit_setting(root, "sla_tags_only", "vip")
    house.unit_setting(house.one, "sla_tags_without", "vip idle")

    def told(unit: int | None = None, **given: Any) -> list[tuple[object, ...]]:
        names = ("tag", "owner", "units", "nodes", "used_in", "place")
        return [tuple(row[name] for name in names) for row in house.run("tags", unit, **given).rows.to_pylist()]

    assert told() == [
        ("idle", "UNIT-1", 0, 0, "SLA -", "below"),
        ("kept", "Nordhavn Backup", 0, 1, None, "own"),
        ("vip", "Nordhavn Backup", 1, 2, "SLA +, SLA -", "own"),
    ]
    assert [tag for tag, *_ in told(show="assigned")] == ["kept", "vip"]
    assert [tag for tag, *_ in told(show="available")] == ["kept", "vip"]
    assert told(house.three) == [("vip", None, 0, 1, "SLA +, SLA -", "above")]
    assert (told(house.three, show="own"), told(house.two, show="assigned")) == ([], [])


def test_what_moves_out_of_a_tags_reach_loses_it_and_has_it_again_after_the_way_back(world_of: Tagged) -> None:
    house = world_of
    house.put(house.tag("db", house.one), node="NODE-B")
    house.put(house.tag("vip", house.one), unit=house.three)
    assert (house.have("db"), house.have("vip")) == (["NODE-B"], ["NODE-D"])
    house.move_unit(house.three, house.two)
    assert (house.have("db"), house.have("vip")) == (["NODE-B"], [])
    house.move_unit(house.three, house.one)
    assert house.have("vip") == ["NODE-D"]


@pytest.fixture
def world_of(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tagged]:
    made = Tagged(tmp_path_factory.mktemp("home"))
    made.build()
    yield made
    made.close()


PUT = st.tuples(st.integers(0, 3), st.booleans(), st.booleans(), st.integers(0, 3))


@settings(max_examples=rounds(8, soak=200), deadline=None)
@given(plans=st.lists(PUT, min_size=1, max_size=6))
def test_a_node_has_what_reaches_it(house: Tagged, plans: Sequence[tuple[int, bool, bool, int]]) -> None:
    """(owner, handed down, on a unit, which one): told here once more, and not as the cache tells it."""
    from cloutui.cache import dimensions

    tree, expected = house.records.tree(), set[tuple[str, int]]()
    tags, rows = [], list[tuple[int, int | None, int | None]]()
    ids = {name: number for number, name in house.rows("SELECT data_source_id, native_key FROM data_source")}
    for number, (owner, inheritable, on_unit, where) in enumerate(plans, 1):
        tags.append(Tag(tag_id=number, unit_id=house.units[owner], text=f"t{number}", is_inheritable=inheritable))
        rows.append((number, house.units[where], None) if on_unit else (number, None, ids[NAMES[where]]))
        for node, unit in zip(NAMES, house.units, strict=True):
            has_it = tree.holds(house.units[where], unit) if on_unit else node == NAMES[where]
            if has_it and tags[-1].reaches(house.units[where], tree):
                expected.add((node, number))

    def lay(con: Any) -> list[tuple[str, int]]:
        con.begin()
        try:
            con.execute("DELETE FROM tag; DELETE FROM tagging; DELETE FROM node_tag")
            con.executemany(
                "INSERT INTO tag VALUES (?, ?, ?, ?)", [(t.tag_id, t.unit_id, t.text, t.is_inheritable) for t in tags]
            )
            con.executemany("INSERT INTO tagging VALUES (?, ?, ?)", rows)
            con.execute(dimensions.NODE_TAGS)
            told = "SELECT native_key, tag_id FROM node_tag JOIN data_source USING (data_source_id)"
            found: list[tuple[str, int]] = con.execute(told).fetchall()
            return found
        finally:
            con.rollback()

    found = house.cache.database.write(lay)
    assert len(found) == len(set(found))
    assert set(found) == expected
