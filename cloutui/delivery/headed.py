"""A question that is answered for a file or a copy: its rows, and the heading in words that its reader may know."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from cloutui.delivery.heading import Heading
from cloutui.delivery.part import marked_part
from cloutui.errors import NotFound
from cloutui.model.principal import Principal
from cloutui.model.question import Question
from cloutui.model.table import Answer
from cloutui.model.unit_path import SEPARATOR, path_text
from cloutui.model.unit_tree import UnitTree
from cloutui.reports.registry import find_report

Ask = Callable[..., Answer]
"""Runs a report, as `Session.run` does."""


def answered(question: Question, ask: Ask) -> Answer:
    """All its rows, or of these the marked ones. Raises: CloutuiError."""
    asked: dict[str, Any] = {name: value for name, value in question.parameters.items() if value is not None}
    answer = ask(question.report, unit=question.unit, filter=question.filter, sort=question.sort, **asked)
    return answer if question.marked is None else marked_part(answer, question.marked)


def as_it_was(heading: Heading, answer: Answer) -> Heading:
    """Of a frozen answer: when it was frozen, and what its unit was called then. Else as it is."""
    if answer.frozen is None:
        return heading
    path = SEPARATOR.join(answer.frozen.path[1:] or answer.frozen.path)
    return replace(heading, made_at=answer.frozen.at, unit=path or heading.unit)


def heading_of(question: Question, principal: Principal, tree: UnitTree) -> Heading:
    """As of now. The unit's path begins at the principal's own. Raises: NotFound, for what is not the principal's."""
    own = principal.unit_id
    scope = own if question.unit is None else question.unit
    if not tree.holds(own, scope):
        raise NotFound("unit", str(scope))
    return Heading(
        report=question.report,
        summary=find_report(question.report).summary,
        unit=path_text(tree, scope, within=own),
        parameters={name: value for name, value in question.parameters.items() if value is not None},
        filter=question.filter,
        sort=question.sort,
        made_at=datetime.now(UTC),
        made_by=principal.name,
    )
