"""Comma-delimited text as a table of strings: the strict way at Arrow's speed, and a way for torn rows.

The shape of a row is one regular expression. What has it goes through Arrow's CSV reader, which then cannot fail.
What is left is mended line by line: a value in quotes may go on over several lines, but only over lines that are no
rows themselves, so a quote that is never closed cannot swallow its neighbours.

Source: dsmadmc puts a value that holds a comma in double quotes and leaves an empty field for NULL (seen in public
captures); that it doubles a quote inside quotes is expected, not confirmed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any, cast

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

MOST_LINES_OF_A_ROW = 64
MOST_MENDED = 100_000
"""More broken lines than this in one answer are counted and not looked at: it is no answer."""

_BLOCK_BYTES = 1 << 20
"""What Arrow's reader takes at once; a row must fit in."""

# A row on one line, strictly: where a quote opens it closes before the comma. A pair of quotes within a bare value is
# text, because a value without a comma may be written without quotes.
_BARE = r'(?:[^",\n][^",\n]*(?:"[^",\n]*"[^",\n]*)*)?'
_QUOTED_ON_ONE_LINE = r'"[^"\n]*(?:""[^"\n]*)*"'

# One value of a row that may be torn: in quotes it reaches over lines, and a bare one may hold any quote but a first.
_FIELD = re.compile(r'("[^"]*(?:""[^"]*)*")(?=,|\Z)|((?:[^",\n][^,\n]*)?)(?=,|\Z)')
_OPEN = re.compile(r'"[^"]*(?:""[^"]*)*\Z')


@dataclass(frozen=True, slots=True)
class TextRows:
    """Rows as strings, empty as null, and how many could not be read."""

    table: pa.Table
    bad_rows: int


def read_plain(text: bytes, names: Sequence[str]) -> TextRows | None:
    """The rows of a text that holds nothing but rows, one on each line. None: it is not that, use `read`."""
    row = _shape(len(names))
    whole = pa.array([text], pa.binary()).cast(pa.string())
    if not pc.match_substring_regex(whole, rf"\A(?:(?:{row})?\n)*(?:{row})?\z")[0].as_py():
        return None
    try:
        return TextRows(_read_csv(text, names, _BLOCK_BYTES), 0)
    except pa.ArrowInvalid:  # a row that is longer than a block
        return None


def read(lines: pa.Array[Any], names: Sequence[str]) -> TextRows:
    """Every row that has as many values as there are names. Order is kept but for mended rows, which come last."""
    is_row = pc.match_substring_regex(lines, rf"\A(?:{_shape(len(names))})\z")
    good = lines.filter(is_row)
    table = _read_csv(_joined(good), names, max(_BLOCK_BYTES, 2 * _longest(good)))
    is_odd = pc.invert(is_row)
    numbers = cast("list[int]", pc.indices_nonzero(is_odd).to_pylist())
    odd = dict(zip(numbers, cast("list[str]", lines.filter(is_odd).to_pylist()), strict=True))
    mended, bad_rows = _mend(odd, len(names))
    return TextRows(pa.concat_tables([table, _table(mended, names)]), bad_rows)


def _joined(lines: Any) -> memoryview:
    """The lines as one text again, without a copy of each as a Python string."""
    every: Any = pa.ListArray.from_arrays(pa.array([0, len(lines)], pa.int32()), lines)
    texts: Any = pc.binary_join(every, "\n")
    return memoryview(texts[0].as_buffer())


def _longest(lines: Any) -> int:
    """Bytes of the longest line."""
    return pc.max(pc.binary_length(lines)).as_py() or 0


def _shape(width: int) -> str:
    field = f"(?:{_QUOTED_ON_ONE_LINE}|{_BARE})"
    return f"{field}(?:,{field}){{{width - 1}}}"


def _read_csv(text: bytes | memoryview, names: Sequence[str], block_bytes: int) -> pa.Table:
    schema = pa.schema([(name, pa.string()) for name in names])
    source: Any = pa.BufferReader(text)
    if _is_blank(text):
        return schema.empty_table()
    return pa_csv.read_csv(
        source,
        read_options=pa_csv.ReadOptions(column_names=list(names), block_size=block_bytes),
        # The shape has been checked, so quotes never reach over a line end here.
        parse_options=pa_csv.ParseOptions(newlines_in_values=False),
        convert_options=pa_csv.ConvertOptions(
            column_types=schema, strings_can_be_null=True, null_values=[""], check_utf8=False
        ),
    )


def _is_blank(text: bytes | memoryview) -> bool:
    # The reader refuses a text without a row. A row is never far from the beginning, or there is none.
    return not bytes(text[:_BLOCK_BYTES]).strip(b"\n") and not bytes(text).strip(b"\n")


def _mend(odd: Mapping[int, str], width: int) -> tuple[list[list[str]], int]:
    """Rows made from lines that are none by themselves, by line number; and how many stay unreadable."""
    mended: list[list[str]] = []
    bad_rows = 0
    used: set[int] = set()
    for tried, (at, line) in enumerate(odd.items()):
        if at in used or not line.strip():
            continue
        ways = _readings(odd, at) if tried < MOST_MENDED else iter(())
        for row, numbers in ways:
            if len(row) == width:
                mended.append(row)
                used.update(numbers)
                break
        else:
            bad_rows += 1
    return mended, bad_rows


def _readings(odd: Mapping[int, str], at: int) -> Iterator[tuple[list[str], range]]:
    """The ways to read the line, best first, each with the numbers of the lines that it takes."""
    text = odd[at]
    row = _fields(text)
    end = at + 1
    while row is _Torn.OPEN and end in odd and end - at < MOST_LINES_OF_A_ROW:
        text += "\n" + odd[end]
        row = _fields(text)
        end += 1
    if not isinstance(row, _Torn):
        yield row, range(at, end)
    bare = odd[at].split(",")
    # The quotes make no sense, but the commas may: then the quotes are text, as long as no comma stands between two.
    if all(value.count('"') % 2 == 0 for value in bare):
        yield bare, range(at, at + 1)


class _Torn(Enum):
    """Why a text has no values."""

    OPEN = auto()
    """Its last quote is not closed yet."""
    SENSELESS = auto()


def _fields(text: str) -> list[str] | _Torn:
    values: list[str] = []
    at = 0
    while True:
        field = _FIELD.match(text, at)
        if field is None:
            return _Torn.OPEN if _OPEN.match(text, at) else _Torn.SENSELESS
        quoted, bare = field.groups()
        values.append(bare if quoted is None else quoted[1:-1].replace('""', '"'))
        at = field.end()
        if at == len(text):
            return values
        at += 1


def _table(rows: Sequence[Sequence[str]], names: Sequence[str]) -> pa.Table:
    columns = {name: pa.array([row[at] or None for row in rows], pa.string()) for at, name in enumerate(names)}
    return pa.table(columns)
