"""Settings of units: the nearest ancestor's value, from its day on, and keys that may only be tightened."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from cloutui.errors import Conflict, Invalid
from cloutui.model.backup_day import backup_day
from cloutui.model.unit_setting import (
    BACKUP_DAY_START,
    TIME_ZONE,
    Inheritance,
    SettingRow,
    UnitSettingKey,
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
