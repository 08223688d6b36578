"""Whatever the tree, and whatever people did in it: no report tells anybody of a unit that is not theirs.

`tests.reports.test_scope` holds the same of nodes that change hands from day to day. Here all of it is made by
actions, and everything carries the number of the unit that it belongs to in its name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from cloutui.actions.perform import Context, perform_change
from cloutui.actions.proof import Proof
from cloutui.actions.registry import build
from cloutui.errors import CloutuiError
from cloutui.model.principal import local_principal
from cloutui.model.table import Answer
from cloutui.records.secrets import Secrets
from cloutui.reports import scope
from cloutui.reports.registry import all_reports, find_report
from tests.access.house import Questions, observe
from tests.rounds import rounds
from tests.world import World

THEN = datetime(2026, 11, 20, 12, tzinfo=UTC)
"""When people did all of it: within the days that are asked for."""
MARK = re.compile(r"\b([a-z]+)-of-(\d)\b", re.IGNORECASE)
DOOR = {"kind": "ssh", "host": "host.nordhavn.example", "user": "collector"}
OTHERS_SEE = {"role", "tag"}
"""What is handed down may be seen below."""


@dataclass(frozen=True)
class Plan:
    """What is done, in numbers. Unit 0 is the top."""

    parents: tuple[int, ...]
    """Of the units 1, 2, ...: the number of an earlier one."""
    moves: tuple[tuple[int, int], ...]
    archived: tuple[int, ...]
    inheritable: tuple[bool, ...]
    servers: tuple[int, ...]
    """The units that have one of their own."""


numbers = st.integers(1, 4)
PLANS = st.builds(
    Plan,
    parents=st.tuples(*(st.integers(0, number) for number in range(4))),
    moves=st.lists(st.tuples(numbers, st.integers(0, 4)), max_size=2).map(tuple),
    archived=st.lists(numbers, max_size=1).map(tuple),
    inheritable=st.tuples(*(st.booleans() for _ in range(5))),
    servers=st.lists(st.integers(0, 4), min_size=1, max_size=2, unique=True).map(tuple),
)


class Built:
    """A plan carried out: the unit 3 is called `unit-of-3`, its user `user-of-3`, and so on."""

    def __init__(self, plan: Plan, home: Path) -> None:
        self.world = World(home)
        self._context = Context(records=self.world.records, secrets=Secrets.open("memory", home))
        self._by = local_principal("op", 1, "terminal")
        self.world.records.clock = lambda: THEN
        self.ids = [1]
        for number, parent in enumerate(plan.parents, 1):
            self.ids.append(self.do("unit.create", name=f"unit-of-{number}", parent=self.ids[parent]) or 0)
        for number in plan.archived:
            self.do("unit.archive", unit=self.ids[number])
        self._furnish(plan)
        self.once = [self._inside(number) for number in range(len(self.ids))]
        for number, parent in plan.moves:
            self.do("unit.move", unit=self.ids[number], parent=self.ids[parent])
            self.once = [seen | self._inside(top) for top, seen in enumerate(self.once)]
        # Once there are users, nobody acts without being one.
        roles = [self._role(number, is_inheritable) for number, is_inheritable in enumerate(plan.inheritable)]
        for number, role in enumerate(roles):
            self._person(number, role)
        self.world.cache.copy_dimensions()
        self.questions = Questions.about(self, self.world.cache)

    @property
    def records(self) -> Any:
        return self.world.records

    def do(self, action: str, /, *, typed: str | None = None, **params: Any) -> int | None:
        """What was made; None when it could not be done as things stand."""
        proof = Proof(typed_name=typed, second_factor_at=THEN, write_mode_until=THEN + timedelta(hours=1))
        try:
            return perform_change(build(action, params), self._by, proof, self._context).target.id
        except CloutuiError:
            return None

    def _furnish(self, plan: Plan) -> None:
        for number in range(len(self.ids)):
            name, unit = f"server-of-{number}", self.ids[number]
            if number in plan.servers and self.do("server.add", name=name, doors=[DOOR], administrator="A", unit=unit):
                server = self.world.records.server(name).server_id
                told = [f"NODE-OF-{number}", f"FILE-OF-{number}"]
                self.world.nodes(server, *told)
                observe(self.world.cache, server, name, told)
            self.do("comment.add", nodes=[f"{name}/NODE-OF-{number}"], text=f"word-of-{number}", day="2026-11-20")
            self.do("comment.add", nodes=[f"{name}/NODE-OF-{number}"], text=f"more-of-{number}")
            self.do("problem.handle", nodes=[f"{name}/NODE-OF-{number}"], day="2026-11-20", state="active")
            self.do("rule.set", unit=unit, name=f"rule-of-{number}*")
            self.do("filter.save", name=f"filter-of-{number}", text="status:failed", unit=unit)
            self.do("unit.set", unit=unit, key="time_zone", value="Europe/Copenhagen")
            self.do("tag.create", text=f"tag-of-{number}", unit=unit, inheritable=plan.inheritable[number])
            self.do("tag.put", tags=f"tag-of-{number}", units=[unit])

    def _role(self, number: int, is_inheritable: bool) -> int | None:
        """None in an archived unit."""
        name = f"role-of-{number}"
        told = {"name": name, "rights": ["node.view"], "unit": self.ids[number], "inheritable": is_inheritable}
        return self.do("role.create", typed=name, **told)

    def _person(self, number: int, role: int | None) -> None:
        if role is not None:
            unit = self.ids[number]
            user = self.world.user(f"user-of-{number}", unit, role, email=f"mail-of-{number}@x.example")
            self.world.key(user, f"SHA256:key-of-{number}", comment=f"comment-of-{number}")
            self.world.session(user, unit, f"session-of-{number}")

    def _inside(self, top: int) -> frozenset[int]:
        tree = self.world.records.tree()
        return frozenset(number for number, unit in enumerate(self.ids) if tree.holds(self.ids[top], unit))

    def ask(self, top: int, *only: str) -> Iterator[tuple[str, Answer]]:
        """Every report, or only these, asked for everything that exists anywhere."""
        for report in [find_report(name) for name in only] or all_reports():
            for params in self.questions.of(report):
                yield report.name, self.world.run(report.name, self.ids[top], **params)

    def leaks(self, top: int, *only: str) -> Iterator[str]:
        """What somebody of this unit is told of units that are not theirs."""
        inside = self._inside(top)
        above = {number for number in range(len(self.ids)) if top in self._inside(number)}
        for report, answer in self.ask(top, *only):
            told = repr((answer.rows.to_pylist(), answer.as_of, answer.notes))
            # What was done when a unit was still there stays told.
            own = self.once[top] if report.startswith("activity") else inside
            for what, number in set(MARK.findall(told)):
                if int(number) in own or (what in OTHERS_SEE and int(number) in above):
                    continue
                yield f"{report} tells {top} of {what}-of-{number}"


# A world takes a second: one that fails is told as it is, and not made smaller for minutes.
@settings(max_examples=rounds(2, soak=100), deadline=None, phases=[Phase.reuse, Phase.generate])
@given(plan=PLANS, top=numbers)
def test_no_report_tells_of_a_unit_that_is_not_ones_own(
    tmp_path_factory: pytest.TempPathFactory, plan: Plan, top: int
) -> None:
    made = Built(plan, tmp_path_factory.mktemp("world"))
    try:
        assert list(made.leaks(top)) == []
    finally:
        made.world.close()


@pytest.fixture(scope="module")
def moved(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Built]:
    """Units 1 (over 3) and 2 (over 4), until 3 was moved below 2. Only looked at, so it is made once."""
    plan = Plan(parents=(0, 0, 1, 2), moves=((3, 2),), archived=(), inheritable=(True,) * 5, servers=(0, 1, 3))
    made = Built(plan, tmp_path_factory.mktemp("moved"))
    yield made
    made.world.close()


def test_in_a_unit_that_was_moved_nobody_learns_where_it_was(moved: Built) -> None:
    assert list(moved.leaks(3)) == []


@pytest.mark.parametrize(
    ("report", "relation", "guard", "without"),
    [
        ("users", "scoped_user", "JOIN scoped_unit AS u", "JOIN unit AS u"),
        ("user-keys", "scoped_user_key", "JOIN scoped_unit AS u", "JOIN unit AS u"),
        ("sessions", "scoped_session", "JOIN scoped_unit AS u", "JOIN unit AS u"),
        ("roles", "scoped_role", "u.unit_id IS NOT NULL OR", "true OR"),
        ("rules", "scoped_rule", "JOIN scoped_unit AS u", "JOIN unit AS u"),
        ("find", "scoped_found_user", "JOIN scoped_unit AS u", "JOIN unit AS u"),
        ("find", "scoped_unit", "WHERE u.lo >= $scope_lo AND u.lo < $scope_hi", "WHERE $scope_unit > 0"),
        ("tags", "scoped_tag", "((u.lo >= s.lo AND u.lo < s.hi) OR (u.lo < s.lo AND u.hi > s.lo))", "true"),
        ("activity", "scoped_activity", "JOIN scoped_unit AS u", "JOIN unit AS u"),
        ("activity", "scoped_activity", "known.unit_id IS NULL", "false"),
        ("activity-entry", "scoped_activity_entry", "known.unit_id IS NULL", "false"),
        ("comments", "scoped_comment", "JOIN scoped_unit AS u", "JOIN unit AS u"),
        ("node-comments", "scoped_comment", "JOIN scoped_unit AS u", "JOIN unit AS u"),
        ("handling-history", "scoped_handling_line", "JOIN scoped_unit AS u", "JOIN unit AS u"),
    ],
)
def test_each_guard_of_what_people_decided_keeps_something_out(
    moved: Built, monkeypatch: pytest.MonkeyPatch, report: str, relation: str, guard: str, without: str
) -> None:
    """The negative control. What is read of the records is narrowed too: here all of it is."""
    text = scope._TEXTS[relation]
    assert guard in text
    monkeypatch.setitem(scope._TEXTS, relation, text.replace(guard, without))
    monkeypatch.setattr("cloutui.reports.record_relations._UNITS", "SELECT unit_id FROM unit WHERE $scope_unit > 0")
    scope._needed.cache_clear()
    scope.records_behind.cache_clear()
    try:
        assert next(moved.leaks(3, report), None)
    finally:
        scope._needed.cache_clear()
        scope.records_behind.cache_clear()
