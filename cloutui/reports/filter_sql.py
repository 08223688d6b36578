"""A filter as SQL over a report's columns. Only names of columns and fixed words are in the text: values are bound.

Unknown values: a condition on one does not hold, and so its opposite does. `NOT` is written `IS NOT TRUE`.

Patterns and wildcards go to RE2, which takes linear time. Not to LIKE: with ESCAPE, DuckDB's takes time in the power of
the number of `%` (seconds for four of them over 2,000 rows), and the pattern is anybody's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import assert_never

from cloutui.model.filter.fields import NODE_ID, Field, find_field, flag_of, is_flag, is_tag, text_names, without_flag
from cloutui.model.filter.problem import BadFilter, Place
from cloutui.model.filter.tree import (
    AllOf,
    AnyOf,
    Compare,
    Node,
    Not,
    Op,
    Pattern,
    Range,
    Saved,
    Sort,
    Text,
    Value,
    Word,
)
from cloutui.model.filter.values import Age, Clock, Reading, Span, read
from cloutui.model.table import Column, Kind

_REVERSED = {Op.ABOVE: "<", Op.FROM: "<=", Op.BELOW: ">", Op.UNTIL: ">="}
"""The older, the earlier."""


@dataclass(frozen=True, slots=True)
class Condition:
    """Text for a WHERE, and the values that it names."""

    text: str = "TRUE"
    values: dict[str, object] = field(default_factory=dict)


def condition(node: Node | None, columns: Sequence[Column], clock: Clock) -> Condition:
    """What a filter asks of the rows of a report with these columns. Raises: BadFilter."""
    if node is None:
        return Condition()
    writer = _Writer(columns, clock)
    return Condition(writer.written(node), writer.values)


def order(sorts: Iterable[Sort], columns: Sequence[Column]) -> str:
    """Text for an ORDER BY; empty when nothing is asked. Unknown values come last either way. Raises: BadFilter."""
    keys = []
    for sort in sorts:
        found = find_field(sort.name, columns, sort.at)
        # A great age is an early moment.
        is_descending = sort.is_descending is not (found.kind is Kind.AGE)
        keys.append(f"{_expression(found)} {'DESC' if is_descending else 'ASC'} NULLS LAST")
    return ", ".join(keys)


class _Writer:
    """Writes one condition, and keeps its values under the names that stand in the text."""

    def __init__(self, columns: Sequence[Column], clock: Clock) -> None:
        self._columns = columns
        self._clock = clock
        self.values: dict[str, object] = {}

    def written(self, node: Node) -> str:
        match node:
            case AllOf(parts):
                return _joined(" AND ", map(self.written, parts))
            case AnyOf(parts):
                return _joined(" OR ", map(self.written, parts))
            case Not(part):
                return f"({self.written(part)} IS NOT TRUE)"
            case Word(word):
                if (flag := flag_of(word, self._columns)) is not None:
                    return self._compare(flag)
                return _joined(" OR ", (self._has_text(name, Op.IS, word) for name in self._text_columns()))
            case Pattern():
                return self._pattern(node)
            case Compare():
                return self._compare(node)
            case Saved(name):
                raise AssertionError(f"@{name} is still a name: the runner writes saved filters out")
        assert_never(node)

    def _text_columns(self) -> list[str]:
        return [_quoted(name) for name in text_names(self._columns)]

    def _pattern(self, node: Pattern) -> str:
        complaint = _complaint(node.pattern)
        if complaint:
            hint = "Patterns are RE2's, without look-around and back-references."
            raise BadFilter(f"The pattern cannot be read: {complaint}.", hint=hint, at=node.at)
        bound = self._bind(f"(?i){node.pattern}")
        return _joined(" OR ", (f"regexp_matches({name}, {bound})" for name in self._text_columns()))

    def _compare(self, node: Compare) -> str:
        if is_flag(node.name, self._columns):
            return self.written(without_flag(node))
        if is_tag(node.name, self._columns):
            return self._tagged(node)
        found = find_field(node.name, self._columns, node.at)
        one = self._of_text if found.kind is Kind.TEXT else self._of_order
        op = Op.EQUAL if node.op is Op.UNEQUAL else node.op
        any_of_them = _joined(" OR ", (one(node, found, op, value) for value in node.values))
        return f"({any_of_them} IS NOT TRUE)" if node.op is Op.UNEQUAL else any_of_them

    def _tagged(self, node: Compare) -> str:
        """Of a node that has one of the tags: a tag is a word as a whole, `:` means the same as `=`."""
        texts = [value for value in node.values if isinstance(value, Text)]
        if node.op.is_order or len(texts) < len(node.values):
            raise BadFilter("Tags have no order.", hint=f"Write {node.name}:vip or {node.name}:vip|test.", at=node.at)
        has = _joined(" OR ", map(self._has_tag, texts))
        return f"({has} IS NOT TRUE)" if node.op is Op.UNEQUAL else has

    def _has_tag(self, value: Text) -> str:
        if not value.text:
            return f"({NODE_ID} NOT IN (SELECT node_id FROM scoped_node_tag))"
        word = self._has_text("tag", Op.EQUAL, value)
        return f"({NODE_ID} IN (SELECT node_id FROM scoped_node_tag WHERE {word}))"

    def _of_text(self, node: Compare, found: Field, op: Op, value: Value) -> str:
        if op.is_order or isinstance(value, Range):
            hint = f"Use {node.name}: or {node.name}= with * and ?; quote what has .. in it."
            raise BadFilter(f"“{node.name}” is text and has no order.", hint=hint, at=_place(node, value))
        return self._has_text(_expression(found), op, value)

    def _has_text(self, expression: str, op: Op, value: Text) -> str:
        if not value.text:
            return f"({expression} IS NULL OR {expression} = '')"
        if value.has_wildcards:
            return f"regexp_full_match({expression}, {self._bind(_whole(value.text))})"
        bound = self._bind(value.text)
        if op is Op.EQUAL:
            return f"lower({expression}) = lower({bound})"
        return f"contains(lower({expression}), lower({bound}))"

    def _of_order(self, node: Compare, found: Field, op: Op, value: Value) -> str:
        expression = _expression(found)
        if isinstance(value, Range):
            return self._within(node, found, value)
        if not value.text and not op.is_order:
            return f"({expression} IS NULL)"
        reading = read(found.kind, value, self._clock)
        if isinstance(reading, Age) and not op.is_order:
            hint = f"Write {node.name}<{value.text} or {node.name}>{value.text}."
            raise BadFilter(f"“{node.name}” is never exactly {value.text} old.", hint=hint, at=_place(node, value))
        return self._bounded(expression, op, reading)

    def _within(self, node: Compare, found: Field, value: Range) -> str:
        least = None if value.least is None else read(found.kind, value.least, self._clock)
        greatest = None if value.greatest is None else read(found.kind, value.greatest, self._clock)
        if least is not None and greatest is not None:
            _refuse_disorder(least, greatest, value.at)
        bounds = ((Op.FROM, least), (Op.UNTIL, greatest))
        expression = _expression(found)
        return _joined(" AND ", (self._bounded(expression, op, end) for op, end in bounds if end is not None))

    def _bounded(self, expression: str, op: Op, reading: Reading) -> str:
        match reading:
            case Age(moment):
                return f"{expression} {_REVERSED[op]} {self._bind(moment)}"
            case Span(least, None):
                return f"{expression} {'=' if op is Op.IS else op} {self._bind(least)}"
            case Span(least, beyond):
                match op:
                    case Op.FROM | Op.BELOW:
                        return f"{expression} {op} {self._bind(least)}"
                    case Op.ABOVE:
                        return f"{expression} >= {self._bind(beyond)}"
                    case Op.UNTIL:
                        return f"{expression} < {self._bind(beyond)}"
                return f"({expression} >= {self._bind(least)} AND {expression} < {self._bind(beyond)})"

    def _bind(self, value: object) -> str:
        name = f"filter_{len(self.values)}"
        # The cache's moments are UTC without a zone.
        self.values[name] = value.astimezone(UTC).replace(tzinfo=None) if isinstance(value, datetime) else value
        return f"${name}"


def _joined(connective: str, parts: Iterable[str]) -> str:
    """In brackets; nothing at all holds for no row."""
    return f"({connective.join(parts) or 'FALSE'})"


def _expression(found: Field) -> str:
    names = ", ".join(map(_quoted, found.names))
    return names if len(found.names) == 1 else f"coalesce({names})"


def _quoted(name: str) -> str:
    assert '"' not in name, name
    return f'"{name}"'


def _whole(text: str) -> str:
    """A pattern for text with wildcards. `re.escape` leaves nothing that RE2 would take for more than itself."""
    jokers = {"*": ".*", "?": "."}
    return "(?is)" + "".join(jokers.get(part) or re.escape(part) for part in re.split(r"([*?])", text))


def _place(node: Compare, value: Value) -> Place:
    return Place(node.at.start, value.at.end)


def _refuse_disorder(least: Reading, greatest: Reading, at: Place) -> None:
    match least, greatest:
        case Span(), Span():
            is_wrong = least.least > greatest.least
        case Age(), Age():
            is_wrong = least.moment < greatest.moment
        case _:
            raise BadFilter("A range is of dates or of ages.", hint="Write 2026-11-01..today or 2d..7d.", at=at)
    if is_wrong:
        raise BadFilter("The range is the wrong way round.", hint="Write the smaller one first.", at=at)


def pattern_problem(pattern: str) -> str:
    """Why a pattern cannot be looked for, in RE2's words; nothing when it can."""
    return _complaint(f"(?i){pattern}")


@lru_cache(maxsize=256)
def _complaint(pattern: str) -> str:
    """Why RE2 refuses a pattern, or nothing. Asked beside the snapshot: a refusal would end its transaction."""
    import duckdb  # actions ask for `pattern_problem`, and load no database before they need one

    with duckdb.connect(":memory:", config={"threads": 1}) as asked:
        try:
            asked.execute("SELECT regexp_matches('', $pattern)", {"pattern": pattern})
        except duckdb.InvalidInputException as error:
            return str(error).removeprefix("Invalid Input Error: ").split("\n", 1)[0]
    return ""
