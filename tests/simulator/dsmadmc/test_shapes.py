"""How rows are laid out."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloutui.simulator.answer import Column, Rows
from cloutui.simulator.dsmadmc import shapes
from cloutui.simulator.dsmadmc.kinds import BYTES, DAYS_AGO, EXACT, SECONDS, TEXT, Kind, with_unit
from cloutui.simulator.dsmadmc.locale import ENGLISH, GERMAN
from cloutui.simulator.dsmadmc.options import Shape
from cloutui.simulator.dsmadmc.queries.node import NODE
from cloutui.simulator.dsmadmc.sheet import Sheet, SheetColumn, sheet_of_select

# A line end inside a value appears raw in the real output; what a bare CR does is not known, so none is made up here.
CELLS = st.text(st.characters(exclude_characters="\r\x00", exclude_categories=["Cs"]), max_size=20)


@given(rows=st.lists(st.tuples(CELLS, CELLS, CELLS), max_size=8))
def test_a_csv_reader_reads_back_what_comma_mode_wrote(rows: list[tuple[str, str, str]]) -> None:
    sheet = Sheet([SheetColumn(name, 10) for name in "ABC"], rows)
    text = "".join(line + "\n" for line in shapes.lines(sheet, Shape.COMMA, ENGLISH, 80))
    assert [tuple(row) for row in csv.reader(io.StringIO(text, newline=""))] == rows


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        ("a", "a"),
        (7, "7"),
        (Decimal("59.90"), "59.90"),
        (datetime.fromisoformat("2026-11-21T02:00:00"), "2026-11-21 02:00:00.000000"),
        (date(2026, 11, 21), "2026-11-21"),
        (time(2, 30), "02:30:00"),
    ],
)
def test_a_select_is_exact(value: object, text: str) -> None:
    assert EXACT.cell(value, ENGLISH) == text


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        (DAYS_AGO, 0, "<1"),
        (DAYS_AGO, 323, "323"),
        (SECONDS, 0, "0 S"),
        (SECONDS, 90, "1.5 M"),
        (BYTES, 127, "127"),
        (BYTES, 1325582909440, "1.2 T"),
        (with_unit("Day(s)"), 90, "90 Day(s)"),
    ],
)
def test_a_query_shows_display_strings(kind: Kind, value: int, text: str) -> None:
    assert kind.cell(value, ENGLISH) == text


def test_a_german_client_writes_decimal_commas_and_quotes_them() -> None:
    rows = Rows([Column("PCT", "DECIMAL(4,1)"), Column("N", "INTEGER")], [(Decimal("99.8"), 1000)])
    assert list(shapes.lines(sheet_of_select(rows), Shape.COMMA, GERMAN, 80)) == ['"99,8",1000']
    assert list(shapes.lines(sheet_of_select(rows), Shape.TAB, GERMAN, 80)) == ["99,8\t1000"]


def test_a_detailed_row_ends_with_its_delimiter() -> None:
    sheet = Sheet([SheetColumn("A", 5), SheetColumn("B", 5)], [("x", None)], is_detailed=True)
    assert list(shapes.lines(sheet, Shape.COMMA, ENGLISH, 80)) == ["x,,"]


def test_titles_of_a_table_break_as_the_real_ones_do() -> None:
    sheet = Sheet(
        NODE.columns(is_detailed=False),
        [("ACME-DC1", "Linux x86-64", "PD_LX", 0, 323, "No")],
    )
    assert list(shapes.lines(sheet, Shape.AUTO, ENGLISH, 120)) == [
        "Node Name                     Platform     Policy Domain      Days Sinc-     Days Sinc-     Locked?",
        "                                           Name                  e Last      e Passwor-            ",
        "                                                                  Access          d Set            ",
        "-------------------------     --------     --------------     ----------     ----------     -------",
        "ACME-DC1                      Linux        PD_LX                      <1            323     No     ",
        "                               x86-64                                                              ",
    ]


@given(text=st.text(st.characters(categories=["L", "Zs"]), max_size=60), width=st.integers(4, 30))
def test_no_piece_of_a_broken_cell_is_wider_than_its_column(text: str, width: int) -> None:
    assert all(len(piece) <= width for piece in shapes.broken(text, width, indent=" "))


@given(widths=st.lists(st.integers(1, 60), min_size=1, max_size=12), width=st.integers(60, 200))
def test_a_query_fits_its_screen_as_far_as_columns_can_shrink(widths: list[int], width: int) -> None:
    sheet = Sheet([SheetColumn("T", column) for column in widths], [("x",) * len(widths)])
    for line in shapes.lines(sheet, Shape.TABLE, ENGLISH, width):
        assert len(line) <= width


def test_a_select_too_wide_for_the_screen_turns_into_a_list_by_itself() -> None:
    columns = [Column("START_TIME", "TIMESTAMP"), Column("ENTITY", "VARCHAR(64)"), Column("BYTES", "BIGINT")]
    sheet = sheet_of_select(Rows(columns, [(None, "ACME", 5)] * 2))
    assert shapes.chosen_shape(sheet, Shape.AUTO, 80) is Shape.TABLE
    assert shapes.chosen_shape(sheet, Shape.AUTO, 60) is Shape.LIST
    assert list(shapes.lines(sheet, Shape.AUTO, ENGLISH, 60)) == [
        "START_TIME: ",
        "    ENTITY: ACME",
        "     BYTES: 5",
        "",
        "START_TIME: ",
        "    ENTITY: ACME",
        "     BYTES: 5",
    ]


@pytest.mark.parametrize("shape", [Shape.COMMA, Shape.TAB])
def test_delimited_lines_never_carry_headings(shape: Shape) -> None:
    sheet = Sheet([SheetColumn("TITLE", 5, TEXT)], [("cell",)])
    assert list(shapes.lines(sheet, shape, ENGLISH, 80, with_headings=True)) == ["cell"]


def test_a_table_without_headings_is_rows_alone() -> None:
    sheet = Sheet([SheetColumn("TITLE", 5, TEXT)], [("cell",)])
    assert list(shapes.lines(sheet, Shape.TABLE, ENGLISH, 80, with_headings=False)) == ["cell "]
