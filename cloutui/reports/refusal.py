"""What is wrong with a parameter of a report or an action, for a person: what stood there, and what may stand there."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from difflib import get_close_matches
from enum import Enum
from types import NoneType
from typing import Any, Literal, get_args, get_origin, get_type_hints

_AT = re.compile(r"`\$\.(\w+)")
"""Where msgspec found it."""
_LEAST, _MOST = re.compile(r"`int` >= (-?\d+)"), re.compile(r"`int` <= (-?\d+)")


def refusal_of(params: type[Any], given: Mapping[str, object], error: str) -> tuple[str, str]:
    """What is wrong, and what to give instead; `error` is what msgspec said."""
    at = _AT.search(error)
    if at is None or at[1] not in given:  # one that has to be given is missing
        return f"{error}.", f"It takes: {', '.join(field.name for field in fields(params)) or 'nothing'}."
    said = refusal_of_one(at[1], get_type_hints(params)[at[1]], error, given=str(given[at[1]]))
    return said or (f"{error}.", f"Check {at[1]}.")


def refusal_of_one(name: str, kind: Any, error: str, *, given: str | None = None) -> tuple[str, str] | None:
    """The same of one parameter of that type; None for what there are no words for.

    `given`: what stood there, to be named. None where it might be a secret.
    """
    value = f"the value of “{name}”" if given is None else f"“{given}”"
    if _is_of(kind, date):
        return f"{value} is no day.", "Days are written 2026-11-21."
    if choices := _choices(kind):
        near = get_close_matches(given, choices, n=1) if given else ()
        meant = f"Did you mean “{near[0]}”? " if near else ""
        return f"{value} is nothing that {name} can be.", f"{meant}It can be: {', '.join(choices)}."
    if least := _LEAST.search(error):
        return f"{value} is less than {name} can be.", f"Give {least[1]}, or more."
    if most := _MOST.search(error):
        return f"{value} is more than {name} can be.", f"Give {most[1]}, or less."
    if _is_of(kind, int):
        return f"{value} is no whole number.", f"Give one for {name}."
    return None


def _is_of(kind: Any, wanted: type) -> bool:
    """Whether it is that type, several of it, or may be nothing else but none."""
    return kind is wanted or {*get_args(kind)} - {NoneType, Ellipsis} == {wanted}


def _choices(kind: Any) -> list[str]:
    """The words of a parameter that takes one of a few; else nothing."""
    if get_origin(kind) is Literal:
        return [str(word) for word in get_args(kind)]
    if isinstance(kind, type) and issubclass(kind, Enum):
        return [str(each.value) for each in kind]
    return [word for part in get_args(kind) for word in _choices(part)]
