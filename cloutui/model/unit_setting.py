"""Settings of business units: a typed registry of keys, and which value is in force for a unit on a day.

A value holds from a day on, and the nearest ancestor's wins. A key is either *replace* (a unit may say anything) or
*stricter only* (a unit may tighten what stands above it, never loosen it).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo, available_timezones

from cloutui.errors import Conflict, Invalid
from cloutui.model.unit_tree import Place

SettingValue = str | int | bool


class Inheritance(StrEnum):
    """What a unit may do with a value that an ancestor set."""

    REPLACE = "replace"
    STRICTER_ONLY = "stricter only"


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitSettingKey:
    """One key: what its values are, and how they descend."""

    name: str
    help: str
    default: SettingValue
    """In force where nobody said anything."""
    checked: Callable[[object], SettingValue]
    """The value as it is stored. Raises: Invalid."""
    inheritance: Inheritance = Inheritance.REPLACE
    is_as_strict: Callable[[SettingValue, SettingValue], bool] = lambda new, above: new == above
    """Whether `new` is at least as strict as the value `above`. Asked for *stricter only* keys."""

    def require_allowed(self, new: SettingValue, above: SettingValue) -> None:
        """Raises: Conflict when a *stricter only* value would loosen what stands above."""
        if self.inheritance is Inheritance.STRICTER_ONLY and not self.is_as_strict(new, above):
            raise Conflict(
                f"{self.name} is {above} above, and may only be made stricter.", hint="Change it on the unit above."
            )


class SettingRow(NamedTuple):
    """One value as the records hold it."""

    unit_id: int
    key: str
    value: SettingValue | None
    """None: from that day on the unit inherits again."""
    valid_from: date | None
    """None: since the beginning."""


def value_on(
    day: date, ancestors: Sequence[Place], key: UnitSettingKey, rows: Mapping[int, Sequence[SettingRow]]
) -> SettingValue:
    """The value in force for the first of `ancestors` (a unit, its parent, ... up to the top) on that day."""
    for place in ancestors:
        value = own_value_on(day, rows.get(place.unit_id, ()), key.name)
        if value is not None:
            return value
    return key.default


def own_value_on(day: date, rows: Iterable[SettingRow], key: str) -> SettingValue | None:
    """What a unit itself says about the key on that day; None when it inherits."""
    begun = [row for row in rows if row.key == key and (row.valid_from is None or row.valid_from <= day)]
    return max(begun, key=lambda row: row.valid_from or date.min).value if begun else None


def key_named(name: str) -> UnitSettingKey:
    """Raises: Invalid, with the nearest key."""
    try:
        return UNIT_SETTINGS[name]
    except KeyError:
        near = get_close_matches(name, UNIT_SETTINGS, n=1)
        hint = f"Did you mean “{near[0]}”?" if near else f"Known are {', '.join(UNIT_SETTINGS)}."
        raise Invalid(f"Units have no setting “{name}”.", hint=hint) from None


def seconds_of(clock_time: str) -> int:
    """Seconds after midnight of `HH:MM`."""
    hours, minutes = clock_time.split(":")
    return int(hours) * 3600 + int(minutes) * 60


def checked_time_zone(value: object) -> str:
    """An IANA time zone name that this system knows. Raises: Invalid, with the nearest one."""
    name = str(value)
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        near = get_close_matches(name, available_timezones(), n=1)
        hint = f"Did you mean “{near[0]}”?" if near else "Use a name such as Europe/Copenhagen or UTC."
        raise Invalid(f"“{name}” is no time zone.", hint=hint) from None
    return name


def _clock_time(value: object) -> str:
    text = str(value)
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", text):
        raise Invalid(f"“{text}” is no time of day.", hint="Use HH:MM, from 00:00 to 23:59.")
    return text


TIME_ZONE = UnitSettingKey(
    name="time_zone",
    help="The time zone in which the unit counts its days.",
    default="UTC",
    checked=checked_time_zone,
)

BACKUP_DAY_START = UnitSettingKey(
    name="backup_day_start",
    help="The time of day at which the unit's backup day begins.",
    default="00:00",
    checked=_clock_time,
)

UNIT_SETTINGS = {key.name: key for key in (TIME_ZONE, BACKUP_DAY_START)}
