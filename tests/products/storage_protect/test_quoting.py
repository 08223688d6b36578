"""Nothing that a value holds can end a command, begin another, redirect it or send it elsewhere."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cloutui.errors import Invalid
from cloutui.products.storage_protect.quoting import MOST_BYTES, As, argument, one_command
from tests.rounds import rounds

# What people have tried, or would.
HOSTILE = [
    "X\nDELETE FILESPACE * *",
    "X\rDELETE FILESPACE * *",
    "X\u2028DELETE FILESPACE * *",
    "X\x85DELETE FILESPACE * *",
    "X\x00",
    "X\x1b[2J",
    "X -",
    "X \\",
    "X-",
    "X > /etc/cron.d/x",
    "X >> f",
    "X>f",
    "X | sh",
    "X\" TYPE=ANY 'Y",
    "",
    "   ",
    "x" * 5000,
    "\ud800",
    "\u202etxt",
    "X\t",
]
HOSTILE_NAMES = [
    *HOSTILE,
    "X; DELETE NODE Y",
    'X" TYPE=ANY "',
    "X' OR '1'='1",
    "MACRO /tmp/x",
    "RUN script",
    "SRV2:DELETE NODE Y",
    "(SRV1,SRV2) DELETE NODE Y",
    "!sh",
    "/* */",
    "-SE=other",
    "-OUTF=/tmp/x",
    "-x",
    "*",
    "NODE*",
    "NODE?",
    "A,B",
    "A=B",
    "A B",
    "NODE\u00c4",
    "\uff21",
    "x" * 65,
]


@pytest.mark.parametrize("value", HOSTILE_NAMES)
def test_no_hostile_name_passes(value: str) -> None:
    with pytest.raises(Invalid):
        argument(value, As.NAME)


@pytest.mark.parametrize("as_", [As.TEXT, As.LITERAL])
@pytest.mark.parametrize("value", [*HOSTILE, *["X\\" * (1 + n) for n in range(2)]])
def test_no_hostile_text_passes(value: str, as_: As) -> None:
    if as_ is As.LITERAL and value in {"X -", "X-"}:
        # Inside a literal's quotes and a SELECT's brackets the hyphen is not at the end of the line.
        assert argument(value, as_) == f"'{value}'"
        return
    with pytest.raises(Invalid):
        argument(value, as_)


@pytest.mark.parametrize("value", ["NODE1", "db.prod-1", "A", "@7", "SQL&ARCHIVE+1", "n_1", "x" * 64])
def test_real_names_pass_unchanged(value: str) -> None:
    assert argument(value, As.NAME) == value


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("Nightly backup", '"Nightly backup"'),
        ("Bob's machine", '"Bob\'s machine"'),
        ('the "big" one', "'the \"big\" one'"),
        ("Größe: 7 %; 50 * 2?", '"Größe: 7 %; 50 * 2?"'),
    ],
)
def test_real_texts_are_put_in_the_quotes_they_do_not_hold(value: str, written: str) -> None:
    assert argument(value, As.TEXT) == written


def words(command: str) -> list[str]:
    """The words of a command as dsmadmc splits them: blanks outside quotes; a quote ends at its like."""
    found = re.findall(r"""\s*((?:[^\s"']|"[^"]*"|'[^']*')+)""", command)
    assert "".join(found).replace(" ", "") == command.replace(" ", ""), "a quote was left open"
    return found


anything = st.text(max_size=80) | st.text("AB'\"-\\>|\n ;:()=*", max_size=12)


def is_one_word(quote: Callable[[str], str], value: str) -> bool:
    """Whether the value becomes exactly one word of a one-line command that says the value back."""
    try:
        word = quote(value)
    except Invalid:
        return True
    command = f"UPDATE NODE N1 CONTACT={word} LOCATION=here"
    if len(command.splitlines()) != 1:
        return False
    try:
        split = words(command)
    except AssertionError:
        return False
    bare = word[1:-1] if word[0] in "\"'" else word
    return len(split) == 5 and split[3] == f"CONTACT={word}" and bare == value and not set(">|") & set(word)


@given(anything)
@settings(max_examples=rounds(400, soak=3000), deadline=None)
def test_a_text_is_one_word_or_refused(value: str) -> None:
    assert is_one_word(lambda text: argument(text, As.TEXT), value)


@given(anything)
@settings(max_examples=rounds(400, soak=3000), deadline=None)
def test_a_name_is_one_word_or_refused(value: str) -> None:
    assert is_one_word(lambda text: argument(text, As.NAME), value)


def test_the_property_finds_a_careless_quoting() -> None:
    hostile = ["a b", 'x" TYPE=ANY "', "x\ny"]
    assert not all(is_one_word(lambda text: text, value) for value in hostile)
    assert not all(is_one_word(lambda text: f'"{text}"', value) for value in hostile)


ADMINS = sqlite3.connect(":memory:")
ADMINS.executescript("CREATE TABLE nodes (name TEXT); INSERT INTO nodes VALUES ('ALPHA'), ('BETA');")


@given(anything | st.sampled_from(["' OR 1=1--", "'; DROP TABLE nodes", "%", "_", "' UNION SELECT * FROM nodes--"]))
@example("O'Brien")
@settings(max_examples=rounds(400, soak=3000), deadline=None)
def test_a_literal_is_the_same_string_to_a_database(value: str) -> None:
    try:
        literal = argument(value, As.LITERAL)
    except Invalid:
        return
    assert ADMINS.execute(f"SELECT {literal}").fetchall() == [(value,)]
    assert not ADMINS.execute(f"SELECT name FROM nodes WHERE name = {literal}").fetchall()


@pytest.mark.parametrize(
    "line",
    [
        "",
        "QUERY NODE\nDELETE NODE X",
        "QUERY NODE -",
        "QUERY NODE \\",
        "QUERY NODE > /tmp/x",
        "QUERY NODE >>/tmp/x",
        "QUERY NODE>/tmp/x",
        "QUERY NODE | sh",
        "SRV2: DELETE NODE Y",
        "SRV2:DELETE NODE Y",
        "(SRV1,SRV2) DELETE NODE Y",
        ' ("A") DELETE NODE Y',
        "UPDATE NODE X CONTACT='Bob",
        'UPDATE NODE X CONTACT="Bob',
        "SELECT A FROM B WHERE A > 5",
        "SELECT '" + "x" * MOST_BYTES + "' FROM B",
    ],
)
def test_what_is_not_one_command_is_not_sent(line: str) -> None:
    with pytest.raises(Invalid):
        one_command(line)


@pytest.mark.parametrize(
    "line",
    [
        "QUERY NODE X",
        "SELECT A FROM B WHERE A>='2026-01-01 00:00:00' AND A<'x'",
        "SELECT A||B FROM C",
        "SELECT 'it''s: > | -' FROM C",
        'UPDATE NODE X CONTACT="Bob\'s"',
    ],
)
def test_one_command_passes_unchanged(line: str) -> None:
    assert one_command(line) == line


@pytest.mark.parametrize("as_", list(As))
def test_the_refusal_names_what_and_why(as_: As) -> None:
    with pytest.raises(Invalid, match=r"The node .* cannot be sent: it holds a line end"):
        argument("X\nY", as_, what="node")
