"""Who owned what on which day: periods without gaps or overlaps, whatever is assigned in whatever order."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from cloutui.records import assignments, schema
from cloutui.records.assignments import Changes, Move, Period, changes_of
from cloutui.records.rows import HowAssigned
from cloutui.records.store import Records
from tests.records.building import NOON, a_server, a_unit, facts, logged

DAY = date(2026, 11, 21)

moves = st.lists(st.tuples(st.integers(0, 4), st.integers(1, 3)), min_size=1, max_size=8)
"""Days after DAY, in any order, and units."""


def applied(periods: list[Period], move: Move, changes: Changes) -> list[Period]:
    """What the database holds after the changes."""
    kept = [period for period in periods if period not in changes.dropped]
    if changes.kept_as is not None:
        kept = [changes.kept_as if p.assignment_id == changes.kept_as.assignment_id else p for p in kept]
    if changes.opens:
        next_id = max([period.assignment_id for period in periods], default=0) + 1
        kept.append(Period(next_id, 1, move.unit_id, changes.opened_from, None, move.day, move.how.value, move.rule_id))
    return kept


def owner_on(periods: list[Period], day: date) -> int | None:
    owners = [
        period.unit_id
        for period in periods
        if (period.valid_from is None or period.valid_from <= day)
        and (period.valid_to is None or day < period.valid_to)
    ]
    assert len(owners) <= 1, "two owners on one day"
    return owners[0] if owners else None


@given(moves)
def test_every_day_has_one_owner_and_history_stays(steps: list[tuple[int, int]]) -> None:
    periods: list[Period] = []
    for offset, unit_id in steps:
        move = Move(1, unit_id, DAY + timedelta(offset), HowAssigned.HAND)
        after = applied(periods, move, changes_of(move, periods))
        assert (after[0].valid_from, after[-1].valid_to) == (None, None), "from the beginning, and still"
        for one, next_one in pairwise(after):
            assert one.valid_to == next_one.valid_from
            assert one.unit_id != next_one.unit_id
        for day in (DAY + timedelta(n) for n in range(-3, 8)):
            if day >= move.day:
                assert owner_on(after, day) == unit_id
            elif any(period.made_on < move.day for period in periods):
                assert owner_on(after, day) == owner_on(periods, day), "what was before the day is not touched"
        periods = after


def assigned(records: Records, *steps: tuple[int, date]) -> list[tuple[int, date | None, date | None]]:
    """The periods in the records after the steps."""
    with logged(records) as tx:
        for unit_id, day in steps:
            assignments.assign(tx.connection, [Move(1, unit_id, day, HowAssigned.HAND)])
        found = assignments.periods_of(tx.connection, [1])[1]
    return [(period.unit_id, period.valid_from, period.valid_to) for period in found]


@pytest.fixture
def two_units(records: Records) -> tuple[int, int]:
    records.register_data_sources(a_server(records), facts("ACME-SQL01"), NOON)
    return a_unit(records, "Fjord Retail"), a_unit(records, "Skov Transport")


def test_the_first_owner_has_it_since_the_beginning(records: Records, two_units: tuple[int, int]) -> None:
    assert assigned(records, (two_units[0], DAY)) == [(two_units[0], None, None)]


def test_a_later_owner_starts_at_a_day_and_ends_the_one_before(records: Records, two_units: tuple[int, int]) -> None:
    fjord, skov = two_units
    later = DAY + timedelta(3)
    assert assigned(records, (fjord, DAY), (skov, later)) == [(fjord, None, later), (skov, later, None)]


def test_a_second_thought_on_the_same_day_replaces_the_first(records: Records, two_units: tuple[int, int]) -> None:
    fjord, skov = two_units
    later = DAY + timedelta(3)
    assert assigned(records, (fjord, DAY), (skov, DAY)) == [(skov, None, None)]
    assert assigned(records, (fjord, later), (1, later)) == [(skov, None, later), (1, later, None)]
    assert assigned(records, (skov, later)) == [(skov, None, None)], "as if it had never moved"


def test_many_are_assigned_at_once_and_the_moved_are_counted(records: Records, two_units: tuple[int, int]) -> None:
    names = [f"N{number}" for number in range(1_200)]
    records.register_data_sources(1, facts(*names), NOON)
    ids = [source.consumer_id for source in records.dimensions().data_sources]
    with logged(records) as tx:
        to = [Move(consumer_id, two_units[0], DAY, HowAssigned.RULE, 7) for consumer_id in ids]
        assert assignments.assign(tx.connection, to) == len(ids)
        assert assignments.assign(tx.connection, to) == 0
        again = [move._replace(unit_id=two_units[1], day=DAY + timedelta(1)) for move in to[:5]]
        assert assignments.assign(tx.connection, again) == 5
    assert len(records.dimensions().assignments) == len(ids) + 5


def test_the_database_itself_refuses_a_second_owner(records: Records, two_units: tuple[int, int]) -> None:
    assigned(records, (two_units[0], DAY))
    row = {"consumer_id": 1, "unit_id": two_units[1], "made_on": DAY, "how": "hand"}
    with pytest.raises(IntegrityError), logged(records) as tx:
        tx.connection.execute(insert(schema.assignment).values(**row, valid_from=DAY))
