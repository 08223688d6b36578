"""A page of the daily report is found by little and told in full: it is what the whole report has in that place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cloutui.model.severity import checked_value
from cloutui.model.severity_rules import SetRule
from cloutui.model.table import Answer
from cloutui.products.observation import OCCUPANCY
from cloutui.records import severity
from cloutui.reports import runner
from cloutui.reports.daily import DAILY
from cloutui.reports.runner import Runner
from cloutui.reports.severity_preview import SEVERITY_PREVIEW
from cloutui.reports.view import View, asked_for, view
from tests.rounds import rounds
from tests.world import NOON, World, a_job, a_line, a_node, a_row, jobs, lines, nodes, observed

DAY, CLOSED = date(2026, 11, 21), date(2026, 11, 20)
ROOT, ACME = 0, 1
"""Places in the tree."""
NAMES = [f"NODE-{n:02}" for n in range(12)]
RULES = (
    ("result:8", "error"),
    ("text:in use", "okwarn"),
    ("duration", "warning 10m"),
    ("no-schedule", "okwarn"),
    ("locked", "ignored"),
)


class House(World):
    """Twelve nodes of two units: some fail for days, one is locked, and of some something was said."""

    one: Runner
    """Each report is checked once."""

    def build(self) -> None:
        server = self.server()
        self.nodes(server, *NAMES)
        units = [self.unit("Acme ApS"), self.unit("Skov Transport")]
        self.assign_all([(name, units[n % 2], None, None) for n, name in enumerate(NAMES)])
        self.cache.store(server, nodes(*(a_node(name, is_locked=n == 5) for n, name in enumerate(NAMES))), NOON)
        for age in range(4):
            told = [("Completed", 0), ("Failed", 12), ("Missed", None), ("Completed", 8)]
            at = NOON - timedelta(days=age, hours=11)
            ran = (
                a_job(name, scheduled=at.replace(tzinfo=None), said=said, result=result)
                for n, name in enumerate(NAMES)
                for said, result in [told[(n // 3 + (n + age) % 3 // 2) % 4]]
                if n != 11
            )
            self.cache.store(server, jobs(*ran), NOON)
        for age in (3, 0):
            held = [
                a_row(OCCUPANCY, node=name, pool="P", reporting_bytes=9 + n * (age + 1)) for n, name in enumerate(NAMES)
            ]
            self.cache.store(server, observed(OCCUPANCY, held), NOON - timedelta(days=age, hours=30))
        self.cache.store(server, lines(a_line(node=NAMES[3])), NOON)
        self.put(self.tag("vip", units[0]), unit=units[0])
        self.comment(1, units[0], "Always late.", day=DAY)
        self.handled(4, units[1], "acknowledged", day=DAY)
        with self.records.begin() as tx:
            for key, value in RULES:
                rule = SetRule(units[0], None, "", key, checked_value(key, value))
                severity.store(tx.connection, rule, NOON, "op")
            tx.bump_version()
            self._log(tx)
        self.cache.copy_dimensions()
        self.swept(server)
        self.freeze(CLOSED)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Only looked at, so it is made once."""
    made = House(tmp_path_factory.mktemp("house"))
    made.build()
    made.one = made.runner(now=lambda: NOON)
    yield made
    made.close()


def asked(house: House, words: str, sort: Sequence[str], limit: int | None, offset: int, day: date = DAY) -> Answer:
    wanted = {"filter": words, "sort": sort, "limit": limit, "offset": offset}
    return house.one.run("daily", house.principal(), {"day": day}, **wanted)  # type: ignore[arg-type]


FILTERS = (
    *("", "unit:acme", "status>=warning", "-status:missed", "tag:vip", "none"),
    *("missed", "reason:failed", "ack:yes"),
)
"""The last of them look at what is made late."""


@settings(max_examples=rounds(4, soak=300), deadline=None)
@given(
    words=st.sampled_from(FILTERS),
    sort=st.lists(st.sampled_from(["status", "-node", "unit", "-last_ok", "reason", "-run"]), max_size=2),
    limit=st.none() | st.integers(0, 13),
    offset=st.integers(0, 13),
    day=st.sampled_from([DAY, CLOSED]),
)
@example(words="", sort=[], limit=3, offset=0, day=DAY)
@example(words="unit:acme", sort=["unit"], limit=3, offset=2, day=DAY)
@example(words="missed", sort=["reason"], limit=3, offset=2, day=CLOSED)
def test_a_page_is_what_the_whole_report_has_there(
    house: House, words: str, sort: list[str], limit: int | None, offset: int, day: date
) -> None:
    paged = asked(house, words, sort, limit, offset, day)
    assert bool(paged.frozen) is (day == CLOSED)
    with pytest.MonkeyPatch.context() as patch:
        # In one step, for every kind of rule.
        patch.setattr(runner, "find_report", lambda _: replace(DAILY, suited=None))
        patch.setattr(View, "names", frozenset({"none that is known"}))
        whole = asked(house, words, sort, None, 0, day)
    end = None if limit is None else offset + limit
    assert paged.rows.to_pylist() == whole.rows.to_pylist()[offset:end]
    assert (paged.total, paged.hidden) == (whole.total, whole.hidden)


def test_the_world_has_something_to_tell_in_every_column_that_is_made_late(house: House) -> None:
    """Otherwise the test before it holds nothing."""
    rows = asked(house, "", (), None, 0).rows.to_pylist()
    assert len({row["status"] for row in rows}) >= 4
    for column in {column.name for column in DAILY.columns} - DAILY.late[0].known:
        assert len({row[column] for row in rows}) > 1, column


@pytest.mark.parametrize(
    ("words", "sort", "is_known"),
    [
        ("", [], True),
        ("status>=warning unit:acme -node:x", ["-last_ok"], True),
        ("delta>1", [], False),
        ("", ["-stored"], False),
        ("tag:vip", [], True),
        ("missed", [], False),
        ("/missed/", [], False),
        ("reason:missed", [], False),
        ("ack:yes", [], False),
        ("", ["reason"], False),
    ],
)
def test_what_is_made_late_is_not_looked_at_early(house: House, words: str, sort: list[str], is_known: bool) -> None:
    clock = runner._clock({"now": NOON.replace(tzinfo=None), "today": DAY, "time_zone": "UTC"})
    names = view(asked_for(words, sort, 10, 0), DAILY, clock).names
    assert (names <= DAILY.late[0].known) is is_known, names


@pytest.mark.parametrize(
    ("unit", "key", "value", "tells"),
    [
        (ROOT, "status:missed", "warning", True),
        (ROOT, "result:12", "okwarn", True),
        (ROOT, "text:in use", "okwarn", True),
        (ROOT, "at-risk", "error 30h", True),
        (ACME, "duration", "error 17m", True),
        (ACME, "no-schedule", "error", True),
        (ACME, "growth", "off", False),
    ],
)
def test_what_a_rule_would_change_is_the_same_whoever_is_looked_at(
    house: House, unit: int, key: str, value: str, tells: bool
) -> None:
    """A preview grades those nodes alone that the rule can say anything about."""
    given = {"key": key, "value": value, "day": DAY}
    asked_of = house.records.dimensions().units[unit].unit_id
    found = house.one.run("severity-preview", house.principal(), given, unit=asked_of)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(runner, "find_report", lambda _: replace(SEVERITY_PREVIEW, suited=None))
        everybody = house.one.run("severity-preview", house.principal(), given, unit=asked_of)
    assert found.rows.to_pylist() == everybody.rows.to_pylist()
    assert bool(found.total) is tells
