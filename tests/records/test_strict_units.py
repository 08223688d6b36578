"""Units whose users need a second factor, whatever their role asks for: for the unit and all below it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cloutui.errors import Conflict
from cloutui.model.privilege import Privilege
from cloutui.model.role import ENROLMENT
from cloutui.records import access
from cloutui.records.sign_in import Door
from tests.actions.site import Site


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with Site(tmp_path) as built:
        yield built


def rights(site: Site, name: str) -> frozenset[Privilege]:
    """What somebody may do who comes in now."""
    with site.records.reading() as connection:
        user = access.user_named(connection, name)
    assert user is not None
    return user.principal("ssh", "s1", site.now).privileges


def test_where_the_unit_asks_for_it_one_factor_lets_nobody_go_on(site: Site) -> None:
    site.user(site.acme, name="acme1")
    site.user(site.skov, name="skov1")
    by = site.user(site.records.root_unit_id, name="op")
    door = Door(site.records, site.secrets)
    assert (rights(site, "acme1"), door.most_need_code()) == (frozenset(Privilege), False)
    setting = {"unit": "Fjord Retail", "key": "two_factors", "value": "yes"}
    site.do("unit.set", setting, by=by, proof=site.full_proof())
    assert rights(site, "acme1") == ENROLMENT
    assert rights(site, "skov1") == frozenset(Privilege)
    known = {name: door.known(name) for name in ("acme1", "skov1")}
    assert {name: user.needs_code for name, user in known.items() if user} == {"acme1": True, "skov1": False}


def test_below_it_nobody_asks_for_less(site: Site) -> None:
    site.do("unit.set", {"unit": "Fjord Retail", "key": "two_factors", "value": "yes"})
    with pytest.raises(Conflict, match="only be made stricter"):
        site.do("unit.set", {"unit": site.acme, "key": "two_factors", "value": "no"})
    with site.records.reading() as connection:
        assert access.strict_units(connection) == {site.fjord, site.acme}


def test_names_that_nobody_has_are_asked_for_a_code_where_most_users_are(site: Site) -> None:
    """Else the question itself would tell who is there."""
    site.do("unit.set", {"unit": ".", "key": "two_factors", "value": "yes"})
    site.user(site.acme)
    assert Door(site.records, site.secrets).most_need_code()
