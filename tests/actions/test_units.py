"""Business units: made, renamed and moved without cycles or doubles, and their settings by the day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cloutui.errors import CloutuiError, Conflict, Invalid
from tests.actions.site import Site
from tests.rounds import rounds


def test_a_unit_is_made_renamed_and_moved_with_all_below(site: Site) -> None:
    site.do("unit.move", {"unit": "Fjord Retail", "parent": "Skov Transport"})
    site.do("unit.rename", {"unit": "Skov Transport/Fjord Retail", "name": "Fjord"})
    tree = site.records.tree()
    assert tree.path(site.acme) == ("Nordhavn Backup", "Skov Transport", "Fjord", "Acme ApS")


def test_the_log_tells_what_was_and_what_is(site: Site) -> None:
    site.do("unit.rename", {"unit": site.acme, "name": "Acme A/S"})
    line = site.records.activity(1)[0]
    assert line.sentence == "Renamed the unit “Acme ApS” to “Acme A/S”."
    assert (line.before, line.after) == ({"name": "Acme ApS"}, {"name": "Acme A/S"})
    assert (line.target_kind, line.target_id, line.unit_id) == ("unit", site.acme, site.acme)


@pytest.mark.parametrize("parent", ["Fjord Retail", "Fjord Retail/Acme ApS"])
def test_a_unit_never_becomes_its_own_ancestor(site: Site, parent: str) -> None:
    with pytest.raises(Conflict, match="lies below"):
        site.do("unit.move", {"unit": "Fjord Retail", "parent": parent})


def test_the_top_stays_the_top(site: Site) -> None:
    with pytest.raises(Conflict, match="top of the tree"):
        site.do("unit.move", {"unit": 1, "parent": "Skov Transport"})


def test_siblings_have_different_names_in_any_case_of_letters(site: Site) -> None:
    for action, params in (
        ("unit.create", {"name": "FJORD retail"}),
        ("unit.rename", {"unit": "Skov Transport", "name": " Fjord Retail "}),
    ):
        with pytest.raises(Conflict, match="already"):
            site.do(action, params)
    site.do("unit.create", {"name": "Skov Transport", "parent": "Fjord Retail"})
    with pytest.raises(Conflict, match="already"):
        site.do("unit.move", {"unit": site.skov, "parent": "Fjord Retail"})
    site.do("unit.rename", {"unit": "Fjord Retail/Acme ApS", "name": "ACME ApS"})


@pytest.mark.parametrize("name", ["", "  ", "x" * 81, "a\x1b[31mb", "a\u202eb", "a\nb", "a\u200bb"])
def test_a_name_can_be_seen(site: Site, name: str) -> None:
    with pytest.raises(Invalid):
        site.do("unit.create", {"name": name})


steps = st.lists(st.tuples(st.sampled_from(["create", "move", "rename"]), st.integers(1, 9), st.integers(1, 9)))


@settings(max_examples=rounds(6, soak=15), suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(steps)
def test_whatever_is_asked_the_tree_stays_a_tree(site: Site, changes: list[tuple[str, int, int]]) -> None:
    for kind, one, other in changes:
        params = {
            "create": {"name": f"U{one}", "parent": other},
            "move": {"unit": one, "parent": other},
            "rename": {"unit": one, "name": f"U{other}"},
        }[kind]
        try:
            site.do(f"unit.{kind}", params)
        except CloutuiError:
            continue
    dimensions = site.records.dimensions()
    assert sorted(unit.lo for unit in dimensions.units) == list(range(len(dimensions.units)))
    siblings = [(unit.parent_id, unit.name.casefold()) for unit in dimensions.units]
    assert len(set(siblings)) == len(siblings)


def test_the_first_value_holds_since_the_beginning_and_a_later_one_from_now(site: Site) -> None:
    site.do("unit.set", {"unit": site.fjord, "key": "time_zone", "value": "Europe/Copenhagen"})
    site.now += timedelta(days=2)
    site.do("unit.set", {"unit": site.fjord, "key": "time_zone", "value": "Asia/Tokyo"})
    site.do("unit.set", {"unit": site.acme, "key": "backup_day_start", "value": "06:00", "from_day": "2026-12-01"})
    today, december = date(2026, 11, 23), date(2026, 12, 1)
    clocks = [tuple(clock)[1:] for clock in site.records.dimensions().unit_clocks if clock.unit_id == site.acme]
    assert clocks == [
        (None, today, "Europe/Copenhagen", 0),
        (today, december, "Asia/Tokyo", 0),
        (december, None, "Asia/Tokyo", 21_600),
    ]


def test_a_setting_said_twice_on_a_day_is_replaced_and_can_be_taken_back(site: Site) -> None:
    for value in ("Asia/Tokyo", "Europe/Oslo", None):
        site.do("unit.set", {"unit": site.fjord, "key": "time_zone", "value": value, "from_day": "2026-11-21"})
    assert {clock.time_zone for clock in site.records.dimensions().unit_clocks} == {"UTC"}
    line = site.records.activity(1)[0]
    assert (line.before["value"], line.after["value"]) == ("Europe/Oslo", None)


def test_a_wrong_key_or_value_is_explained(site: Site) -> None:
    with pytest.raises(Invalid) as key:
        site.do("unit.set", {"unit": 1, "key": "timezone", "value": "UTC"})
    assert "time_zone" in key.value.hint
    with pytest.raises(Invalid) as value:
        site.do("unit.set", {"unit": 1, "key": "time_zone", "value": "Europe/Kopenhagen"})
    assert "Europe/Copenhagen" in value.value.hint
