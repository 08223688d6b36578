"""Answers as sentences, for screen readers, pipes and terminals that can do nothing but print. Pure.

No glyphs, no boxes, no columns: each row is a numbered sentence that says first what it is about, then what is wrong.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from cloutui.model.formats import count, duration, exact_time, long_day, percent, plural, size
from cloutui.model.safe_text import safe
from cloutui.model.status import Status
from cloutui.model.table import Answer, Column, Kind

BAD_WORDS = {Status.ERROR: "failed", Status.MISSED: "missed", Status.WARNING: "warning", Status.UNKNOWN: "unknown"}
"""What a matrix row is read for, worst first. The rest is the rule, not the exception."""


def sentences(answer: Answer) -> Iterator[str]:
    """A sentence for each row, without its number."""
    columns = [column for column in answer.columns if column.kind is not Kind.STATUSES]
    for row in answer.rows.to_pylist():
        yield _matrix_row(row, answer.days) if answer.days else _row(columns, row)


def stale(answer: Answer) -> Iterator[str]:
    """A sentence for each server whose facts are not fresh."""
    for state in answer.as_of.values():
        if state.problem:
            when = f"last known {exact_time(state.collected_at, UTC)} UTC" if state.collected_at else "never answered"
            yield f"{safe(state.server)}: {when}. {safe(state.problem)} {safe(state.hint)}"


def value(kind: Kind, given: Any) -> str:
    """One value in words. Empty for what is not known."""
    if given is None:
        return ""
    if kind in {Kind.TIME, Kind.AGE} and isinstance(given, datetime):
        return f"{exact_time(given.replace(tzinfo=UTC), UTC)} UTC"
    if kind is Kind.DAY and isinstance(given, date):
        return long_day(given)
    plain = {Kind.BYTES: size, Kind.COUNT: count, Kind.DURATION: duration}.get(kind)
    if plain is not None:
        return plain(given)
    if kind is Kind.STATUS:
        return Status(given).word
    return percent(given / 100, digits=1) if kind is Kind.PERCENT else safe(str(given))


_SUBJECTS = ("node", "schedule", "name", "unit")
"""What a row is about, when it says so; else what stands first in it."""


def _row(columns: Sequence[Column], row: Mapping[str, Any]) -> str:
    status = next((column for column in columns if column.kind is Kind.STATUS), None)
    told = [
        column
        for column in columns
        if column is not status and not column.name.endswith(("_id", "_key")) and value(column.kind, row[column.name])
    ]
    about = [column for word in _SUBJECTS[:2] for column in told if column.name == word]
    about = about or [column for word in _SUBJECTS[2:] for column in told if column.name == word][:1] or told[:1]
    parts = [f"{column.head} {value(column.kind, row[column.name])}" for column in told if column not in about]
    name = ", ".join(value(column.kind, row[column.name]) for column in about)
    said = f"{name}: {value(Kind.STATUS, row[status.name])}" if status else name
    return ". ".join([said, ", ".join(parts)]) + "." if parts else f"{said}."


def _matrix_row(row: Mapping[str, Any], days: Sequence[str]) -> str:
    where = f"{safe(row['node'])}, {safe(row['unit'])}"
    by_word: dict[str, list[str]] = {}
    for status, word in BAD_WORDS.items():
        hit = [str(date.fromisoformat(day).day) for day, cell in zip(days, row["days"], strict=True) if cell == status]
        if hit:
            by_word[word] = hit
    if not by_word:
        return f"{where}: nothing bad in {plural(len(days), 'day')}."
    found = "; ".join(f"{word} {', '.join(hit)}" for word, hit in by_word.items())
    run = f", {plural(row['run'], 'day')} in a row" if row["run"] > 1 else ""
    return f"{where}: {row['bad']} bad of {plural(len(days), 'day')}{run}: {found}."
