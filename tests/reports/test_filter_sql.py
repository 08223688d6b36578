"""A filter as SQL: it lets through what the language says, and no text can make it let through anything else."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import duckdb
import pytest
from hypothesis import given, settings

from cloutui.model.filter.grammar import parse
from cloutui.model.filter.problem import BadFilter
from cloutui.model.filter.rendering import render
from cloutui.model.filter.tree import Filter, Node, Sort
from cloutui.model.filter.values import Clock
from cloutui.model.status import Status
from cloutui.model.table import Column, Kind
from cloutui.reports.filter_sql import Condition, condition, order
from tests.reports import naive_filter as naive
from tests.rounds import rounds

CLOCK = Clock(now=naive.NOW.replace(tzinfo=UTC), today=naive.TODAY, zone=ZoneInfo("Europe/Copenhagen"))


def _value(dice: random.Random, kind: Kind) -> object:
    match kind:
        case Kind.TEXT:
            return dice.choice(naive.TEXTS)
        case Kind.TIME | Kind.AGE:
            edges = [*naive.DATES.values(), *(naive.NOW - age for age in naive.AGES.values())]
            return dice.choice(edges) + timedelta(microseconds=dice.choice((-1, 0, 1, 10**9)))
        case Kind.DAY:
            return naive.TODAY - timedelta(days=dice.randrange(10))
    return dice.choice(list(naive.MEANINGS[kind].values())) + dice.choice((0, 0, 1 if kind is not Kind.STATUS else 0))


def _rows() -> list[naive.Row]:
    dice = random.Random(7)
    names = [(column.name, column.kind) for column in naive.COLUMNS]
    return [{name: None if dice.random() < 0.15 else _value(dice, kind) for name, kind in names} for _ in range(400)]


ROWS = _rows()


@pytest.fixture(scope="module")
def table() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(":memory:", config={"threads": 1}) as con:
        typed = ", ".join(f"{column.name} {naive.TYPES[column.kind]}" for column in naive.COLUMNS)
        con.execute(f"CREATE TABLE report (n INTEGER, {typed})")
        marks = ", ".join("?" * (len(naive.COLUMNS) + 1))
        con.executemany(f"INSERT INTO report VALUES ({marks})", [[n, *row.values()] for n, row in enumerate(ROWS)])
        yield con


def found(con: duckdb.DuckDBPyConnection, asked: Condition) -> list[int]:
    rows = con.execute(f"SELECT n FROM report WHERE {asked.text} ORDER BY n", asked.values).fetchall()
    return [n for (n,) in rows]


@given(node=naive.nodes)
@settings(max_examples=rounds(50, soak=2000), deadline=None)
def test_the_sql_lets_through_what_the_language_says(table: duckdb.DuckDBPyConnection, node: Node) -> None:
    expected = [n for n, row in enumerate(ROWS) if naive.holds(node, row)]
    assert found(table, condition(node, naive.COLUMNS, CLOCK)) == expected
    written = parse(render(Filter(condition=node))).condition
    assert found(table, condition(written, naive.COLUMNS, CLOCK)) == expected


EXAMPLES: list[tuple[str, Callable[[naive.Row], bool]]] = [
    ("status:warning..", lambda row: row["status"] is not None and row["status"] >= Status.WARNING),
    ("status>=warning", lambda row: row["status"] is not None and row["status"] >= Status.WARNING),
    ("status:failed|missed", lambda row: row["status"] in {8, 9}),
    ("-status:failed", lambda row: row["status"] != 9),
    ("status!=failed", lambda row: row["status"] != 9),
    ("stored>1KB", lambda row: (row["stored"] or 0) > 1000),
    ("-stored>1KB", lambda row: (row["stored"] or 0) <= 1000),
    ('stored:""', lambda row: row["stored"] is None),
    ('-stored:""', lambda row: row["stored"] is not None),
    ("node:acme*", lambda row: (row["node"] or "").lower().startswith("acme")),
    ('node:"*"', lambda row: "*" in (row["node"] or "")),
    ("node=a_b", lambda row: row["node"] == "a_b"),
    ("node:_", lambda row: "_" in (row["node"] or "")),
    ('unit:"FJORD retail"', lambda row: row["unit"] == "Fjord Retail"),
    ("collected<1d", lambda row: row["collected"] is not None and naive.NOW - row["collected"] < timedelta(days=1)),
    ("age>=1d", lambda row: row["collected"] is not None and naive.NOW - row["collected"] >= timedelta(days=1)),
    ("db>=99.5%", lambda row: (row["db"] or 0) >= 99.5),
    ("took:1h..", lambda row: (row["took"] or 0) >= 3600),
]


@pytest.mark.parametrize(("text", "holds"), EXAMPLES)
def test_examples(table: duckdb.DuckDBPyConnection, text: str, holds: Callable[[naive.Row], bool]) -> None:
    expected = [n for n, row in enumerate(ROWS) if holds(row)]
    assert 0 < len(expected) < len(ROWS)
    assert found(table, condition(parse(text).condition, naive.COLUMNS, CLOCK)) == expected


REFUSED = [
    ("node>a", "node>a"),
    ("node:a..b", "node:a..b"),
    ("tag:vip", "tag"),
    ("sql OR -(tag:vip)", "tag"),
    ("status:bad", "bad"),
    ("stored>10XB", "10XB"),
    ("stored:1G..2X", "2X"),
    ("stored:2G..1G", "2G..1G"),
    ("status:error..ok", "error..ok"),
    ("collected:2d..1d", "2d..1d"),
    ("start:2d..today", "2d..today"),
    ("collected:2d", "collected:2d"),
    ("collected!=2d", "collected!=2d"),
    ('stored>""', '""'),
    ("/a(/", "/a(/"),
    (r"x /(a)\1/", r"/(a)\1/"),
    ("/(?<=a)b/", "/(?<=a)b/"),
    ("/(a{1000}){1000}/", "/(a{1000}){1000}/"),
]


@pytest.mark.parametrize(("text", "place"), REFUSED)
def test_what_the_report_does_not_have_is_refused_with_the_place(text: str, place: str) -> None:
    with pytest.raises(BadFilter) as caught:
        condition(parse(text).condition, naive.COLUMNS, CLOCK)
    assert text[slice(*caught.value.at)] == place
    assert caught.value.hint.endswith(".")


def test_a_field_of_several_columns_takes_the_first_that_is_known() -> None:
    columns = [Column(name=name, kind=Kind.TIME) for name in ("scheduled_start", "start")]
    asked = condition(parse("age<1d").condition, columns, CLOCK)
    sql = f"""
        SELECT n FROM (VALUES (1, NULL, TIMESTAMP '2026-11-22 01:00'), (2, TIMESTAMP '2026-11-20 01:00', now()),
                              (3, NULL, NULL)) AS report (n, start, scheduled_start) WHERE {asked.text}
    """
    assert duckdb.execute(sql, asked.values).fetchall() == [(1,)]


def test_a_report_without_text_has_no_row_with_a_word() -> None:
    columns = [Column(name="files", kind=Kind.COUNT)]
    assert condition(parse("sql").condition, columns, CLOCK).text == "(FALSE)"
    assert condition(None, columns, CLOCK).text == "TRUE"


@pytest.mark.parametrize(
    ("sorts", "text"),
    [
        ((), ""),
        ((Sort("node"),), '"node" ASC NULLS LAST'),
        ((Sort("bytes", True), Sort("name")), '"stored" DESC NULLS LAST, "node" ASC NULLS LAST'),
        # The greatest age is the earliest moment.
        ((Sort("collected", True),), '"collected" ASC NULLS LAST'),
        ((Sort("collected"),), '"collected" DESC NULLS LAST'),
        ((Sort("start", True),), '"start" DESC NULLS LAST'),
    ],
)
def test_an_order(sorts: Sequence[Sort], text: str) -> None:
    assert order(sorts, naive.COLUMNS) == text


# Injection: security test T4.

HOSTILE = (
    "' OR 1=1--", "'; DROP TABLE report; --", "%", "_", "\x00", "' UNION SELECT * FROM ADMINS --",
    "FETCH FIRST 1 ROWS", "\" OR \"\"=\"", "\\' OR 1=1 --", "') OR ('1'='1", "$filter_0", "?", ":node", "${now}",
    "; ATTACH 'x' AS y", "*/ OR /*", "'||(SELECT node FROM report)||'", "1) OR (1=1", "NULL", "TRUE", "\\", "''",
    "$$", "E'\\x27'", "\u02bc OR 1=1", "-- \n", "' OR contains(lower(node), '", "read_text('x')", "x' ESCAPE '",
    "[", "(?i)", "\\E", "\\Q", "{1}", "^", "$", "\u2028",
)  # fmt: skip
FRAMES = ("{}", "a{}", "{}b", "a{}b", "{} ", " {}", "{0}{0}", "'{}'", "({})", "{}--", "*{}")
FORMS: tuple[tuple[str, Callable[[str, str], bool]], ...] = (
    ("node:{}", lambda held, text: text.lower() in held.lower()),
    ("node={}", lambda held, text: text.lower() == held.lower()),
    ("node!={}", lambda held, text: text.lower() != held.lower()),
    ("-node:{}", lambda held, text: text.lower() not in held.lower()),
    ("{}", lambda held, text: text.lower() in held.lower()),
    ("node={}|{}", lambda held, text: text.lower() == held.lower()),
    ("(node={} OR status:warning)", lambda held, text: text.lower() == held.lower()),
    ("unit={}", lambda _held, _text: False),
)
PAYLOADS = sorted({frame.format(text) for frame, text in product(FRAMES, HOSTILE)})
HELD = (*HOSTILE, "ACME-SQL01", "a", "b", "filter_0")
"""What the table holds: a payload may be a true name too, and is then found."""


ONLY_OURS = re.compile(
    r"""(?:"(?:status|node|unit|stored|files)"|\$filter_\d+|lower|contains|regexp_matches|regexp_full_match|''|"""
    r"""AND|OR|IS NOT TRUE|IS NULL|TRUE|FALSE|[(),]|[=<>]=?| )+"""
)
"""What may stand in a condition's text."""


def quoted(text: str) -> str:
    doubled = text.replace('"', '""')
    return f'"{doubled}"'


@pytest.fixture
def held() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(":memory:", config={"threads": 1}) as con:
        typed = ", ".join(f"{column.name} {naive.TYPES[column.kind]}" for column in naive.COLUMNS)
        con.execute(f"CREATE TABLE report (n INTEGER, {typed})")
        con.executemany("INSERT INTO report (n, node) VALUES (?, ?)", [[n, text] for n, text in enumerate(HELD)])
        yield con


def leaks(
    con: duckdb.DuckDBPyConnection, made: Callable[[str, str], Condition], cases: Sequence[tuple[str, int]]
) -> int:
    """How many of the cases find rows that they should not, or break the statement."""
    wrong = 0
    for payload, number in cases:
        form, holds = FORMS[number]
        expected = [n for n, text in enumerate(HELD) if holds(text, payload)]
        try:
            wrong += found(con, made(form.replace("{}", quoted(payload)), payload)) != expected
        except duckdb.Error:
            wrong += 1
    return wrong


def test_no_text_finds_a_row_that_it_does_not_name(held: duckdb.DuckDBPyConnection) -> None:
    every = rounds(40, soak=1)
    cases = list(product(PAYLOADS, range(len(FORMS))))[::every]
    unquoted = [
        (text, where) for text in PAYLOADS for where in ("{}", "node:{}", "status:{}", "stored>{}", "{}:a", "/{}/")
    ][:: rounds(7, soak=1)]
    assert every * len(cases) >= 3000

    def bound(text: str, _payload: str) -> Condition:
        return condition(parse(text).condition, naive.COLUMNS, CLOCK)

    assert leaks(held, bound, cases) == 0
    for payload, where in unquoted:
        try:
            asked = condition(parse(where.replace("{}", payload)).condition, naive.COLUMNS, CLOCK)
        except BadFilter:
            continue
        assert set(found(held, asked)) <= set(range(len(HELD)))
        assert ONLY_OURS.fullmatch(asked.text)
    assert held.execute("SELECT count(*) FROM report").fetchall() == [(len(HELD),)]


def test_the_injection_list_would_find_a_filter_that_writes_values_into_its_text(
    held: duckdb.DuckDBPyConnection,
) -> None:
    """The control: with the value in the text, many of the same cases go wrong."""

    def spliced(_text: str, payload: str) -> Condition:
        return replace(Condition(), text=f"lower(node) = lower('{payload}')")

    harmless = [(payload, 1) for payload in PAYLOADS if "DROP" not in payload and "ATTACH" not in payload]
    assert leaks(held, spliced, harmless) > 100


# Time.


def seconds(work: Callable[[], object], *, rounds: int = 5) -> float:
    def once() -> float:
        began = time.process_time()
        work()
        return time.process_time() - began

    return min(once() for _ in range(rounds))


@pytest.mark.parametrize("text", ["node:*a*a*a*a*a*a*b", "*a*a*a*a*b", "/(a*)*b/", "/(a|aa)+$/", "/(a?){30}a{30}b/"])
def test_no_pattern_takes_more_than_linear_time(text: str) -> None:
    with duckdb.connect(":memory:", config={"threads": 1}) as con:
        con.execute("CREATE TABLE report AS SELECT n, repeat('a', 64) AS node FROM range(2000) AS r (n)")
        asked = condition(parse(text).condition, [Column(name="node", kind=Kind.TEXT)], CLOCK)
        assert seconds(lambda: found(con, asked), rounds=2) < 0.5


def test_like_would_take_more_than_linear_time() -> None:
    """The control: the same wildcards over a hundredth of the rows."""
    with duckdb.connect(":memory:", config={"threads": 1}) as con:
        con.execute("CREATE TABLE report AS SELECT n, repeat('a', 64) AS node FROM range(20) AS r (n)")
        ours = condition(parse("node:*a*a*a*a*b").condition, [Column(name="node", kind=Kind.TEXT)], CLOCK)
        like = Condition(r"node LIKE $p ESCAPE '\'", {"p": "%a%a%a%a%b"})
        assert seconds(lambda: found(con, like), rounds=1) > 5 * seconds(lambda: found(con, ours))


def test_a_hundred_thousand_rows_are_filtered_at_once() -> None:
    with duckdb.connect(":memory:", config={"threads": 2}) as con:
        con.execute("""
            CREATE TABLE report AS
            SELECT n::INTEGER AS n, (n % 10)::UTINYINT AS status, 'ACME-SQL' || (n % 5000) AS node,
                   'Fjord Retail ' || (n % 50) AS unit, n * 977 % 100000 * 10000 AS stored
            FROM range(100000) AS r (n)
        """)
        asked = condition(parse("status:warning.. -unit:north stored>100MB sql4").condition, naive.COLUMNS, CLOCK)
        assert 0 < len(found(con, asked)) < 100_000
        assert seconds(lambda: found(con, asked), rounds=10) < 0.25  # of both threads; the benchmarks measure it
