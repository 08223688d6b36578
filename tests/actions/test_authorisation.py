"""Every action against everybody: who may do it where, from one table that no action may be missing from."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cloutui.actions.action import Target
from cloutui.actions.desk import Desk
from cloutui.actions.perform import perform_change
from cloutui.actions.registry import all_actions
from cloutui.actions.units import RenameUnit
from cloutui.errors import AccessEnded, Conflict, NotAllowed, NotConfirmed, NotFound, ReadOnly
from cloutui.model.action_class import ActionClass
from cloutui.model.privilege import Privilege
from tests.actions.cases import ACME, TABLE, Params, a_rule_for_all, typed_for
from tests.actions.site import NOON, SSH, Site

NAMES = [action.spec.name for action in all_actions()]
ACTIONS = {action.spec.name: action for action in all_actions()}
OF_USERS = [name for name in NAMES if not TABLE[name].before_users]


def test_every_action_has_a_row_and_every_row_an_action() -> None:
    assert sorted(TABLE) == NAMES


@pytest.mark.parametrize("name", OF_USERS)
def test_inside_the_scope_it_is_done(name: str, site: Site) -> None:
    row = TABLE[name]
    row.before(site)
    by = site.user(site.records.root_unit_id if row.needs_top else site.fjord)
    row.prepare(site, by)
    before = site.snapshot()
    outcome = site.do(name, row.inside, by=by, proof=site.full_proof(row.typed_name))
    assert (site.snapshot() != before) is not row.is_only_told
    line = site.records.activity(1)[0]
    assert (line.seq, line.action, line.sentence) == (outcome.activity_seq, name, outcome.sentence)
    assert (line.actor, line.user_id, line.face, line.reason) == (by.name, by.user_id, "ssh", "ticket 4417")
    assert site.records.tree().holds(by.unit_id, line.unit_id)


OUTSIDE = [(name, params) for name in NAMES for params in TABLE[name].outside]


@pytest.mark.parametrize(("name", "params"), OUTSIDE, ids=str)
def test_outside_the_scope_nothing_is_found_and_nothing_changes(name: str, params: Params, site: Site) -> None:
    TABLE[name].before(site)
    by = site.user(site.fjord)
    before = (site.snapshot(), len(site.records.activity(1000)))
    with pytest.raises(NotFound, match="here, or not yours"):
        site.do(name, params, by=by, proof=site.full_proof(typed_for(params)))
    assert (site.snapshot(), len(site.records.activity(1000))) == before


@pytest.mark.parametrize(
    ("name", "hidden", "absent"),
    [
        ("unit.rename", {"unit": 4, "name": "X"}, {"unit": 99, "name": "X"}),
        ("unit.rename", {"unit": "Skov Transport", "name": "X"}, {"unit": "Sand Transport", "name": "X"}),
        ("server.remove", {"name": "spa01"}, {"name": "spx01"}),
        ("node.assign", {"nodes": "SPA01/SKOV-DB01", "unit": ACME}, {"nodes": "SPX01/NO-DB01", "unit": ACME}),
        ("node.assign", {"nodes": 3, "unit": ACME}, {"nodes": 99, "unit": ACME}),
        ("rule.remove", {"rule": 1}, {"rule": 99}),
    ],
    ids=str,
)
def test_what_is_hidden_and_what_does_not_exist_give_the_same_words(
    name: str, hidden: Params, absent: Params, site: Site
) -> None:
    a_rule_for_all(site)
    words = []
    for params in (hidden, absent):
        with pytest.raises(NotFound) as refused:
            site.do(name, params, by=site.user(site.fjord), proof=site.full_proof(params.get("name")))
        asked = str(next(iter(params.values())))
        assert f"“{asked}”" in refused.value.what
        words.append((refused.value.what.replace(asked, "it"), refused.value.hint))
    assert words[0] == words[1]


@pytest.mark.parametrize("name", [name for name in NAMES if TABLE[name].needs_top])
def test_what_touches_everybody_is_for_the_top_alone(name: str, site: Site) -> None:
    with pytest.raises(NotFound):
        site.do(name, TABLE[name].inside, by=site.user(site.fjord), proof=site.full_proof())


@pytest.mark.parametrize("name", NAMES)
def test_every_action_is_tried_outside_the_scope(name: str) -> None:
    assert TABLE[name].outside or TABLE[name].needs_top or TABLE[name].is_own


@pytest.mark.parametrize("name", NAMES)
def test_without_the_privilege_nothing_changes(name: str, site: Site) -> None:
    row = TABLE[name]
    row.before(site)
    by = site.user(site.fjord, set(Privilege) - {ACTIONS[name].spec.needs})
    before = (site.snapshot(), len(site.records.activity(1000)))
    with pytest.raises(NotAllowed, match=ACTIONS[name].spec.needs):
        site.do(name, row.inside, by=by, proof=site.full_proof(row.typed_name))
    assert (site.snapshot(), len(site.records.activity(1000))) == before


def test_where_one_only_looks_nothing_is_done_whatever_the_role_allows(site: Site) -> None:
    """The control is every row of `test_inside_the_scope_it_is_done`."""
    for looks in (site.operator, site.user(site.records.root_unit_id)):
        by = replace(looks, is_read_only=True)
        before = (site.snapshot(), len(site.records.activity(1000)))
        for name in NAMES:
            with pytest.raises(ReadOnly, match="--read-only"):
                site.do(name, TABLE[name].inside, by=by, proof=site.full_proof(TABLE[name].typed_name))
        assert (site.snapshot(), len(site.records.activity(1000))) == before


def test_changing_a_server_needs_the_right_to_edit_too(site: Site) -> None:
    by = site.user(site.fjord, set(Privilege) - {Privilege.SERVER_EDIT})
    with pytest.raises(NotAllowed, match=r"server\.edit"):
        site.do("server.add", {"name": "SPF01", "administrator": "X", "update": True}, by=by, proof=site.full_proof())


ENDED: dict[str, Params] = {
    "locked": {"locked_at": NOON},
    "expired": {"expires_at": NOON},
    "removed": {"archived_at": NOON},
}


@pytest.mark.parametrize("how", ENDED)
@pytest.mark.parametrize("name", NAMES)
def test_who_is_locked_expired_or_removed_since_the_sign_in_does_nothing(name: str, how: str, site: Site) -> None:
    row = TABLE[name]
    row.before(site)
    by = site.user(site.records.root_unit_id if row.needs_top else site.fjord)
    row.prepare(site, by)
    site.set_user(by, **ENDED[how])
    before = (site.snapshot(), len(site.records.activity(1000)))
    with pytest.raises(AccessEnded, match=how):
        site.do(name, row.inside, by=by, proof=site.full_proof(row.typed_name))
    assert (site.snapshot(), len(site.records.activity(1000))) == before


@pytest.mark.parametrize("name", [name for name in NAMES if TABLE[name].before_users])
def test_what_is_done_before_there_are_users_is_done_by_nobody_afterwards(name: str, site: Site) -> None:
    site.do(name, TABLE[name].inside)
    by = site.user(site.records.root_unit_id)
    with pytest.raises(Conflict):
        site.do(name, {**TABLE[name].inside, "name": "op-02"}, by=by, proof=site.full_proof())


@pytest.mark.parametrize("name", NAMES)
def test_once_there_are_users_nobody_acts_without_being_one(name: str, site: Site) -> None:
    row = TABLE[name]
    row.before(site)
    site.user(site.records.root_unit_id)
    with pytest.raises(AccessEnded, match="not signed in"):
        site.do(name, row.inside, by=site.operator, proof=site.full_proof(row.typed_name))


CHANGES = [name for name in OF_USERS if ACTIONS[name].spec.action_class >= ActionClass.CHANGE]


@pytest.mark.parametrize("name", CHANGES)
def test_a_user_must_be_in_write_mode_and_it_must_last(name: str, site: Site) -> None:
    row = TABLE[name]
    row.before(site)
    by = site.user(site.fjord)
    proof = site.full_proof(row.typed_name)
    site.now = proof.write_mode_until or site.now
    before = site.snapshot()
    with pytest.raises(NotConfirmed, match="write mode"):
        site.do(name, row.inside, by=by, proof=proof)
    assert site.snapshot() == before


@pytest.mark.parametrize(("name", "params"), OUTSIDE, ids=str)
def test_what_is_refused_below_is_done_from_the_top(name: str, params: Params, site: Site) -> None:
    """The negative control: nothing but the scope stood in the way."""
    TABLE[name].before(site)
    site.do(name, params, by=site.user(site.records.root_unit_id), proof=site.full_proof(typed_for(params)))


def test_an_action_that_looks_where_it_likes_is_stopped_all_the_same(site: Site) -> None:
    class Careless(RenameUnit):
        def target(self, desk: Desk) -> Target:
            return Target(kind="unit", name="Skov Transport", id=site.skov, unit_ids=(site.skov,))

    action = Careless(unit=ACME, name="Acme A/S")
    with pytest.raises(NotFound):
        perform_change(action, site.user(site.fjord), site.full_proof(), site.context)
    perform_change(action, site.user(site.records.root_unit_id), site.full_proof(), site.context)


def test_an_action_that_says_it_touches_nothing_is_not_done(site: Site) -> None:
    class Vague(RenameUnit):
        def target(self, desk: Desk) -> Target:
            return Target(kind="unit", name="something", unit_ids=())

    with pytest.raises(NotFound):
        perform_change(Vague(unit=ACME, name="Acme A/S"), site.operator, site.full_proof(), site.context)


def test_what_is_done_in_one_test_is_not_there_in_the_next(site: Site, built: Site) -> None:
    before, secrets = built.snapshot(), len(built.secrets._keyring._passwords)
    with site.rehearsal() as again:
        again.do("server.add", {"name": "SPX09", "doors": [SSH], "administrator": "A", "password": "hunter2"})
        assert again.snapshot() != before
    assert (site.snapshot(), len(built.secrets._keyring._passwords)) == (before, secrets)
