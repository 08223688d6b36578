"""Long work in the console: it is seen, cancelled, told of, and never in the way."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from cloutui.collectors.asked import Asked
from cloutui.errors import Unreachable
from cloutui.model.privilege import Privilege
from cloutui.model.status import Status
from cloutui.screens import working
from cloutui.screens.boxes import QuitBox
from cloutui.screens.tasks import State, Task
from cloutui.screens.tasks_box import TasksBox
from tests.screens.console import Console, console
from tests.screens.fake_session import NOW

S = (80, 24)


async def left_in(folder: Path) -> list[str]:
    return await asyncio.to_thread(lambda: sorted(path.name for path in folder.iterdir()))


async def export_held(it: Console, path: Path) -> Task:
    """An export that stands still when it is nearly done."""
    it.session.gate.clear()
    it.shell.export("csv", str(path))
    task = it.shell.desk.tasks.current
    assert task is not None
    await it.until(lambda: task.done)
    return task


async def test_the_status_bar_shows_how_far_it_is_and_what_cancels_it(tmp_path: Path) -> None:
    async with console() as it:
        await it.settled()
        task = await export_held(it, tmp_path / "jobs.csv")
        await it.sees("Export to jobs.csv ━━━━━━ 100% 60 of 60 rows  ctrl+c cancel")
        task.done = 39
        await it.sees("━━━━── ")  # within a second: the counter goes on by itself
        assert "65% 39 of 60 rows" in it.text()
        it.session.gate.set()
        await it.sees("60 rows in")
        assert "ctrl+c cancel" not in it.text()
        assert (task.state, task.result) == (State.DONE, f"60 rows in {tmp_path / 'jobs.csv'}.")


async def test_without_a_status_bar_it_stands_in_the_header(tmp_path: Path) -> None:
    async with console(size=S) as it:
        await it.settled()
        assert "SPB02" in it.lines()[0]
        await export_held(it, tmp_path / "jobs.csv")
        await it.until(lambda: "━━━━━━ 100%  ctrl+c" in it.lines()[0])
        assert "SPB02" not in it.lines()[0]
        it.session.gate.set()
        await it.until(lambda: "SPB02" in it.lines()[0])


@pytest.mark.usefixtures("time_stands_still")
async def test_a_cancelled_export_leaves_no_file_and_says_so(tmp_path: Path) -> None:
    async with console() as it:
        await it.settled()
        task = await export_held(it, tmp_path / "jobs.csv")
        assert await left_in(tmp_path) == ["jobs.csv"], "half of it is there"
        await it.press("ctrl+c")
        await it.sees("cancelling", "ctrl+c again leaves")
        it.session.gate.set()
        await it.sees("Export to jobs.csv: cancelled.")
        assert await left_in(tmp_path) == []
        assert task.state is State.CANCELLED


async def test_an_export_that_nobody_cancels_leaves_its_file(tmp_path: Path) -> None:
    async with console() as it:
        await it.settled()
        await export_held(it, tmp_path / "jobs.csv")
        it.session.gate.set()
        await it.sees("60 rows in")
        assert await left_in(tmp_path) == ["jobs.csv"]


async def test_a_session_that_ends_takes_its_half_written_files_away(tmp_path: Path) -> None:
    async with console() as it:
        await it.settled()
        await export_held(it, tmp_path / "jobs.csv")
        asyncio.get_running_loop().call_later(0.1, it.session.gate.set)  # the thread needs a moment
    assert await left_in(tmp_path) == []


async def test_of_several_the_youngest_is_cancelled_and_they_are_counted(tmp_path: Path) -> None:
    async with console() as it:
        await it.settled()
        first = await export_held(it, tmp_path / "a.csv")
        second = await export_held(it, tmp_path / "b.csv")
        await it.sees("2 tasks ━━━━━━ 100%")
        await it.press("ctrl+c")
        assert (first.is_unwanted, second.is_unwanted) == (False, True)
        it.session.gate.set()
        await it.sees("Export to b.csv: cancelled.", "60 rows in")
        assert await left_in(tmp_path) == ["a.csv"]


async def test_a_click_on_it_cancels_too(tmp_path: Path) -> None:
    async with console() as it:
        await it.settled()
        task = await export_held(it, tmp_path / "jobs.csv")
        await it.sees("ctrl+c cancel")
        await it.pilot.click(it.shell.status_bar, offset=(6, 0))
        await it.until(lambda: task.is_unwanted)
        it.session.gate.set()


@pytest.mark.usefixtures("time_stands_still")
async def test_twice_within_a_second_asks_whether_to_leave_and_says_what_would_end(tmp_path: Path) -> None:
    async with console() as it:
        await it.settled()
        await export_held(it, tmp_path / "jobs.csv")
        await it.press("ctrl+c", "ctrl+c")
        await it.until(lambda: isinstance(it.app.screen, QuitBox))
        await it.sees("What was collected stays.", "Export to jobs.csv would end.")
        it.session.gate.set()


async def test_leaving_at_once_asks_when_work_would_end_and_only_then(tmp_path: Path) -> None:
    async with console() as it:
        await it.settled()
        await export_held(it, tmp_path / "jobs.csv")
        await it.press("ctrl+q")
        await it.sees("Export to jobs.csv would end.")
        await it.press("escape")
        it.session.gate.set()
        await it.sees("60 rows in")
        await it.press("ctrl+q")
        await it.until(lambda: it.app._exit)


async def test_ctrl_c_without_work_still_only_says_what_the_next_would_do(monkeypatch: pytest.MonkeyPatch) -> None:
    async with console() as it:
        await it.settled()
        for now in (10.0, 11.5):
            monkeypatch.setattr(working, "monotonic", lambda now=now: now)
            await it.press("ctrl+c")
            assert it.app.screen is it.shell
        monkeypatch.setattr(working, "monotonic", lambda: 12.0)
        await it.press("ctrl+c")
        await it.until(lambda: isinstance(it.app.screen, QuitBox))


async def test_what_is_selected_is_copied_and_nothing_is_cancelled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with console() as it:
        await it.settled()
        task = await export_held(it, tmp_path / "jobs.csv")
        monkeypatch.setattr(it.shell, "get_selected_text", lambda: "ACME-SQL01")
        await it.press("ctrl+c")
        assert it.app._clipboard == "ACME-SQL01"
        assert not task.is_unwanted
        it.session.gate.set()


async def test_the_list_of_tasks_cancels_counts_and_tells_what_came_of_them(tmp_path: Path) -> None:
    async with console() as it:
        await it.settled()
        it.shell.show_tasks()
        await it.sees("Nothing was done yet that takes long.")
        await it.press("escape")
        first = await export_held(it, tmp_path / "a.csv")
        second = await export_held(it, tmp_path / "b.csv")
        it.shell.show_tasks()
        await it.until(lambda: isinstance(it.app.screen, TasksBox))
        await it.sees("Export to a.csv  14:52:00", "60 of 60 rows", "x cancel")
        await it.press("j", "x")
        assert (first.is_unwanted, second.is_unwanted) == (True, False)
        await it.press("ctrl+c")
        assert second.is_unwanted
        second.is_unwanted = False  # it is to be seen to its end
        it.session.gate.set()
        await it.sees("Cancelled.", "60 rows in")
        assert not it.shell.notices.shown, "it is there to be seen"
        await it.press("escape")


async def test_a_failure_is_kept_in_the_list(tmp_path: Path) -> None:
    async with console() as it:
        await it.settled()
        it.session.failing["jobs-matrix"] = Unreachable("SPB02", "10.2.0.14:1500", "connection refused")
        it.shell.export("csv", str(tmp_path / "jobs.csv"))
        await it.sees("SPB02 did not answer")
        [task] = it.shell.desk.tasks
        assert task.state is State.FAILED
        assert it.shell.notices.shown[-1].status is Status.ERROR


# Asking the servers.


async def test_the_servers_are_asked_and_who_did_not_answer_is_listed() -> None:
    async with console() as it:
        await it.settled()
        it.session.gate.clear()
        await it.press("R")
        await it.sees("Asking the servers ━━──── 33% 2 of 6 servers  ctrl+c cancel")
        it.session.gate.set()
        await it.sees("5 of 6 servers answered, 10 changes. :tasks tells more.")
        it.shell.show_tasks()
        await it.sees("SPB02: Connection refused by 10.2.0.14:1500 (ANS1017E)")


async def test_waiting_for_servers_ends_at_once_when_it_is_cancelled() -> None:
    async with console() as it:
        await it.settled()
        it.session.gate.clear()
        await it.press("R")
        await it.until(lambda: it.shell.desk.tasks.current)
        await it.press("ctrl+c")
        await it.sees("Asking the servers: cancelled.")
        assert not it.session.gate.is_set()


async def test_the_key_is_not_there_for_those_who_see_no_servers() -> None:
    async with console() as it:
        await it.settled()
        assert "R" in it.shell.active_bindings
        it.session.denied.add(Privilege.SERVER_VIEW)
        assert it.shell.check_action("ask_servers", ()) is False
        await it.press("R")
        assert not len(it.shell.desk.tasks)


def clock(moment: object) -> str:
    return f"{moment:%H:%M:%S}"


SOON = NOW + timedelta(seconds=40)
FINE = Asked(server="SPA01", changed=3)
SILENT = Asked(server="SPB02", problem="Connection refused.")
LATER = Asked(server="SPA02", again_at=SOON)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ([], "There is no server to ask here."),
        ([FINE], "1 of 1 server answered, 3 changes."),
        ([replace(FINE, changed=0), SILENT], "1 of 2 servers answered, nothing new."),
        ([FINE, LATER], "1 of 1 server answered, 3 changes. 1 asked a moment ago; again from 13:52:40."),
        ([LATER], "SPA02 was asked a moment ago; again from 13:52:40."),
        (
            [LATER, replace(LATER, server="X", again_at=NOW)],
            "All 2 servers were asked a moment ago; again from 13:52:00.",
        ),
    ],
)
def test_what_came_of_asking_in_a_sentence(asked: list[Asked], said: str) -> None:
    assert working.summary_of(asked, clock).startswith(said)


async def test_who_would_leave_with_others_is_asked_before() -> None:
    async with console() as it:
        await it.settled()
        it.session.guests = 2
        await it.press("ctrl+q")
        await it.until(lambda: isinstance(it.app.screen, QuitBox))
        await it.sees("2 other sessions on this host would end.")
        await it.press("escape")
        it.session.guests = 0
        await it.press("ctrl+q")
        await it.until(lambda: it.app._exit)
