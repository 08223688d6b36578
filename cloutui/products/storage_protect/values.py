"""Strings of a server as typed columns, a whole column at a time. One bad value costs its own row and no other.

A client writes numbers in the language of its host: `59,94`, `1.194.850`, `11 765` with a narrow blank. SQL
timestamps are always `YYYY-MM-DD HH:MM:SS.ffffff`. Source: public captures of dsmadmc in several languages.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

TEXT = pa.string()
TIME = pa.timestamp("us")
INTEGER = pa.int32()
BIG = pa.int64()
DECIMAL = pa.float64()

_BLOCK = 4096
"""Rows that are read one by one when a value among them is bad."""

_SEPARATORS = "'\u2019\u00a0\u202f "
_GROUPED = re.compile(rf"[+-]?[0-9]{{1,3}}(?:[.,{_SEPARATORS}][0-9]{{3}})+")
# A sum of integers may come as a decimal of scale 0, with its mark.
_WHOLE = re.compile(r"([+-]?[0-9]{1,19})(?:[.,]0{0,2})?")
_NUMBER = rf"^[+-]?[0-9{_SEPARATORS}]*(?:[.,][0-9]+)*[.,]?$"
_DECIMAL_COMMA = r"\.[0-9]{3},|,(?:[0-9]{1,2}|[0-9]{4,})$"
_TIME = re.compile(r"(\d{4})-(\d\d)-(\d\d)[ T-](\d\d)[:.](\d\d)[:.](\d\d)(?:\.(\d{1,12}))?\Z", re.ASCII)


def typed(texts: pa.Array[Any], to: pa.DataType) -> pa.Array[Any]:
    """The column in its type, with null for what is empty and for what cannot be read."""
    if to == TEXT:
        return texts
    if to == TIME:
        return _cast(texts, to, _time)
    if to == DECIMAL:
        return _decimals(texts)
    return _cast(texts, to, partial(_whole_number, bits=to.bit_width))


def _cast(texts: pa.Array[Any], to: pa.DataType, read: Callable[[str], object]) -> pa.Array[Any]:
    """Arrow's own cast, and one value at a time for the blocks that it refuses."""
    try:
        return texts.cast(to)
    except pa.ArrowInvalid:
        if len(texts) > _BLOCK:
            blocks = [texts.slice(start, _BLOCK) for start in range(0, len(texts), _BLOCK)]
            return pa.concat_arrays([_cast(block, to, read) for block in blocks])
    return pa.array([None if text is None else read(text) for text in texts.to_pylist()], to)


def _time(text: str) -> datetime | None:
    found = _TIME.match(text.strip())
    if found is None:
        return None
    *parts, fraction = found.groups()
    try:
        year, month, day, hour, minute, second = map(int, parts)
        microsecond = int((fraction or "0").ljust(6, "0")[:6])
        # Naive on purpose: it is the server's own clock.
        return datetime(year, month, day, hour, minute, second, microsecond)  # noqa: DTZ001
    except ValueError:
        return None


def _whole_number(text: str, *, bits: int) -> int | None:
    text = text.strip()
    if _GROUPED.fullmatch(text):
        text = re.sub(rf"[.,{_SEPARATORS}]", "", text)
    found = _WHOLE.fullmatch(text)
    number = int(found[1]) if found else 2**64
    return number if -(2 ** (bits - 1)) <= number < 2 ** (bits - 1) else None


def _decimals(texts: pa.Array[Any]) -> pa.Array[Any]:
    numbers: pa.Array[Any]
    try:
        numbers = texts.cast(DECIMAL)
    except pa.ArrowInvalid:
        numbers = _foreign_decimals(texts)
    # "nan" and "inf" are numbers to a machine, and none of a server.
    finite: pa.Array[Any] = pc.if_else(pc.is_finite(numbers), numbers, pa.scalar(None, DECIMAL))
    return finite


def _foreign_decimals(texts: pa.Array[Any]) -> pa.Array[Any]:
    """Decimals of a client that writes them another way.

    One value may be read two ways (`1,194`), a column seldom: a comma is the decimal mark of all when it must be
    that of one.
    """
    trimmed = pc.utf8_trim_whitespace(texts)
    is_number = pc.match_substring_regex(trimmed, _NUMBER)
    numbers = pc.if_else(is_number, trimmed, pa.scalar(None, TEXT))
    has_comma = pc.any(pc.match_substring_regex(numbers, _DECIMAL_COMMA)).as_py()
    grouping, mark = (".", ",") if has_comma else (",", ".")
    plain = pc.replace_substring_regex(numbers, rf"[{grouping}{_SEPARATORS}]", "")
    # More than one dot where the dot is the mark: then it was grouping after all.
    grouped = pc.match_substring_regex(plain, r"^[+-]?[0-9]{1,3}(\.[0-9]{3}){2,}$")
    plain = pc.if_else(grouped, pc.replace_substring(plain, ".", ""), plain)
    return _cast(pc.replace_substring(plain, mark, "."), DECIMAL, _float)


def _float(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
