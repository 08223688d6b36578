"""What is offered while a filter is typed."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloutui.model.filter.completion import before_value, complete
from cloutui.model.filter.grammar import parse
from cloutui.model.table import Column, Kind
from tests.model.filter import trees

COLUMNS = (
    Column(name="status", kind=Kind.STATUS),
    Column(name="node", kind=Kind.TEXT),
    Column(name="unit", kind=Kind.TEXT),
    Column(name="stored", kind=Kind.BYTES),
    Column(name="last_ok", kind=Kind.TIME),
)
ROWS: Mapping[str, Mapping[str, int]] = {
    "unit": {"Acme ApS": 3, "Fjord Retail": 12, 'The "Old" Mill': 1, "Lager": 7},
    "node": {"ACME-SQL01": 1, "what*": 1},
    "status": {"error": 4, "ok": 30},
}


def values(name: str, _begun: str) -> Mapping[str, int]:
    return ROWS[name]


def offered(text: str) -> list[str]:
    """What the text with the cursor `‸` becomes with each candidate."""
    before, after = text.split("‸")
    found = complete(before + after, len(before), COLUMNS, values)
    whole = before + after
    return [whole[: each.place.start] + each.text + whole[each.place.end :] for each in found]


def test_fields_come_first() -> None:
    assert offered("‸")[:5] == ["status:", "node:", "unit:", "stored:", "last_ok:"]
    assert offered("‸")[-2:] == ["last:", "sort:"]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("sta‸", "status:"),
        ("STA‸", "status:"),
        ("-sto‸", "-stored:"),
        ("sql (no‸", "sql (node:"),
        ("sql OR u‸", "sql OR unit:"),
        ("_ok‸", "last_ok:"),
        ("sta‸ sql", "status: sql"),
        ("by‸", "bytes:"),
        ("status:wa‸", "status:warning"),
        ("status:fa‸", "status:failed"),
        ("status!=ok|mi‸", "status!=ok|missed"),
        ("status:ok..wa‸", "status:ok..warning"),
        ("unit:‸", 'unit:"Fjord Retail"'),
        ("unit:la‸", "unit:Lager"),
        ("unit:ac‸", 'unit:"Acme ApS"'),
        ('unit:"fjord r‸', 'unit:"Fjord Retail"'),
        ('unit:"fjord r‸"', 'unit:"Fjord Retail""'),
        ('unit:"The ""O‸', 'unit:"The ""Old"" Mill"'),
        ("node:wh‸", 'node:"what*"'),
        ("name:acm‸", "name:ACME-SQL01"),
        ("stored>1T‸", "stored>1TiB"),
        ("last_ok<‸", "last_ok<today"),
        ("last:3‸", "last:30d"),
        ("sort:-sto‸", "sort:-stored"),
    ],
)
def test_the_likeliest_word_is_offered_first(typed: str, first: str) -> None:
    assert offered(typed)[0] == first


@pytest.mark.parametrize("typed", ["/ab‸", "@x‸", '"abc‸', "a OR‸", "(a)‸", "nonsense:x‸", "qqq‸", "status:q‸", ">‸"])
def test_nothing_is_offered_where_nothing_fits(typed: str) -> None:
    assert offered(typed) == []


def test_the_commonest_value_comes_first_with_its_rows() -> None:
    found = complete("unit:", 5, COLUMNS, values)
    assert [each.rows for each in found] == [12, 7, 3, 1]
    statuses = complete("status:", 7, COLUMNS, values)
    assert {each.text: each.rows for each in statuses}["error"] == 4
    assert {each.text: each.rows for each in statuses}["missed"] is None


@given(trees.texts, st.integers(0, 60))
def test_whatever_is_typed_candidates_stand_before_the_cursor(text: str, cursor: int) -> None:
    cursor = min(cursor, len(text))
    for each in complete(text, cursor, COLUMNS, values):
        assert 0 <= each.place.start <= each.place.end == cursor


@pytest.mark.parametrize("typed", ["-‸", "(‸", "a (b -‸", "-so‸"])
def test_sort_and_last_are_offered_only_where_they_may_stand(typed: str) -> None:
    assert not [text for text in offered(typed) if text.endswith(("sort:", "last:"))]


@given(st.sampled_from(["", "sql ", "-", "(", "a "]), st.data())
def test_every_candidate_makes_a_filter(before: str, data: st.DataObject) -> None:
    field = data.draw(st.sampled_from(complete(before, len(before), COLUMNS, values)))
    text = before + field.text
    for value in complete(text, len(text), COLUMNS, values):
        parse(text + value.text + (")" if before == "(" else ""))


def test_after_an_at_sign_stand_saved_filters() -> None:
    def offered(text: str) -> list[tuple[str, int]]:
        found = complete(text, len(text), COLUMNS, lambda *_: {}, ["night", "bad", "bad-sql"])
        return [(candidate.text, candidate.place.start) for candidate in found]

    assert offered("@") == [("@bad", 0), ("@bad-sql", 0), ("@night", 0)]
    assert offered("node:x -@BAD") == [("@bad", 8), ("@bad-sql", 8)]
    assert offered("(@n") == [("@night", 1)]
    assert offered('"to @n') == []
    assert offered("contact:ops@n") == []


@pytest.mark.parametrize(
    ("text", "before"),
    [
        ("status:", ""),
        ("node:sql status:fa", "node:sql"),
        ("node:sql last:7d -server:", "node:sql last:7d"),
        ("(node:sql server:", ""),
        ("node:a OR server:", ""),
        ("node:a OR node:b server:SPA01|", "node:a OR node:b"),
        ("no field here", ""),
    ],
)
def test_values_are_counted_among_what_stands_before(text: str, before: str) -> None:
    assert before_value(text, len(text)) == before
