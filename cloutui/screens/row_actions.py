"""What can be done with a thing: the actions that take it, from the registry, with the thing put in."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cloutui.errors import Invalid
from cloutui.screens.subject import Subject

if TYPE_CHECKING:
    from cloutui.actions.action import ActionSpec
    from cloutui.model.privilege import Privilege

_TAKEN_AS: Mapping[str, tuple[str, ...]] = {
    "node": ("nodes", "node"),
    "server": ("server",),
    "unit": ("unit", "parent", "units"),
    "user": ("user",),
    "role": ("role",),
    "session": ("session",),
}
"""The parameters that take a thing of that kind; the first that an action has is given it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowAction:
    """An action with the thing put in."""

    name: str
    summary: str
    needs: Privilege
    is_allowed: bool
    given: Mapping[str, str]
    """Such as `nodes`: `SPA01/ACME-SQL01`."""


def read_action(text: str) -> tuple[str, dict[str, str]]:
    """What a line names: the action, and its parameters as far as they are given. Raises: Invalid."""
    try:
        name, *values = shlex.split(text)
    except ValueError as error:
        raise Invalid("A quotation mark is not closed.", hint='Quote values with blanks: name="Acme ApS".') from error
    return name, dict(_pair(value) for value in values)


def _pair(value: str) -> tuple[str, str]:
    key, equals, text = value.partition("=")
    if not equals or not key or not text:
        raise Invalid(f"“{value}” is not KEY=VALUE.", hint='Quote values with blanks: name="Acme ApS".')
    return key, text


def row_actions(subject: Subject, may: Callable[[Privilege], bool]) -> list[RowAction]:
    """Those that the reader may do first, the others after them."""
    from cloutui.actions.registry import all_actions

    found = [
        RowAction(
            name=spec.name,
            summary=spec.summary,
            needs=spec.needs,
            is_allowed=may(spec.needs),
            given={taken_as: _value(subject), **_of_its_day(spec, subject)},
        )
        for spec in (action.spec for action in all_actions())
        if (taken_as := _takes(spec, subject.kind))
    ]
    return sorted(found, key=lambda action: not action.is_allowed)


def _of_its_day(spec: ActionSpec, subject: Subject) -> Mapping[str, str]:
    """The day and the job, for an action that takes them."""
    known = {"day": subject.day.isoformat() if subject.day is not None else "", "job": subject.job_key}
    return {each.name: known[each.name] for each in spec.parameters if known.get(each.name)}


def _takes(spec: ActionSpec, kind: str) -> str:
    """The parameter that takes such a thing, or nothing."""
    noun = spec.name.partition(".")[0]
    wanted = (*_TAKEN_AS[kind], "name") if noun == kind == "server" else _TAKEN_AS[kind]
    there = {parameter.name for parameter in spec.parameters}
    return next((name for name in wanted if name in there), "")


def _value(subject: Subject) -> str:
    match subject.kind:
        case "node":
            return f"{subject.server}/{subject.node}"
        case "unit":
            return str(subject.unit_id)
        case "user" | "role" | "session" as kind:
            return str(getattr(subject, kind))
    return subject.server
