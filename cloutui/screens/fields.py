"""Labels and values side by side, in as many columns as a pane has room for."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len

from cloutui.model.safe_text import safe
from cloutui.widgets.look import Look
from cloutui.widgets.paragraph import Paragraph
from cloutui.widgets.text import Piece, cut, pad

_LEAST_COLUMN = 38
_MOST_COLUMNS = 3
_INDENT = 4

Field = tuple[str, str]
"""A label and its value."""


def field_lines(fields: Sequence[Field], look: Look, width: int, *, role: str = "text") -> list[Paragraph]:
    """The fields that have a value, read down each column. `role` colours the values."""
    said = [(label, safe(value)) for label, value in fields if value]
    if not said:
        return []
    if width < _LEAST_COLUMN:
        width = 2 * _LEAST_COLUMN  # a pane that has no size yet: what is said now stays when it has one
    columns = max(1, min(_MOST_COLUMNS, (width - _INDENT) // _LEAST_COLUMN))
    rows = -(-len(said) // columns)
    room = (width - _INDENT) // columns
    lead = max(cell_len(label) for label, _ in said) + 2
    lines = []
    for row in range(rows):
        pieces: list[Piece] = [(" " * _INDENT, look.palette.style())]
        for label, value in said[row::rows]:
            # The last cell parts it from the next column.
            text = cut(value, max(4, room - lead - 1), look.glyphs.cut)
            pieces += [
                (pad(label, lead), look.palette.style("muted")),
                (pad(text, max(cell_len(text), room - lead)), look.palette.style(role)),
            ]
        lines.append(Paragraph(pieces))
    return lines
