"""No good row is lost, no bad one passes silently, whatever the bytes are."""

from __future__ import annotations

import csv
import io
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cloutui.products.storage_protect import parser, rows, selects
from cloutui.products.storage_protect.parser import Field, Parsed
from cloutui.products.storage_protect.values import INTEGER, TEXT, TIME
from tests.products.storage_protect import writing
from tests.rounds import rounds

THREE = [Field("node", TEXT), Field("said", TEXT), Field("state", TEXT)]


def parsed(answer: bytes, *, is_complete: bool = True) -> Parsed:
    return parser.parse(answer, THREE, is_complete=is_complete)


def values(found: Parsed) -> list[tuple[str | None, ...]]:
    return [tuple(row.values()) for row in found.table.to_pylist()]


names = st.text("ABCDEFGHIJ_.0123456789", min_size=1, max_size=8).map("N".__add__)
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\n\0"), min_size=1, max_size=20)
# A bare value that begins with a quote is ambiguous in the real client; the writer quotes it, so it is tested too.
many_lines = st.lists(texts.filter(lambda t: t.count(",") < 2), min_size=1, max_size=3).map("\n".join)
some_rows = st.lists(st.tuples(names, st.none() | texts | many_lines, names), max_size=12)


@given(some_rows, st.sampled_from(["\n", "\r\n", "\r\r\n"]))
@settings(max_examples=rounds(100, soak=400), deadline=None)
def test_what_the_client_writes_is_read_back(written: list[tuple[str, str | None, str]], end: str) -> None:
    found = parsed(writing.answer(written, end=end))
    # A mended row (of several lines) comes last, so the order is not compared.
    assert sorted(map(repr, values(found))) == sorted(map(repr, written))
    assert found.bad_rows == 0


@given(some_rows.map(lambda written: written[:4]))
@settings(max_examples=rounds(20, soak=60), deadline=None)
def test_a_cut_at_any_byte_loses_no_earlier_row(written: list[tuple[str, str | None, str]]) -> None:
    whole = [repr(row) for row in written]
    answer = writing.answer(written)
    ends = [len(writing.answer(written[:count])) for count in range(len(written) + 1)]
    for cut in range(len(answer) + 1):
        found = parsed(answer[:cut], is_complete=False)
        there = sum(end <= cut for end in ends) - 1
        read = {repr(row) for row in values(found)}
        assert set(whole[:there]) <= read <= set(whole)
        if cut not in ends and answer[ends[there] : cut].strip():
            assert found.bad_rows >= 1, "the torn row is counted"


@given(st.binary(max_size=300), st.booleans())
@settings(max_examples=rounds(150, soak=800), deadline=None)
def test_no_bytes_whatever_raise(answer: bytes, is_complete: bool) -> None:
    fields = [Field("a", TIME), Field("b", INTEGER), Field("c", TEXT)]
    parser.parse(answer, fields, is_complete=is_complete)


@given(st.lists(st.sampled_from(['"', ",", "\n", "A", '""', "ANR2034E SELECT\n", "1", "\r"]), max_size=60).map("".join))
@settings(max_examples=rounds(150, soak=800), deadline=None)
def test_good_rows_stand_among_any_litter(litter: str) -> None:
    found = parsed(f"{litter}\nALPHA,fine,Completed\n{litter}".encode())
    assert ("ALPHA", "fine", "Completed") in values(found)


def test_the_csv_module_would_lose_that_row() -> None:
    litter = 'TORN,"never closed'
    rows = list(csv.reader(io.StringIO(f"{litter}\nALPHA,fine,Completed\n{litter}")))
    assert ["ALPHA", "fine", "Completed"] not in rows


EVENT = [Field(column.name, column.type) for column in selects.EVENTS.columns]
ROWS = [
    f'PD,DAILY,NODE{n},2026-11-{n:02} 22:00:00.000000,,2026-11-{n:02} 23:00:00.000000,Completed,4,"Done, mostly."'
    for n in range(1, 10)
]


@given(st.integers(0, 8), st.integers(0, 100), st.integers(0, 100), st.binary(max_size=12))
@settings(max_examples=rounds(100, soak=400), deadline=None)
def test_what_happens_to_one_row_happens_to_no_other(row: int, start: int, length: int, instead: bytes) -> None:
    lines = [line.encode() for line in ROWS]
    lines[row] = lines[row][:start] + instead + lines[row][start + length :]
    found = parser.parse(b"\n".join(lines) + b"\n", EVENT)
    nodes = [node for node in found.table["NODE_NAME"].to_pylist() if node in {f"NODE{n}" for n in range(1, 10)}]
    others = [f"NODE{n}" for n in range(1, 10) if n != row + 1]
    assert set(others) <= set(nodes)
    assert found.table.num_rows + found.bad_rows + len(found.messages) >= 8 + bool(lines[row].strip())


def test_a_long_silence_of_line_feeds_hides_no_row() -> None:
    assert values(parsed(b"\n" * 3_000_000 + b"ALPHA,fine,Completed\n")) == [("ALPHA", "fine", "Completed")]


@pytest.mark.parametrize(
    ("torn", "bad_rows"),
    [
        ("BETA,only two", 1),
        ("BETA,one,two,three", 1),
        ('BETA,"never closed, never', 1),
        ('BETA,"closed" and more, and more,Completed', 1),
        ('BETA,"one, two" three', 1),
        ("\x00\x00\x00", 1),
        ("garbage", 1),
        (",,,,,,,", 1),
        ('"', 1),
    ],
)
def test_a_garbled_row_is_counted_and_leaves_its_neighbours(torn: str, bad_rows: int) -> None:
    found = parsed(f"ALPHA,fine,Completed\n{torn}\nGAMMA,fine,Completed\n".encode())
    assert [row[0] for row in values(found)] == ["ALPHA", "GAMMA"]
    assert found.bad_rows == bad_rows


def test_two_garbled_quotes_do_not_swallow_what_is_between_them() -> None:
    found = parsed(b'A,"torn\nB,fine,Completed\nC,fine,Completed\ntorn",Completed\nD,fine,Completed\n')
    assert [row[0] for row in values(found)] == ["B", "C", "D"]
    assert found.bad_rows == 2


def test_a_value_may_go_on_over_lines() -> None:
    found = parsed(b'A,"first, line\n\nthird ""line""",Failed\nB,fine,Completed\n')
    assert ("A", 'first, line\n\nthird "line"', "Failed") in values(found)
    assert len(values(found)) == 2
    assert found.bad_rows == 0


def test_a_value_does_not_go_on_for_ever() -> None:
    lines = "\n".join(["no row"] * rows.MOST_LINES_OF_A_ROW)
    found = parsed(f'A,"open\n{lines}\nclosed",Completed\nB,fine,Completed\n'.encode())
    assert [row[0] for row in values(found)] == ["B"]
    assert found.bad_rows == rows.MOST_LINES_OF_A_ROW + 2


def test_a_quote_within_a_bare_value_is_text() -> None:
    found = parsed(b'A,issued command: DEFINE X "foo",Completed\nB,"foo" bar,Completed\nC,a 5" disk,Completed\n')
    assert [row[1] for row in values(found)] == ['issued command: DEFINE X "foo"', '"foo" bar', 'a 5" disk']
    assert found.bad_rows == 0


@pytest.mark.parametrize("where", [0, 1, 2])
def test_messages_are_taken_out_wherever_they_stand(where: int) -> None:
    lines = ["ALPHA,fine,Completed", "BETA,fine,Completed"]
    lines.insert(where, "ANS8004W Your password will expire within 3 day(s), please, change it.")
    found = parsed("\n".join(lines).encode())
    assert [row[0] for row in values(found)] == ["ALPHA", "BETA"]
    assert [message.code for message in found.messages] == ["ANS8004W"]
    assert found.bad_rows == 0


def test_a_row_is_not_mistaken_for_a_message() -> None:
    found = parsed(b"ANR2034E,fine,Completed\nANTWERP,ANS8001I Return code 3.,Failed\n")
    assert [row[0] for row in values(found)] == ["ANR2034E", "ANTWERP"]
    assert not found.messages


@pytest.mark.parametrize("said", ["Rückkehrcode", "Ångström", "naïve"])
@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
def test_both_character_sets_are_read(said: str, encoding: str) -> None:
    found = parsed(f"A,{said},Completed\n".encode(encoding))
    assert values(found) == [("A", said, "Completed")]


def test_one_answer_may_mix_character_sets() -> None:
    found = parsed("A,Größe,Completed\n".encode() + "B,Größe,Completed\n".encode("latin-1"))
    assert [row[1] for row in values(found)] == ["Größe", "Größe"]


def test_a_nul_is_seen_and_costs_no_row() -> None:
    assert values(parsed(b"A,x\0y,Completed\n")) == [("A", "x\N{REPLACEMENT CHARACTER}y", "Completed")]


def test_empty_is_null() -> None:
    assert values(parsed(b'A,,""\n')) == [("A", None, None)]


@pytest.mark.parametrize("separator", ["\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\x1c", "\x1e"])
def test_only_a_line_feed_ends_a_line(separator: str) -> None:
    assert values(parsed(f"A,x{separator}y,Completed\n".encode())) == [("A", f"x{separator}y", "Completed")]


def test_a_row_longer_than_a_block_is_read() -> None:
    long = "x" * 3_000_000
    assert values(parsed(f'A,fine,Completed\nB,"{long},",Failed\n'.encode())) == [
        ("A", "fine", "Completed"),
        ("B", long + ",", "Failed"),
    ]


def test_an_answer_of_nothing_but_litter_ends_soon() -> None:
    began = time.process_time()
    found = parsed(b'A,"\n"",""\n' * 100_000)
    assert time.process_time() - began < 10
    assert found.bad_rows + found.table.num_rows > 0


def test_nothing_is_no_row() -> None:
    for answer in (b"", b"\n", b"\r\n\n", b"   \n"):
        assert parsed(answer).table.num_rows == 0
        assert parsed(answer).bad_rows == 0


def test_the_quick_way_and_the_careful_way_agree() -> None:
    text = writing.answer([("A", 'a "b", c', "X"), ("B", None, "Y"), ("C", "plain", "Z")])
    quick = rows.read_plain(text, ["a", "b", "c"])
    assert quick is not None
    assert quick.table.to_pylist() == parser.rows.read(parser.lines.split(text)[0], ["a", "b", "c"]).table.to_pylist()
