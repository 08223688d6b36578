"""The overview, the servers, the nodes and the lists of jobs: what they ask, what they show, and where keys lead."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from contextvars import Context
from dataclasses import replace
from typing import Any

import pyarrow as pa
import pytest
from textual.pilot import Pilot

from cloutui.app import CloutuiApp
from cloutui.errors import NotFound, Unreachable
from cloutui.model.link import Link
from cloutui.model.privilege import Privilege
from cloutui.model.safe_text import safe
from cloutui.model.status import Status
from cloutui.model.table import Answer
from cloutui.screens.daily import Daily
from cloutui.screens.jobs_list import JobsList
from cloutui.screens.node import NodeDetail
from cloutui.screens.nodes import Nodes
from cloutui.screens.overview import Overview
from cloutui.screens.overview_lists import well_notice
from cloutui.screens.servers import Servers
from cloutui.screens.shell import wait_s
from cloutui.screens.sla import Sla
from cloutui.screens.table_view import TableView
from cloutui.widgets.glyphs import FULL
from cloutui.widgets.look import Look
from cloutui.widgets.palette import Depth
from cloutui.widgets.result_rows import SortKey
from cloutui.widgets.result_table import ResultTable
from tests.screens.console import Console, M, console
from tests.screens.fake_session import fleet
from tests.screens.fake_views import ViewsSession
from tests.screens.payloads import ESCAPES, MARKUP


def visit(session: ViewsSession, *keys: str) -> Callable[[Pilot[None]], Any]:
    """Wait until everything is there, before and after each key."""

    async def run_before(pilot: Pilot[None]) -> None:
        assert isinstance(pilot.app, CloutuiApp)
        it = Console(pilot.app, pilot, session)
        for key in ("", *keys):
            if key:
                await it.press(key)
            await quiet(it)

    return run_before


async def quiet(it: Console) -> None:
    await it.until(lambda: it.session.listeners, "an open session")
    await it.until(lambda: not it.shell.view.main.waiting, "rows")
    await it.until(lambda: not it.busy(), "no question open")


@asynccontextmanager
async def screen(
    start: str, size: tuple[int, int] = M, session: ViewsSession | None = None, **options: Any
) -> AsyncIterator[Console]:
    session = session or ViewsSession(fleet(nodes=60))
    async with console(size, session=session, start=start, **options) as it:
        await quiet(it)
        yield it


def view_of(it: Console) -> Any:
    return it.shell.view


# Every table.


@pytest.mark.parametrize(("start", "kind"), [("servers", Servers), ("nodes", Nodes), ("jobs", JobsList)])
async def test_facts_that_change_move_neither_the_cursor_nor_the_order(start: str, kind: type[TableView]) -> None:
    async with screen(start) as it:
        view = view_of(it)
        assert isinstance(view, kind)
        await it.press("j", "j")
        before, key = view.table.rows.keys(0, view.table.count()), view.table.key
        it.session.fleet.nodes = [  # everything goes wrong: the report's own order is another
            type(node)(**{name: getattr(node, name) for name in node.__slots__} | {"statuses": b"\x09" * 45})
            for node in reversed(it.session.fleet.nodes)
        ]
        asked = len(it.session.asked)
        it.session.tell()
        await it.until(lambda: len(it.session.asked) > asked + 1, "asked again")
        await quiet(it)
        assert (view.table.rows.keys(0, view.table.count()), view.table.key) == (before, key)


async def test_news_of_what_others_do_comes_in_their_context_and_is_asked_for_in_ones_own() -> None:
    async with console(session=ViewsSession(fleet(nodes=12))) as it:
        await quiet(it)
        asked = len(it.session.asked)
        Context().run(it.session.tell)  # as a collector does, or somebody else's console
        await it.until(lambda: len(it.session.asked) > asked)


async def test_new_rows_are_announced_and_come_when_they_are_asked_for() -> None:
    session = ViewsSession(fleet(nodes=60))
    later = session.fleet.nodes
    session.fleet.nodes = later[:50]
    async with screen("nodes", session=session) as it:
        assert view_of(it).table.count() == 50
        session.fleet.nodes = later
        session.tell()
        await it.sees("10 new, r shows")
        assert view_of(it).table.count() == 50
        await it.press("r")
        await it.until(lambda: view_of(it).table.count() == 60)


class Slow(ViewsSession):
    """Gives the first rows of a list at once, and all of them when it is let."""

    def __init__(self, nodes: int) -> None:
        super().__init__(fleet(nodes=nodes))
        self.let = asyncio.Event()

    async def ask(self, report: str, /, *, unit: int | None = None, **params: object) -> Answer:
        if report == "nodes" and "limit" not in params:
            await self.let.wait()
        return await super().ask(report, unit=unit, **params)


def names_in(table: ResultTable) -> list[str]:
    """As they are shown."""
    _, part = table.rows.window(0, table.count()) or (0, pa.table({"node": []}))
    return [str(name) for name in part.column("node").to_pylist()]


async def test_a_long_list_shows_its_first_rows_at_once_and_sorts_all_of_them_once_they_are_there() -> None:
    session = Slow(nodes=600)
    async with console(M, session=session, start="nodes") as it:
        await it.sees("1/600")
        table = view_of(it).table
        assert table.rows.is_paged
        await it.press("j")
        chosen = table.values()["node"]
        table.sort_by([SortKey("node", descending=True)])
        assert table.values()["node"] == chosen
        session.let.set()
        await it.until(lambda: not table.rows.is_paged, "all rows")
        await it.until(lambda: names_in(table) == sorted(names_in(table), reverse=True), "sorted")
        assert table.values()["node"] == chosen, "the cursor stays on its row"


async def test_a_short_list_is_asked_for_once() -> None:
    async with screen("nodes") as it:
        assert [report for report, _ in it.session.asked].count("nodes") == 1


async def test_what_cannot_be_asked_again_stays_and_says_why() -> None:
    async with screen("nodes") as it:
        it.session.failing["nodes"] = NotFound("unit", "1")
        it.session.tell()
        await it.sees("No unit “1” here, or not yours.")
        assert view_of(it).table.count() == 60
        assert not view_of(it).table.notice


async def test_an_error_takes_the_place_of_rows_that_never_came() -> None:
    session = ViewsSession(fleet(nodes=60))
    session.failing["nodes"] = Unreachable("SPB02", "10.2.0.14:1500", "connection refused")
    async with screen("nodes", session=session) as it:
        await it.sees("tries again")
        session.failing.clear()
        await it.press("r")
        await it.sees("60 nodes")


async def test_heads_are_there_before_the_rows() -> None:
    session = ViewsSession(fleet(nodes=60), delay_s=60)
    async with console(M, session=session, start="nodes") as it:
        await it.sees("last ok", "·····")
        session.delay_s = 0
        await it.press("r")
        await it.sees("60 nodes")


async def test_another_unit_is_shown_from_its_first_row() -> None:
    async with screen("nodes") as it:
        await it.press("G")
        await it.shell.choose_unit(2)
        await it.until(lambda: view_of(it).table.count() < 60)
        assert view_of(it).table.cursor == 0


async def test_a_short_list_leaves_its_room_to_the_peek_and_takes_it_back() -> None:
    async with screen("nodes") as it:
        view = view_of(it)

        def heights() -> tuple[int, int]:
            return view.table.size.height, view.peek.size.height

        long = heights()
        await it.shell.choose_unit(2)
        await it.until(lambda: heights() != long and not it.busy())
        assert view.table.count() > 1
        short = heights()
        assert short == (view.table.lines_needed, sum(long) - view.table.lines_needed)
        await it.press("j")
        await quiet(it)
        assert heights() == short, "it does not move with the cursor"
        await it.shell.choose_unit(1)
        await it.until(lambda: heights() == long)


async def test_n_goes_to_the_next_problem() -> None:
    async with screen("jobs") as it:
        for keys in (("n",), ("G", "n"), ("g", "g", "N")):  # also around the end
            await it.press(*keys)
            assert Status(view_of(it).table.values()["status"]).is_problem
            assert view_of(it).table.cursor != view_of(it).table.count() - 1


# Nodes.


async def test_the_peek_of_a_bad_node_tells_its_last_bad_job_and_who_it_is() -> None:
    async with screen("nodes") as it:
        await it.sees("DAILY_SQL", "client")


async def test_enter_opens_the_node_and_its_parts_are_one_key_apart() -> None:
    async with screen("nodes") as it:
        name = view_of(it).table.values()["node"]
        await it.press("enter")
        await it.until(lambda: isinstance(view_of(it), NodeDetail))
        await it.sees("file spaces 3", "schedules 1", "occupancy 2", "last jobs 30", "JUNK", "Profile")
        assert name in it.lines()[0]
        for text in ("Incremental", "TAPE-COPY", "full text"):
            await it.press("J")
            await it.sees(text)
        await it.press("enter")
        await it.sees("server said")
        await it.press("backspace", "backspace")
        await it.until(lambda: isinstance(view_of(it), Nodes))


async def test_a_node_is_a_link_with_its_part() -> None:
    async with screen("overview") as it:
        await it.shell.visit(Link(screen="nodes", kind="node", id=1003, query={"tab": "occupancy"}))
        await it.sees("TAPE-COPY")
        assert view_of(it).link().query == {"tab": "occupancy"}
        with pytest.raises(NotFound, match="No node “99” here, or not yours"):
            await it.shell.visit(Link(screen="nodes", kind="node", id=99))


async def test_enter_is_not_offered_where_there_is_no_more_to_see() -> None:
    async with screen("nodes") as it:
        await it.press("enter")
        await it.until(lambda: isinstance(view_of(it), NodeDetail))
        await quiet(it)
        assert "open" not in it.lines()[-1]


# Servers.


async def test_a_silent_servers_figures_are_question_marks() -> None:
    async with screen("servers") as it:
        await it.press("j")
        await it.sees("Connection refused by 10.2.0.14:1500 (ANS1017E)", "Since 14:11")
        row = next(line for line in it.lines() if "SPB02" in line and "Unknown" in line)
        assert row.count("?") >= 6
        assert "%" not in row


async def test_pools_of_a_server_and_its_state_are_parts_of_the_peek() -> None:
    async with screen("servers") as it:
        await it.sees("TAPE-COPY")
        await it.press("J")
        await it.sees("last db backup")
        await it.press("K", "K")
        await it.sees("answers, and all of it can be read")


async def test_pools_of_a_silent_server_have_names_and_no_figures() -> None:
    async with screen("servers") as it:
        await it.press("j", "J")
        await it.sees("TAPE-COPY")
        row = next(line for line in it.lines() if "TAPE-COPY" in line)
        assert row.count("?") == 5
        assert "%" not in row


async def test_enter_on_a_server_shows_its_nodes() -> None:
    async with screen("servers") as it:
        await it.press("j", "enter")
        await it.until(lambda: isinstance(view_of(it), Nodes) and view_of(it).table.count() == 10)
        assert view_of(it).filter == "server=SPB02"


# Jobs of a day.


async def test_the_day_of_the_job_list_moves_and_ends_today() -> None:
    async with screen("jobs") as it:
        await it.press("[")
        await it.sees("Sat 21 Nov 2026")
        await it.press("{")
        await it.sees("Sat 14 Nov 2026")
        assert view_of(it).link_query() == {"day": "2026-11-14"}
        await it.press("full_stop", "]")
        await it.sees("Sun 22 Nov 2026")
        assert view_of(it).link_query() == {}


async def test_enter_opens_the_job() -> None:
    async with screen("jobs") as it:
        await it.press("enter")
        await it.sees("server said")


# The overview.


async def test_the_overview_counts_as_the_reports_do() -> None:
    async with screen("overview") as it:
        view = view_of(it)
        assert isinstance(view, Overview)
        assert sum(view.jobs.counts.values()) == 60
        headings = ["Jobs today", "Needs attention", "SLA November", "Backup servers"]
        assert [block.heading for block in view.blocks][:4] == headings
        assert view.sla.units[0]["unit"] == "Nordhavn Backup", "the unit itself, and those right below it"
        assert len(view.sla.units) == 7
        await it.sees("stored", "Last 30 days", "since 14:11", "SP 8.1.27")
        worst = [row["status"] for row in view.attention.found]
        assert worst == sorted(worst, reverse=True)
        await it.sees("acknowledged by no one", "DAILY_SQL 02:04")
        view.attention.move_to(next(at for at, row in enumerate(view.attention.found) if row["kind"] == "server"))
        await it.sees("─ SPB02 ─")
        await it.until(lambda: not it.busy())
        assert "Connection refused" in view.queue.told.paragraphs[0].text


async def test_blocks_are_stops_of_the_focus() -> None:
    async with screen("overview") as it:
        view = view_of(it)
        assert view.attention.has_focus
        for block in (view.sla, view.servers, view.capacity, view.days, view.jobs, view.attention):
            await it.press("J")
            assert block.has_focus
        await it.press("K")
        assert view.jobs.has_focus
        await it.press("tab")
        assert view.attention.has_focus


@pytest.mark.parametrize(
    ("keys", "kind", "sees"),
    [
        (("enter",), Daily, "full report"),
        (("J", "j", "enter"), Sla, "SLA compliance"),
        (("J", "J", "n", "enter"), Servers, "Backup servers"),
        (("K", "l", "enter"), JobsList, "Job list"),
        (("J", "J", "J", "j", "enter"), Servers, "DEDUP-A"),
        (("J", "J", "J", "J", "h", "enter"), object, "Jobs matrix"),
    ],
)
async def test_enter_opens_what_a_block_is_about(keys: tuple[str, ...], kind: type[object], sees: str) -> None:
    async with screen("overview") as it:
        for key in keys:
            await it.press(key)
        await it.sees(sees)
        assert isinstance(view_of(it), kind)
        await it.press("backspace")
        await it.until(lambda: isinstance(view_of(it), Overview))


async def test_a_silent_server_in_the_queue_leads_to_its_row() -> None:
    async with screen("overview") as it:
        view = view_of(it)
        view.attention.move_to(next(at for at, row in enumerate(view.attention.found) if row["kind"] == "server"))
        await it.press("enter")
        await it.until(lambda: isinstance(view_of(it), Servers))
        await quiet(it)
        assert view_of(it).table.key == "SPB02"


async def test_a_status_that_is_chosen_filters_the_list_of_jobs() -> None:
    async with screen("overview") as it:
        view = view_of(it)
        await it.press("K", *["l"] * (1 + view.jobs.statuses().index(Status.ERROR)), "enter")
        await it.until(lambda: isinstance(view_of(it), JobsList))
        assert view_of(it).filter == "status:error"


async def test_nothing_to_do_is_said_with_what_was_checked() -> None:
    session = ViewsSession(fleet(nodes=12, silent=()))
    session.fleet.nodes = [
        type(node)(**{name: getattr(node, name) for name in node.__slots__} | {"statuses": b"\x02" * 45})
        for node in session.fleet.nodes
    ]
    async with screen("overview", session=session) as it:
        await it.sees("Nothing needs attention. Checked 12 nodes on 6", "servers.")


@pytest.mark.parametrize(
    ("servers", "untold", "said"),
    [
        (0, 0, "No backup server yet"),
        (3, 3, "3 servers of 3 not collected yet"),
        (3, 1, "1 server of 3 not collected yet"),
        (3, 0, "Nothing needs attention. Checked 3 servers."),
    ],
)
def test_what_was_not_collected_is_not_well(servers: int, untold: int, said: str) -> None:
    look = Look.of("nightwatch", Depth.TRUECOLOR, FULL)
    assert said in well_notice(look, servers, untold, None)[0].text


async def test_a_block_without_its_right_gives_its_room_away() -> None:
    session = ViewsSession(fleet(nodes=60))
    session.denied = {Privilege.SERVER_VIEW}
    async with screen("overview", session=session) as it:
        view = view_of(it)
        await it.until(lambda: not view.servers.display)
        assert "Backup servers" not in it.text()
        assert view.queue.size.height > 20


async def test_a_block_that_fails_leaves_the_others_alone() -> None:
    session = ViewsSession(fleet(nodes=60))
    session.failing["servers"] = Unreachable("SPB02", "10.2.0.14:1500", "connection refused")
    async with screen("overview", session=session) as it:
        await it.sees("tries again", "Last 30 days", "Failed 12")


async def test_at_80_columns_every_block_is_in_view() -> None:
    async with screen("overview", (80, 24)) as it:
        view = view_of(it)
        last = it.shell.key_bar.region.y
        assert all(block.region.bottom <= last for block in view.blocks)
        assert (view.attention.size.height, view.sla.size.height) == (5, 1)
        await it.sees("SLA November", "Nordhavn Backup 96.9% ×   goal 98.0%")


async def test_what_does_not_fit_comes_with_the_focus() -> None:
    async with screen("overview", (70, 17)) as it:
        view = view_of(it)
        assert not it.region_shown(view.days)
        await it.press("K", "K")
        assert view.days.has_focus
        await it.until(lambda: it.region_shown(view.days))


async def test_what_could_not_be_asked_is_not_called_well() -> None:
    session = ViewsSession(fleet(nodes=60))
    session.failing["attention"] = Unreachable("SPB02", "10.2.0.14:1500", "connection refused")
    async with screen("overview", session=session) as it:
        await it.sees("did not answer")
        assert "Nothing needs attention" not in it.text()


async def test_keys_for_rows_are_not_offered_where_there_are_none() -> None:
    session = ViewsSession(fleet(nodes=0))
    async with screen("nodes", session=session) as it:
        await it.sees("No nodes in Nordhavn Backup yet.")
        assert "open" not in it.lines()[-1]
        assert "next problem" not in it.lines()[-1]


# What servers say.


@pytest.mark.parametrize("start", ["overview", "servers", "nodes", "jobs"])
async def test_hostile_names_and_messages_are_drawn_as_text(start: str) -> None:
    payloads = [text for text in (*ESCAPES, *MARKUP) if "\ud800" not in text]
    made = fleet(nodes=len(payloads))
    made.units = [(unit, parent, payloads[unit % len(payloads)]) for unit, parent, _ in made.units]
    made.nodes = [replace(node, name=text) for node, text in zip(made.nodes, payloads, strict=True)]
    known = next(iter(made.freshness.values()))
    made.freshness |= {text: replace(known, server=text, problem=text, hint=text) for text in payloads}
    made.schedule = made.message = payloads[0]
    async with screen(start, session=ViewsSession(made)) as it:
        assert any(safe(text)[:8] in it.text() for text in payloads), "they must be drawn, or this proves nothing"
        for key in ("j", "J", "G", "enter", "J"):
            await it.press(key)
            await quiet(it)
            assert all(line.isprintable() for line in it.lines()), key


@pytest.mark.parametrize(("since_s", "waits"), [(1e9, 0.3), (0.8, 0.3), (0.5, 0.5), (0.0, 1.0)])
def test_news_is_asked_for_once_a_second_at_most(since_s: float, waits: float) -> None:
    assert wait_s(since_s) == pytest.approx(waits)


async def test_what_was_asked_for_meanwhile_is_not_asked_for_again() -> None:
    async with screen("nodes") as it:
        it.shell._gather()
        assert it.shell._gathering is not None
        it.shell.look_again()
        assert it.shell._gathering is None
