"""Sparkline and line chart: their own scale, gaps that stay gaps, and every sign in the terminal's set."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.app import App, ComposeResult
from textual.pilot import Pilot

from cloutui.model import formats
from cloutui.widgets.glyphs import ASCII, FULL, SAFE, Glyphs
from cloutui.widgets.line_chart import LineChart, Point
from cloutui.widgets.look import Look
from cloutui.widgets.palette import Depth
from cloutui.widgets.plot import Area, Braille, runs, ticks
from cloutui.widgets.sparkline import WIDTH, sparkline

FIRST = date(2026, 8, 25)
VALUES = st.one_of(st.none(), st.floats(allow_nan=True, allow_infinity=True, width=32), st.integers(-(10**15), 10**15))


def points(values: Sequence[float | None]) -> list[Point]:
    return [Point(FIRST + timedelta(days=day), value) for day, value in enumerate(values)]


class ChartApp(App[None]):
    def __init__(self, glyphs: Glyphs, shown: Sequence[Point], base: int) -> None:
        super().__init__()
        self.chart = LineChart(Look.of("nightwatch", Depth.TRUECOLOR, glyphs), "Stored")
        self.shown, self.base = shown, base

    def compose(self) -> ComposeResult:
        yield self.chart

    def on_mount(self) -> None:
        self.chart.show(self.shown, lambda value: formats.size(int(value)), base=self.base)
        self.chart.focus()

    @property
    def lines(self) -> list[str]:
        return ["".join(s.text for s in self.chart.render_line(y)) for y in range(self.chart.size.height)]


@asynccontextmanager
async def charted(
    values: Sequence[float | None], *, glyphs: Glyphs = FULL, size: tuple[int, int] = (60, 14), base: int = 1024
) -> AsyncIterator[tuple[ChartApp, Pilot[None]]]:
    app = ChartApp(glyphs, points(values), base)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        yield app, pilot


@given(st.lists(VALUES, max_size=60), st.sampled_from([FULL, SAFE, ASCII]))
def test_a_sparkline_is_fourteen_cells_whatever_the_values(values: list[Any], glyphs: Glyphs) -> None:
    text = sparkline(values, glyphs)
    assert len(text) == WIDTH
    assert text.isascii() or glyphs is not ASCII


def test_a_sparkline_shows_its_own_scale_and_its_gaps() -> None:
    assert sparkline([1, 2, None, 3, 8], FULL, 5) == "▁▂ ▃█"
    assert sparkline([1, 8], FULL, 4) == "  ▁█"
    assert sparkline([5, 5, 5], FULL, 3) == "▁▁▁"
    assert sparkline([0, 5, 9], SAFE, 3) == "─▄█"
    assert sparkline([0, 5, 9], ASCII, 3) == "_-="


@given(st.floats(-1e15, 1e15), st.floats(0, 1e15), st.integers(2, 12), st.sampled_from([1000, 1024]))
def test_marks_of_an_axis_are_even_and_hold_all_values(least: float, span: float, count: int, base: int) -> None:
    marks = ticks(least, least + span, count, base=base)
    slack = 1e-9 * max(1.0, abs(least), abs(least + span))
    assert marks[0] <= least + slack
    assert marks[-1] >= least + span - slack
    assert 2 <= len(marks) <= 2 * count + 2
    steps = [right - left for left, right in pairwise(marks)]
    assert max(steps) == pytest.approx(min(steps), rel=1e-6, abs=abs(marks[-1]) * 1e-9)


def test_a_missing_value_and_a_missing_day_part_a_line() -> None:
    found = list(runs([(0, 1), (1, 2), (2, None), (3, 4), (4, 5), (8, 6)]))
    assert found == [[(0, 1), (1, 2)], [(3, 4), (4, 5)], [(8, 6)]]


def test_braille_draws_a_line_and_an_area_fills_below_it() -> None:
    braille = Braille(3, 1)
    braille.line((0, 0), (1, 0))
    assert braille.rows() == ["⣀⣀⣀"]
    area = Area(4, 2, "▄█")
    area.line((0, 0), (1, 1))
    assert area.rows() == ["  ▄█", "▄▄██"]


async def test_a_gap_stays_a_gap() -> None:
    async with charted([1 << 40] * 20 + [None] * 10 + [2 << 40] * 20, glyphs=ASCII) as (app, _):
        plot = [line[13:59] for line in app.lines[1:-3]]
        filled = [any(line[at] == "#" for line in plot) for at in range(43)]
        assert "".join("#" if cell else " " for cell in filled).count(" ") >= 8


@pytest.mark.parametrize(("glyphs", "sign"), [(FULL, "⠀"), (SAFE, "▄"), (ASCII, "#")])
async def test_each_glyph_set_draws_with_its_own_signs(glyphs: Glyphs, sign: str) -> None:
    async with charted([value * (1 << 40) for value in range(30)], glyphs=glyphs) as (app, _):
        drawn = "".join(app.lines)
        if glyphs is FULL:
            assert any("\u2800" < char <= "\u28ff" for char in drawn)
        else:
            assert sign in drawn
            assert not any("\u2800" <= char <= "\u28ff" for char in drawn)
        assert glyphs is not ASCII or drawn.isascii()


async def test_an_axis_that_does_not_start_at_zero_says_so() -> None:
    async with charted([(5 + day / 10) * (1 << 40) for day in range(30)], size=(80, 14)) as (app, pilot):
        assert "axis starts at 4.00 TiB, z for zero" in app.lines[-1]
        await pilot.press("z")
        await pilot.pause()
        assert "axis starts" not in app.lines[-1]
        assert any(line.strip().startswith("0 B") for line in app.lines)


@pytest.mark.parametrize(
    ("keys", "read"),
    [
        ("", "19.0 TiB"),
        ("h h", "17.0 TiB"),
        ("home", " 0 B"),
        ("home l", " 1.00 TiB"),
        ("left right", "19.0 TiB"),
        ("home end", "19.0 TiB"),
    ],
)
async def test_the_reading_cursor_prints_the_value(keys: str, read: str) -> None:
    async with charted([value * (1 << 40) for value in range(20)]) as (app, pilot):
        await pilot.press(*keys.split())
        await pilot.pause()
        assert read in app.lines[-1]


async def test_an_unknown_value_reads_unknown() -> None:
    async with charted([1.0, None, 2.0]) as (app, pilot):
        await pilot.press("h")
        await pilot.pause()
        assert "unknown" in app.lines[-1]


@pytest.mark.parametrize("values", [[], [None, None], [5.0], [0.0, 0.0], [float("nan"), 1.0], [-3.0, 4.0]])
@pytest.mark.parametrize("size", [(60, 14), (20, 6), (8, 3)])
async def test_few_values_and_little_room_are_drawn_too(values: list[float | None], size: tuple[int, int]) -> None:
    async with charted(values, size=size, base=1000) as (app, pilot):
        await pilot.press("h", "z", "l")
        await pilot.pause()
        assert {len(line) for line in app.lines} == {size[0]}


# What a value is compared with, and what is expected.


def with_ahead(known: int, ahead: int) -> list[Point]:
    """A line that goes on, in TiB; half as much was there before."""
    tib = float(1 << 40)
    shown = [Point(FIRST + timedelta(days=n), (10 + n) * tib, other=(10 + n) * tib / 2) for n in range(known)]
    for n in range(known, known + ahead):
        value, half = (10 + n) * tib, (n - known + 1) * tib
        shown.append(Point(FIRST + timedelta(days=n), value, None, value - half, value + half))
    return shown


@pytest.mark.parametrize(
    ("glyphs", "signs"), [(FULL, {"·"}), (SAFE, {"·", "•", "█", "─"}), (ASCII, {".", "+", "#", "-"})]
)
async def test_what_is_expected_and_what_was_before_have_their_own_signs(glyphs: Glyphs, signs: set[str]) -> None:
    app = ChartApp(glyphs, with_ahead(40, 20), 1024)
    async with app.run_test(size=(80, 20)) as pilot:
        await pilot.pause()
        plot = "".join(line[14:] for line in app.lines[1:-3])
        assert signs <= set(plot)
        assert glyphs is not ASCII or plot.isascii()


async def test_the_cursor_begins_on_what_is_known_and_reads_on_into_what_is_expected() -> None:
    app = ChartApp(FULL, with_ahead(20, 10), 1024)
    async with app.run_test(size=(100, 14)) as pilot:
        app.chart.show(app.shown, lambda value: formats.size(int(value)), base=1024, other="previous 20d")
        await pilot.pause()
        assert "29.0 TiB   +3.6%   previous 20d 14.5 TiB" in app.lines[-1]
        await pilot.press("l")
        await pilot.pause()
        assert "30.0 TiB   expected, 29.0 TiB to 31.0 TiB" in app.lines[-1]
        app.chart.show(app.shown, lambda value: formats.size(int(value)), base=1024)
        assert app.chart.day == app.shown[20].day, "newer facts leave the cursor where it reads"
        app.chart.read_day(FIRST)
        await pilot.pause()
        assert "10.0 TiB" in app.lines[-1]
