"""The SQL of grading says what the pure function says, of random facts under random rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cloutui.model.severity import FIGURES, KINDS, STORAGE_PROTECT, RuleValue, shown_limit
from cloutui.model.severity_grading import DayFacts, JobFacts, LoggedLine, graded
from cloutui.model.severity_rules import Profiles, SetRule, profiles
from cloutui.model.status import Status
from cloutui.model.unit_tree import build_tree
from cloutui.reports.day_facts import column
from cloutui.reports.grading import ALL_KINDS, KINDS_IN_FORCE, deciding_rule, grades, reason
from tests.model.test_severity_grading import EXAMPLES, a_rule, resolved
from tests.rounds import rounds

DAY = date(2026, 11, 21)
STARTED = datetime(2026, 11, 21, 1, tzinfo=UTC).replace(tzinfo=None)
TREE = build_tree([(1, None, "Top"), (2, 1, "Customer"), (3, 2, "Branch")])

CODES = ("ANE4987E", "ANR2579E", "ane4959i", "")
WORDS = ("Disk is full", "VSS writer failed", "object [x] in use")
KEYS = (
    *(f"status:{status.key}" for status in Status if status is not Status.NONE),
    *("result:8", "result:12", "result:-50", "message:ANE4987", "message:4959", "message:2579"),
    *("text:disk IS", "text:/vss .*fail/", "text:[x]", "text:failed"),
    *(kind.name for kind in FIGURES),
)

bounds = st.sampled_from([0, 1, 5, 10])
figures = st.none() | st.sampled_from([0.0, 1.0, 5.0, 10.0, float("inf")])


@st.composite
def rules(draw: st.DrawFn) -> list[SetRule]:
    """Each in a place of its own, on a unit or on a node, of a product or of all."""
    found: dict[object, SetRule] = {}
    for _ in range(draw(st.integers(0, 24))):
        key = draw(st.sampled_from(KEYS) | st.sampled_from([kind.name for kind in FIGURES]))
        kind = KINDS[key.partition(":")[0]]
        grades_ = [Status.OKWARN, Status.WARNING, Status.MISSED, Status.ERROR, Status.UNKNOWN]
        grades_ += [Status.OK, Status.IGNORED] if kind.is_outcome else [Status.IGNORED] if kind.mutes else []
        grade = draw(st.none() | st.sampled_from(grades_))
        share = draw(st.none() | st.just(50)) if kind.name == "limit" else None
        limit = draw(bounds) if kind.limit and grade is not None else None
        node = draw(st.none() | st.integers(1, 3))
        product = draw(st.sampled_from(["", STORAGE_PROTECT, "rubrik"]))
        rule = SetRule(draw(st.integers(1, 3)), node, product, key, RuleValue(grade, limit, share))
        found[rule.place] = rule
    return list(found.values())


lines = st.builds(LoggedLine, st.sampled_from(CODES), st.sampled_from(WORDS))
jobs = st.builds(
    JobFacts,
    status=st.sampled_from([status for status in Status if status is not Status.NONE]),
    result=st.none() | st.sampled_from([0, 4, 8, 12, -50, 2**31 - 1, -(2**31)]),
    lines=st.lists(lines, max_size=2),
)
days = st.builds(
    DayFacts,
    jobs=st.lists(jobs, max_size=4),
    figures=st.fixed_dictionaries({kind.name: figures for kind in FIGURES}),
)


@pytest.fixture(scope="module")
def tables() -> Iterator[duckdb.DuckDBPyConnection]:
    """What the SQL names, in memory."""
    con = duckdb.connect(":memory:", config={"threads": 1})
    named = ", ".join(f'"{column(kind.name)}" DOUBLE' for kind in FIGURES)
    con.execute(f"CREATE TABLE fact (node_id INTEGER, profile_id INTEGER, {named})")
    con.execute(
        "CREATE TABLE scoped_severity "
        "(profile_id INTEGER, key VARCHAR, grade UTINYINT, bound DOUBLE, limit_text VARCHAR)"
    )
    con.execute(
        "CREATE VIEW scoped_severity_kind AS "
        "SELECT DISTINCT split_part(key, ':', 1) AS kind FROM scoped_severity WHERE grade IS NOT NULL"
    )
    con.execute(
        "CREATE TABLE scoped_bare_job (day DATE, node_id INTEGER, job_key VARCHAR, schedule VARCHAR, status UTINYINT, "
        "result INTEGER, reason VARCHAR, scheduled_at TIMESTAMP, started_at TIMESTAMP, ended_at TIMESTAMP)"
    )
    con.execute(
        "CREATE TABLE scoped_log_line "
        "(node_id INTEGER, schedule VARCHAR, logged_at TIMESTAMP, message_code VARCHAR, message VARCHAR)"
    )
    yield con
    con.close()


def fill(con: duckdb.DuckDBPyConnection, found: Profiles, facts: Mapping[int, DayFacts]) -> None:
    """Nodes 1 to 3 have rules of their own; all belong to the branch."""
    for table in ("fact", "scoped_severity", "scoped_bare_job", "scoped_log_line"):
        con.execute(f"DELETE FROM {table}")
    rows: dict[str, list[tuple[Any, ...]]] = {"scoped_bare_job": [], "scoped_log_line": []}
    usual = found.of_unit[3, STORAGE_PROTECT]
    rows["scoped_severity"] = [
        (number, rule.key, rule.value.grade, rule.value.bound, shown_limit(rule.key, rule.value))
        for number, profile in enumerate(found.by_id)
        for rule in profile
    ]
    rows["fact"] = [
        (
            node,
            found.of_node.get((node, 3, STORAGE_PROTECT), usual),
            *(day.figures.get(kind.name) for kind in FIGURES),
        )
        for node, day in facts.items()
    ]
    for node, day in facts.items():
        for number, job in enumerate(day.jobs):
            started = STARTED + timedelta(hours=2 * number)
            times = (started - timedelta(minutes=4), started, started + timedelta(minutes=20))
            own = (DAY, node, f"{node}/{number}", f"S{number}", job.status, job.result)
            # The first is the reason that the server gives, where it begins with a code or has none; others are logged.
            reason = next((line.text for line in job.lines[:1] if not line.code), None)
            rows["scoped_bare_job"].append((*own, reason, *times))
            rows["scoped_log_line"] += [
                (node, f"S{number}", started + timedelta(minutes=5), line.code, line.text)
                for line in job.lines
                if line.code or line is not job.lines[0]
            ]
    for table, found_rows in rows.items():
        if found_rows:
            marks = f"({', '.join('?' * len(found_rows[0]))})"
            values = [value for row in found_rows for value in row]
            con.execute(f"INSERT INTO {table} VALUES {', '.join([marks] * len(found_rows))}", values)


def told(tables: duckdb.DuckDBPyConnection, kinds: frozenset[str]) -> list[tuple[int, int, str, str]]:
    """Each node with its status, the reason and the rule behind it, by SQL for these kinds of rules."""
    common = grades(kinds)
    named = f"{reason(kinds)} AS reason, {deciding_rule(kinds)} AS rule"
    return tables.execute(
        f"WITH {common} SELECT node_id, status, {named} FROM graded AS g ORDER BY 1", {"day": DAY}
    ).fetchall()


@settings(max_examples=rounds(8, soak=1000), deadline=None)
@given(said=rules(), been=st.lists(days, min_size=24, max_size=24))
def test_the_sql_says_what_the_function_says(
    tables: duckdb.DuckDBPyConnection, said: list[SetRule], been: list[DayFacts]
) -> None:
    facts = dict(enumerate(been, start=1))
    found = profiles(TREE, said, [STORAGE_PROTECT, "rubrik"], {node: [(3, STORAGE_PROTECT)] for node in (1, 2, 3)})
    fill(tables, found, facts)
    in_force = frozenset(kind for (kind,) in tables.execute(KINDS_IN_FORCE).fetchall())
    for node, status, why, rule in told(tables, in_force):
        expected = graded(facts[node], found.of(3, node, STORAGE_PROTECT))
        decided = expected.rule.key if expected.rule else ""
        assert (Status(status), why, rule) == (expected.status, expected.reason, decided), facts[node]


def test_the_worked_examples_come_to_the_same_in_sql(tables: duckdb.DuckDBPyConnection) -> None:
    facts = {node: facts for node, (_, _, facts, _, _) in enumerate(EXAMPLES, start=1)}
    each = [
        resolved(*([a_rule(key, value)] if key else [])).of(5, None, STORAGE_PROTECT) for key, value, *_ in EXAMPLES
    ]
    own = {(node, 3, STORAGE_PROTECT): node - 1 for node in facts}
    fill(tables, Profiles(by_id=each, of_unit={(3, STORAGE_PROTECT): 0}, of_node=own), facts)
    found = {node: (Status(status), why) for node, status, why, _ in told(tables, ALL_KINDS)}
    assert found == {node: (status, reason) for node, (_, _, _, status, reason) in enumerate(EXAMPLES, start=1)}
