"""Whatever people do with users and roles, nobody gains what nobody gave who had it; and somebody stays in charge."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cloutui.actions import roles as role_actions
from cloutui.errors import CloutuiError, Conflict, Invalid
from cloutui.model.principal import Principal
from cloutui.model.privilege import Privilege
from cloutui.records import access
from cloutui.records.people import UserRecord
from tests.actions.site import Site
from tests.rounds import rounds

IN_CHARGE = {Privilege.USER_CREATE, Privilege.USER_EDIT, Privilege.ROLE_EDIT}
PEOPLE = frozenset(right for right in Privilege if right.resource in {"user", "role", "account"})
EVERYTHING = frozenset(Privilege)
RIGHTS = {
    "all": EVERYTHING,
    "nearly all": EVERYTHING - {Privilege.SERVER_DELETE},
    "people and units": PEOPLE | {Privilege.UNIT_EDIT, Privilege.UNIT_VIEW},
    "people": PEOPLE,
    "people but no new ones": PEOPLE - {Privilege.USER_CREATE},
    "nodes": frozenset({Privilege.ACCOUNT_EDIT, Privilege.NODE_VIEW}),
}
USERS = [f"tenant{number}" for number in range(6)]
ROLES = [f"Role {number}" for number in range(4)]
UNITS = [1, 2, 3, 4]
"""Nordhavn Backup over Fjord Retail (over Acme ApS) and Skov Transport."""

users, roles, places, rights = (st.sampled_from(each) for each in (USERS, ROLES, UNITS, list(RIGHTS)))


def told(name: str, /, **params: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[str, dict[str, Any]]]:
    return st.tuples(st.just(name), st.fixed_dictionaries(params))


STEPS = st.lists(
    st.tuples(
        users,
        st.one_of(
            told("user.create", name=st.sampled_from([*USERS, "new1", "new2"]), role=roles, unit=places),
            told("user.role", user=users, role=roles),
            told("user.move", user=users, unit=places),
            told("user.edit", user=users, expires=st.just("2026-11-20")),
            told("user.edit", user=users, never_expires=st.just(True)),
            told("user.lock", user=users),
            told("user.unlock", user=users),
            told("user.invite", user=users),
            told("user.remove", user=users),
            told("role.create", name=roles, rights=rights, unit=places, inheritable=st.booleans()),
            told("role.edit", role=roles, rights=rights),
            told("role.edit", role=roles, inheritable=st.booleans()),
            told("role.delete", role=roles),
            told("unit.move", unit=places, parent=places),
        ),
    ),
    min_size=4,
    max_size=14,
)
SITES = st.tuples(
    st.lists(st.tuples(places, rights), min_size=3, max_size=3),
    st.lists(st.tuples(places, st.integers(0, 2)), min_size=3, max_size=4),
)


class Reach(NamedTuple):
    """What somebody may do where, and whether they may come in."""

    rights: frozenset[Privilege]
    units: frozenset[int]
    may_enter: bool
    row: UserRecord

    def covers(self, right: Privilege, unit_id: int) -> bool:
        return right in self.rights and unit_id in self.units


def reaches(site: Site) -> dict[int, Reach]:
    """Of every user who is not removed: told here once more, and not as the product tells it."""
    tree = site.records.tree()
    with site.records.reading() as connection:
        found = access.users(connection)
    return {
        user.user_id: Reach(
            rights=user.role.privileges,
            units=frozenset(unit for unit in UNITS if user.unit_id in {up.unit_id for up in tree.ancestors(unit)}),
            may_enter=user.locked_at is None and (user.expires_at is None or user.expires_at > site.now),
            row=user,
        )
        for user in found
    }


def wrongs(site: Site, actor: int, before: Mapping[int, Reach]) -> Iterator[str]:
    """What the actor should not have been able to do, by how things stand now."""
    after, own = reaches(site), before[actor]
    for user_id, now in after.items():
        was = before.get(user_id)
        for right in now.rights:
            for unit in now.units:
                if not (was and was.covers(right, unit)) and not own.covers(right, unit):
                    yield f"{now.row.name} gained {right} on {unit}"
    for user_id, was in before.items():
        now_row = after[user_id].row if user_id in after else None
        if now_row != was.row and not (was.rights <= own.rights and was.row.unit_id in own.units):
            yield f"{was.row.name} was acted on by {own.row.name}, who has less"
    if not any(one.may_enter and one.row.unit_id == 1 and one.rights >= IN_CHARGE for one in after.values()):
        yield "nobody is in charge"
    if actor not in after or not after[actor].may_enter:
        yield f"{own.row.name} locked themselves out"


def peopled(site: Site, made_roles: list[tuple[int, str]], made_users: list[tuple[int, int]]) -> None:
    """The first user is in charge of everything; the others have the first role that they may have where they live."""
    site.user(1, EVERYTHING, name=USERS[0], role="Top")
    for number, (unit, allowed) in enumerate(made_roles):
        site.role(unit, ROLES[number], RIGHTS[allowed])
    for number, (unit, wanted) in enumerate(made_users, 1):
        above = {place.unit_id for place in site.records.tree().ancestors(unit)}
        usable = [index for index, (where, _) in enumerate(made_roles) if where in above]
        if usable:
            index = usable[wanted % len(usable)]
            where, allowed = made_roles[index]
            site.user(unit, RIGHTS[allowed], name=USERS[number], role=ROLES[index], role_unit=where)


def principal(site: Site, name: str) -> Principal | None:
    """Somebody who comes in now; None when they do not."""
    with site.records.reading() as connection:
        user = access.user_named(connection, name)
        try:
            return user and user.principal("ssh", "s1", site.now)
        except CloutuiError:
            return None


def done(site: Site, name: str, action: str, params: dict[str, Any]) -> bool:
    """Whether somebody did it."""
    by = principal(site, name)
    if by is None:
        return False
    if "rights" in params:
        params = {**params, "rights": sorted(RIGHTS[params["rights"]])}
    typed = params.get("user") or params.get("role") or params.get("name")
    try:
        site.do(action, params, by=by, proof=site.full_proof(typed))
    except CloutuiError:
        return False
    return True


def played(site: Site, made: Any, steps: Any) -> Iterator[str]:
    """What went wrong on a site where this was done, one step after the other."""
    peopled(site, *made)
    for name, (action, params) in steps:
        before = reaches(site)
        actor = next((user_id for user_id, one in before.items() if one.row.name == name), None)
        # Who moves a unit hands it to those who look after its new place: that is what moving is for.
        if done(site, name, action, params) and action != "unit.move":
            assert actor is not None
            for wrong in wrongs(site, actor, before):
                yield f"{name} did {action} {params}: {wrong}"
                return


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with Site(tmp_path_factory.mktemp("site")) as made:
        yield made


@settings(max_examples=rounds(25, soak=1500), deadline=None)
@given(made=SITES, steps=STEPS)
def test_nobody_gains_what_no_one_gave_who_had_it(site: Site, made: Any, steps: Any) -> None:
    with site.rehearsal() as here:
        assert list(played(here, made, steps)) == []


def of_role(site: Site, name: str, unit: int, role: str, allowed: str, *, role_unit: int | None = None) -> Principal:
    return site.user(unit, RIGHTS[allowed], name=name, role=role, role_unit=role_unit)


def refused(site: Site, by: Principal, action: str, **params: Any) -> None:
    typed = params.get("user") or params.get("role")
    with pytest.raises(Conflict):
        site.do(action, params, by=by, proof=site.full_proof(typed))


@pytest.fixture
def here(site: Site) -> Iterator[Site]:
    with site.rehearsal() as rehearsed:
        yield rehearsed


def test_who_moves_takes_no_role_along_that_is_not_one_of_there_whatever_it_is_called(here: Site) -> None:
    by = of_role(here, "top", 1, "Night", "all")
    of_role(here, "fjord", here.fjord, "Night", "people")
    refused(here, by, "user.move", user="fjord", unit=1)
    here.do("user.move", {"user": "fjord", "unit": here.acme}, by=by, proof=here.full_proof("fjord"))


def test_a_role_is_not_changed_for_users_whose_unit_was_moved_out_of_sight(here: Site) -> None:
    by = of_role(here, "fjord", here.fjord, "All", "all")
    of_role(here, "acme", here.acme, "Night", "nodes", role_unit=here.fjord)
    change = {"role": "Night", "rights": sorted(RIGHTS["people"])}
    with here.rehearsal() as again:
        again.do("role.edit", change, by=by, proof=again.full_proof("Night"))
    top = of_role(here, "top", 1, "Top", "all")
    here.do("unit.move", {"unit": here.acme, "parent": here.skov}, by=top, proof=here.full_proof())
    refused(here, by, "role.edit", **change)


@pytest.mark.parametrize("description", ["d" * 201, "two\nlines", "\x1b[31mred"], ids=["long", "two lines", "escape"])
def test_whom_a_role_is_for_is_one_line_that_can_be_shown(here: Site, description: str) -> None:
    by = of_role(here, "top", 1, "Top", "all")
    create = {"name": "Day", "rights": ["node.view"], "description": description}
    with pytest.raises(Invalid, match="description"):
        here.do("role.create", create, by=by, proof=here.full_proof("Day"))
    with pytest.raises(Invalid, match="description"):
        here.do("role.edit", {"role": "Top", "description": description}, by=by, proof=here.full_proof("Top"))


def test_the_last_administrators_keep_what_makes_them_such(here: Site) -> None:
    by = of_role(here, "top", 1, "Top", "all")
    refused(here, by, "role.edit", role="Top", rights=sorted(RIGHTS["nodes"]))
    of_role(here, "top2", 1, "Other", "all")
    here.do("role.edit", {"role": "Top", "rights": sorted(RIGHTS["nodes"])}, by=by, proof=here.full_proof("Top"))


@pytest.mark.parametrize(
    ("action", "params"),
    [("user.lock", {}), ("user.remove", {}), ("user.invite", {}), ("user.edit", {"expires": "2026-11-20"})],
    ids=str,
)
def test_nobody_shuts_the_door_on_themselves(here: Site, action: str, params: dict[str, Any]) -> None:
    by = of_role(here, "top", 1, "Top", "all")
    of_role(here, "top2", 1, "Top", "all")
    refused(here, by, action, user="top", **params)
    here.do(action, {"user": "top2", **params}, by=by, proof=here.full_proof("top2"))


def test_without_the_rule_that_nobody_gives_what_they_lack_somebody_gains(
    here: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control."""
    made = [(2, "people"), (2, "nodes"), (1, "nodes")], [(2, 0), (2, 1)]
    steps = [("tenant1", ("role.edit", {"role": "Role 1", "rights": "all"}))]
    with here.rehearsal() as again:
        assert list(played(again, made, steps)) == []
    monkeypatch.setattr(role_actions, "require_grantable", lambda _principal, _privileges: None)
    (wrong,) = played(here, made, steps)
    assert "tenant2 gained" in wrong


def test_a_user_as_they_are_is_no_change_and_no_line(here: Site) -> None:
    by, proof = of_role(here, "top", 1, "Top", "all"), here.full_proof()
    as_told: dict[str, object] = {"email": "fd@nordhavn.example"}
    here.do("user.edit", {"user": "top", **as_told}, by=by, proof=proof)
    lines = len(here.records.activity(1000))
    for params in ({}, as_told, {"never_expires": True}):
        with pytest.raises(Invalid, match="Nothing would be changed"):
            here.do("user.edit", {"user": "top", **params}, by=by, proof=proof)
    assert len(here.records.activity(1000)) == lines
