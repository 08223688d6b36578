"""Choosing columns, without a widget."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cloutui.widgets.result_choice import ColumnChoice

NAMES = ("node", "status", "unit", "stored", "files")
USUAL = ("node", "status", "unit")


def choice(*shown: str) -> ColumnChoice:
    return ColumnChoice(NAMES, shown, USUAL)


def test_what_is_shown_stands_first_in_its_order_and_the_others_behind() -> None:
    chosen = choice("stored", "node")
    assert chosen.chosen == ("stored", "node")
    assert chosen.order == ["stored", "node", "status", "unit", "files"]
    assert not chosen.is_usual


def test_nothing_chosen_and_what_is_no_column_is_the_usual() -> None:
    assert choice().chosen == choice("gone").chosen == USUAL
    assert choice().is_usual
    assert ColumnChoice(NAMES, (), ()).chosen == NAMES


def test_a_column_is_shown_hidden_and_moved() -> None:
    chosen = choice()
    chosen.flip("files")
    chosen.move("files", -4)
    chosen.flip("status")
    assert chosen.chosen == ("files", "node", "unit")
    chosen.move("files", -1)
    assert chosen.chosen[0] == "files"
    chosen.reset()
    assert chosen.is_usual


def test_the_last_column_stays() -> None:
    chosen = choice("node")
    chosen.flip("node")
    assert chosen.chosen == ("node",)


@given(st.lists(st.tuples(st.sampled_from(NAMES), st.integers(-6, 6)), max_size=30))
def test_no_column_is_lost_or_doubled(steps: list[tuple[str, int]]) -> None:
    chosen = choice()
    for name, by in steps:
        if by:
            chosen.move(name, by)
        else:
            chosen.flip(name)
    assert sorted(chosen.order) == sorted(NAMES)
    assert chosen.chosen
    assert set(chosen.chosen) <= set(NAMES)
