"""Weeks and years: every day in its place, whatever the size, and keys and mouse that lead to the same days."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.app import App, ComposeResult
from textual.pilot import Pilot

from cloutui.model.status import Status
from cloutui.widgets.days import DayCell, DayPane
from cloutui.widgets.glyphs import ASCII, FULL, Glyphs
from cloutui.widgets.look import Look
from cloutui.widgets.palette import Depth
from cloutui.widgets.week_grid import WeekGrid
from cloutui.widgets.year_strip import YearStrip, longest_bad_run, share_of_good

LAST = date(2026, 11, 22)
FIRST = date(2025, 11, 17)
BAD = {date(2026, 11, 20): Status.ERROR, date(2026, 11, 12): Status.MISSED, date(2026, 3, 4): Status.WARNING}


def cells() -> Mapping[date, DayCell]:
    days = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
    found = {}
    for day in days:
        status = BAD.get(day, Status.OK)
        words = ("Failed 12", "Failed", "Fail") if status is Status.ERROR else (status.word, status.word[:4])
        found[day] = DayCell(status=status, words=words, lines=(("4.15T +0.8%", "4.15T +0.8", "4.15T"), ("↑ 47.7G",)))
    return found


class DaysApp(App[None]):
    def __init__(self, kind: type[DayPane], glyphs: Glyphs) -> None:
        super().__init__()
        self.pane = kind(Look.of("nightwatch", Depth.TRUECOLOR, glyphs), "Days")
        self.opened: list[date] = []
        self.beyond: list[date] = []

    def compose(self) -> ComposeResult:
        yield self.pane

    def on_mount(self) -> None:
        self.fill()
        self.pane.focus()

    def fill(self) -> None:
        self.pane.show(cells(), FIRST, LAST, LAST)

    def on_lines_opened(self) -> None:
        self.opened.append(self.pane.at)

    def on_day_pane_beyond(self, message: DayPane.Beyond) -> None:
        self.beyond.append(message.day)

    @property
    def lines(self) -> list[str]:
        return ["".join(s.text for s in self.pane.render_line(y)) for y in range(self.pane.size.height)]


@asynccontextmanager
async def days(
    kind: type[DayPane], size: tuple[int, int] = (94, 22), glyphs: Glyphs = FULL
) -> AsyncIterator[tuple[DaysApp, Pilot[None]]]:
    app = DaysApp(kind, glyphs)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        yield app, pilot


async def test_weeks_stand_below_each_other_the_newest_last() -> None:
    async with days(WeekGrid) as (app, _):
        text = app.lines
        assert text[1].split() == ["week", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
        heads = [line for line in text if line.startswith("  W")]
        assert [line.split()[0] for line in heads] == ["W43", "W44", "W45", "W46", "W47"]
        assert heads[-1].split()[1:4] == ["16", "●", "OK"]
        assert "20 × Failed" in heads[-1]
        assert text[text.index(heads[-1]) + 1].split()[:3] == ["2026", "4.15T", "+0.8"]
        assert app.pane.span() == "W43 - W47 2026"  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("size", "says"),
    [((80, 12), "20 × Fail "), ((94, 22), "20 × Failed"), ((130, 22), "20 × Failed 12"), ((60, 12), "20 × ")],
)
async def test_words_are_as_long_as_there_is_room_for(size: tuple[int, int], says: str) -> None:
    async with days(WeekGrid, size) as (app, _):
        assert any(says in line for line in app.lines)
        assert {len(line) for line in app.lines} == {size[0]}


async def test_a_year_is_a_sign_a_day_and_what_it_comes_to() -> None:
    async with days(YearStrip, (80, 9)) as (app, _):
        rows = app.lines[1:8]
        assert [row[2:5] for row in rows] == ["Mon", "   ", "Wed", "   ", "Fri", "   ", "Sun"]
        assert [len(row[7:].strip()) for row in rows] == [53] * 7
        assert rows[4].rstrip().endswith("×")
        assert rows[2][7:].strip().count("▲") == 1
        assert app.lines[8].split() == ["●", "368", "∆", "0", "▲", "1", "×", "1", "○", "1", "none", "0", "success",
                                        "99.2%", "longest", "bad", "run", "1d"]  # fmt: skip
    async with days(YearStrip, (80, 10), ASCII) as (app, _):
        assert "Jan Feb Mar" in app.lines[1]
        assert all(line.isascii() for line in app.lines)


@pytest.mark.parametrize("kind", [WeekGrid, YearStrip])
async def test_keys_lead_to_days_and_beyond(kind: type[DayPane]) -> None:
    async with days(kind) as (app, pilot):
        pane = app.pane
        await pilot.press("N")
        assert pane.at == date(2026, 11, 20)
        await pilot.press("N", "N", "N")
        assert pane.at == date(2026, 3, 4), "before the first problem there is none"
        await pilot.press("n")
        assert pane.at == date(2026, 11, 12)
        back, up = (1, 7) if kind is WeekGrid else (7, 1)
        await pilot.press("h")
        assert pane.at == date(2026, 11, 12) - timedelta(days=back)
        await pilot.press("apostrophe", "2", "k")
        assert pane.at == date(2026, 11, 12) - timedelta(days=back + 2 * up)
        await pilot.press("end", "enter")
        assert app.opened == [LAST]
        await pilot.press("l")
        assert app.beyond == [LAST + timedelta(days=back)]
        assert pane.at == LAST
        await pilot.press("home")
        assert pane.at == FIRST
        assert pane.row_text().split("\t")[:2] == ["2025-11-17", "OK"]


@pytest.mark.parametrize("kind", [WeekGrid, YearStrip])
async def test_the_mouse_goes_where_the_keys_go(kind: type[DayPane]) -> None:
    async with days(kind) as (app, pilot):
        pane = app.pane
        place = pane.place_of_cursor()
        await pilot.press("N", "N")
        assert pane.place_of_cursor() != place
        await pilot.click(offset=place)
        assert pane.at == LAST
        await pilot.click(offset=place)
        assert app.opened == [LAST]


@given(st.lists(st.sampled_from(list(Status)), max_size=40))
def test_a_bad_run_is_broken_by_what_ended_well_alone(statuses: list[Status]) -> None:
    decided = [status for status in statuses if status not in {Status.NONE, Status.IGNORED, 3, 4}]
    runs = "".join("x" if status.is_bad else " " for status in decided).split()
    assert longest_bad_run(statuses) == max(map(len, runs), default=0)


def test_good_days_are_counted_among_those_that_were_decided() -> None:
    told = [Status.OK] * 290 + [Status.OKWARN] * 7 + [Status.WARNING] * 12 + [Status.ERROR] * 15 + [Status.MISSED] * 5
    assert share_of_good([*told, *[Status.NONE] * 35]) == "90.3%"
    assert share_of_good([Status.NONE, Status.PENDING]) == ""


@pytest.mark.parametrize("kind", [WeekGrid, YearStrip])
async def test_before_there_are_days_there_is_nothing_and_every_key_knows(kind: type[DayPane]) -> None:
    class Waiting(DaysApp):
        def fill(self) -> None:
            self.pane.waiting = True

    app = Waiting(kind, FULL)
    async with app.run_test(size=(94, 22)) as pilot:
        await pilot.press("h", "j", "n", "end", "enter", "pagedown")
        await pilot.click(offset=(30, 5))
        assert (app.opened, app.beyond, app.pane.position(), app.pane.row_text()) == ([], [], "", "")
        assert app.pane.cursor_cell() == (0, 0)
        assert "·····" in app.lines[1]
        app.pane.waiting = False
        assert not "".join(app.lines[1:]).strip()
