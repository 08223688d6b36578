"""Settings of business units: a typed registry of keys, and which value is in force for a unit on a day.

A value holds from a day on. A key is either *replace* (a unit may say anything, and the nearest ancestor's value wins)
or *stricter only* (a unit may tighten what stands above it, and what would loosen it is passed over).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo, available_timezones

from cloutui.errors import Conflict, Invalid
from cloutui.model.safe_text import safe
from cloutui.model.unit_tree import Place

SettingValue = str | int | float | bool


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

    def allows(self, new: SettingValue, above: SettingValue) -> bool:
        """Whether a unit may say `new` where `above` stands above it."""
        return self.inheritance is Inheritance.REPLACE or self.is_as_strict(new, above)

    def require_allowed(self, new: SettingValue, above: SettingValue) -> None:
        """Raises: Conflict when a *stricter only* value would loosen what stands above."""
        if not self.allows(new, above):
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


class InForce(NamedTuple):
    """What holds for a unit, and who said so."""

    value: SettingValue
    unit_id: int | None
    """The unit that said it: itself or one above. None: nobody did."""


def in_force(
    day: date, branch: Sequence[int], key: UnitSettingKey, rows: Mapping[int, Sequence[SettingRow]]
) -> InForce:
    """What holds for the first unit of `branch` (it, its parent, ... up to the top) on that day."""
    found = InForce(key.default, None)
    for unit_id in reversed(branch):
        own = own_value_on(day, rows.get(unit_id, ()), key.name)
        # A unit below the top may have said it when it was stricter, and be overtaken by now: it must not loosen that.
        if own is not None and (unit_id == branch[-1] or key.allows(own, found.value)):
            found = InForce(own, unit_id)
    return found


def value_on(
    day: date, ancestors: Sequence[Place], key: UnitSettingKey, rows: Mapping[int, Sequence[SettingRow]]
) -> SettingValue:
    """What holds for the first of `ancestors` (a unit, its parent, ... up to the top) on that day."""
    return in_force(day, [place.unit_id for place in ancestors], key, rows).value


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


def shown(value: SettingValue) -> str:
    """As people write it, and may give it back: `yes`, `98`, `Europe/Copenhagen`."""
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


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


def _percent(value: object) -> int | float:
    """From 0 to 100, with one digit after the point at most: `98`, `99.5`."""
    hint = "Use a number from 0 to 100, with one digit after the point at most."
    try:
        number = Decimal(str(value).strip().removesuffix("%").strip())
    except InvalidOperation:
        raise Invalid(f"“{value}” is no percentage.", hint=hint) from None
    if not number.is_finite() or not 0 <= number <= 100 or number * 10 % 1:
        raise Invalid(f"“{value}” is no percentage.", hint=hint)
    return float(number) if number % 1 else int(number)


_YES = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}


def _yes_or_no(value: object) -> bool:
    try:
        return _YES[str(value).strip().casefold()]
    except KeyError:
        raise Invalid(f"“{value}” is neither yes nor no.", hint="Use yes or no.") from None


def _words(known: Collection[str] = ()) -> Callable[[object], str]:
    """Checks words with blanks between them, in small letters and their order: of `known` alone, where there is any."""

    def checked(value: object) -> str:
        words = sorted(set(str(value).casefold().split()) - {NOTHING})
        for word in words:
            if known and word not in known:
                raise Invalid(f"“{word}” is none of them.", hint=f"Known are {', '.join(sorted(known))}.")
            if safe(word) != word:
                raise Invalid("It holds characters that cannot be shown.", hint="Type it by hand.")
        return " ".join(words) or NOTHING

    return checked


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

POOL_FULL = UnitSettingKey(
    name="pool_full_percent",
    help="From here on a storage pool of the unit's servers is a warning.",
    default=90,
    checked=_percent,
)

DAY_GOOD = UnitSettingKey(
    name="day_good_percent",
    help="A day of the unit with this share of good jobs, or more, is OK.",
    default=98,
    checked=_percent,
)

DAY_POOR = UnitSettingKey(
    name="day_poor_percent",
    help="A day of the unit with a smaller share of good jobs than this is failed; between the two it is a warning.",
    default=95,
    checked=_percent,
)

TWO_FACTORS = UnitSettingKey(
    name="two_factors",
    help="Whether the unit's users need a second factor, whatever their role asks for.",
    default=False,
    checked=_yes_or_no,
    inheritance=Inheritance.STRICTER_ONLY,
    is_as_strict=lambda new, above: bool(new) or not above,
)

NOTHING = "none"
"""A text setting that names nothing: it can be said below a unit that names something."""

SLA_GOAL = UnitSettingKey(
    name="sla_goal_percent",
    help="The share of good jobs that was promised for a week or a month.",
    default=98,
    checked=_percent,
)

SLA_OKWARN = UnitSettingKey(
    name="sla_okwarn_counts",
    help="Whether a job that ended OK with warnings is a good one for the promise.",
    default=True,
    checked=_yes_or_no,
)

SLA_WARNING = UnitSettingKey(
    name="sla_warning_counts",
    help="Whether a job that ended with a warning is a good one for the promise.",
    default=False,
    checked=_yes_or_no,
)

SLA_UNSCHEDULED = UnitSettingKey(
    name="sla_unscheduled",
    help="Whether jobs that no schedule asked for count.",
    default=False,
    checked=_yes_or_no,
)

# Yes unless said: locking a node that fails must not mend the figures by itself.
SLA_LOCKED = UnitSettingKey(
    name="sla_locked",
    help="Whether the jobs of nodes that are locked now count.",
    default=True,
    checked=_yes_or_no,
)

SLA_WITHOUT_HANDLED = UnitSettingKey(
    name="sla_without_handled",
    help="Bad jobs that somebody handled so do not count: `resolved`, `ignored`, `muted`, or `none`.",
    default=NOTHING,
    checked=_words({"resolved", "ignored", "muted"}),
)

SLA_TAGS_ONLY = UnitSettingKey(
    name="sla_tags_only",
    help="Only the jobs of nodes with one of these tags count; blanks between them, or `none`.",
    default=NOTHING,
    checked=_words(),
)

SLA_TAGS_WITHOUT = UnitSettingKey(
    name="sla_tags_without",
    help="The jobs of nodes with one of these tags do not count; blanks between them, or `none`.",
    default=NOTHING,
    checked=_words(),
)

SLA_SETTINGS = (
    *(SLA_GOAL, SLA_OKWARN, SLA_WARNING, SLA_UNSCHEDULED, SLA_LOCKED),
    *(SLA_WITHOUT_HANDLED, SLA_TAGS_ONLY, SLA_TAGS_WITHOUT),
)

UNIT_SETTINGS = {
    key.name: key for key in (TIME_ZONE, BACKUP_DAY_START, POOL_FULL, DAY_GOOD, DAY_POOR, TWO_FACTORS, *SLA_SETTINGS)
}
