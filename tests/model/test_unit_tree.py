"""The tree of units as ranges: whatever is created and moved, a subtree is exactly a range."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloutui.model.unit_tree import BrokenTree, UnitTree, build_tree, would_cycle

Parents = dict[int, int | None]

steps = st.lists(st.tuples(st.sampled_from(["create", "move"]), st.integers(0, 30), st.integers(0, 30)), max_size=60)


def grown(changes: list[tuple[str, int, int]]) -> Parents:
    """A tree after creates and moves, where a move that would make a cycle is not made."""
    parents: Parents = {1: None}
    for kind, one, other in changes:
        ids = list(parents)
        unit, parent = ids[one % len(ids)], ids[other % len(ids)]
        if kind == "create":
            parents[len(parents) + 1] = parent
        elif parents[unit] is not None and not would_cycle(parents, unit, parent):
            parents[unit] = parent
    return parents


def tree_of(parents: Parents) -> UnitTree:
    return build_tree((unit, parent, f"unit {unit}") for unit, parent in parents.items())


def is_below(parents: Parents, unit: int | None, above: int) -> bool:
    """The plain meaning of a subtree, walked link by link."""
    while unit is not None:
        if unit == above:
            return True
        unit = parents[unit]
    return False


@given(steps)
def test_a_subtree_is_exactly_a_range(changes: list[tuple[str, int, int]]) -> None:
    parents = grown(changes)
    tree = tree_of(parents)
    for above in parents:
        expected = {unit for unit in parents if is_below(parents, unit, above)}
        assert {unit for unit in parents if tree.holds(above, unit)} == expected
        assert {place.unit_id for place in tree.subtree(above)} == expected


@given(steps)
def test_depths_and_paths_follow_the_links(changes: list[tuple[str, int, int]]) -> None:
    parents = grown(changes)
    tree = tree_of(parents)
    assert sorted(place.lo for place in tree) == list(range(len(parents)))
    for place in tree:
        assert place.depth == len(tree.path(place.unit_id)) - 1
        assert [above.unit_id for above in tree.ancestors(place.unit_id)][1:2] == [
            parent for parent in [parents[place.unit_id]] if parent is not None
        ]
        assert place in tree.children(place.parent_id) if place.parent_id is not None else place.depth == 0


@given(steps, st.integers(0, 60), st.integers(0, 60))
def test_would_cycle_forbids_exactly_the_moves_that_break_the_tree(
    changes: list[tuple[str, int, int]], one: int, other: int
) -> None:
    parents = grown(changes)
    ids = list(parents)
    unit, parent = ids[one % len(ids)], ids[other % len(ids)]
    moved = {**parents, unit: parent}
    if would_cycle(parents, unit, parent):
        with pytest.raises(BrokenTree):
            tree_of(moved)
    else:
        assert len(tree_of(moved)) == len(parents)


def test_siblings_stand_by_name_in_any_case_of_letters() -> None:
    tree = build_tree([(1, None, "Site"), (2, 1, "beta"), (3, 1, "Alpha"), (4, 1, "Gamma"), (5, 3, "zulu")])
    assert [place.name for place in tree] == ["Site", "Alpha", "zulu", "beta", "Gamma"]


def test_orphans_and_circles_are_named() -> None:
    with pytest.raises(BrokenTree, match="parent is missing: units 3") as orphan:
        build_tree([(1, None, "Site"), (3, 2, "lost")])
    assert orphan.value.unit_ids == (3,)
    with pytest.raises(BrokenTree, match="own ancestor: units 2, 3"):
        build_tree([(1, None, "Site"), (2, 3, "a"), (3, 2, "b")])


def test_a_tree_may_be_deeper_than_python_recurses() -> None:
    depth = 5_000
    tree = build_tree([(1, None, "1"), *((unit, unit - 1, str(unit)) for unit in range(2, depth + 1))])
    assert tree[depth].depth == depth - 1
    assert tree.holds(2, depth)


def test_units_that_do_not_exist_hold_nothing() -> None:
    tree = build_tree([(1, None, "Site")])
    assert not tree.holds(1, 7)
    assert not tree.holds(7, 1)
