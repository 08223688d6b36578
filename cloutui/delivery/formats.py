"""The formats of an export: one value each. The module that writes it is loaded when it is used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from importlib import import_module
from pathlib import PurePath
from typing import IO, Any

from cloutui.delivery.heading import Export
from cloutui.errors import Invalid
from cloutui.model.formats import exact_count
from cloutui.model.table import Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """One way to write an answer. `cloutui.delivery.as_NAME` writes it."""

    name: str
    summary: str
    media_type: str
    extension: str
    """Without the dot."""
    is_binary: bool = False
    has_heading: bool = True
    """Whether there is room for what was asked, by whom, and how fresh the answer is."""
    takes_raw: bool = False
    """Whether `Export.is_raw` makes a difference."""
    most_rows: int | None = None

    def require_room(self, answer: Answer) -> None:
        """Before a file is made. Raises: Invalid when the answer has more rows than the format can hold."""
        rows = answer.rows.num_rows
        if self.most_rows is not None and rows > self.most_rows:
            raise Invalid(
                f"{exact_count(rows)} rows are too many for {self.name}: it takes {exact_count(self.most_rows)}.",
                hint="Ask for fewer, or take csv or parquet.",
            )

    def write(self, export: Export, out: IO[Any]) -> None:
        """Write to a stream of bytes when `is_binary`, else of text. Raises: Invalid, OSError."""
        self.require_room(export.answer)
        import_module(f"cloutui.delivery.as_{self.name}").write(export, out)


_ALL = (
    Format(
        name="table",
        summary="aligned columns for a person",
        media_type="text/plain; charset=utf-8",
        extension="txt",
        has_heading=False,
    ),
    Format(
        name="csv",
        summary="comma separated, for spreadsheets and scripts",
        media_type="text/csv; charset=utf-8",
        extension="csv",
        has_heading=False,
        takes_raw=True,
    ),
    Format(name="json", summary="one object with heading and rows", media_type="application/json", extension="json"),
    Format(
        name="ndjson",
        summary="one object a line",
        media_type="application/x-ndjson",
        extension="ndjson",
        has_heading=False,
    ),
    Format(
        name="parquet",
        summary="typed columns, for data tools",
        media_type="application/vnd.apache.parquet",
        extension="parquet",
        is_binary=True,
    ),
    Format(
        name="xlsx",
        summary="a workbook",
        media_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        extension="xlsx",
        is_binary=True,
        most_rows=1_048_575,  # below the head; Microsoft, "Excel specifications and limits"
    ),
    Format(
        name="html",
        summary="one page to read, print or mail",
        media_type="text/html; charset=utf-8",
        extension="html",
    ),
    Format(
        name="svg",
        summary="a picture of the table",
        media_type="image/svg+xml",
        extension="svg",
        most_rows=2_000,  # more is no picture any more: viewers give up
    ),
)

FORMATS: Mapping[str, Format] = {one.name: one for one in _ALL}


def find_format(name: str) -> Format:
    """Raises: Invalid, with the nearest name."""
    try:
        return FORMATS[name]
    except KeyError:
        near = get_close_matches(name, FORMATS, n=1)
        hint = f"Did you mean “{near[0]}”?" if near else f"There are: {', '.join(FORMATS)}."
        raise Invalid(f"“{name}” is no format.", hint=hint) from None


def format_for(path: PurePath) -> Format | None:
    """The format that a file name's ending asks for, or None."""
    return next((one for one in _ALL if path.suffix.lower() == f".{one.extension}"), None)
