"""What is marked in a pane: for files and copies of these rows alone."""

from __future__ import annotations

from cloutui.model.question import Marked
from cloutui.widgets.lines import Lines
from cloutui.widgets.result_table import ResultTable


def marked_in(pane: Lines) -> Marked | None:
    """The marked rows, wherever a filter hides them; None where none are marked, or none can be."""
    if not isinstance(pane, ResultTable) or not pane.marks:
        return None
    return Marked(pane.rows.key, frozenset(pane.marks))


def rows_to_copy(pane: Lines) -> str:
    """The marked rows that are shown, else the row under the cursor."""
    return (pane.marked_text() if isinstance(pane, ResultTable) else "") or pane.row_text()
