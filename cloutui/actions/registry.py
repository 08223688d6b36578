"""The registry of actions: every capability by name, found in this package's modules.

A new action is a new class in a module here; nothing else learns about it.
"""

from __future__ import annotations

import dataclasses
import inspect
import json
import pkgutil
import re
import typing
from collections.abc import Callable, Mapping
from contextlib import suppress
from difflib import get_close_matches
from functools import cache
from importlib import import_module
from typing import Any, TypeVar

import msgspec

from cloutui import actions
from cloutui.actions.action import Action, ActionSpec, Change, Command, Parameter, Parsed
from cloutui.errors import Invalid
from cloutui.model.action_class import ActionClass
from cloutui.model.privilege import Privilege
from cloutui.model.secret import Secret

_A = TypeVar("_A", bound=Action)

_REGISTERED: dict[str, type[Action]] = {}


def register(*, name: str, needs: Privilege, action_class: ActionClass) -> Callable[[type[_A]], type[_A]]:
    """Make a frozen dataclass an action. Raises: ValueError for one that is not well made."""

    def describe(action: type[_A]) -> type[_A]:
        _require_well_made(action, name)
        action.spec = ActionSpec(
            name=name,
            needs=needs,
            action_class=action_class,
            summary=inspect.cleandoc(action.__doc__ or "").partition("\n")[0],
            parameters=_parameters(action),
        )
        _REGISTERED[name] = action
        return action

    return describe


def all_actions() -> list[type[Action]]:
    """Every action, by name."""
    _load()
    return [_REGISTERED[name] for name in sorted(_REGISTERED)]


def action_named(name: str) -> type[Action]:
    """Raises: Invalid, with the nearest name."""
    _load()
    try:
        return _REGISTERED[name]
    except KeyError:
        raise Invalid(f"There is no action “{name}”.", hint=_hint(name, sorted(_REGISTERED))) from None


def build(name: str, params: Mapping[str, object]) -> Action:
    """An action from outside values (JSON, or texts of the command line). Raises: Invalid, naming the parameter."""
    action = action_named(name)
    known = {parameter.name: parameter for parameter in action.spec.parameters}
    for given in params:
        if given not in known:
            raise Invalid(f"{name} has no parameter “{given}”.", hint=_hint(given, list(known)))
    missing = [parameter.name for parameter in known.values() if parameter.required and parameter.name not in params]
    if missing:
        raise Invalid(f"{name} needs “{missing[0]}”.", hint=f"{missing[0]}: {known[missing[0]].help}")
    return action(**{given: converted(name, known[given], value) for given, value in params.items()})


@cache
def _load() -> None:
    for module in pkgutil.iter_modules(actions.__path__, f"{actions.__name__}."):
        import_module(module.name)


def _require_well_made(action: type[Action], name: str) -> None:
    problem = ""
    if not re.fullmatch(r"[a-z][a-z-]*\.[a-z][a-z-]*", name):
        problem = "is not named noun.verb"
    elif _REGISTERED.get(name, action) is not action:
        problem = "is there twice"
    # A dataclass without a docstring is given one, which is its signature.
    elif not action.__doc__ or action.__doc__.startswith(f"{action.__name__}("):
        problem = "has no summary"
    elif not dataclasses.is_dataclass(action) or not action.__dataclass_params__.frozen:
        problem = "is no frozen dataclass"
    elif issubclass(action, Change) == issubclass(action, Command):
        problem = "is neither a Change nor a Command, or both"
    if problem:
        raise ValueError(f"action {name} {problem}")


def _parameters(action: type[Action]) -> tuple[Parameter, ...]:
    """Its fields. A field without `about(...)` is a mistake that shows when the module is loaded."""
    types = typing.get_type_hints(action, include_extras=True)
    return tuple(
        Parameter(
            name=field.name,
            type=typing.get_args(types[field.name])[0],
            help=types[field.name].__metadata__[0].description,
            required=field.default is dataclasses.MISSING,
            default=None if field.default is dataclasses.MISSING else field.default,
        )
        for field in dataclasses.fields(action)  # type: ignore[arg-type]  # checked when registered
    )


def converted(action: str, parameter: Parameter, value: object) -> Any:
    """A value from outside as the parameter has it. Raises: Invalid, naming the parameter and never the value."""
    if isinstance(value, str | int) and takes_list(parameter):
        value = _listed(value)
    try:
        return msgspec.convert(value, parameter.type, strict=False, dec_hook=_from_json)
    except msgspec.ValidationError as error:
        from cloutui.reports.refusal import refusal_of_one

        # Its words name types and places, never the value: it may be a secret.
        unnamed = f"“{parameter.name}” is not right: {error}.", ""
        what, hint = refusal_of_one(parameter.name, parameter.type, str(error)) or unnamed
        raise Invalid(f"{action}: {what}", hint=f"{hint} {parameter.name}: {parameter.help}".lstrip()) from None


def takes_list(parameter: Parameter) -> bool:
    """Whether it takes several values."""
    return typing.get_origin(bare_type(parameter.type)) is tuple


def _listed(value: str | int) -> object:
    """One value where a list is meant: JSON when it looks like it, else a list of one."""
    if isinstance(value, str) and value.startswith("["):
        with suppress(ValueError):
            return json.loads(value)
    return [value]


def bare_type(kind: Any) -> Any:
    """The type itself of `X | None`."""
    options = [option for option in typing.get_args(kind) if option is not type(None)]
    return options[0] if typing.get_origin(kind) is not tuple and len(options) == 1 else kind


def _from_json(kind: type, value: object) -> object:
    if issubclass(kind, Parsed):
        return kind.from_json(value)
    assert kind is Secret
    if isinstance(value, Secret):
        return value
    if not isinstance(value, str):
        raise ValueError("a secret is a text")
    return Secret(value)


def _hint(given: str, known: list[str]) -> str:
    near = get_close_matches(given, known, n=1)
    return f"Did you mean “{near[0]}”?" if near else f"Known are {', '.join(known) or 'none'}."
