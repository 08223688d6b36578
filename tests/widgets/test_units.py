"""The tree of units: what is visible, whatever is folded or looked for."""

from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from cloutui.model.status import Status
from cloutui.widgets.units import Forest, Unit, UnitOrder


def unit(unit_id: int, parent_id: int | None, name: str = "", problems: int = 0) -> Unit:
    return Unit(unit_id=unit_id, parent_id=parent_id, name=name or f"U{unit_id}", problems=problems)


TREE = [
    unit(1, None, "Root", 3),
    unit(2, 1, "Fjord", 2),
    unit(3, 2, "Acme", 2),
    unit(4, 2, "Bolt"),
    unit(5, 1, "Havn", 1),
    unit(6, 5, "Net", 1),
    unit(7, 1, "Lager"),
]


def names(forest: Forest, shown: list[int]) -> list[str]:
    return [forest.units[place].name for place in shown]


def test_only_what_is_unfolded_is_shown() -> None:
    forest = Forest(TREE)
    assert names(forest, forest.shown(set())) == ["Root"]
    assert names(forest, forest.shown({1})) == ["Root", "Fjord", "Havn", "Lager"]
    assert names(forest, forest.shown({1, 5})) == ["Root", "Fjord", "Havn", "Net", "Lager"]
    assert names(forest, forest.shown({5})) == ["Root"]


def test_only_problems_leaves_out_whole_healthy_branches() -> None:
    forest = Forest(TREE)
    everything = {one.unit_id for one in TREE}
    assert names(forest, forest.shown(everything, only_problems=True)) == ["Root", "Fjord", "Acme", "Havn", "Net"]


def test_what_is_found_stands_below_its_ancestors_folded_or_not() -> None:
    forest = Forest(TREE)
    assert names(forest, forest.shown(set(), sought="NE")) == ["Root", "Havn", "Net"]
    assert forest.shown(set(), sought="nothing") == []


def test_depth_path_and_ends() -> None:
    forest = Forest(TREE)
    assert forest.depth == [0, 1, 2, 2, 1, 2, 1]
    assert forest.end == [7, 4, 3, 4, 6, 6, 7]
    assert [one.name for one in forest.path(6)] == ["Root", "Havn", "Net"]
    assert forest.path(99) == []


def test_a_unit_whose_parent_is_out_of_scope_is_a_root() -> None:
    forest = Forest([unit(2, 1), unit(3, 2)])
    assert forest.depth == [0, 1]
    assert forest.parent(0) is None


def test_at_first_as_much_is_unfolded_as_fits() -> None:
    forest = Forest(TREE)
    assert len(forest.shown(forest.to_open(7))) == 7
    assert len(forest.shown(forest.to_open(4))) == 4
    assert len(forest.shown(forest.to_open(2))) == 4, "the first level is shown even if it must be scrolled"


@given(st.lists(st.integers(0, 30), min_size=1, max_size=30), st.sets(st.integers(0, 30)))
def test_an_ancestor_of_everything_shown_is_shown(parents: list[int], opened: set[int]) -> None:
    # Unit i hangs below an earlier one; depth-first order is made by sorting paths.
    paths: list[tuple[int, ...]] = [(0,)]
    for number, parent in enumerate(parents, 1):
        paths.append((*paths[parent % number], number))
    units = [unit(path[-1], path[-2] if len(path) > 1 else None) for path in sorted(paths)]
    forest = Forest(units)
    shown = forest.shown(opened)
    for place in shown:
        above = forest.parent(place)
        assert above is None or (above in shown and units[above].unit_id in opened)


def test_ten_thousand_units_make_no_pause() -> None:
    units = [
        unit(0, None),
        *(unit(number, (number - 1) // 10 * 10 if number % 10 else 0) for number in range(1, 10_000)),
    ]
    started = time.process_time()
    forest = Forest(units)
    forest.shown({one.unit_id for one in units})
    forest.shown(set(), sought="u99")
    assert time.process_time() - started < 1


def test_units_are_sorted_below_the_unit_above_them() -> None:
    units = [
        Unit(unit_id=1, parent_id=None, name="root", status=Status.ERROR, nodes=9),
        Unit(unit_id=2, parent_id=1, name="a", status=Status.OK, nodes=6),
        Unit(unit_id=3, parent_id=2, name="a-a", status=Status.OK, nodes=1),
        Unit(unit_id=4, parent_id=2, name="a-b", status=Status.OK, nodes=5),
        Unit(unit_id=5, parent_id=1, name="b", status=Status.ERROR, problems=2, nodes=3),
    ]
    in_order = {order: [unit.name for unit in Forest(units).ordered(order.rank).units] for order in UnitOrder}
    assert in_order == {
        UnitOrder.NAME: ["root", "a", "a-a", "a-b", "b"],
        UnitOrder.WORST: ["root", "b", "a", "a-a", "a-b"],
        UnitOrder.SIZE: ["root", "a", "a-b", "a-a", "b"],
    }
