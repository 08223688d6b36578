"""How a matrix is drawn: what fits into a cell, heads of days, weeks and months, and the counts below them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from cloutui.model.status import Status
from cloutui.model.step import Step
from cloutui.widgets.glyphs import ASCII, FULL
from cloutui.widgets.look import Look
from cloutui.widgets.matrix_display import FIGURE_CELLS, Display
from cloutui.widgets.matrix_grid import Grid
from cloutui.widgets.matrix_heads import Heads
from cloutui.widgets.matrix_rows import MatrixRows, Order
from cloutui.widgets.palette import Depth
from cloutui.widgets.text import Piece

LOOK = Look.of("nightwatch", Depth.TRUECOLOR, FULL)
TODAY = date(2026, 11, 22)


def text(pieces: list[Piece]) -> str:
    return "".join(piece for piece, _ in pieces)


def heads(step: Step, columns: int, cell_width: int, cursor: int | None = None) -> list[str]:
    days = step.firsts(step.moved(TODAY, 1 - columns), TODAY)
    made = Heads(look=LOOK, days=days, step=step, cell_width=cell_width, cursor=cursor, focused=True)
    return [text(made.upper()), text(made.lower())]


@given(st.integers(0, 2**62), st.sampled_from([each for each in Display if each.has_figures]))
def test_a_figure_fits_into_four_cells(number: int, display: Display) -> None:
    assert 0 < cell_len(display.figure(number)) <= FIGURE_CELLS


@pytest.mark.parametrize(
    ("display", "number", "written"),
    [
        (Display.BYTES, 0, "0"),
        (Display.BYTES, 4_881_000_000_000, "4.4T"),
        (Display.BYTES, 48_810_000_000_000, "44T"),
        (Display.TOOK, 5_400, "1h"),
        (Display.FAILED, 9_999, "9999"),
        (Display.FAILED, 12_345, "12k"),
    ],
)
def test_figures_are_cut_and_not_rounded_up(display: Display, number: int, written: str) -> None:
    assert display.figure(number) == written


def test_the_heads_of_days_weeks_and_months() -> None:
    assert heads(Step.DAY, 4, 3) == ["Nov         ", "19 20 21 22 "]
    assert heads(Step.WEEK, 4, 3) == ["   Nov      ", "44 45 46 47 "], "week 44 begins in October"
    assert heads(Step.MONTH, 3, 4) == ["2026        ", "Sep Oct Nov "]
    assert heads(Step.MONTH, 14, 4)[0].split() == ["2025", "2026"]


@given(st.sampled_from(Step), st.integers(1, 60), st.sampled_from([1, 2, 3, 4]), st.integers(0, 59))
def test_heads_are_as_wide_as_their_columns(step: Step, columns: int, cell_width: int, cursor: int) -> None:
    if step is Step.MONTH:
        cell_width = Display.SIGNS.width(step, cell_width)
    for line in heads(step, columns, cell_width, min(cursor, columns - 1)):
        assert len(line) == columns * cell_width


@given(
    st.lists(st.sampled_from(list(Status)), min_size=1, max_size=40),
    st.sampled_from(list(Display)),
    st.sampled_from(list(Step)),
    st.sampled_from([1, 2, 3]),
    st.data(),
)
def test_a_row_is_as_wide_as_its_columns_wherever_the_cursor_is(
    statuses: list[Status], display: Display, step: Step, sign_width: int, data: st.DataObject
) -> None:
    cursor = data.draw(st.none() | st.integers(0, len(statuses) - 1))
    width = display.width(step, sign_width)
    figures = data.draw(st.lists(st.integers(-1, 10**15), max_size=len(statuses)))
    for glyphs in (FULL, ASCII):
        look = Look(palette=LOOK.palette, glyphs=glyphs)
        grid = Grid(look=look, cell_width=width, cursor=cursor, focused=True, display=display)
        drawn = text(grid.cells(bytes(statuses), figures, crosshair=True))
        # The closing bracket of a cursor two cells wide takes the blank of the next cell.
        assert len(drawn) == len(statuses) * width
        counts = [data.draw(st.integers(0, 50_000)) for _ in statuses]
        assert len(text(grid.counts(counts))) == len(statuses) * width


def test_a_status_is_read_from_its_letter() -> None:
    grid = Grid(look=LOOK, cell_width=3, cursor=None, focused=True, display=Display.LETTERS)
    assert text(grid.cells(bytes(Status), crosshair=False)).split() == ["·", *"IOPRNUWME"]


def test_a_cell_without_a_figure_says_its_status() -> None:
    grid = Grid(look=LOOK, cell_width=5, cursor=1, focused=True, display=Display.BYTES)
    row = bytes([Status.OK, Status.MISSED])
    assert text(grid.cells(row, [1024, -1], crosshair=True)).split() == ["1.0K", "○"]


ROWS = st.lists(st.tuples(st.text("abc", max_size=3), st.integers(0, 3), st.integers(0, 3)), max_size=12)


def made(rows: list[tuple[str, int, int]]) -> MatrixRows:
    return MatrixRows(
        days=[TODAY],
        keys=range(len(rows)),
        names=[name for name, _, _ in rows],
        statuses=[bytes([Status.ERROR if bad else Status.OK]) for _, bad, _ in rows],
        bad=[bad for _, bad, _ in rows],
        run=[run for _, _, run in rows],
    )


@given(ROWS, st.lists(st.tuples(st.sampled_from(Order), st.booleans()), max_size=4))
def test_the_order_in_which_rows_came_can_be_had_back(
    rows: list[tuple[str, int, int]], orders: list[tuple[Order, bool]]
) -> None:
    came = sorted_rows = made(rows)
    for order, backwards in orders:
        sorted_rows = sorted_rows.ordered(order, backwards=backwards)
    assert list(sorted_rows.ordered(Order.WORST).keys) == list(came.keys)


@given(ROWS)
def test_orders_sort_by_what_they_say(rows: list[tuple[str, int, int]]) -> None:
    came = made(rows)
    assert list(came.ordered(Order.NAME).names) == sorted(came.names)
    assert list(came.ordered(Order.BAD).bad) == sorted(came.bad, reverse=True)
    assert list(came.ordered(Order.RUN, backwards=True).run) == sorted(came.run)


@given(st.integers(1, 9), st.integers(0, 9), st.data())
def test_the_bad_rows_of_each_column_are_counted(width: int, count: int, data: st.DataObject) -> None:
    row = st.lists(st.sampled_from(list(Status)), min_size=width, max_size=width)
    statuses = [bytes(data.draw(row)) for _ in range(count)]
    rows = MatrixRows(days=[TODAY + timedelta(days=n) for n in range(width)], keys=range(count), statuses=statuses)
    expected = [sum(Status(cells[column]).is_bad for cells in statuses) for column in range(width)]
    assert list(rows.bad_by_column) == expected


def test_counts_of_two_digits_are_told_apart_in_two_cells() -> None:
    grid = Grid(look=LOOK, cell_width=2, cursor=2, focused=True)
    assert text(grid.counts([7, 8, 9, 7])) == " 7 8 9 7"
    assert text(grid.counts([7, 11, 12, 10, 5, 11])) == "  111210  11", "the cursor's is there all the same"
