"""Answers as dsmadmc writes them, for the tests: the other direction of the parser, and independent of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def field(value: str | None) -> str:
    """A value in comma-delimited output: quoted when it holds a comma, a quote or a line end."""
    if value is None:
        return ""
    if any(char in value for char in ',"\n'):
        return '"' + value.replace('"', '""') + '"'
    return value


def answer(rows: Iterable[Sequence[str | None]], *, end: str = "\n") -> bytes:
    """Rows as bytes."""
    return "".join(",".join(map(field, row)) + end for row in rows).encode()
