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
    extension: str
    """Without the dot."""
    is_binary: bool = False
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
        extension="txt",
    ),
    Format(
        name="csv",
        summary="comma separated, for spreadsheets and scripts",
        extension="csv",
        takes_raw=True,
    ),
    Format(name="json", summary="one object with heading and rows", extension="json"),
    Format(
        name="ndjson",
        summary="one object a line",
        extension="ndjson",
    ),
    Format(
        name="parquet",
        summary="typed columns, for data tools",
        extension="parquet",
        is_binary=True,
    ),
    Format(
        name="xlsx",
        summary="a workbook",
        extension="xlsx",
        is_binary=True,
        most_rows=1_048_575,  # below the head; Microsoft, "Excel specifications and limits"
    ),
    Format(
        name="html",
        summary="one page to read, print or mail",
        extension="html",
    ),
    Format(
        name="svg",
        summary="a picture of the table",
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
