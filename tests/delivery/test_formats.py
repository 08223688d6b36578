import json
import re
import subprocess
import sys
from dataclasses import replace
from io import BytesIO, StringIO
from pathlib import Path, PurePath

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cloutui.delivery.files import new_file
from cloutui.delivery.formats import FORMATS, find_format, format_for
from cloutui.delivery.heading import Export
from cloutui.delivery.paper import INK, MUTED, PAPER, SIGNS
from cloutui.errors import Invalid
from cloutui.model.status import Status
from cloutui.model.table import Answer, Column, Kind
from cloutui.widgets.glyphs import FULL
from tests.delivery.answers import (
    DAYS,
    MATRIX_PLAIN,
    PLAIN,
    a_matrix,
    an_answer,
    emptied,
    exported,
    of_every_kind,
    texts,
)
from tests.delivery.readers import READERS, Page, read_svg, written

HEADED = ["json", "parquet", "xlsx", "html", "svg"]
"""They have room for what was asked, by whom, and how fresh the answer is."""


@pytest.mark.parametrize("name", READERS)
def test_what_is_written_reads_back_as_the_plain_rows(name: str) -> None:
    found = READERS[name](exported(of_every_kind()))
    if name == "csv":
        assert found == [{key: "" if value is None else str(value) for key, value in row.items()} for row in PLAIN]
        return
    for row, expected in zip(found, PLAIN, strict=True):
        assert row == pytest.approx(expected)


@pytest.mark.parametrize("name", READERS)
def test_a_matrix_row_becomes_one_column_a_day(name: str) -> None:
    found = READERS[name](exported(a_matrix()))
    assert [list(row) for row in found] == [["node", *DAYS, "bad"]] * 2
    assert [{**row, "bad": int(row["bad"])} for row in found] == MATRIX_PLAIN


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize("answer", [of_every_kind(), a_matrix()], ids=["rows", "matrix"])
def test_an_empty_answer_is_a_whole_file_without_rows(name: str, answer: Answer) -> None:
    assert READERS[name](exported(emptied(answer))) == []


@pytest.mark.parametrize("name", READERS)
def test_more_rows_than_a_batch_stay_in_order(name: str) -> None:
    numbers = an_answer([Column(name="n", kind=Kind.COUNT)], [{"n": n} for n in range(20_000)])
    assert [int(row["n"]) for row in READERS[name](exported(numbers))] == list(range(20_000))


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_tells_how_far_it_is_and_ends_when_it_is_not_wanted(name: str, tmp_path: Path) -> None:
    rows = 2000 if name == "svg" else 9000
    numbers = an_answer([Column(name="n", kind=Kind.COUNT)], [{"n": n} for n in range(rows)])
    told: list[int] = []
    written(name, Export(answer=numbers, wrote=told.append))
    assert told == sorted(told)
    assert told[-1] == rows

    def unwanted(_rows: int) -> None:
        raise KeyboardInterrupt

    form = FORMATS[name]
    with pytest.raises(KeyboardInterrupt), new_file(tmp_path / "x", is_binary=form.is_binary) as out:
        form.write(Export(answer=numbers, wrote=unwanted), out)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", READERS)
def test_sums_and_repeated_words_are_plain_numbers_and_text(name: str) -> None:
    sums, words = pa.array([12, None], pa.decimal128(38, 0)), pa.array(["a", "b"]).dictionary_encode()
    columns = [Column(name="sum", kind=Kind.BYTES), Column(name="word", kind=Kind.TEXT)]
    found = READERS[name](exported(Answer(columns=columns, rows=pa.table({"sum": sums, "word": words}), total=2)))
    assert [row["sum"] and float(row["sum"]) for row in found] in ([12, None], [12, ""])
    assert [row["word"] for row in found] == ["a", "b"]


@pytest.mark.parametrize("name", sorted(set(READERS) - {"parquet"}))
def test_what_is_not_a_number_is_unknown(name: str) -> None:
    columns = [Column(name="share", kind=Kind.PERCENT)]
    rows = pa.table({"share": [float("nan"), float("inf"), 25.0]})
    found = READERS[name](exported(Answer(columns=columns, rows=rows, total=3)))
    assert [row["share"] and float(row["share"]) for row in found] in ([None, None, 25], ["", "", 25])


@pytest.mark.parametrize("name", HEADED)
def test_the_heading_stands_where_the_format_has_room(name: str) -> None:
    text = _heading_text(name, exported(of_every_kind()))
    asked = ["jobs", "Fjord Retail/Acme ApS", "2026-11-21", "ACME-SQL01", 'status:failed -unit:"North"', "-bytes"]
    told = ["2026-11-22 12:00:00Z", "op1", "SPB02 did not answer.", "2026-11-22 11:57:00Z", "Times are UTC."]
    assert [fact for fact in asked + told if fact not in text] == []


def _heading_text(name: str, export: Export) -> str:
    content = written(name, export)
    match name:
        case "json":
            return str({key: value for key, value in json.loads(content).items() if key != "rows"})
        case "parquet":
            return str(json.loads(pq.read_schema(BytesIO(content)).metadata[b"cloutui"]))
        case "xlsx":
            sheet = openpyxl.load_workbook(BytesIO(content))["about"]
            return "\n".join(str(cell) for row in sheet.values for cell in row)
        case "html":
            return "\n".join(Page(content).facts)
    return "\n".join(text for line in read_svg(export) for text in line)


@pytest.mark.parametrize("name", sorted(set(FORMATS) - set(HEADED) - {"table"}))
def test_formats_for_machines_stay_plain(name: str) -> None:
    assert "op1" not in written(name, exported(of_every_kind()))
    assert written(name, exported(of_every_kind())) == written(name, Export(answer=of_every_kind()))


def test_with_semicolons_numbers_have_a_decimal_comma_and_texts_stay() -> None:
    columns = [Column(name="share", kind=Kind.PERCENT), Column(name="node", kind=Kind.TEXT)]
    answer = Answer(columns=columns, rows=pa.table({"share": [2.5, None], "node": ["a.b,c", "d;e"]}), total=2)

    def lines(**how: str) -> list[str]:
        out = StringIO()
        find_format("csv").write(Export(answer=answer, **how), out)  # type: ignore[arg-type]
        return out.getvalue().splitlines()

    assert lines(csv="semicolon") == ["share;node", "2,5;a.b,c", ';"d;e"']
    assert lines() == ["share,node", '2.5,"a.b,c"', ",d;e"]


def test_a_heading_tells_how_many_rows_are_left_out() -> None:
    assert ("Rows", "3 of 4,711") in exported(replace(of_every_kind(), total=4711)).lines()
    assert ("Rows", "3; the filter hides 41") in exported(replace(of_every_kind(), hidden=41)).lines()


def test_a_sheet_is_typed_frozen_and_coloured() -> None:
    book = openpyxl.load_workbook(BytesIO(written("xlsx", exported(of_every_kind()))))
    sheet = book["rows"]
    assert book.sheetnames == ["rows", "about"]
    assert sheet.freeze_panes == "A2"
    assert [cell.data_type for cell in sheet[2]] == ["s", "s", "n", "n", "n", "d", "d", "d", "d"]
    assert sheet["B2"].value == Status.ERROR.word
    assert sheet["B2"].fill.fgColor.rgb == "FF" + SIGNS[Status.ERROR].ground[1:].upper()
    assert sheet["C2"].number_format == "#,##0"
    assert sheet["G1"].value == "time (UTC)"
    assert sheet.column_dimensions["I"].width > 19


def test_a_sheets_second_page_explains_the_letters_of_a_matrix() -> None:
    about = openpyxl.load_workbook(BytesIO(written("xlsx", exported(a_matrix()))))["about"]
    assert ("M", "Missed") in set(about.values)


def test_text_longer_than_a_cell_of_a_sheet_is_cut_with_a_mark() -> None:
    [row] = READERS["xlsx"](exported(texts("x" * 40_000)))
    assert row["text"] == "x" * 32_766 + "…"


def test_parquet_keeps_types_and_kinds() -> None:
    schema = pq.read_schema(BytesIO(written("parquet", exported(of_every_kind()))))
    assert schema.field("time").type == pa.timestamp("us", "UTC")
    assert schema.field("bytes").type == pa.int64()
    assert schema.field("status").type == pa.string()
    assert schema.field("bytes").metadata == {b"cloutui": b"bytes"}


def test_a_page_needs_nothing_from_outside_and_runs_nothing() -> None:
    page = Page(written("html", exported(texts("<script>alert(1)</script>", "<img src=http://evil.example/x>"))))
    assert {tag for tag, _ in page.tags} <= {
        "html", "head", "meta", "title", "style", "body", "h1", "dl", "dt", "dd",
        "table", "thead", "tbody", "tr", "th", "td", "data", "p", "span",
    }  # fmt: skip
    assert {name for _, attributes in page.tags for name in attributes} <= {
        "lang", "charset", "http-equiv", "content", "scope", "class", "value",
    }  # fmt: skip
    policy = next(attributes["content"] for _, attributes in page.tags if "http-equiv" in attributes)
    assert policy == "default-src 'none'; style-src 'unsafe-inline'"


def test_a_status_on_a_page_has_its_sign_and_its_word() -> None:
    page = written("html", exported(of_every_kind()))
    assert '<td class="status error">× Failed</td>' in page
    assert "× Failed" in written("html", exported(a_matrix()))


def test_a_picture_shows_every_row_and_fetches_nothing() -> None:
    export = exported(of_every_kind())
    lines = read_svg(export)
    assert ["ACME-SQL01", "× Failed", "4.22 GiB", "41,234", "61.5%", "18m 07s", "2026-11-21 01:04:07Z",
            "2026-11-21", "2026-11-20 23:30:00Z"] in lines  # fmt: skip
    content = written("svg", export)
    assert re.findall(r"https?://[^\"]+", content) == ["http://www.w3.org/2000/svg"]
    assert not re.search(r"\b(href|src|url|script|style|on\w+)\s*[=(]", content)


def test_a_picture_of_a_matrix_has_a_month_above_its_first_day() -> None:
    lines = read_svg(exported(a_matrix()))
    assert ["2026-10", "2026-11"] in lines
    assert ["node", "31", "01", "02", "bad"] in lines
    assert ["ACME-SQL01", "● OK", "× Failed", "· None", "1"] in lines


def test_columns_of_a_picture_do_not_run_into_each_other() -> None:
    answer = an_answer(
        [Column(name="text", kind=Kind.TEXT), Column(name="bytes", kind=Kind.BYTES)],
        [{"text": "北" * 50, "bytes": 1}, {"text": "x" * 500, "bytes": 2}],
    )
    content = written("svg", exported(answer))
    right = [float(x) for x in re.findall(r'x="([\d.]+)"[^>]*text-anchor="end"', content)]
    width = int(re.search(r'width="(\d+)"', content)[1])  # type: ignore[index]
    assert all(24 + 60 * 8.4 < x < width for x in right)


def test_a_table_is_aligned_and_tells_whose_facts_are_old() -> None:
    lines = written("table", exported(of_every_kind())).splitlines()
    heads, rule, first, unknown, _ = lines[:5]
    assert first.split()[:3] == ["ACME-SQL01", "Failed", "4.22"]
    assert first.index("Failed") == heads.index("status") == rule.index("-", rule.index(" "))
    assert first.index("4.22 GiB") + len("4.22 GiB") == heads.index("bytes") + len("bytes")
    assert not unknown
    assert "SPB02 did not answer. Check the route." in lines
    assert lines[-1] == "Times are UTC."


def test_an_empty_table_says_so() -> None:
    assert "Nothing to show." in written("table", exported(emptied(of_every_kind())))
    filtered = replace(emptied(of_every_kind()), hidden=41)
    assert "Nothing to show: the filter hides 41 rows." in written("table", exported(filtered))


def test_formats_with_a_limit_refuse_before_anything_is_written() -> None:
    out = StringIO()
    many = texts(*["x"] * 2_001)
    with pytest.raises(Invalid, match="2,001 rows are too many for svg: it takes 2,000"):
        find_format("svg").write(exported(many), out)
    assert out.getvalue() == ""


def test_a_wrong_format_is_answered_with_the_nearest() -> None:
    with pytest.raises(Invalid) as caught:
        find_format("xls")
    assert caught.value.hint == "Did you mean “xlsx”?"


@pytest.mark.parametrize("name", FORMATS)
def test_a_file_names_ending_tells_its_format(name: str) -> None:
    assert format_for(PurePath(f"a.b.{FORMATS[name].extension.upper()}")) is FORMATS[name]
    assert format_for(PurePath("a.zip")) is None


def test_a_status_looks_on_paper_as_on_the_screen_and_can_be_read() -> None:
    assert {status: sign.glyph for status, sign in SIGNS.items()} == dict(FULL.status)
    assert all(_contrast(sign.ink, sign.ground) >= 4.5 for sign in SIGNS.values())
    assert min(_contrast(INK, PAPER), _contrast(MUTED, PAPER)) >= 4.5


def _contrast(ink: str, ground: str) -> float:
    """The ratio of WCAG 2."""
    light, dark = sorted(map(_luminance, (ink, ground)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    shares = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_the_registry_loads_no_writer() -> None:
    check = "import sys, cloutui.delivery.formats; print(sorted(set(sys.modules) & {'pyarrow', 'xlsxwriter'}))"
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True, timeout=30)
    assert done.stdout.strip() == "[]"
