"""Write mode at the session: what it lets through, what it asks for, and what ends it. On real records."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pyotp
import pytest
from sqlalchemy import select

from cloutui.actions.action import Action
from cloutui.actions.perform import perform_change
from cloutui.actions.plan import planned
from cloutui.actions.proof import asks_for_write_mode
from cloutui.actions.registry import action_named, build
from cloutui.errors import Conflict, Invalid, NotAllowed, NotConfirmed, NotFound
from cloutui.model.action_class import ActionClass
from cloutui.model.principal import Principal
from cloutui.model.privilege import Privilege
from cloutui.model.secret import Secret
from cloutui.records import passwords
from cloutui.records.access_tables import user_account
from cloutui.records.transaction import Tx
from cloutui.writing import Writing
from tests.actions.cases import CODE, SEED, TABLE
from tests.actions.site import Site

OF_USERS = [name for name, row in TABLE.items() if not row.before_users and not row.is_only_told]
ACTIONS = {name: action_named(name) for name in OF_USERS}
GUARDED = [name for name in OF_USERS if asks_for_write_mode(ACTIONS[name].spec)]
DESTROYING = [name for name in GUARDED if ACTIONS[name].spec.action_class is ActionClass.DESTROY]


def code_of(site: Site) -> Secret:
    return Secret(pyotp.TOTP(SEED).at(site.now))


def with_second_factor(site: Site, principal: Principal) -> None:
    given = {"secret": SEED, "code": code_of(site).reveal()}
    site.do("account.second-factor", given, by=principal, proof=site.full_proof())
    site.now += timedelta(minutes=1)  # a code is good once


def do(site: Site, made: Action, by: Principal, writing: Writing, **proof: Any) -> None:
    assert hasattr(made, "change")
    perform_change(made, by, writing.proof(made, by, **proof), site.context)  # type: ignore[arg-type]


def started(writing: Writing, by: Principal, *, unit: int | None = None, **given: Any) -> None:
    writing.mode = writing.begin(by, "SRQ-1", 15, code=given.get("code"), unit_id=unit or by.unit_id)


@pytest.mark.parametrize("name", GUARDED)
def test_an_action_is_done_in_write_mode_only(name: str, site: Site) -> None:
    row = TABLE[name]
    row.before(site)
    by = site.user(site.records.root_unit_id if row.needs_top else site.fjord)
    row.prepare(site, by)
    with_second_factor(site, by)
    writing, made, before = Writing(site.context, second_factor_at=site.now), build(name, row.inside), site.snapshot()
    with pytest.raises(NotConfirmed, match="write mode"):
        do(site, made, by, writing, typed_name=row.typed_name)
    assert site.snapshot() == before

    started(writing, by)
    do(site, made, by, writing, typed_name=row.typed_name)
    assert site.snapshot() != before
    assert site.records.activity(1)[0].reason == "SRQ-1"


@pytest.mark.parametrize("name", [name for name in GUARDED if ACTIONS[name].spec.action_class >= ActionClass.SERVICE])
def test_before_there_are_users_a_session_needs_write_mode_too(name: str, site: Site) -> None:
    writing, made = Writing(site.context), build(name, TABLE[name].inside)
    with pytest.raises(NotConfirmed, match="write mode"):
        writing.proof(made, site.operator)
    started(writing, site.operator)
    assert writing.proof(made, site.operator).reason == "SRQ-1"


@pytest.mark.parametrize("name", ["server.remove"])
def test_what_destroys_asks_for_a_code_of_now_and_for_the_name(name: str, site: Site) -> None:
    row, by = TABLE[name], site.user(site.fjord)
    with_second_factor(site, by)
    writing, made = Writing(site.context, second_factor_at=site.now), build(name, row.inside)
    started(writing, by)
    site.now += timedelta(minutes=3)
    with pytest.raises(NotConfirmed, match="second factor"):
        do(site, made, by, writing, typed_name=row.typed_name)
    code = code_of(site)
    with pytest.raises(NotConfirmed, match="name, typed"):
        do(site, made, by, writing, typed_name="SPA01", code=code)
    with pytest.raises(Invalid, match="code is wrong"):
        do(site, made, by, writing, typed_name=row.typed_name, code=Secret("000000"))
    do(site, made, by, writing, typed_name=row.typed_name, code=code)  # the wrong name did not use it up
    assert site.records.activity(1)[0].action == name


def test_five_wrong_codes_end_write_mode(site: Site) -> None:
    by = site.user(site.fjord)
    with_second_factor(site, by)
    writing = Writing(site.context, second_factor_at=site.now)
    started(writing, by)
    for _ in range(4):
        with pytest.raises(Invalid):
            writing.show_code(by, Secret("000000"))
    assert writing.is_on
    with pytest.raises(Invalid):
        writing.show_code(by, Secret("000000"))
    assert not writing.is_on


def test_a_code_is_asked_for_when_the_last_one_is_old_and_only_of_who_has_one(site: Site) -> None:
    without, by = site.user(site.fjord), site.user(site.fjord)
    started(Writing(site.context), without)
    with_second_factor(site, by)
    writing = Writing(site.context, second_factor_at=site.now - timedelta(minutes=11))
    with pytest.raises(NotConfirmed, match="second factor"):
        started(writing, by)
    started(writing, by, code=code_of(site))
    assert writing.is_on
    site.now += timedelta(minutes=9)
    assert not writing.asks_for_code(by)


def test_it_ends_by_time_by_idleness_and_at_another_customer(site: Site) -> None:
    by, writing = site.user(site.records.root_unit_id), Writing(site.context)
    started(writing, by, unit=site.acme)
    assert writing.mode is not None
    assert [writing.mode.allows(writing.customer_of(unit)) for unit in (site.fjord, site.skov)] == [True, False]
    site.now += timedelta(minutes=9)
    writing.touch()
    site.now += timedelta(minutes=5)
    assert writing.is_on
    site.now += timedelta(minutes=1)
    assert not writing.is_on, "its time is over, whoever is there"
    started(writing, by)
    site.now += timedelta(minutes=10)
    assert not writing.is_on, "nobody was there"


def test_ones_own_account_needs_no_write_mode(site: Site) -> None:
    by = site.user(site.fjord)
    made = build("account.password", {"password": Secret("four words are better")})
    do(site, made, by, Writing(site.context))
    assert site.records.activity(1)[0].action == "account.password"


@pytest.mark.parametrize("name", ["account.password", "user.first"])
def test_nobody_waits_while_a_password_is_hashed(name: str, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    given = TABLE[name].inside | {"password": "four words are better"}
    by = site.operator
    if name == "user.first":
        given |= {"secret": SEED, "code": CODE}
    else:
        by = site.user(site.fjord)
    records, begin, hashed = site.context.records, site.context.records.begin, passwords.hashed
    order: list[str] = []

    @contextmanager
    def begun() -> Iterator[Tx]:
        with begin() as tx:
            order.append("transaction")
            yield tx

    def noted(password: Secret) -> str:
        order.append(hashed(password))
        return order[-1]

    monkeypatch.setattr(records, "begin", begun)
    monkeypatch.setattr(passwords, "hashed", noted)
    planned(build(name, given), by, site.context)
    assert order == ["transaction"], "nothing is hashed for a look beforehand"
    site.do(name, given, by=by, proof=site.full_proof())
    stored = order[1]
    assert order[2:] == ["transaction"]
    with records.reading() as connection:
        assert stored in connection.execute(select(user_account.c.password_hash)).scalars().all()
    assert stored not in repr(records.activity(1))


# Commands of the command line.


@pytest.mark.parametrize("name", GUARDED)
def test_a_command_says_why_and_what_destroys_gives_a_code(name: str, site: Site) -> None:
    row = TABLE[name]
    row.before(site)
    by = site.user(site.records.root_unit_id if row.needs_top else site.fjord)
    row.prepare(site, by)
    with_second_factor(site, by)
    made, before = build(name, row.inside), site.snapshot()

    def command(reason: str, code: Secret | None = None, typed: str | None = row.typed_name) -> None:
        proof = Writing(site.context).proof_of_command(made, by, reason=reason, typed_name=typed, code=code)
        perform_change(made, by, proof, site.context)  # type: ignore[arg-type]

    with pytest.raises(NotConfirmed, match="reason"):
        command(" ", code_of(site))
    if name in DESTROYING:
        with pytest.raises(NotConfirmed, match="name, typed"):
            command("SRQ-1", code_of(site), typed=None)
        with pytest.raises(NotConfirmed, match="second factor"):
            command("SRQ-1")
    assert site.snapshot() == before
    command("SRQ-1", code_of(site))
    assert site.snapshot() != before
    assert site.records.activity(1)[0].reason == "SRQ-1"


def test_before_there_are_users_a_command_needs_no_reason(site: Site) -> None:
    made = build("unit.move", {"unit": "Fjord Retail/Acme ApS", "parent": "Skov Transport"})
    assert Writing(site.context).proof_of_command(made, site.operator, reason="").write_mode_until


# What would happen.


@pytest.mark.parametrize("name", OF_USERS)
def test_a_plan_tells_what_the_log_will_say_and_changes_nothing(name: str, site: Site) -> None:
    row = TABLE[name]
    row.before(site)
    by = site.user(site.records.root_unit_id if row.needs_top else site.fjord)
    row.prepare(site, by)
    before, lines = site.snapshot(), len(site.records.activity(1000))
    made = build(name, row.inside)
    plan = planned(made, by, site.context)
    assert (site.snapshot(), len(site.records.activity(1000))) == (before, lines)
    outcome = site.do(name, row.inside, by=by, proof=site.full_proof(row.typed_name))
    assert plan.target.name == outcome.target.name
    assert plan.sentence in {outcome.sentence, ""}
    takes_secrets = any(parameter.type in {Secret, Secret | None} for parameter in made.spec.parameters)
    assert plan.sentence or takes_secrets or name == "server.add", "doors may hold passwords"


def test_a_plan_is_refused_what_the_action_would_be(site: Site) -> None:
    by = site.user(site.fjord)
    with pytest.raises(NotFound):
        planned(build("unit.rename", {"unit": site.skov, "name": "X"}), by, site.context)
    with pytest.raises(Conflict):
        planned(build("unit.create", {"name": "acme aps"}), by, site.context)
    reader = site.user(site.fjord, [Privilege.UNIT_VIEW])
    with pytest.raises(NotAllowed):
        planned(build("unit.create", {"name": "X"}), reader, site.context)
