"""A node's history stays with the unit that owned it then: whatever is assigned, moved, archived and restored after."""
# ruff: noqa: DTZ001 - a server's times have no zone

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from cloutui.actions.action import Change
from cloutui.actions.perform import Context, perform_change
from cloutui.actions.proof import Proof
from cloutui.actions.registry import build
from cloutui.errors import Conflict
from cloutui.records.secrets import Secrets
from tests.rounds import rounds
from tests.world import NOON, World, a_job, jobs

DAYS = [date(2026, 11, day) for day in range(16, 22)]
NODES = ("NODE-A", "NODE-B", "NODE-C")
TOP, UNITS = 0, range(1, 5)

Step = tuple[str, int, int]
"""What is done, to which unit, and to which node or under which unit."""


class Town:
    """Four units below the top, a server of the top with three nodes, and a job of each on every day."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.ids = [world.records.root_unit_id, *(world.unit(f"UNIT-{number}") for number in UNITS)]
        server = world.server()
        world.nodes(server, *NODES)
        done = [a_job(node, datetime(day.year, day.month, day.day, 1)) for node in NODES for day in DAYS]
        world.cache.store(server, jobs(*done), NOON)
        sources = {source.name: source.data_source_id for source in world.records.dimensions().data_sources}
        self.sources = [sources[node] for node in NODES]
        self.context = Context(records=world.records, secrets=Secrets.open("memory", world.home))
        # Told here once more, and not as the product tells it.
        self.parents = dict.fromkeys(UNITS, TOP)
        self.held: dict[str, list[tuple[date, int]]] = {node: [] for node in NODES}
        self.archived: set[int] = set()

    def do(self, step: Step, day: date) -> None:
        """What is refused changes nothing, here as there."""
        what, unit, other = step
        node, parent = NODES[other % len(NODES)], other
        given: dict[str, tuple[str, dict[str, Any]]] = {
            "assign": ("node.assign", {"nodes": [self.sources[other % len(NODES)]], "unit": self.ids[unit]}),
            "move": ("unit.move", {"unit": self.ids[unit], "parent": self.ids[parent]}),
            "archive": ("unit.archive", {"unit": self.ids[unit]}),
            "restore": ("unit.restore", {"archived": self.ids[unit]}),
        }
        self.world.records.clock = lambda: datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
        action = build(*given[what])
        assert isinstance(action, Change)
        try:
            perform_change(action, self.world.principal(), Proof(), self.context)
        except Conflict:
            return
        match what:
            case "assign":
                self.held[node] = [(since, owner) for since, owner in self.held[node] if since < day] + [(day, unit)]
            case "move":
                self.parents[unit] = parent
            case "archive":
                self.archived.add(unit)
            case "restore":
                self.archived.discard(unit)

    def owner(self, node: str, day: date) -> int:
        """The first owner has it since the beginning."""
        held = self.held[node]
        return [owner for place, (since, owner) in enumerate(held) if place == 0 or since <= day][-1] if held else TOP

    def below(self, top: int) -> set[int]:
        found = {top}
        for _ in UNITS:
            found |= {unit for unit, parent in self.parents.items() if parent in found}
        return found

    def told(self, top: int) -> set[tuple[str, date, str]]:
        answer = self.world.run("jobs", self.ids[top], first=DAYS[0], last=DAYS[-1])
        return {(row["node"], row["scheduled_start"].date(), row["unit"]) for row in answer.rows.to_pylist()}


steps = st.lists(
    st.tuples(
        st.sampled_from(["assign", "assign", "move", "archive", "restore"]), st.integers(1, 4), st.integers(0, 4)
    ),
    max_size=6,
)
ARCHIVED_WITH_A_PAST: list[list[Step]] = [[("assign", 1, 0)], [("assign", 2, 0), ("archive", 1, 0), ("move", 1, 2)]]
"""NODE-A was of unit 1, goes to unit 2, and unit 1 is archived; as such it is moved no more."""
MOVED_WITH_A_PAST: list[list[Step]] = [[("assign", 1, 0), ("assign", 3, 1)], [("assign", 2, 0), ("move", 1, 3)]]


@settings(max_examples=rounds(2, soak=20), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(plan=ARCHIVED_WITH_A_PAST)
@example(plan=MOVED_WITH_A_PAST)
@given(plan=st.lists(steps, min_size=2, max_size=4))
def test_each_day_of_a_node_stays_with_its_owner_of_that_day(
    tmp_path_factory: pytest.TempPathFactory, plan: list[list[Step]]
) -> None:
    world = World(tmp_path_factory.mktemp("town"))
    try:
        town = Town(world)
        for place, of_day in enumerate(plan):
            for step in of_day:
                town.do(step, DAYS[1] + timedelta(days=place))
        world.cache.copy_dimensions()
        assert {town.ids.index(unit) for unit in world.records.archived_units()} == town.archived
        names = {TOP: "Nordhavn Backup", **{unit: f"UNIT-{unit}" for unit in UNITS}}
        for top in (TOP, *UNITS):
            inside = town.below(top)
            owned = {(node, day, town.owner(node, day)) for node in NODES for day in DAYS}
            assert town.told(top) == {(node, day, names[owner]) for node, day, owner in owned if owner in inside}
        if plan == ARCHIVED_WITH_A_PAST:
            assert town.archived == {1}
            assert town.told(1), "the past of an archived unit is told"
    finally:
        world.close()
