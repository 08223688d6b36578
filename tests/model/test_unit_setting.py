"""Settings of units: the nearest ancestor's value, from its day on, and keys that may only be tightened."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloutui.errors import Conflict, Invalid
from cloutui.model.backup_day import backup_day
from cloutui.model.unit_setting import (
    BACKUP_DAY_START,
    POOL_FULL,
    TIME_ZONE,
    TWO_FACTORS,
    UNIT_SETTINGS,
    InForce,
    Inheritance,
    SettingRow,
    SettingValue,
    UnitSettingKey,
    in_force,
    key_named,
    seconds_of,
    value_on,
)
from cloutui.model.unit_tree import build_tree

TREE = build_tree([(1, None, "Nordhavn Backup"), (2, 1, "Fjord Retail"), (3, 2, "Acme ApS")])
SUMMER = date(2026, 6, 1)
AUTUMN = date(2026, 9, 1)


def zone(unit_id: int, day: date, *rows: SettingRow) -> object:
    by_unit = {unit: [row for row in rows if row.unit_id == unit] for unit in (1, 2, 3)}
    return value_on(day, TREE.ancestors(unit_id), TIME_ZONE, by_unit)


def a_row(unit_id: int, value: str | None, valid_from: date | None = None) -> SettingRow:
    return SettingRow(unit_id, "time_zone", value, valid_from)


def test_the_nearest_ancestor_wins_and_the_default_stands_last() -> None:
    assert zone(3, SUMMER) == "UTC"
    assert zone(3, SUMMER, a_row(1, "Europe/Oslo")) == "Europe/Oslo"
    assert zone(3, SUMMER, a_row(1, "Europe/Oslo"), a_row(2, "Asia/Tokyo")) == "Asia/Tokyo"
    assert zone(1, SUMMER, a_row(2, "Asia/Tokyo")) == "UTC"


def test_a_value_holds_from_its_day_until_the_next() -> None:
    rows = (a_row(2, "Europe/Oslo"), a_row(2, "Asia/Tokyo", SUMMER), a_row(2, None, AUTUMN))
    assert zone(2, date(2026, 5, 31), *rows) == "Europe/Oslo"
    assert zone(2, SUMMER, *rows) == "Asia/Tokyo"
    assert zone(2, AUTUMN, *rows) == "UTC"


def test_a_key_that_may_only_be_made_stricter_refuses_to_be_loosened() -> None:
    approvals = UnitSettingKey(
        name="approvals",
        help="",
        default=1,
        checked=lambda value: int(str(value)),
        inheritance=Inheritance.STRICTER_ONLY,
        is_as_strict=lambda new, above: int(new) >= int(above),
    )
    approvals.require_allowed(2, 2)
    approvals.require_allowed(3, 2)
    with pytest.raises(Conflict, match="only be made stricter"):
        approvals.require_allowed(1, 2)
    TIME_ZONE.require_allowed("Asia/Tokyo", "UTC")


APPROVALS = UnitSettingKey(
    name="approvals",
    help="",
    default=1,
    checked=lambda value: int(str(value)),
    inheritance=Inheritance.STRICTER_ONLY,
    is_as_strict=lambda new, above: int(new) >= int(above),
)


def branch(unit: int) -> list[int]:
    """Five units one below the other: the top is 1."""
    return list(range(unit, 0, -1))


said = st.dictionaries(
    st.tuples(st.integers(1, 5), st.sampled_from([None, SUMMER, AUTUMN])), st.none() | st.integers(0, 9), max_size=12
)


@given(said, st.sampled_from([date(2026, 5, 31), SUMMER, AUTUMN]))
def test_over_five_levels_the_nearest_value_holds_and_nothing_that_stands_above_is_loosened(
    values: dict[tuple[int, date | None], int | None], day: date
) -> None:
    """Told here once more, and not as the product tells it: level by level, from the top."""
    for key in (APPROVALS, POOL_FULL):
        rows: dict[int, list[SettingRow]] = {}
        for (unit, since), value in values.items():
            rows.setdefault(unit, []).append(SettingRow(unit, key.name, value, since))
        holds: SettingValue = key.default
        source: int | None = None
        for unit in range(1, 6):
            begun = [since for level, since in values if level == unit and (since is None or since <= day)]
            own = values[unit, max(begun, key=lambda since: since or date.min)] if begun else None
            is_stricter = unit == 1 or key is POOL_FULL or (own is not None and own >= int(holds))
            if own is not None and is_stricter:
                holds, source = own, unit
            found = in_force(day, branch(unit), key, rows)
            assert found == InForce(holds, source)
            if key is APPROVALS and unit > 1:
                above = in_force(day, branch(unit - 1), key, rows)
                assert int(found.value) >= int(above.value)


def test_a_value_that_was_overtaken_from_above_is_passed_over() -> None:
    rows = {1: [SettingRow(1, "approvals", 3, None)], 2: [SettingRow(2, "approvals", 2, None)]}
    assert in_force(SUMMER, branch(5), APPROVALS, rows) == InForce(3, 1)


def test_who_asks_for_two_factors_is_not_overruled_below() -> None:
    TWO_FACTORS.require_allowed(True, False)
    TWO_FACTORS.require_allowed(True, True)
    with pytest.raises(Conflict):
        TWO_FACTORS.require_allowed(False, True)


@pytest.mark.parametrize(
    ("text", "value"),
    [("90", 90), (90, 90), ("99.5", 99.5), (99.5, 99.5), ("98%", 98), (" 98.0 % ", 98), ("0", 0), ("100", 100)],
)
def test_a_share_is_a_percentage(text: object, value: float) -> None:
    found = POOL_FULL.checked(text)
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize("text", ["-1", "100.1", "99.55", "", "many", "nan", "inf", "1e3", True])
def test_what_is_no_percentage_is_refused(text: object) -> None:
    with pytest.raises(Invalid, match="is no percentage"):
        POOL_FULL.checked(text)


@pytest.mark.parametrize("key", list(UNIT_SETTINGS.values()), ids=lambda key: key.name)
def test_what_holds_when_nobody_says_anything_is_a_value_of_its_kind(key: UnitSettingKey) -> None:
    assert key.checked(key.default) == key.default
    assert key.help.endswith(".")


@pytest.mark.parametrize(("text", "value"), [("yes", True), ("No", False), (True, True), ("off", False)])
def test_yes_and_no_are_written_in_several_ways(text: object, value: bool) -> None:
    assert TWO_FACTORS.checked(text) is value
    with pytest.raises(Invalid, match="neither yes nor no"):
        TWO_FACTORS.checked("perhaps")


@pytest.mark.parametrize("value", ["Europe/Kopenhagen", "", "../etc/passwd", "Europe", "/etc/localtime", 7])
def test_only_time_zones_that_exist_are_taken(value: object) -> None:
    with pytest.raises(Invalid, match="is no time zone"):
        TIME_ZONE.checked(value)
    assert TIME_ZONE.checked("Europe/Copenhagen") == "Europe/Copenhagen"


@pytest.mark.parametrize("value", ["24:00", "6:00", "06:60", "", "06:00:00", 6])
def test_only_times_of_day_are_taken(value: object) -> None:
    with pytest.raises(Invalid):
        BACKUP_DAY_START.checked(value)
    assert seconds_of(str(BACKUP_DAY_START.checked("06:30"))) == 23_400


def test_a_wrong_key_names_the_nearest() -> None:
    with pytest.raises(Invalid) as wrong:
        key_named("timezone")
    assert "time_zone" in wrong.value.hint


@pytest.mark.parametrize(
    ("at", "zone_name", "start_s", "day"),
    [
        (datetime(2026, 11, 21, 23, 30, tzinfo=UTC), "UTC", 0, date(2026, 11, 21)),
        (datetime(2026, 11, 21, 23, 30, tzinfo=UTC), "Europe/Copenhagen", 0, date(2026, 11, 22)),
        (datetime(2026, 11, 22, 4, 59, tzinfo=UTC), "Europe/Copenhagen", 21_600, date(2026, 11, 21)),
        (datetime(2026, 11, 22, 5, 0, tzinfo=UTC), "Europe/Copenhagen", 21_600, date(2026, 11, 22)),
        # The night in March that has 23 hours: the day still starts at 06:00 on the wall clock.
        (datetime(2026, 3, 29, 3, 59, tzinfo=UTC), "Europe/Copenhagen", 21_600, date(2026, 3, 28)),
        (datetime(2026, 3, 29, 4, 0, tzinfo=UTC), "Europe/Copenhagen", 21_600, date(2026, 3, 29)),
    ],
)
def test_the_backup_day_is_the_units_own(at: datetime, zone_name: str, start_s: int, day: date) -> None:
    assert backup_day(at, zone_name, start_s) == day
