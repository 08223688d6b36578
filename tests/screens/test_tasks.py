"""Long work as values: how far it is, how it ends, and which of several is meant."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloutui.screens.tasks import Cancelled, State, Task, TaskBoard

NOW = datetime(2026, 11, 22, 13, 52, tzinfo=UTC)


def a_task(**known: object) -> Task:
    return Task(**{"title": "Export to jobs.csv", "noun": "rows", "started_at": NOW, **known})  # type: ignore[arg-type]


def test_it_tells_how_far_it_is() -> None:
    task = a_task()
    assert task.share is None
    task.tell(2140, 3344)
    assert task.share == pytest.approx(0.64, abs=0.001)
    task.tell(3344)
    assert task.total == 3344
    assert task.share == 1


def test_of_nothing_all_is_done() -> None:
    assert a_task(total=0).share == 1


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_a_share_is_never_more_than_all(done: int, total: int) -> None:
    task = a_task()
    task.tell(done, total)
    assert task.share is not None
    assert 0 <= task.share <= 1


def test_work_that_is_cancelled_ends_where_it_tells() -> None:
    task = a_task()
    task.tell(1, 10)
    task.cancel()
    with pytest.raises(Cancelled):
        task.tell(2)
    assert (task.done, task.state, task.is_unwanted) == (1, State.RUNNING, True)


def test_work_that_waits_is_woken_once() -> None:
    woken: list[int] = []
    task = a_task(on_cancel=lambda: woken.append(1))
    task.cancel()
    task.cancel()
    assert woken == [1]


@pytest.mark.parametrize("state", [State.DONE, State.FAILED, State.CANCELLED])
def test_an_end_stays(state: State) -> None:
    task = a_task(on_cancel=pytest.fail)
    task.end(state, "so", NOW + timedelta(seconds=5))
    task.end(State.DONE, "otherwise", NOW + timedelta(seconds=9))
    task.cancel()
    assert (task.state, task.result, task.ended_at) == (state, "so", NOW + timedelta(seconds=5))
    assert not task.is_unwanted


def test_the_youngest_is_meant_until_it_is_cancelled() -> None:
    board = TaskBoard()
    first, second = board.start("a", "rows", NOW), board.start("b", "rows", NOW)
    assert board.current is second
    second.cancel()
    assert board.current is first
    first.cancel()
    assert board.current is second
    for task in (first, second):
        task.end(State.CANCELLED, "", NOW)
    assert board.current is None
    assert len(board) == 2


def test_only_the_last_that_ended_are_kept_and_all_that_run() -> None:
    board = TaskBoard()
    kept = board.start("runs", "rows", NOW)
    for number in range(80):
        board.start(f"{number}", "rows", NOW).end(State.DONE, "", NOW)
    assert kept in list(board)
    assert len(board) == 52
    assert [task.title for task in board][-1] == "79"


def test_the_end_of_a_session_cancels_all_that_runs() -> None:
    board = TaskBoard()
    ended, runs = board.start("a", "rows", NOW), board.start("b", "rows", NOW)
    ended.end(State.DONE, "", NOW)
    board.cancel_all()
    assert (ended.is_unwanted, runs.is_unwanted) == (False, True)
