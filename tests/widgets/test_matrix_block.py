"""A block of the matrix: it stays at its row and its day, and finds what is bad in it."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from cloutui.model.status import Status
from cloutui.widgets.glyphs import FULL
from cloutui.widgets.look import Look
from cloutui.widgets.matrix_block import Block, Corner, block_to
from cloutui.widgets.matrix_grid import Grid
from cloutui.widgets.matrix_rows import MatrixRows, Order
from cloutui.widgets.palette import Depth

LAST = date(2026, 11, 22)
LOOK = Look.of("nightwatch", Depth.TRUECOLOR, FULL)


def matrix(*rows: bytes) -> MatrixRows:
    width = len(rows[0])
    return MatrixRows(
        days=[LAST - timedelta(days=back) for back in reversed(range(width))],
        keys=[f"key {place}" for place in range(len(rows))],
        names=[f"NODE{len(rows) - place}" for place in range(len(rows))],
        statuses=rows,
        bad=[0] * len(rows),
        run=[0] * len(rows),
    )


@given(st.integers(0, 4), st.integers(0, 6), st.integers(0, 4), st.integers(0, 6))
def test_it_has_both_corners_whichever_way_it_was_drawn(row: int, column: int, to_row: int, to_column: int) -> None:
    rows = matrix(*[bytes(7)] * 5)
    block = block_to(rows, Corner(rows.keys[row], rows.days[column]), to_row, to_column)
    assert block is not None
    assert {row, to_row} <= set(block.rows)
    assert {column, to_column} <= set(block.columns)
    assert len(block.rows) * len(block.columns) == (abs(row - to_row) + 1) * (abs(column - to_column) + 1)


def test_it_stays_at_its_row_in_another_order_and_reaches_as_far_as_there_are_days() -> None:
    rows = matrix(*[bytes(7)] * 5)
    corner = Corner("key 0", rows.days[2])
    by_name = rows.ordered(Order.NAME)
    assert by_name.keys[4] == "key 0"
    assert block_to(by_name, corner, 3, 4) == Block(range(3, 5), range(2, 5))
    assert block_to(rows, Corner("key 0", LAST - timedelta(days=300)), 0, 1) == Block(range(1), range(2))


def test_it_is_no_more_when_its_row_is_gone() -> None:
    rows = matrix(bytes(3), bytes(3))
    corner = Corner("key 1", LAST)
    assert block_to(rows, corner, 0, 0) is not None
    assert block_to(rows.in_order_of(["key 0"]), corner, 0, 0) is None


@given(st.lists(st.binary(min_size=6, max_size=6), min_size=4, max_size=4), st.integers(0, 3), st.integers(0, 5))
def test_its_problems_are_its_cells_with_a_warning_or_worse(cells: list[bytes], row: int, column: int) -> None:
    statuses = [bytes(byte % len(Status) for byte in line) for line in cells]
    rows = matrix(*statuses)
    block = Block(range(row, 4), range(column))
    if column:
        wanted = [(r, c) for r in block.rows for c in block.columns if Status(statuses[r][c]).is_problem]
        assert list(block.problems(rows)) == wanted


def test_its_ends_are_in_brackets_so_that_it_is_seen_without_colour() -> None:
    grid = Grid(look=LOOK, cell_width=3, cursor=3, focused=True)
    ok = bytes([Status.OK]) * 6
    drawn = ["".join(text for text, _ in grid.cells(ok, crosshair=at, block=range(1, 4))) for at in (False, True)]
    assert drawn == [" ● [●  ●  ●] ●  ● ", " ● [●  ● [●] ●  ● "]
