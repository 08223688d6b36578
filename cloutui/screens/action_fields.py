"""An action's parameters as fields of a form, and what stands in the fields as the action's values again."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import date
from enum import Enum
from functools import partial
from typing import TYPE_CHECKING, Any

from cloutui.actions.action import ActionSpec, Parameter
from cloutui.actions.registry import bare_type, converted, takes_list
from cloutui.errors import CloutuiError
from cloutui.model.secret import Secret
from cloutui.screens.action_words import label_of
from cloutui.screens.unit_names import find_unit
from cloutui.widgets.form_fields import Choice, FieldKind, FormField

if TYPE_CHECKING:
    from cloutui.screens.desk import Desk
    from cloutui.widgets.form_state import FormState

NAME, CODE = "the name", "the code"
"""Fields that confirm, and are no parameters: those have no blanks."""
_UNITS = frozenset({"unit", "parent"})
_LISTED_BY = {"user": ("users", "name"), "role": ("roles", "name")}
"""Parameters whose values a report lists, in a column of it."""
_YES_NO = (Choice("true", "yes"), Choice("false", "no"))

Lists = Mapping[str, Sequence[Choice]]
"""By parameter: what there is to choose from, where that is known."""


async def lists_for(spec: ActionSpec, desk: Desk) -> Lists:
    """Everything that can be proposed for an action's parameters. What cannot be asked for is typed."""
    lists: dict[str, Sequence[Choice]] = {}
    for parameter in spec.parameters:
        if parameter.name in _UNITS and len(desk.forest):
            lists[parameter.name] = _units(desk)
        elif parameter.name == "server" or spec.name == "server.remove":
            lists[parameter.name] = [Choice(name) for name in desk.as_of]
        elif parameter.name == "key":
            lists[parameter.name] = _keys(spec.name)
        elif parameter.name in _LISTED_BY:
            lists[parameter.name] = await _asked(desk, *_LISTED_BY[parameter.name])
    return {name: choices for name, choices in lists.items() if choices}


def _units(desk: Desk) -> list[Choice]:
    crumb, forest = f" {desk.look.glyphs.crumb} ", desk.forest
    paths = {unit.unit_id: [above.name for above in forest.path(unit.unit_id)] for unit in forest.units}
    # Below the reader's own unit its name says nothing, and takes the room of what does.
    return [Choice(str(unit_id), crumb.join(path[1:] or path)) for unit_id, path in paths.items()]


def _keys(action: str) -> list[Choice]:
    from cloutui.model.installation_setting import INSTALLATION_SETTINGS
    from cloutui.model.preference import PREFERENCES
    from cloutui.model.unit_setting import UNIT_SETTINGS

    known: Mapping[str, Mapping[str, Any]] = {
        "unit.set": UNIT_SETTINGS,
        "account.prefer": PREFERENCES,
        "setting.set": INSTALLATION_SETTINGS,
    }
    return [Choice(key, note=str(getattr(about, "help", ""))) for key, about in known.get(action, {}).items()]


async def _asked(desk: Desk, report: str, column: str) -> list[Choice]:
    assert desk.session is not None
    with suppress(CloutuiError, KeyError):
        answer = await desk.session.ask(report)
        return [Choice(str(name)) for name in dict.fromkeys(answer.rows.column(column).to_pylist())]
    return []


# Fields.


def fields_of(spec: ActionSpec, lists: Lists) -> list[FormField]:
    """One for each parameter, those that must be given first."""
    ordered = sorted(spec.parameters, key=lambda parameter: not parameter.required)
    return [_field(spec, parameter, lists.get(parameter.name)) for parameter in ordered]


def _field(spec: ActionSpec, parameter: Parameter, choices: Sequence[Choice] | None) -> FormField:
    kind = bare_type(parameter.type)
    told: dict[str, Any] = {
        "name": parameter.name,
        "label": label_of(parameter.name),
        "required": parameter.required,
        "default": _text(parameter.default),
        "hint": parameter.help,
    }
    if kind is Secret:
        return FormField(kind=FieldKind.SECRET, **told)
    if isinstance(kind, type) and issubclass(kind, Enum):
        words = [Choice(_text(each.value)) for each in kind]
        return FormField(kind=FieldKind.CHOICE, choices=lambda: words, **told)
    if kind is bool:
        return FormField(kind=FieldKind.CHOICE, choices=lambda: _YES_NO, **told)
    if choices is not None and parameter.name in _UNITS:
        if told["default"] == ".":
            told["default"] = choices[0].value
        return FormField(kind=FieldKind.CHOICE, choices=lambda: choices, **told)
    if takes_list(parameter):
        told["hint"] += " Several with commas."
    told["check"] = _check(spec, parameter)
    return FormField(choices=lambda: choices, **told) if choices is not None else FormField(**told)


def _check(spec: ActionSpec, parameter: Parameter) -> Callable[[str], str]:
    """What is wrong with a text, in a few words: the parameter's help stands beside it."""

    def wrong(text: str) -> str:
        try:
            converted(spec.name, parameter, _value(parameter, text))
        except CloutuiError:
            return _EXPECTED.get(bare_type(parameter.type), "is not of the right kind")
        return ""

    return wrong


_EXPECTED: Mapping[Any, str] = {int: "is no whole number", date: "is no day: write 2026-11-30"}


def prefilled(spec: ActionSpec, values: Mapping[str, object], desk: Desk) -> dict[str, str]:
    """The values that the form opens with, as texts. Raises: NotFound, Invalid for a unit that is not there."""
    texts = {}
    for name, value in values.items():
        text = _text(value)
        if name in _UNITS and len(desk.forest):
            text = str(desk.root) if text == "." else str(find_unit(desk.forest, text))
        texts[name] = text
    return texts


def _text(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case Secret():
            return value.reveal()  # into a field that shows none of it
        case list() | tuple() | frozenset() | set():
            return ", ".join(_text(each) for each in value)
    return str(value)


# And back.


def given_of(spec: ActionSpec, state: FormState) -> dict[str, object]:
    """What the action is to be given. What was left empty, or as it is anyway, is not given."""
    values, given = state.values, dict[str, object]()
    defaults = {field.name: field.default for field in state.fields}
    for parameter in spec.parameters:
        if bare_type(parameter.type) is Secret:
            secret = state.secret(parameter.name)
            if secret is not None:
                given[parameter.name] = secret
            continue
        text = values.get(parameter.name, "")
        if text and (parameter.required or text != defaults[parameter.name]):
            given[parameter.name] = _value(parameter, text)
    return given


def _value(parameter: Parameter, text: str) -> object:
    if not takes_list(parameter):
        return text
    if text.startswith(("[", "{")):
        with suppress(ValueError):
            read = json.loads(text)
            return read if isinstance(read, list) else [read]
    return [part.strip() for part in text.split(",") if part.strip()]


def field_named_in(error: CloutuiError, spec: ActionSpec, state: FormState) -> str | None:
    """The field that an error is about: the one whose text it tells back, else the one that it names."""
    said = f"{error.what} {error.hint}"
    values = {name: text for name, text in state.values.items() if text}
    shown = {name: state.edits[name].text.strip() for name in values}
    for parameter in spec.parameters:
        if f"“{parameter.name}”" in said:
            return parameter.name
    found = [name for name, text in values.items() if f"“{text}”" in said or f"“{shown[name]}”" in said]
    # A parameter that must be given is what the action is about, and more often what somebody has just typed.
    return min(found, key=partial(_place, [each.name for each in state.fields]), default=None)


def _place(names: Sequence[str], name: str) -> int:
    return names.index(name) if name in names else len(names)
