"""CSV: names of columns first, UTF-8. No heading: it stays plain for machines.

Comma separated unless its reader prefers semicolons, which spreadsheets expect where the decimal sign is a comma.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from typing import Any, TextIO

from cloutui.delivery.harmless import harmless_in_csv
from cloutui.delivery.heading import Export
from cloutui.delivery.plain import plain_rows, spread_columns
from cloutui.model.safe_text import safe


def write(export: Export, out: TextIO) -> None:
    """Text that a spreadsheet would run as a formula gets a leading apostrophe, unless raw text was asked for."""
    is_comma = export.csv == "comma"
    writer = csv.writer(out, delimiter="," if is_comma else ";", lineterminator="\n")
    writer.writerow([column.name for column in spread_columns(export.answer)])
    rows = plain_rows(export.answer, text=safe if export.is_raw else _cell, wrote=export.wrote)
    writer.writerows(rows if is_comma else _with_decimal_commas(rows))


def _with_decimal_commas(rows: Iterable[Iterable[Any]]) -> Iterator[list[Any]]:
    for row in rows:
        yield [str(value).replace(".", ",") if isinstance(value, float) else value for value in row]


def _cell(text: str) -> str:
    return harmless_in_csv(safe(text))
