"""The rows of a matrix: where the next problem is, and rows that keep their places."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from cloutui.model.status import Status
from cloutui.widgets.matrix_rows import MatrixRows

TODAY = date(2026, 11, 22)
OK, BAD, WARN = Status.OK, Status.ERROR, Status.WARNING


def rows(*statuses: tuple[Status, ...]) -> MatrixRows:
    days = [TODAY - timedelta(days=back) for back in reversed(range(len(statuses[0])))]
    count = len(statuses)
    return MatrixRows(
        days=days,
        keys=[100 + row for row in range(count)],
        names=[f"N{row}" for row in range(count)],
        statuses=[bytes(row) for row in statuses],
        bad=[0] * count,
        run=[0] * count,
    )


def test_the_next_problem_is_down_the_day_then_on_the_day_before() -> None:
    made = rows((BAD, OK, BAD), (OK, WARN, OK), (OK, OK, BAD))
    assert made.next_problem(0, 2, 1) == (2, 2)
    assert made.next_problem(2, 2, 1) == (1, 1)
    assert made.next_problem(1, 1, 1) == (0, 0)
    assert made.next_problem(0, 0, 1) is None
    assert made.next_problem(0, 0, -1) == (1, 1)
    assert made.next_problem(0, 2, -1) is None


@given(st.lists(st.lists(st.sampled_from(list(Status)), min_size=4, max_size=4), min_size=1, max_size=8))
def test_going_on_visits_every_problem_once(statuses: list[list[Status]]) -> None:
    made = rows(*map(tuple, statuses))
    expected = {(r, c) for r, row in enumerate(statuses) for c, status in enumerate(row) if status >= Status.WARNING}
    seen, at = [], (-1, 3)
    while (found := made.next_problem(*at, 1)) is not None:
        seen.append(at := found)
    assert len(seen) == len(set(seen))
    assert set(seen) == expected


def test_new_facts_take_the_places_of_the_old_ones() -> None:
    made = rows((OK,), (BAD,), (WARN,))
    kept = made.in_order_of([102, 7, 100])
    assert kept.keys == [102, 100]
    assert kept.names == ["N2", "N0"]
    assert kept.statuses == [bytes([WARN]), bytes([OK])]


def test_a_day_that_is_not_shown_is_the_nearest() -> None:
    made = rows((OK, OK, OK))
    assert made.column_of(TODAY - timedelta(days=1)) == 1
    assert made.column_of(TODAY - timedelta(days=99)) == 0
    assert made.column_of(TODAY + timedelta(days=3)) == 2
    assert made.column_of(None) == 2
    assert MatrixRows().column_of(TODAY) == 0
