"""The screen of weeks: whose days they are, how one gets about among them, and what a day leads to."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from cloutui.model.status import Status
from cloutui.screens.weeks import Weeks
from cloutui.screens.weeks_facts import as_closed, cells_of, printed, worded
from tests.screens.console import Console, console
from tests.screens.fake_session import TODAY, fleet
from tests.screens.fake_views import ViewsSession
from tests.screens.shown import quiet


def weeks(it: Console) -> Weeks:
    view = it.shell.bases["weeks"]
    assert isinstance(view, Weeks)
    return view


async def press(it: Console, *keys: str) -> None:
    for key in keys:
        await it.press(key)
        await quiet(it)


async def test_along_the_nodes_of_the_matrix_and_into_a_day() -> None:
    session = ViewsSession(fleet(nodes=5, days=120))
    session.closed_as = {TODAY: Status.OKWARN}
    async with console((120, 36), session=session) as it:
        await it.settled()
        listed = [it.matrix.rows.keys[place] for place in range(3)]
        names = [it.matrix.rows.names[place] for place in range(3)]
        await press(it, "j", "4")
        view = weeks(it)
        assert view.whose.node_id == listed[1]
        await it.sees(f"Trend matrix  {names[1]}", "W43 - W47 2026   as closed; jobs: OK")
        await press(it, "J")
        assert view.whose.node_id == listed[2]
        await press(it, "K", "K")
        assert view.whose.node_id == listed[0]
        assert view.crumbs() == ["Weeks", names[0]]
        await press(it, "s")
        assert (view.whose.schedule, view.link_query()["job"]) == ("DAILY_SQL", "DAILY_SQL")
        await press(it, "s")
        await it.sees("not scheduled")
        await press(it, "s", "left_curly_bracket", "left_curly_bracket")
        assert (view.whose.schedule, view.day) == (None, date(2026, 9, 22))
        await it.sees("W39 - W43 2026")
        link = view.link()
        assert link.query == {"day": "2026-09-22", "at": str(listed[0])}
        await press(it, "enter")
        await it.sees(f"{names[0]} › 22 Sep")
        await press(it, "backspace", "full_stop")
        assert view.day == TODAY
        await it.shell.visit(link)
        await quiet(it)
        assert (view.day, view.whose.node_id) == (date(2026, 9, 22), listed[0])


async def test_the_days_of_a_unit_year_by_year(monkeypatch: pytest.MonkeyPatch) -> None:
    session = ViewsSession(fleet(nodes=5, days=120))
    async with console((80, 24), session=session, start="weeks") as it:
        await quiet(it)
        view = weeks(it)
        await it.sees("Trend matrix  Nordhavn Backup")
        assert not view.check_action("schedule", ())
        await press(it, "d")
        assert view.strip.has_focus
        assert view.day == TODAY
        await press(it, "h")
        assert view.grid.at == view.strip.at == TODAY - timedelta(days=7), "one cursor in both"
        await press(it, "home", "h")
        await it.until(lambda: view.strip.last < TODAY, "another year")
        assert view.day == date(2025, 11, 10)
        with monkeypatch.context() as gone:
            gone.setattr(session, "_rows_of_weeks", lambda *_, **__: [])
            view.reload()
            await it.sees("No jobs in Nordhavn Backup in this year.")
        view.reload()
        await it.until(lambda: view.grid.is_shown, "the year again")
        await press(it, "full_stop")
        assert view.day == TODAY
        await press(it, "d", "P")
        await it.sees("Print view", "growth")
        await press(it, "escape", "enter")
        assert it.shell.view.word == "daily"


async def test_in_a_small_terminal_the_year_is_a_key_away() -> None:
    async with console((60, 16), session=ViewsSession(fleet(nodes=20, days=60))) as it:
        await it.settled()
        await press(it, "4")
        view = weeks(it)
        assert (it.region_shown(view.grid), it.region_shown(view.strip)) == (True, False)
        await press(it, "d")
        await it.until(lambda: not it.region_shown(view.grid), "the year alone")
        assert it.region_shown(view.strip)
        await press(it, "d")
        await it.until(lambda: it.region_shown(view.grid), "the weeks again")


def row(**differing: object) -> dict[str, object]:
    day = {"day": date(2026, 11, 20), "status": Status.OK, "result": None, "stored": 2**42, "growth": 0.1}
    return {**day, "sent": 2**34, "jobs": 1, "bad": 0, **differing}


@pytest.mark.parametrize(
    ("told", "of_unit", "words", "lines"),
    [
        ({}, False, ("OK", "OK"), (("4.00T",), ("↑ 16.0G",))),
        ({"growth": -1.26}, False, ("OK", "OK"), (("4.00T -1.3%", "4.00T -1.3", "4.00T"), ("↑ 16.0G",))),
        (
            {"status": Status.ERROR, "result": 12, "sent": None},
            False,
            ("Failed 12", "Failed", "Fail"),
            (("4.00T",), ("↑ -",)),
        ),
        ({"status": Status.NONE, "stored": None, "sent": None}, False, ("none",), ((), ())),
        ({"stored": None}, False, ("OK", "OK"), (("?",), ("↑ 16.0G",))),
        (
            {"status": Status.ERROR, "jobs": 340, "bad": 12},
            True,
            ("12 of 340 bad", "12 bad", "12"),
            (("4.00T",), ("↑ 16.0G",)),
        ),
    ],
)
def test_what_a_day_says(told: dict[str, object], of_unit: bool, words: object, lines: object) -> None:
    (cell,) = cells_of([row(**told)], of_unit=of_unit, up="↑").values()
    assert (tuple(cell.words), tuple(map(tuple, cell.lines))) == (words, lines)


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"closed": "yes", "worst": Status.ERROR, "result": 12}, "as closed; jobs: Failed 12"),
        ({"closed": "yes", "status": Status.ERROR, "worst": Status.NONE}, "as closed; jobs: none"),
        ({"closed": "no", "worst": Status.PENDING}, "as of now; jobs: Pending"),
        ({"closed": "yes", "worst": Status.OK}, ""),
        ({"closed": "", "status": Status.UNKNOWN, "worst": Status.PENDING}, ""),
    ],
)
def test_a_day_that_closed_otherwise_than_its_jobs_says_both(told: dict[str, object], said: str) -> None:
    assert as_closed(row(**told)) == said


def test_what_is_printed_is_a_line_a_day_with_what_it_comes_to() -> None:
    lines = list(printed([row(), row(day=date(2026, 11, 21), status=Status.MISSED, sent=None, bad=1)], "ACME-SQL01"))
    assert lines[0] == "ACME-SQL01"
    assert lines[3].split() == ["2026-11-20", "Fri", "OK", "4.00", "TiB", "+0.1%", "16.0", "GiB", "1", "0"]
    assert lines[4].split()[:3] == ["2026-11-21", "Sat", "Missed"]
    assert lines[-1] == "success 50.0%   longest bad run 1d"
    assert worded(Status.OKWARN, 4) == ("OK+warn", "OK+w")
