"""What is typed: filters, commands, the palette; and what is taken along: copies, files, links."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from rich.cells import cell_len
from textual.events import Paste
from textual.keys import _character_to_key

from cloutui.errors import Unreachable
from cloutui.model.status import Status
from cloutui.screens.boxes import KeysBox, QuitBox
from cloutui.screens.copy_box import CopyBox
from cloutui.screens.export_box import ExportBox
from cloutui.screens.finder import Finder
from cloutui.screens.node import NodeDetail
from cloutui.screens.node_day import NodeDay
from cloutui.widgets.field import Field
from tests.screens.console import Console, console
from tests.screens.fake_session import FakeSession, fleet
from tests.screens.fake_views import ViewsSession
from tests.screens.payloads import ESCAPES, MARKUP


async def type_in(it: Console, text: str) -> None:
    """All at once, as a paste is; that it can be typed letter by letter is a test of its own."""
    field = it.app.focused
    assert isinstance(field, Field)
    field.post_message(Paste(text))
    await it.until(lambda: text in field.text)


async def command(it: Console, text: str) -> None:
    await it.press("colon")
    await type_in(it, text)
    await it.press("enter")


# The filter.


async def test_a_filter_is_applied_while_it_is_typed_and_enter_keeps_it() -> None:
    async with console() as it:
        await it.settled()
        await it.press("slash")
        await type_in(it, "node:acme")
        await it.until(lambda: 0 < it.matrix.count() < 20)
        await it.sees("6 of 60")
        assert it.shell.filter_row.has_focus
        await it.press("enter")
        assert it.matrix.has_focus
        await it.sees("/ node:acme")
        assert it.shell.view.link().query["filter"] == "node:acme"
        asked = [params for report, params in it.session.asked if report == "jobs-matrix"]
        assert asked[-1]["filter"] == "node:acme"


async def test_keys_that_come_quickly_are_asked_for_once() -> None:
    async with console() as it:
        await it.settled()
        it.session.asked.clear()
        await it.press("slash")
        field = it.shell.filter_row
        for letter in "node:acme":
            field._typed(letter)
        await it.until(lambda: 0 < it.matrix.count() < 20)
        assert len([1 for report, _ in it.session.asked if report == "jobs-matrix"]) == 1


async def test_esc_brings_back_the_filter_before_and_then_all_rows() -> None:
    async with console() as it:
        await it.settled()
        await it.press("slash")
        await type_in(it, "node:acme")
        await it.press("enter")
        await it.until(lambda: 0 < it.matrix.count() < 20)
        kept = it.matrix.count()
        await it.press("slash", "ctrl+u")
        await it.until(lambda: it.matrix.count() == 60)
        await it.press("escape")
        await it.until(lambda: it.matrix.count() == kept)
        await it.press("escape")
        await it.until(lambda: it.matrix.count() == 60)
        assert it.matrix.gap == 0


async def test_a_filter_that_cannot_be_understood_keeps_the_rows_and_says_why() -> None:
    async with console() as it:
        await it.settled()
        for text in ("nodes:acme", "node:(", "bad>x", '"open'):
            await it.press("slash")
            await type_in(it, text)
            await it.until(lambda: it.shell.filter_row.wrong is not None)
            assert it.matrix.count() == 60
            assert it.shell.filter_row.is_alarming
            await it.press("enter")
            assert it.shell.filter_row.has_focus, "a wrong filter cannot be kept"
            await it.press("escape")
            assert it.shell.view.filter == ""


async def test_a_filter_that_lets_nothing_through_says_so() -> None:
    async with console() as it:
        await it.settled()
        await it.press("slash")
        await type_in(it, "nothinglikeit")
        await it.sees("No match for nothinglikeit.", "esc clears the filter", "0 of 60")


async def test_the_likeliest_value_is_offered_and_taken_with_the_arrow() -> None:
    async with console() as it:
        await it.settled()
        await it.press("slash")
        await type_in(it, "server:SPB")
        await it.until(lambda: it.shell.filter_row.ghost != "")
        await it.press("right")
        await it.until(lambda: it.shell.view.filter.startswith("server:SPB0"))


async def test_a_filter_that_came_along_and_does_not_fit_is_dropped_with_a_word() -> None:
    async with console() as it:
        await it.settled()
        await command(it, "matrix /nothing:x")
        await it.sees("The filter “nothing:x” does not fit here")
        await it.settled()
        assert it.matrix.count() == 60
        assert it.shell.view.filter == ""


async def test_where_no_rows_are_filtered_the_key_does_nothing() -> None:
    async with console() as it:
        await it.settled()
        await it.press("enter")
        await it.until(lambda: isinstance(it.shell.view, NodeDay))
        await it.press("slash")
        assert not it.shell.filter_row.has_focus


# The command bar.


async def test_a_screen_with_unit_and_filter() -> None:
    async with console() as it:
        await it.settled()
        await command(it, 'matrix @"Fjord Retail" /node:acme')
        await it.sees("› Fjord Retail", "/ node:acme")
        await it.until(lambda: 0 < it.matrix.count() < 20)
        assert it.matrix.has_focus
        await it.press("backspace")
        await it.until(lambda: it.matrix.count() == 60)


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("unit fjord", "› Fjord Retail"),
        ("day -3", "19 Nov"),
        ("day 2026-11-20", "20 Nov"),
        ("node BOLTSYD-ERP025", "Nodes › BOLTSYD-ERP025"),
        ("open cloutui://unit/2/matrix", "› Fjord Retail"),
        ("notices", "Nothing was said yet."),
        ("theme daybook", "Jobs matrix"),
    ],
)
async def test_what_commands_do(text: str, seen: str) -> None:
    async with console(session=ViewsSession(fleet(nodes=60))) as it:
        await it.settled()
        await command(it, text)
        await it.sees(seen)
        assert not it.shell.command_bar.display


async def test_commands_that_open_boxes() -> None:
    async with console() as it:
        await it.settled()
        for text, box in (("help", KeysBox), ("quit", QuitBox), ("copy", CopyBox), ("export", ExportBox)):
            await command(it, text)
            await it.until(lambda box=box: isinstance(it.app.screen, box))  # type: ignore[misc]
            await it.press("escape")


WRONG = (
    ("ndoes", "Did you mean “nodes”?"),
    ("unit acem aps", "Did you mean “Acme ApS”"),
    ("unit", "takes something more"),
    ("day soon", "is no day"),
    ("open http://x", "no link"),
    ("open cloutui://unit/4711/matrix", "No unit “4711” here, or not yours."),
    ("theme midnight", "There is no theme “midnight”"),
    ("export docx", "is no format"),
    ("node NOSUCH", "No node “NOSUCH” here, or not yours."),
    ("matrix acme", "neither @unit nor /filter"),
)


async def test_what_cannot_be_done_is_said_below_and_can_be_corrected() -> None:
    async with console() as it:
        await it.settled()
        for text, said in WRONG:
            await command(it, text)
            await it.sees(said)
            assert it.shell.command_bar.has_focus
            assert it.shell.command_bar.text == text
            await it.press("escape")
            assert it.matrix.has_focus


async def test_older_commands_come_back_with_the_arrow() -> None:
    async with console() as it:
        await it.settled()
        await command(it, "day -1")
        await command(it, "day -2")
        await it.press("colon", "up")
        assert it.shell.command_bar.text == "day -2"
        await it.press("up", "up")
        assert it.shell.command_bar.text == "day -1"
        await it.press("down", "down")
        assert it.shell.command_bar.text == ""


async def test_the_end_of_a_word_is_offered_and_taken() -> None:
    async with console() as it:
        await it.settled()
        await it.press("colon")
        await type_in(it, "mat")
        await it.until(lambda: it.shell.command_bar.ghost == "rix")
        await it.sees("matrix [@UNIT] [/FILTER]")
        await it.press("right")
        assert it.shell.command_bar.text == "matrix"


async def test_a_command_typed_letter_by_letter() -> None:
    async with console() as it:
        await it.settled()
        await it.press("colon")
        await it.press(*"day", "space", "minus", "3", "enter")
        await it.sees("19 Nov")


async def test_a_theme_changes_what_is_shown_at_once() -> None:
    async with console() as it:
        await it.settled()
        before = it.shell.desk.look.palette.style("text")
        await command(it, "theme daybook")
        await it.until(lambda: it.app.theme == "daybook")
        assert it.shell.desk.look.palette.style("text") != before


# The palette.


async def test_the_palette_finds_units_nodes_screens_and_commands() -> None:
    async with console(session=ViewsSession(fleet(nodes=60))) as it:
        await it.settled()
        wanted = {"boltsyderp": "BOLTSYD-ERP025", "@acme": "Acme ApS", ">expo": "export", "#vi": "vip"}
        for text, seen in wanted.items():
            await it.press("ctrl+p")
            await it.until(lambda: isinstance(it.app.screen, Finder))
            await type_in(it, text)
            await it.until(lambda seen=seen: seen in [one.name for one in it.app.screen.found.entries[:1]])  # type: ignore
            await it.press("escape")


async def test_a_node_from_the_palette_is_opened() -> None:
    async with console(session=ViewsSession(fleet(nodes=60))) as it:
        await it.settled()
        await it.press("ctrl+p")
        await type_in(it, "boltsyderp025")
        await it.until(lambda: any(one.kind == "node" for one in getattr(it.app.screen, "_entries", [])))
        await it.press("enter")
        await it.until(lambda: isinstance(it.shell.view, NodeDetail))


async def test_u_finds_a_unit() -> None:
    async with console() as it:
        await it.settled()
        await it.press("u")
        await type_in(it, "havn")
        await it.press("down", "up", "enter")
        await it.sees("› Havn Energi")


# Copies.


async def copied(it: Console, *keys: str) -> str:
    it.app._clipboard = ""
    await it.press(*keys)
    await it.until(lambda: it.app._clipboard)
    return it.app._clipboard


async def test_every_way_to_copy() -> None:
    async with console() as it:
        await it.settled()
        assert await copied(it, "y", "c") == "Failed"
        assert it.matrix.name_under_cursor[:6] in await copied(it, "y", "r")
        assert await copied(it, "y", "l") == "cloutui report jobs-matrix --unit Nordhavn --days 21"
        table = await copied(it, "y", "t")
        assert table.count("\n") == 61
        assert '"node"' in await copied(it, "y", "j")
        await it.press("y")
        await it.sees("no command of a server says this")
        await it.press("d")
        assert isinstance(it.app.screen, CopyBox), "there is nothing to take"
        await it.press("escape")
        it.session.dsmadmc = "dsmadmc -id=OP1 'SELECT 1'"
        await it.press("y")
        await it.until(lambda: it.app.screen._has_commands)  # type: ignore[attr-defined]
        assert await copied(it, "d") == it.session.dsmadmc


async def test_the_link_is_copied_and_opens_the_same() -> None:
    async with console() as it:
        await it.settled()
        await it.press("h", "h")
        link = await copied(it, "Y")
        assert link == "cloutui://unit/1/matrix?day=2026-11-20"
        await it.sees("Copied the link.")
        await it.press("l", "l")
        await command(it, f"open {link}")
        await it.until(lambda: it.matrix.day is not None and it.matrix.day.isoformat() == "2026-11-20")


# Files.


async def test_an_export_is_written_and_never_over_another_unasked(tmp_path: Path) -> None:
    path = tmp_path / "jobs.csv"
    async with console() as it:
        await it.settled()
        await command(it, f"export csv {path}")
        await it.sees("60 rows in")
        assert path.read_text(encoding="utf-8").count("\n") == 61
        path.write_text("mine", encoding="utf-8")
        await command(it, f"export csv {path}")
        await it.until(lambda: isinstance(it.app.screen, ExportBox))
        await it.sees("jobs.csv is there already")
        await it.press("escape")
        await it.settled()
        assert path.read_text(encoding="utf-8") == "mine"
        await command(it, f"export csv {path}")
        await it.until(lambda: isinstance(it.app.screen, ExportBox))
        await it.press("enter")
        await it.until(lambda: path.read_text(encoding="utf-8") != "mine")


async def test_the_dialog_offers_formats_rows_and_the_same_on_the_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with console() as it:
        await it.settled()
        await it.press("slash")
        await type_in(it, "node:acme")
        await it.press("enter")
        await it.sees("6 of 60")
        await it.press("e")
        await it.sees("6 filtered", "all 60", "--filter node:acme", "--format csv", "jobs-matrix_Nordhavn-Backup")
        await it.press("right")
        await it.sees("--format json", "2026-11-22.json")
        await it.press("up", "right")
        await it.until(lambda: "--filter" not in it.text())
        await it.press("down", "down", "ctrl+u", *"all", "full_stop", *"json", "enter")
        await it.sees("60 rows in all.json")
        assert [path.name for path in await asyncio.to_thread(lambda: list(tmp_path.iterdir()))] == ["all.json"]


async def test_an_export_that_fails_is_said_and_waits() -> None:
    async with console() as it:
        await it.settled()
        await command(it, "export csv /nowhere/at/all.csv")
        await it.sees("cannot be written")
        assert it.shell.notices.shown[-1].status is Status.ERROR
        await it.press("escape")
        assert not it.shell.notices.shown


@pytest.mark.parametrize("file", ["~nobody-is-called-so/all.csv", "/tmp/" + "x" * 300])
async def test_an_export_to_where_no_file_can_be_is_said(file: str) -> None:
    async with console() as it:

        def said() -> bool:
            return any("cannot be written" in notice.text for notice in it.shell.notices.shown)

        await it.settled()
        await command(it, f"export csv {file}")
        await it.until(said)
        await it.press("escape")
        await it.until(lambda: not said())
        await it.press("e")
        await it.until(lambda: isinstance(it.app.screen, ExportBox))
        await it.press("down", "ctrl+u", *map(_character_to_key, file), "enter")
        await it.until(said)


# Notices.


async def test_three_notices_at_most_and_all_can_be_read_again() -> None:
    async with console() as it:
        await it.settled()
        for number in range(5):
            it.shell.tell(f"notice {number}")
        await it.sees("notice 2", "notice 3", "notice 4")
        assert "notice 1" not in it.text()
        await command(it, "notices")
        await it.sees("notice 0", "notice 1")


async def test_a_notice_never_lies_over_the_cursors_row() -> None:
    async with console(size=(80, 24)) as it:
        await it.settled()
        await it.press("p", "G")
        name = it.matrix.name_under_cursor[:12]
        it.shell.tell("something at the bottom")
        await it.sees("something at the bottom")
        line = next(one for one in it.lines() if "something" in one)
        assert name not in line


async def test_hostile_names_do_nothing() -> None:
    hostile = [text for text in (*ESCAPES, *MARKUP) if "\ud800" not in text]
    made = fleet(nodes=30)
    names = dict(zip(range(2, 30), hostile, strict=False))
    made.units = [(unit_id, parent, names.get(unit_id, name)) for unit_id, parent, name in made.units]

    def is_harmless(it: Console) -> bool:
        return all(cell_len(one) == 80 and one.isprintable() for one in it.lines())

    async with console(made=made, size=(80, 24)) as it:
        await it.settled()
        await it.press("ctrl+p", "at")
        await it.until(lambda: len(it.app.screen.found.entries) == 30)  # type: ignore[attr-defined]
        assert is_harmless(it)
        await it.press("pagedown", "G", "escape", "colon")
        for text in hostile:
            it.shell.command_bar.suggest(text)
            assert is_harmless(it)
            it.shell.tell(text, Status.ERROR)
            await it.pilot.pause()
            assert is_harmless(it)


async def test_no_report_that_fails_ends_the_typing() -> None:
    session = FakeSession(fleet(nodes=30))
    async with console(session=session) as it:
        await it.settled()
        session.failing["jobs-matrix"] = Unreachable("SPB02", "10.2.0.14:1500", "connection refused")
        await it.press("ctrl+p")
        await type_in(it, "acme")
        await it.press("escape")
        await it.press("y", "t")
        await it.sees("SPB02 did not answer")
