"""Why a matrix has no rows, and which key helps."""

from __future__ import annotations

from cloutui.screens.desk import Desk
from cloutui.screens.matrix_facts import UNITS, RowKind
from cloutui.screens.matrix_window import Window
from cloutui.screens.notices import empty_notice
from cloutui.widgets.paragraph import Paragraph


def why_empty(desk: Desk, kind: RowKind, window: Window, filtered_by: str) -> list[Paragraph]:
    """In words of the scope."""
    look, name = desk.look, desk.scope_name()
    if filtered_by:
        return empty_notice(look, f"No match for {filtered_by}.", ("esc", "clears the filter"))
    if not desk.as_of:
        return empty_notice(
            look,
            "No backup server yet, so nothing is known.",
            ("cloutui server add", "connects the first"),
            ("cloutui demo", "shows a simulated fleet"),
        )
    if kind is UNITS:
        said = f"No units below {name} had jobs in these {window.step}s."
        return empty_notice(look, said, ("s", "shows servers, then nodes"), ("b", "chooses another unit"))
    if window.until is not None:
        return empty_notice(look, f"No jobs in {name} in these {window.step}s.", (".", "goes to today"))
    return empty_notice(
        look,
        f"No jobs in {name} in the last {window.columns} {window.step}s.",
        ("{", "looks further back"),
        ("b", "chooses another unit"),
    )
