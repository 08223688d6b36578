"""CSV: comma separated, names of columns first, UTF-8. No heading: it stays plain for machines."""

from __future__ import annotations

import csv
from typing import TextIO

from cloutui.delivery.harmless import harmless_in_csv
from cloutui.delivery.heading import Export
from cloutui.delivery.plain import plain_rows, spread_columns
from cloutui.model.safe_text import safe


def write(export: Export, out: TextIO) -> None:
    """Text that a spreadsheet would run as a formula gets a leading apostrophe, unless raw text was asked for."""
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([column.name for column in spread_columns(export.answer)])
    writer.writerows(plain_rows(export.answer, text=safe if export.is_raw else _cell, wrote=export.wrote))


def _cell(text: str) -> str:
    return harmless_in_csv(safe(text))
