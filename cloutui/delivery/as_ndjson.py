"""NDJSON: one object a line. No heading: it stays plain for machines."""

from __future__ import annotations

import json
from typing import TextIO

from cloutui.delivery.heading import Export
from cloutui.delivery.plain import plain_rows, spread_columns


def write(export: Export, out: TextIO) -> None:
    """A row a line."""
    encode = json.JSONEncoder(ensure_ascii=False).encode
    names = [column.name for column in spread_columns(export.answer)]
    rows = plain_rows(export.answer, wrote=export.wrote)
    out.writelines(encode(dict(zip(names, row, strict=True))) + "\n" for row in rows)
