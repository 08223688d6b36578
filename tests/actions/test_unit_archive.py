"""Units that are over: refused while something lives on them, then out of the way; their history stays."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from cloutui.errors import Conflict, NotFound
from tests.actions.site import Site

LIVING: dict[str, tuple[Callable[[Site], object], str]] = {
    "units": (lambda site: site.made("unit.create", name="Havn Butik", parent=site.skov), "1 unit below it"),
    "nodes": (lambda site: site.do("node.assign", {"nodes": [1, 2], "unit": site.skov}), "2 nodes"),
    "rules": (lambda site: site.made("rule.set", unit=site.skov, name="NOTHING*"), "1 rule that fills it"),
    "servers": (lambda site: site.do("server.add", {"name": "SPF01", "unit": site.skov, "update": True}), "1 server"),
    "users": (lambda site: site.user(site.skov), "1 user"),
}


@pytest.mark.parametrize("what", LIVING)
def test_a_unit_that_something_lives_on_is_not_archived(site: Site, what: str) -> None:
    live, count = LIVING[what]
    live(site)
    by = site.user(site.records.root_unit_id)
    with pytest.raises(Conflict, match=f"is in use: {count}") as refused:
        site.do("unit.archive", {"unit": site.skov}, by=by, proof=site.full_proof())
    assert refused.value.hint.endswith(".")
    assert site.records.archived_units() == frozenset()


def test_all_that_lives_on_it_is_told_at_once(site: Site) -> None:
    for live, _ in LIVING.values():
        live(site)
    by = site.user(site.records.root_unit_id)
    with pytest.raises(Conflict) as refused:
        site.do("unit.archive", {"unit": site.skov}, by=by, proof=site.full_proof())
    assert all(count in refused.value.what for _, count in LIVING.values())


def test_the_top_is_not_archived(site: Site) -> None:
    with pytest.raises(Conflict, match="top of the tree"):
        site.do("unit.archive", {"unit": "."})


def test_what_is_gone_does_not_keep_a_unit_in_use(site: Site) -> None:
    """A unit below that is archived, a node that went on, a server that is removed with its nodes, a user who left."""
    site.do("unit.archive", {"unit": site.made("unit.create", name="Havn Butik", parent=site.skov)})
    site.do("node.assign", {"nodes": "SPA01/SKOV-DB01", "unit": site.skov})
    site.now += timedelta(days=1)
    site.do("node.assign", {"nodes": "SPA01/SKOV-DB01", "unit": site.acme})
    site.do("node.assign", {"nodes": "SPF01/FJORD-FS01", "unit": site.skov})
    site.do("server.remove", {"name": "SPF01"}, proof=site.full_proof("SPF01"))
    site.set_user(site.user(site.skov), archived_at=site.now)
    site.do("unit.archive", {"unit": site.skov}, by=site.user(site.records.root_unit_id), proof=site.full_proof())
    assert site.skov in site.records.archived_units()


def test_an_archived_unit_keeps_what_it_owned_then(site: Site) -> None:
    site.do("node.assign", {"nodes": "SPA01/SKOV-DB01", "unit": site.skov})
    site.now += timedelta(days=3)
    site.do("node.assign", {"nodes": "SPA01/SKOV-DB01", "unit": site.acme})
    before = site.records.dimensions().assignments
    site.do("unit.archive", {"unit": site.skov})
    assert site.records.dimensions().assignments == before
    assert (site.skov, None) in {(row.unit_id, row.valid_from) for row in before}


@pytest.mark.parametrize(
    ("action", "given"),
    [
        ("unit.create", {"name": "X", "parent": 4}),
        ("unit.rename", {"unit": 4, "name": "X"}),
        ("unit.move", {"unit": 2, "parent": 4}),
        ("unit.move", {"unit": 4, "parent": 2}),
        ("unit.set", {"unit": 4, "key": "time_zone", "value": "UTC"}),
        ("unit.archive", {"unit": 4}),
        ("node.assign", {"nodes": 1, "unit": 4}),
        ("rule.set", {"unit": 4, "name": "A*"}),
        ("server.add", {"name": "SPF01", "unit": 4, "update": True}),
        ("user.create", {"name": "skov9", "role": "Readers", "unit": 4}),
    ],
)
def test_an_archived_unit_takes_nothing_new(site: Site, action: str, given: dict[str, object]) -> None:
    site.do("unit.archive", {"unit": site.skov})
    before = site.snapshot()
    with pytest.raises(Conflict, match="is archived") as refused:
        site.do(action, given)
    assert "unit.restore archived=4" in refused.value.hint
    assert site.snapshot() == before


def test_it_comes_back_with_all_that_was_set(site: Site) -> None:
    site.do("unit.set", {"unit": site.skov, "key": "time_zone", "value": "Asia/Tokyo"})
    before = site.snapshot()
    site.do("unit.archive", {"unit": site.skov})
    assert site.snapshot() != before
    outcome = site.do("unit.restore", {"archived": "Skov Transport"})
    assert outcome.sentence == "Restored the unit “Skov Transport”."
    after = site.snapshot()
    assert after[0].units == before[0].units  # type: ignore[attr-defined]
    assert after[0].unit_clocks == before[0].unit_clocks  # type: ignore[attr-defined]


def test_a_name_is_free_again_and_a_path_means_the_unit_in_use(site: Site) -> None:
    site.do("unit.archive", {"unit": site.skov})
    young = site.made("unit.create", name="Skov Transport")
    assert site.do("unit.rename", {"unit": "Skov Transport", "name": "SKOV TRANSPORT"}).target.id == young
    with pytest.raises(Conflict, match="already"):
        site.do("unit.restore", {"archived": site.skov})
    with pytest.raises(Conflict, match="is not archived"):
        site.do("unit.restore", {"archived": "Skov Transport"})


def test_what_is_below_an_archived_unit_comes_back_after_it(site: Site) -> None:
    site.do("unit.archive", {"unit": site.acme})
    site.do("server.remove", {"name": "SPF01"}, proof=site.full_proof("SPF01"))
    site.do("unit.archive", {"unit": site.fjord})
    with pytest.raises(Conflict, match="above it is archived too"):
        site.do("unit.restore", {"archived": site.acme})
    site.do("unit.restore", {"archived": site.fjord})
    site.do("unit.restore", {"archived": site.acme})
    assert site.records.archived_units() == frozenset()


def test_who_does_not_see_it_does_not_learn_that_it_is_archived(site: Site) -> None:
    site.do("unit.archive", {"unit": site.skov})
    by = site.user(site.fjord)
    for action, name in (("unit.restore", "archived"), ("unit.archive", "unit")):
        with pytest.raises(NotFound):
            site.do(action, {name: site.skov}, by=by, proof=site.full_proof())
