"""The authorisation matrix: every action and every report, for every role, wherever and however its user stands.

The two tables say by themselves who may do what, so that neither a role nor a report changes unseen.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from operator import attrgetter

import pytest

from cloutui.actions.action import Action
from cloutui.actions.registry import all_actions
from cloutui.errors import CloutuiError
from cloutui.model.principal import Principal, local_principal
from cloutui.model.role import BUILTIN_ROLES, READER
from cloutui.reports.registry import Report, all_reports
from tests.access.house import STANDINGS, House, Questions, staff
from tests.actions.cases import TABLE, Params, Row, typed_for
from tests.actions.site import Site

LETTERS = {
    "A": "administrator",
    "O": "operator",
    "T": "tenant-administrator",
    "U": "auditor",
    "R": "reader",
}

ACTIONS = {
    "account.add-key": "AOTUR",
    "account.password": "AOTUR",
    "account.prefer": "AOTUR",
    "account.recovery-codes": "AOTUR",
    "account.remove-key": "AOTUR",
    "account.second-factor": "AOTUR",
    "comment.add": "AOT",
    "comment.edit": "AOT",
    "comment.remove": "AOT",
    "filter.forget": "AOT",  # of a unit; one's own is everybody's
    "filter.save": "AOT",
    "history.freeze": "A",
    "node.assign": "AOT",
    "problem.handle": "AOT",
    "problem.mute": "AOT",
    "problem.round": "AOT",
    "problem.unmute": "AOT",
    "role.create": "AT",
    "role.delete": "AT",
    "role.edit": "AT",
    "rule.remove": "AO",
    "rule.set": "AO",
    "server.add": "A",
    "server.remove": "A",
    "session.end": "AT",
    "severity.clear": "AO",
    "severity.set": "AO",
    "session.read": "AOTUR",
    "session.write": "AOTUR",
    "setting.set": "A",
    "sla.promise": "AO",
    "sla.recalculate": "AO",
    "tag.create": "AOT",
    "tag.put": "AOT",
    "tag.remove": "AOT",
    "tag.rename": "AOT",
    "tag.take": "AOT",
    "unit.archive": "A",
    "unit.create": "AOT",
    "unit.move": "AOT",
    "unit.rename": "AOT",
    "unit.restore": "A",
    "unit.set": "AOT",
    "user.create": "AT",
    "user.edit": "AT",
    "user.first": "AT",
    "user.invite": "AT",
    "user.lock": "AT",
    "user.move": "AT",
    "user.remove": "AT",
    "user.remove-key": "AT",
    "user.role": "AT",
    "user.unlock": "AT",
    "view.save": "AOTUR",
}

REPORTS = {
    "activity": "AOTU",
    "activity-entry": "AOTU",
    "attention": "AOTUR",
    "business-units": "AOTUR",
    "comments": "AOTUR",
    "daily": "AOTUR",
    "daily-since": "AOTUR",
    "days": "AOTUR",
    "find": "AOTUR",
    "forecast": "AOTUR",
    "handling-history": "AOTUR",
    "history": "AOTUR",
    "history-day": "AOTUR",
    "job-counts": "AOTUR",
    "job-log": "AOTUR",
    "jobs": "AOTUR",
    "jobs-matrix": "AOTUR",
    "my-account": "AOTUR",
    "my-keys": "AOTUR",
    "node-comments": "AOTUR",
    "node-day": "AOTUR",
    "node-filespaces": "AOTUR",
    "node-grades": "AOTUR",
    "node-jobs": "AOTUR",
    "node-occupancy": "AOTUR",
    "node-schedules": "AOTUR",
    "node-tags": "AOTUR",
    "nodes": "AOTUR",
    "nodes-figures": "AOTUR",
    "role-rights": "ATU",
    "roles": "ATU",
    "rules": "AOU",
    "schedules-figures": "AOTUR",
    "schedules-matrix": "AOTUR",
    "capacity": "AOU",
    "server-pools": "AOU",
    "servers": "AOU",
    "servers-figures": "AOTUR",
    "servers-matrix": "AOTUR",
    "sessions": "ATU",
    "sla": "AOTUR",
    "sla-causes": "AOTUR",
    "sla-months": "AOTUR",
    "severity-preview": "AOTU",
    "severity-rules": "AOTU",
    "stored": "AOTUR",
    "tag-uses": "AOTUR",
    "tags": "AOTUR",
    "trends": "AOTUR",
    "unit-settings": "AOTUR",
    "units": "AOTUR",
    "units-figures": "AOTUR",
    "units-matrix": "AOTUR",
    "user-keys": "ATU",
    "users": "ATU",
    "weeks": "AOTUR",
}

OWN = {name for name in ACTIONS if name.startswith("account.")}
OWN |= {"session.write", "session.read", "view.save", "my-account", "my-keys"}
"""What somebody may do who is invited: all that their own account alone is needed for."""

UNUSUAL = {
    ("account.remove-key", "invited"): "Conflict",  # without a password it is the last thing to come in with
    ("account.recovery-codes", "invited"): "Conflict",  # there is no second factor to recover
    ("user.first", "active"): "Conflict",  # it was done before
}

ENDED = ("locked", "expired", "removed")


class Tally:
    """What was tried, and what did not end as the tables say."""

    def __init__(self) -> None:
        self.cells = 0
        self.deviations: list[str] = []

    def tell(self, what: str, found: str, *expected: str) -> None:
        self.cells += 1
        if found not in expected:
            self.deviations.append(f"{what}: {found}, not {' or '.join(expected)}")


def expected(name: str, standing: str, *, may: bool, inside: bool = True) -> tuple[str, ...]:
    """How it ends, as the tables say."""
    if standing in ENDED:
        # Who may not do it anyway may be told that instead.
        return ("AccessEnded",) if may else ("AccessEnded", "NotAllowed")
    if not may or (standing == "invited" and name not in OWN):
        return ("NotAllowed",)
    return (UNUSUAL.get((name, standing), "done"),) if inside else ("NotFound",)


@pytest.fixture(scope="module")
def tally(request: pytest.FixtureRequest) -> Iterator[Tally]:
    """Of all the tests of this module. Its figures are seen with `-s`."""
    kept = Tally()
    yield kept
    told = f"{kept.cells} cells of the authorisation matrix, {len(kept.deviations)} deviations"
    request.config.get_terminal_writer().line(f"\n{told}")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with Site(tmp_path_factory.mktemp("site")) as made:
        yield made


@pytest.fixture(autouse=True)
def quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """How slow hashing is, is not the question here."""
    monkeypatch.setattr("cloutui.records.passwords.hashed", lambda password: f"hash of {len(password.reveal())}")


def test_every_action_every_report_and_every_role_is_in_the_tables() -> None:
    assert sorted(ACTIONS) == [action.spec.name for action in all_actions()]
    assert sorted(REPORTS) == [report.name for report in all_reports()]
    assert sorted(LETTERS.values()) == sorted(BUILTIN_ROLES)


@pytest.mark.parametrize("action", all_actions(), ids=lambda action: action.spec.name)
def test_an_action_is_done_by_those_who_may_where_they_may(action: type[Action], site: Site, tally: Tally) -> None:
    name = action.spec.name
    assert list(deviations_of_action(name, site, tally)) == []


def deviations_of_action(name: str, site: Site, tally: Tally) -> Iterator[str]:
    row, before = TABLE[name], len(tally.deviations)
    with site.rehearsal() as prepared:
        row.before(prepared)
        at_home = staff(prepared, 1 if row.needs_top else prepared.fjord)
        abroad = staff(prepared, prepared.fjord, name="x")
        nobody = local_principal("op", 1, "terminal")
        tally.tell(f"{name} by nobody", tried(prepared, row, nobody, name, row.inside), "AccessEnded")
        for letter, key in LETTERS.items():
            may = letter in ACTIONS[name]
            for standing in STANDINGS:
                found = tried(prepared, row, at_home[key], name, row.inside, standing)
                tally.tell(f"{name} by {key}, {standing}", found, *expected(name, standing, may=may))
            for params in [row.inside] if row.needs_top else row.outside:
                found = tried(prepared, row, abroad[key], name, params)
                tally.tell(f"{name} by {key} outside", found, *expected(name, "active", may=may, inside=False))
    yield from tally.deviations[before:]


def tried(site: Site, row: Row, by: Principal, name: str, params: Params, standing: str = "active") -> str:
    """How it ends. When it is refused, nothing is told."""
    with site.rehearsal() as here:
        if by.user_id is not None:
            row.prepare(here, by)
            if standing != "active":
                here.set_user(by, **STANDINGS[standing])
        before = here.records.activity(1)
        proof = here.full_proof(row.typed_name if params is row.inside else typed_for(params))
        try:
            here.do(name, params, by=by, proof=proof)
        except CloutuiError as error:
            assert here.records.activity(1) == before
            return type(error).__name__
        return "done"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with House(tmp_path_factory.mktemp("house")) as made:
        yield made


@pytest.fixture(scope="module")
def members(house: House) -> dict[str, dict[str, Principal]]:
    """By standing and role: they were signed in before they came to stand like that."""
    made = {standing: staff(house.site, house.site.fjord, name=standing) for standing in STANDINGS}
    for standing, values in STANDINGS.items():
        for member in made[standing].values():
            if values:
                house.site.set_user(member, **values)
    return made


def answered(house: House, by: Principal, report: Report, params: Params, unit: int | None = None) -> str:
    try:
        house.installation.session(by).run(report.name, unit=unit, **params)
    except CloutuiError as error:
        return type(error).__name__
    return "done"


@pytest.mark.parametrize("report", list(all_reports()), ids=attrgetter("name"))
def test_a_report_is_answered_to_those_who_may_ask_it_where_they_may(
    report: Report, house: House, members: dict[str, dict[str, Principal]], tally: Tally
) -> None:
    name, before, site = report.name, len(tally.deviations), house.site
    params = next(Questions.about(site, house.installation.cache).of(report))
    nobody = local_principal("op", 1, "terminal")
    tally.tell(f"{name} to nobody", answered(house, nobody, report, params), "AccessEnded")
    for letter, key in LETTERS.items():
        may = letter in REPORTS[name]
        for standing in STANDINGS:
            found = answered(house, members[standing][key], report, params)
            tally.tell(f"{name} to {key}, {standing}", found, *expected(name, standing, may=may))
        for unit in (1, site.skov):
            found = answered(house, members["active"][key], report, params, unit)
            tally.tell(f"{name} to {key} outside", found, *expected(name, "active", may=may, inside=False))
    assert tally.deviations[before:] == []


def test_a_role_that_may_more_than_the_tables_say_is_found(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control."""
    more = READER.privileges | BUILTIN_ROLES["operator"].privileges
    monkeypatch.setattr(
        "cloutui.records.people.BUILTIN_ROLES", {**BUILTIN_ROLES, "reader": replace(READER, privileges=more)}
    )
    found = list(deviations_of_action("unit.rename", site, Tally()))
    assert found[0] == "unit.rename by reader, active: done, not NotAllowed"
