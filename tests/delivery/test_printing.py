"""On paper: what it is of stands on every page, heads are repeated, and nothing that a name holds is taken for more."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from cloutui.delivery.as_html import _css_text
from cloutui.delivery.as_xlsx import _page_text
from cloutui.delivery.heading import Export, Heading
from cloutui.model.table import Column, Freshness, Frozen, Kind
from tests.delivery.answers import an_answer
from tests.delivery.readers import written
from tests.world import NOON

TOLD = Heading(
    report="daily",
    summary="How every node stood on a day.",
    unit='Fjord "Retail" & </style>',
    parameters={"day": "2026-11-21"},
    made_at=NOON,
    made_by="op-01",
)


def exported(columns: int = 3) -> Export:
    """One row; the last column is one that a narrow screen drops first."""
    names = [f"column {number}" for number in range(columns)]
    told = [Column(name=name, kind=Kind.TEXT, priority=9 if name == names[-1] else 1) for name in names]
    answer = an_answer(told, [{name: name.replace("column", "value") for name in names}])
    freshness = {"SPA01": Freshness(server="SPA01", collected_at=datetime(2026, 11, 22, 9, tzinfo=UTC))}
    return Export(answer=replace(answer, as_of=freshness), heading=TOLD)


def page_of(export: Export) -> str:
    """What is said of pages in the style sheet."""
    found = re.search(r"@page \{.*?\n\}", str(written("html", export)), re.DOTALL)
    assert found
    return found[0]


def test_each_page_tells_unit_day_age_and_reader() -> None:
    page = page_of(exported())
    assert '"How every node stood on a day"' in page
    assert '"day 2026-11-21 ' in page
    assert "as of 2026-11-22 09:00:00Z" in page
    assert "op-01" in page
    assert "counter(page)" in page
    assert "portrait" in page
    assert "landscape" in page_of(exported(8))


def test_a_frozen_day_tells_when_it_was_frozen_and_nothing_younger() -> None:
    export = exported()
    at = datetime(2026, 11, 22, 12, tzinfo=UTC)
    assert export.cover()[-2:] == ["as of 2026-11-22 09:00:00Z", "op-01"]
    frozen = replace(export, answer=replace(export.answer, frozen=Frozen(at=at)))
    assert frozen.cover()[-2:] == ["frozen 2026-11-22 12:00:00Z", "op-01"]


def test_no_name_ends_the_style_sheet() -> None:
    text = str(written("html", exported()))
    assert text.count("</style>") == 1
    assert r"\3c \2f style\3e " in text


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"])))
def test_any_text_is_one_string_of_css_that_says_the_same(text: str) -> None:
    said = _css_text(text)
    assert re.fullmatch(r'"(?:[^"\\<>{};\n]|\\[0-9a-f]+ )*"', said)
    assert re.sub(r"\\([0-9a-f]+) ", lambda found: chr(int(found[1], 16)), said[1:-1]) == text


def test_what_paper_has_no_room_for_is_named_and_stays_in_the_file() -> None:
    narrow, wide = (str(written("html", exported(columns))) for columns in (8, 13))
    assert 'class="aside' not in narrow
    assert "Not on paper" not in narrow
    assert "Not on paper, but in this file: column 12." in wide
    assert "value 12" in wide


def test_a_workbook_prints_as_wide_as_the_paper_with_its_heads_on_every_page() -> None:
    sheet = load_workbook(BytesIO(bytes(written("xlsx", exported(8)))))["rows"]
    assert sheet.print_title_rows == "$1:$1"
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.page_setup.fitToHeight == 0
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert "op-01" in sheet.oddFooter.left.text
    assert "&" in sheet.oddFooter.left.text


@pytest.mark.parametrize(
    ("text", "said"), [("A & B", "A && B"), ("2026", " 2026"), ("x" * 50, "x" * 19 + "…"), ("&" * 50, "&" * 18 + "…")]
)
def test_a_header_holds_text_and_no_command(text: str, said: str) -> None:
    assert _page_text(text, 20) == said
