"""A filter, evaluated row by row in plain Python: the same language told a second time, slowly.

Values come from tables of words whose meaning is written beside them, so that nothing here reads a value.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from operator import eq, ge, gt, le, lt
from typing import Any

from hypothesis import strategies as st

from cloutui.model.filter.tree import AllOf, AnyOf, Compare, Node, Not, Op, Pattern, Range, Text, Word
from cloutui.model.status import Status
from cloutui.model.table import Column, Kind
from tests.model.filter.trees import nested

NOW = datetime(2026, 11, 22, 12, 0)  # noqa: DTZ001 - the cache's moments are UTC without a zone
TODAY = date(2026, 11, 22)

Row = Mapping[str, Any]

COLUMNS = (
    Column(name="status", kind=Kind.STATUS),
    Column(name="node", kind=Kind.TEXT),
    Column(name="unit", kind=Kind.TEXT),
    Column(name="stored", kind=Kind.BYTES),
    Column(name="files", kind=Kind.COUNT),
    Column(name="db", kind=Kind.PERCENT),
    Column(name="took", kind=Kind.DURATION),
    Column(name="start", kind=Kind.TIME),
    Column(name="collected", kind=Kind.AGE),
    Column(name="day", kind=Kind.DAY),
)
TYPES = {
    Kind.STATUS: "UTINYINT",
    Kind.TEXT: "VARCHAR",
    Kind.BYTES: "BIGINT",
    Kind.COUNT: "INTEGER",
    Kind.PERCENT: "DOUBLE",
    Kind.DURATION: "BIGINT",
    Kind.TIME: "TIMESTAMP",
    Kind.AGE: "TIMESTAMP",
    Kind.DAY: "DATE",
}

TEXTS = (
    "ACME-SQL01",
    "acme-sql02",
    "Fjord Retail",
    "a%b",
    "a_b",
    "a*b",
    "it's",
    'say "so"',
    "\\\\srv\\e$",
    "ÅRHUS",
    "",
)
WORDS = ("sql", "ACME", "acme-sql0?", "*sql*", "a*b", "%", "_", "a_b", "'", '"', "\\", "år*", "Fjord Retail", "*", "?")
PATTERNS = ("^acme", "sql0[12]$", "a.b", "r.t", "^$", "[%_]")

_DAY = timedelta(days=1)
DATES = {"2026-11-21": datetime(2026, 11, 20, 23), "today": datetime(2026, 11, 21, 23)}  # noqa: DTZ001
"""Midnight in Copenhagen, in UTC."""
AGES = {"2h": timedelta(hours=2), "1d": _DAY, "1d12h": 1.5 * _DAY, "1w": 7 * _DAY}
MEANINGS: Mapping[Kind, Mapping[str, Any]] = {
    Kind.STATUS: {status.key: int(status) for status in Status} | {"failed": 9},
    Kind.BYTES: {"0": 0, "1k": 1024, "1KB": 1000, "1.5KiB": 1536, "1M": 2**20, "2MB": 2_000_000},
    Kind.COUNT: {"0": 0, "4": 4, "12": 12, "1.5k": 1500, "-3": -3},
    Kind.PERCENT: {"0%": 0.0, "50": 50.0, "99.5%": 99.5},
    Kind.DURATION: {"0s": 0, "90s": 90, "1h": 3600, "1h30m": 5400},
    Kind.DAY: {"2026-11-21": date(2026, 11, 21), "today": TODAY},
}
SPANS = {Kind.TIME: DATES, Kind.AGE: DATES}
AGED = {Kind.TIME: NOW, Kind.AGE: NOW, Kind.DAY: datetime(2026, 11, 22)}  # noqa: DTZ001

_COMPARED: Mapping[Op, Callable[[Any, Any], bool]] = {
    Op.IS: eq,
    Op.EQUAL: eq,
    Op.ABOVE: gt,
    Op.FROM: ge,
    Op.BELOW: lt,
    Op.UNTIL: le,
}
_KINDS = {column.name: column.kind for column in COLUMNS}
_TEXT_NAMES = [name for name, kind in _KINDS.items() if kind is Kind.TEXT]


def holds(node: Node, row: Row) -> bool:
    match node:
        case AllOf(parts):
            return all(holds(part, row) for part in parts)
        case AnyOf(parts):
            return any(holds(part, row) for part in parts)
        case Not(part):
            return not holds(part, row)
        case Word(word):
            return any(_has_text(row[name], Op.IS, word) for name in _TEXT_NAMES)
        case Pattern(pattern):
            texts = [row[name] for name in _TEXT_NAMES if row[name] is not None]
            return any(re.search(pattern, text, re.IGNORECASE) for text in texts)
        case Compare(name, op, values):
            is_opposite = op is Op.UNEQUAL
            found = any(_is(_KINDS[name], row[name], Op.EQUAL if is_opposite else op, value) for value in values)
            return found is not is_opposite
    raise AssertionError(node)


def _is(kind: Kind, held: Any, op: Op, value: Text | Range) -> bool:
    if isinstance(value, Range):
        ends = ((Op.FROM, value.least), (Op.UNTIL, value.greatest))
        return all(_is(kind, held, bound, end) for bound, end in ends if end is not None)
    if kind is Kind.TEXT:
        return _has_text(held, op, value)
    if value.text == "":
        return held is None
    if held is None:
        return False
    if kind in AGED and value.text in AGES:
        born = held if isinstance(held, datetime) else datetime(held.year, held.month, held.day)  # noqa: DTZ001
        return _COMPARED[op](AGED[kind] - born, AGES[value.text])
    if kind in SPANS:
        begin = SPANS[kind][value.text]
        # Before the span, in it, or behind it.
        return _COMPARED[op](0 if begin <= held < begin + _DAY else -1 if held < begin else 1, 0)
    return _COMPARED[op](held, MEANINGS[kind][value.text])


def _has_text(held: str | None, op: Op, word: Text) -> bool:
    if word.text == "":
        return not held
    if held is None:
        return False
    if word.has_wildcards:
        return _matches(held.lower(), word.text.lower())
    if op is Op.EQUAL:
        return held.lower() == word.text.lower()
    return word.text.lower() in held.lower()


def _matches(text: str, wild: str) -> bool:
    if not wild:
        return not text
    if wild[0] == "*":
        return any(_matches(text[start:], wild[1:]) for start in range(len(text) + 1))
    return bool(text) and wild[0] in {"?", text[0]} and _matches(text[1:], wild[1:])


# What cannot stand without quotes is quoted.
_words = st.builds(
    lambda word, is_quoted: Text(word, is_quoted or (not word.isalnum() and not {"*", "?", "0"} & set(word))),
    st.sampled_from(WORDS),
    st.booleans(),
)


def _compares(column: Column) -> st.SearchStrategy[Node]:
    known = list(MEANINGS.get(column.kind, {}) | SPANS.get(column.kind, {}))
    equals = st.sampled_from([Op.IS, Op.EQUAL, Op.UNEQUAL])
    if column.kind is Kind.TEXT:
        word = _words | st.just(Text("", is_quoted=True))
        return st.builds(Compare, st.just(column.name), equals, st.lists(word, min_size=1, max_size=3).map(tuple))
    value = st.sampled_from(known).map(Text)
    ranges = st.lists(st.sampled_from(known), min_size=2, max_size=2).map(lambda ends: _range(column.kind, ends))
    choices = st.lists(value | st.just(Text("", is_quoted=True)) | ranges, min_size=1, max_size=3).map(tuple)
    orders = st.sampled_from([op for op in Op if op.is_order])
    ordered = value | st.sampled_from(list(AGES)).map(Text) if column.kind in AGED else value
    return st.one_of(
        st.builds(Compare, st.just(column.name), equals, choices),
        st.builds(Compare, st.just(column.name), orders, st.tuples(ordered)),
    )


def _range(kind: Kind, ends: list[str]) -> Range:
    meanings = MEANINGS.get(kind, {}) | SPANS.get(kind, {})
    least, greatest = sorted(ends, key=lambda word: meanings[word])
    return Range(Text(least), Text(greatest) if least != greatest else None)


_leaves: st.SearchStrategy[Node] = st.one_of(
    _words.map(Word),
    st.sampled_from(PATTERNS).map(Pattern),
    *map(_compares, COLUMNS),
)
nodes = st.recursive(_leaves, nested, max_leaves=6)
"""Conditions on `COLUMNS` that mean something."""
