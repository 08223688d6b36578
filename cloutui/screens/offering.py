"""What is offered while a filter is typed: the fields of the report, its values with their rows, and saved filters.

What must be asked is asked in the background and offered when it is there; a key never waits for it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from textual.dom import DOMNode

from cloutui.errors import CloutuiError
from cloutui.model import formats
from cloutui.model.safe_text import safe
from cloutui.screens.background import ask_in_background
from cloutui.screens.desk import Desk
from cloutui.widgets.text import Piece

if TYPE_CHECKING:
    from cloutui.model.filter.completion import Candidate
    from cloutui.model.question import Question

_MOST_KEPT = 200
"""Answers that are remembered while one types."""
_MOST_OFFERED = 30


class Offering:
    """The offers for one field. `came` is called when something that was missing is there."""

    def __init__(self, desk: Desk, node: DOMNode, came: Callable[[], None]) -> None:
        self.desk = desk
        self._node = node
        self._came = came
        self._values: dict[Hashable, Mapping[str, int]] = {}
        self._saved: Sequence[str] | None = None

    def forget(self) -> None:
        """What was asked is old: facts and saved filters may be others by now."""
        self._values.clear()
        self._saved = None

    def of(self, text: str, cursor: int, question: Question) -> list[Candidate]:
        """What may follow, the likeliest first, as far as it is known."""
        from cloutui.model.filter.completion import before_value, complete
        from cloutui.model.filter.fields import is_tag
        from cloutui.reports.registry import find_report

        columns = find_report(question.report).filterable
        among = replace(question, filter=before_value(text, cursor), sort=())

        def values(column: str, begun: str) -> Mapping[str, int]:
            is_text = is_tag(column, columns) or any(each.name == column and each.kind == "text" for each in columns)
            return self._known(among, column, begun.lower() if is_text else "")

        if "@" in text and self._saved is None:
            self._saved = ()
            ask_in_background(self._node, self._ask_saved, "saved")
        return complete(text, cursor, columns, values, self._saved or ())[:_MOST_OFFERED]

    def _known(self, among: Question, column: str, begun: str) -> Mapping[str, int]:
        key = (among.report, among.unit, str(dict(among.parameters)), among.filter, column, begun)
        if key not in self._values and self.desk.session is not None:
            ask_in_background(self._node, partial(self._ask, key, among, column, begun), "offers")
        return self._values.get(key, {})

    async def _ask(self, key: Hashable, among: Question, column: str, begun: str) -> None:
        assert self.desk.session is not None
        try:
            found = await self.desk.session.values(among, column, begun)
        except CloutuiError:
            found = {}  # such as a filter whose beginning is wrong: that is said elsewhere
        if len(self._values) >= _MOST_KEPT:
            self._values.clear()
        self._values[key] = found
        self._came()

    async def _ask_saved(self) -> None:
        assert self.desk.session is not None
        try:
            self._saved = [saved.name for saved in await self.desk.session.saved_filters(self.desk.scope)]
        except CloutuiError:
            return
        self._came()


def offered_line(desk: Desk, candidates: Sequence[Candidate]) -> list[Piece]:
    """`error 9   missed 6   warning 17`, the first of them bright: it is what a key takes."""
    palette = desk.look.palette
    pieces: list[Piece] = [("    ", palette.style())]
    for place, candidate in enumerate(candidates):
        pieces.append((safe(candidate.text), palette.style("text" if place else "accent", bold=not place)))
        rows = "" if candidate.rows is None else f" {formats.count(candidate.rows)}"
        pieces += [(rows, palette.style("muted")), ("   ", palette.style())]
    return pieces
