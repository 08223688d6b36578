"""What a reader keeps: saved filters and chosen columns."""

from __future__ import annotations

from collections.abc import Sequence

from cloutui.errors import Broken
from cloutui.model.filter.saved import SavedFilter
from cloutui.screens.column_box import ColumnBox
from cloutui.screens.finder import SavedFinder
from cloutui.screens.table_view import TableView
from tests.screens.console import Console, console
from tests.screens.fake_session import FakeSession, fleet
from tests.screens.test_typing import command, type_in

ROOT = fleet(nodes=1).units[0][0]


def saved(name: str, text: str, unit_id: int | None = None) -> SavedFilter:
    return SavedFilter(name=name, text=text, owner="op", unit_id=unit_id, version=1)


def session(**kept: object) -> FakeSession:
    made = FakeSession(fleet(nodes=60))
    for name, value in kept.items():
        setattr(made, name, value)
    return made


def table(it: Console) -> TableView:
    assert isinstance(it.shell.view, TableView)
    return it.shell.view


# Filters.


async def test_save_keeps_the_filter_on_the_screen_for_oneself_or_a_unit_and_forget_takes_it_away() -> None:
    async with console(session=session()) as it:
        await it.settled()
        await command(it, "save bad")
        await it.sees("There is no filter to save.")
        await it.press("escape")
        await command(it, "filter node:acme")
        await it.until(lambda: 0 < it.matrix.count() < 20)
        await command(it, "save @bad")
        await it.until(lambda: it.session.acted)
        await command(it, 'save bad @"Fjord Retail"')
        await it.until(lambda: len(it.session.acted) == 2)
        await command(it, "forget bad")
        await it.until(lambda: len(it.session.acted) == 3)
        fjord = next(unit_id for unit_id, _, name in it.session.fleet.units if name == "Fjord Retail")
        assert it.session.acted == [
            ("filter.save", {"name": "bad", "text": "node:acme"}),
            ("filter.save", {"name": "bad", "text": "node:acme", "unit": fjord}),
            ("filter.forget", {"name": "bad"}),
        ]
        await it.sees("filter.forget: name bad.")


async def test_f_finds_a_saved_filter_and_looks_through_it() -> None:
    kept = [saved("night", "node:sql"), saved("acme", "node:acme"), saved("all", "status:failed", ROOT)]
    async with console(session=session(saved=kept)) as it:
        await it.settled()
        await it.press("f")
        await it.until(lambda: isinstance(it.app.screen, SavedFinder))
        await it.sees("@night", "node:acme", "3 saved", "for ")
        await type_in(it, "acm")
        await it.sees("1 saved")
        await it.press("enter")
        await it.until(lambda: it.shell.view.filter == "@acme")
        await it.until(lambda: not isinstance(it.app.screen, SavedFinder))


async def test_f_says_how_the_first_filter_is_saved() -> None:
    async with console(session=session()) as it:
        await it.settled()
        await it.press("f")
        await it.sees("No filter is saved yet.", ":save NAME")


# Columns.


async def choosing(it: Console) -> ColumnBox:
    await it.settled()
    await command(it, "nodes")
    await it.until(lambda: it.shell.view.word == "nodes")
    await it.until(lambda: it.shell.view.main.has_focus)
    await it.press("vertical_line")
    await it.until(lambda: isinstance(it.app.screen, ColumnBox))
    assert isinstance(it.app.screen, ColumnBox)
    return it.app.screen


def shown(it: Console) -> Sequence[str]:
    return table(it).table.chosen


async def test_columns_are_chosen_before_ones_eyes_and_kept() -> None:
    async with console(session=session()) as it:
        await choosing(it)
        usual = shown(it)
        await it.press("space")
        await it.until(lambda: usual[0] not in shown(it))
        await it.press("down", "J")
        await it.until(lambda: shown(it)[:2] == (usual[2], usual[1]))
        await it.press("enter")
        await it.until(lambda: it.session.acted)
        assert it.session.acted == [("view.save", {"report": "nodes", "columns": shown(it)})]
        assert it.shell.desk.columns["nodes"] == shown(it)
        assert usual[0] not in shown(it)


async def test_typing_narrows_the_columns_and_hidden_ones_can_be_shown() -> None:
    async with console(session=session()) as it:
        box = await choosing(it)
        assert "contact" not in shown(it)
        await it.press(*"cont")
        await it.until(lambda: box.list.listed() == ["contact"])
        await it.press("space", "backspace", "enter")
        await it.until(lambda: it.session.acted)
        assert shown(it)[-1] == "contact"


async def test_escape_brings_back_what_was_there_and_keeps_nothing() -> None:
    async with console(session=session()) as it:
        await choosing(it)
        usual = shown(it)
        await it.press("space", "down", "space")
        await it.until(lambda: len(shown(it)) == len(usual) - 2)
        await it.press("escape")
        await it.until(lambda: shown(it) == usual)
        assert (it.session.acted, dict(it.shell.desk.columns)) == ([], {})


async def test_the_choice_of_another_day_is_there_and_the_last_row_takes_it_back() -> None:
    async with console(session=session(columns={"nodes": ("stored", "gone", "node")})) as it:
        await choosing(it)
        assert shown(it) == ("stored", "node")
        await it.press("end", "space")
        await it.until(lambda: len(shown(it)) > 5)
        await it.press("enter")
        await it.until(lambda: it.session.acted)
        assert it.session.acted == [("view.save", {"report": "nodes", "columns": ()})]


async def test_a_click_shows_or_hides_a_column() -> None:
    async with console(session=session()) as it:
        box = await choosing(it)
        usual = shown(it)
        await it.pilot.click(box.list, offset=(3, 3))
        await it.until(lambda: usual[1] not in shown(it))


async def test_what_cannot_be_kept_is_said_and_stays_for_the_session() -> None:
    broken = {"view.save": Broken("The records are full.", hint="Make room.")}
    async with console(session=session(failing=broken)) as it:
        await choosing(it)
        await it.press("space", "enter")
        await it.sees("The records are full.")
        assert len(it.shell.desk.columns["nodes"]) == len(shown(it))


# Offers.


async def test_while_a_filter_is_typed_values_are_offered_with_their_rows() -> None:
    async with console(session=session()) as it:
        await it.settled()
        await it.press("slash")
        await it.sees("node_id:   server:   unit:   node:")
        await type_in(it, "server:")
        await it.until(lambda: "SPA01 " in it.shell.filter_row.ghost + " ")
        counted = [node.server for node in it.session.fleet.nodes].count("SPA01")
        await it.sees(f"SPA01 {counted}   ")
        await it.press("tab")
        await it.until(lambda: it.shell.filter_row.text == "server:SPA01")
        await it.press("enter")
        await it.until(lambda: it.shell.view.main.gap == 1)


async def test_after_an_at_sign_saved_filters_are_offered() -> None:
    async with console(session=session(saved=[saved("night", "node:sql"), saved("bad", "node:acme")])) as it:
        await it.settled()
        await it.press("slash")
        await type_in(it, "-@n")
        await it.until(lambda: it.shell.filter_row.ghost == "ight")


# Nothing fits.


async def test_a_filter_that_hides_everything_says_how_much_and_what_may_have_been_meant() -> None:
    async with console(session=session()) as it:
        await it.settled()
        await command(it, "filter server:SPA11 last:7d")
        await it.sees("No match for server:SPA11 last:7d. 60 rows hidden. Did you mean server:SPA01 last:7d?", "esc")
        await it.press("escape")
        await it.until(lambda: it.matrix.count() == 60)


async def test_where_no_word_is_wrong_none_is_proposed() -> None:
    async with console(session=session()) as it:
        await it.settled()
        await command(it, "filter server:SPA01 server:SPA02")
        await it.sees("60 rows hidden.")
        await it.until(lambda: not it.busy())
        assert "Did you mean" not in it.text()
