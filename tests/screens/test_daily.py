"""The daily status: what its rows and pages say, and where its keys lead."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.style import Style

from cloutui.model.link import Link
from cloutui.model.privilege import Privilege
from cloutui.model.status import Status
from cloutui.model.table import Answer, Frozen
from cloutui.screens.calendar_box import CalendarBox
from cloutui.screens.column_box import ColumnBox
from cloutui.screens.daily import DAILY, Daily
from cloutui.screens.daily_print import printed
from cloutui.screens.daily_reasons import ReasonsBox, said_by
from cloutui.screens.daily_words import as_many_as_fit, handled, many_comments
from cloutui.screens.node_day import NodeDay
from cloutui.screens.plain_page import PlainPage
from cloutui.screens.severity import SeverityRules
from cloutui.widgets.glyphs import FULL
from cloutui.widgets.paragraph import Paragraph, lay_out
from cloutui.widgets.result_cells import Writing
from tests.screens.console import Console, console
from tests.screens.fake_daily import DailyRows
from tests.screens.fake_session import NOW, TODAY, fleet
from tests.screens.fake_views import ViewsSession, answer_of
from tests.screens.shown import quiet

WRITING = Writing(glyphs=FULL, now=NOW, zone=UTC)
PLAIN = Style()


def daily_of(it: Console) -> Daily:
    view = it.shell.view
    assert isinstance(view, Daily)
    return view


def on_daily(**options: Any) -> Any:
    return console(session=ViewsSession(fleet(nodes=60)), start="daily", **options)


# Words.


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("", "·"),
        ("acknowledged OP1", "OP1"),
        ("resolved OP1", "done OP1"),
        ("ignored anna b", "ignored anna b"),
        ("active OP2", "active OP2"),
    ],
)
def test_who_acknowledged_stands_alone(value: str, text: str) -> None:
    assert handled(value, Status.ERROR, WRITING).text == text


def test_comments_are_counted_where_there_are_any() -> None:
    assert [many_comments(number, None, WRITING).text for number in (0, 1, 12)] == ["", "1c", "12c"]


@pytest.mark.parametrize(
    ("source", "said"),
    [("site", "holds by itself"), ("node", "set on the node"), ("above", "set above your unit"), ("", ""), (None, "")],
)
def test_who_set_a_rule_is_said(source: str | None, said: str) -> None:
    assert said_by(source) == said
    assert said_by("Fjord Retail") == "set on Fjord Retail"


@given(st.lists(st.text("ab ", min_size=1, max_size=80), max_size=6), st.integers(-2, 8), st.integers(20, 60))
def test_the_last_lines_are_kept_that_fit_and_one_of_them_always(texts: list[str], rows: int, width: int) -> None:
    every = [Paragraph([], text) for text in texts]
    kept = as_many_as_fit(every, rows, width, PLAIN)
    assert list(kept) == every[len(every) - len(kept) :]
    assert len(kept) <= 1 or len(lay_out(kept, width, PLAIN)) <= rows
    assert bool(kept) == bool(every)


# Pages.


def rows_of(nodes: int = 60) -> list[dict[str, Any]]:
    session = DailyRows(fleet(nodes=nodes))
    return session._rows_of_daily(session.fleet.nodes)


TWO_ROWS = rows_of(2)


def test_each_unit_has_its_page_in_the_order_of_the_tree() -> None:
    order = {name: place for place, (_, _, name) in enumerate(fleet(nodes=0).units)}
    pages = printed(answer_of("daily", rows_of()), TODAY, order, DAILY.writers, WRITING).split("─" * 80)
    units = [page.strip().splitlines()[1].split("  ")[0] for page in pages]
    assert len(units) == len(set(units)) == 22
    assert units == sorted(units, key=order.__getitem__)
    assert all("Daily status  Sun 22 Nov 2026" in page and "as of 13:52 UTC, 2026-11-22" in page for page in pages)
    failed = next(page for page in pages if "SKOLESYD-FILE058" in page)
    assert "× SKOLESYD-FILE058     Failed 12" in failed
    assert "    comment  Disk E: is locked" in failed


def test_a_frozen_day_is_printed_the_same_whenever_it_is() -> None:
    at = WRITING.now - timedelta(hours=2)
    frozen = replace(answer_of("daily", TWO_ROWS), frozen=Frozen(at=at))
    now, later = (
        printed(frozen, TODAY, {}, DAILY.writers, replace(WRITING, now=at + timedelta(days=days))) for days in (0, 9)
    )
    assert now == later
    assert "frozen 11:52 UTC, 2026-11-22" in now


@given(st.text(max_size=90), st.text(max_size=200), st.text(max_size=60))
def test_no_page_is_wider_than_paper(name: str, comment: str, unit: str) -> None:
    said = {"node": name, "comment": comment, "unit": unit, "warnings": comment, "reason": name}
    answer = answer_of("daily", [{**row, **said} for row in TWO_ROWS])
    text = printed(answer, TODAY, {}, DAILY.writers, WRITING)
    assert max(map(cell_len, text.split("\n"))) <= 80
    assert "\x1b" not in text


# The screen.


async def test_the_title_says_the_day_and_how_much_is_decided_and_the_peek_why_the_first_row_stands_so() -> None:
    async with on_daily() as it:
        await quiet(it)
        await it.sees("◄ Sun 22 Nov 2026 ►", "processed 53 / 60", "running 2, pending 5")
        await it.sees("Failed 12  acknowledged OP1  DAILY_SQL", "also     Growth", "ANR2579E", "comment  Disk E:")
        await it.sees("14 days  ●  ●  ▲")
        await it.press("[")
        await it.sees("Sat 21 Nov 2026")
        await it.press("{")
        await it.sees("Sat 14 Nov 2026", "closed")
        assert daily_of(it).link_query() == {"day": "2026-11-14"}
        await it.press("full_stop")
        await it.sees("Sun 22 Nov 2026")


async def test_a_closed_day_is_shown_as_it_was_closed_before_it_and_as_of_now() -> None:
    async with on_daily() as it:
        await quiet(it)
        assert "z" not in it.shell.active_bindings
        await it.press("[", "[")
        await it.sees("closed, revision 2")
        for said, query in (("closed, revision 1", "1"), ("as of now", "0"), ("closed, revision 2", None)):
            await it.press("z")
            await it.sees(said)
            assert daily_of(it).link_query().get("revision") == query
        await it.press("z", "[")
        await it.sees("Thu 19 Nov 2026", "closed   processed")
        await it.shell.visit(Link(unit=None, screen="daily", query={"day": "2026-11-20", "revision": "0"}))
        await it.sees("Fri 20 Nov 2026", "as of now")


async def test_what_was_said_since_a_day_was_closed_stands_beside_what_was_closed() -> None:
    async with on_daily() as it:
        await quiet(it)
        assert isinstance(it.session, DailyRows)
        await it.press("[", "[")
        await it.sees("closed, revision 2")
        view = daily_of(it)
        rows = view.table.count()
        first = view.chosen()
        it.session.said_since = {first["node_id"]: "resolved OP2, 2 comments"}
        await it.press("r")
        await it.sees("since then", "resolved OP2, 2 co", "since then: resolved OP2, 2 comments")
        assert (view.chosen() | {"since": None}) == first | {"since": None}, "nothing else of the row is otherwise"
        assert view.table.count() == rows
        question = view.question()
        assert question is not None
        assert question.report == "daily"
        await it.press("|")
        await it.until(lambda: isinstance(it.app.screen, ColumnBox))
        assert isinstance(it.app.screen, ColumnBox)
        assert "since" not in it.app.screen.choice.order
        await it.press("escape", "]", "]")
        await it.sees("Sun 22 Nov 2026")
        assert "since" not in view.table.chosen


async def test_any_day_is_chosen_from_a_calendar_that_shows_how_each_went() -> None:
    async with on_daily() as it:
        await quiet(it)
        await it.press("d")
        await it.until(lambda: isinstance(it.app.screen, CalendarBox))
        await it.sees("Nov 2026", "21 ▲")
        await it.press("right", "j")  # not beyond today
        await it.press("left", "k")
        await it.press("{", "}")
        assert it.app.screen.day == TODAY - timedelta(days=8)
        await it.press("enter")
        await it.sees("◄ Sat 14 Nov 2026 ►")
        await it.press("d", "escape")
        assert daily_of(it).day == date(2026, 11, 14)


@pytest.mark.parametrize(("x", "day"), [(0, "Sat 21 Nov"), (10, "Choose a day")])
async def test_the_day_in_the_title_takes_clicks(x: int, day: str) -> None:
    async with on_daily() as it:
        await quiet(it)
        table = daily_of(it).table
        at = table.rule().text.index("◄") + x
        await it.pilot.click(table, offset=(at, 0))
        await it.sees(day)


async def test_why_a_row_stands_so_is_a_key_away_and_from_there_all_its_rules() -> None:
    async with on_daily() as it:
        await quiet(it)
        await it.press("i")
        await it.until(lambda: isinstance(it.app.screen, ReasonsBox))
        await it.sees("Failed 12", "18.2%", "growth: warning 10%", "set on Fjord Retail")
        await it.press("E")
        await it.until(lambda: isinstance(it.shell.view, SeverityRules))
        await quiet(it)
        view = it.shell.view
        assert isinstance(view, SeverityRules)
        assert view.node_id == 1058
        await it.sees("for SKOLESYD-FILE058")
        await it.press("backspace")
        await it.until(lambda: isinstance(it.shell.view, Daily))


async def test_rules_are_not_for_everybody() -> None:
    async with on_daily() as it:
        it.session.denied = {Privilege.SEVERITY_VIEW}
        await quiet(it)
        await it.press("E", "i")
        await it.until(lambda: isinstance(it.app.screen, ReasonsBox))
        await it.press("E")
        assert isinstance(it.app.screen, ReasonsBox)
        await it.press("escape")
        found = it.shell.active_bindings["E"]
        assert not found.enabled
        assert it.shell.view.missing_right(found.binding) == "severity.view"


async def test_enter_tells_all_of_the_nodes_day_and_leads_on_to_its_job() -> None:
    async with on_daily() as it:
        await quiet(it)
        await it.press("enter")
        await it.until(lambda: isinstance(it.shell.view, NodeDay))
        await quiet(it)
        await it.sees("Report", "Why it stands so", "Log", "Holds now", "DEDUP-A")
        assert it.shell.view.crumbs() == ["Daily", "SKOLESYD-FILE058", "22 Nov"]
        await it.press("backspace")
        assert isinstance(it.shell.view, Daily)


async def test_a_link_names_the_node_and_other_screens_lead_to_it() -> None:
    async with on_daily() as it:
        await quiet(it)
        await it.shell.visit(Link(unit=None, screen="daily", query={"day": "2026-11-20", "at": "1012"}))
        await quiet(it)
        assert daily_of(it).table.key == 1012
        await it.shell.action_screen("nodes")
        await quiet(it)
        it.shell.view.main.move_to(7)
        node_id = it.shell.view.subject().node_id
        await it.press("2")
        await quiet(it)
        assert daily_of(it).table.key == node_id


class Slow(ViewsSession):
    """Gives the first reports at once, and all of them when it is let."""

    let: asyncio.Event

    async def ask(self, report: str, /, *, unit: int | None = None, **params: object) -> Answer:
        if report == "daily" and not {"limit", "filter"} & params.keys():
            await self.let.wait()
        return await super().ask(report, unit=unit, **params)


@pytest.mark.parametrize("is_among_the_worst", [True, False])
async def test_a_link_to_one_of_the_worst_waits_for_no_others(is_among_the_worst: bool) -> None:
    session = Slow(fleet(nodes=600))
    session.let = asyncio.Event()
    node_id = session._rows_of_daily(session.fleet.nodes)[3 if is_among_the_worst else -1]["node_id"]
    async with console(session=session, start="servers") as it:
        await quiet(it)
        await it.shell.visit(Link(unit=None, screen="daily", query={"at": str(node_id)}))
        if is_among_the_worst:
            await it.sees("4/600")
        else:
            await it.sees("·····")
        session.let.set()
        await it.until(lambda: daily_of(it).table.count() and not daily_of(it).table.rows.is_paged, "all rows")
        assert daily_of(it).table.key == node_id


async def test_it_is_printed_as_plain_text_with_what_the_filter_leaves() -> None:
    async with on_daily() as it:
        await quiet(it)
        await it.press("slash", *"status", "colon", *"failed", "enter")
        await quiet(it)
        await it.press("P")
        await it.until(lambda: isinstance(it.app.screen, PlainPage))
        await it.sees("Skole Syd", "1 report: 1 Failed", "Vindpark Vest")
        assert "LAGER9" not in it.text()
        assert "  node " in it.text(), "heads stand over their columns"


async def test_days_without_reports_say_so() -> None:
    session = ViewsSession(fleet(nodes=0))
    async with console(session=session, start="daily") as it:
        await it.sees("No node of Nordhavn Backup has a report of Sun 22 Nov.")
        await it.press("i", "E", "P", "enter")
        assert isinstance(it.shell.view, Daily)
