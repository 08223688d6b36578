"""JSON: one object with the heading, how fresh each server is, and the rows as objects."""

from __future__ import annotations

import json
from typing import TextIO

from cloutui.delivery.heading import Export
from cloutui.delivery.plain import plain_rows, spread_columns


def write(export: Export, out: TextIO) -> None:
    """Row by row, so that a long answer is never in memory twice."""
    encode = json.JSONEncoder(ensure_ascii=False).encode
    names = [column.name for column in spread_columns(export.answer)]
    head = json.dumps(export.facts(), ensure_ascii=False, indent=1)
    out.write(head.removesuffix("\n}") + ',\n "rows": [')
    between = "\n  "
    for row in plain_rows(export.answer, wrote=export.wrote):
        out.write(between + encode(dict(zip(names, row, strict=True))))
        between = ",\n  "
    out.write("\n ]\n}\n")
