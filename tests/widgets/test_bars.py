"""Bars: what they promise of a share and of its parts, for any numbers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloutui.widgets.bars import bar, shares
from cloutui.widgets.glyphs import ASCII, FULL
from cloutui.widgets.look import Look
from cloutui.widgets.palette import Depth

LOOK = Look.of("nightwatch", Depth.TRUECOLOR, FULL)


def drawn(share: float | None, width: int = 10, look: Look = LOOK) -> str:
    return "".join(text for text, _ in bar(share, width, look))


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (None, "──────────"),
        (0.0, "──────────"),
        (0.001, "━─────────"),
        (0.5, "━━━━━─────"),
        (0.999, "━━━━━━━━━─"),
        (1.0, "━━━━━━━━━━"),
        (1.3, "━━━━━━━━━━"),
    ],
)
def test_a_little_has_a_cell_and_what_is_not_all_leaves_one(share: float | None, text: str) -> None:
    assert drawn(share) == text


def test_in_seven_bits() -> None:
    assert drawn(0.5, 4, Look.of("nightwatch", Depth.NONE, ASCII)) == "==--"


@given(st.lists(st.integers(0, 10_000_000), max_size=10), st.integers(10, 200))
def test_parts_fill_the_bar_and_none_that_is_there_is_left_out(counts: list[int], width: int) -> None:
    cells = shares(counts, width)
    assert sum(cells) == (width if sum(counts) else 0)
    assert [bool(size) for size in cells] == [bool(count) for count in counts]


@given(st.lists(st.integers(1, 1000), min_size=2, max_size=10))
def test_where_there_are_more_parts_than_cells_nothing_runs_on_for_ever(counts: list[int]) -> None:
    assert shares(counts, 1) == [1] * len(counts)
