"""What is taken along by mouse, of marked rows alone, and where no file can be written."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from cloutui.errors import Invalid
from cloutui.model.question import Marked, Question
from cloutui.screens.boxes import BoxScreen, QuitBox
from cloutui.screens.copy_box import CopyBox
from cloutui.screens.export_box import ExportBox, row_choices
from tests.delivery.answers import of_every_kind
from tests.screens.console import Console, console
from tests.screens.fake_session import FakeSession, fleet
from tests.screens.fake_views import ViewsSession
from tests.screens.test_typing import command, copied


@pytest.fixture(autouse=True)
def somewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


async def files(folder: Path) -> dict[str, str]:
    return await asyncio.to_thread(lambda: {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()})


async def click_on(it: Console, text: str) -> None:
    """Click on the text where it stands on the screen."""
    await it.sees(text)
    y, line = next((y, line) for y, line in enumerate(it.lines()) if text in line)
    await it.pilot.click(offset=(line.index(text) + 1, y))


async def box_of(it: Console, key: str, kind: type[BoxScreen]) -> BoxScreen:
    await it.press(key)
    await it.until(lambda: isinstance(it.app.screen, kind))
    box = it.app.screen
    assert isinstance(box, BoxScreen)
    return box


# By mouse.


async def test_every_way_to_copy_can_be_clicked() -> None:
    async with console() as it:
        await it.settled()
        for text, found in (("our command line", "cloutui report"), ("row, with tabs", "")):
            await box_of(it, "y", CopyBox)
            it.app._clipboard = ""
            await click_on(it, text)
            await it.until(lambda: it.app._clipboard)
            assert found in it.app._clipboard
            assert it.app.screen is it.shell


async def test_ctrl_c_closes_a_box_as_it_does_a_field() -> None:
    async with console() as it:
        await it.settled()
        for key, kind in (("y", CopyBox), ("e", ExportBox)):
            await box_of(it, key, kind)
            await it.press("ctrl+c")
            assert it.app.screen is it.shell


async def test_what_cannot_be_copied_cannot_be_clicked() -> None:
    async with console() as it:
        await it.settled()
        box = await box_of(it, "y", CopyBox)
        await click_on(it, "no command of a server says this")
        assert it.app.screen is box


async def test_rows_format_and_file_of_an_export_can_be_clicked(tmp_path: Path) -> None:
    async with console() as it:
        await it.settled()
        it.shell.set_filter("node:acme")
        await it.until(lambda: 0 < it.matrix.count() < 60)
        await it.settled()
        box = await box_of(it, "e", ExportBox)
        assert isinstance(box, ExportBox)
        assert box.wanted.filter == "node:acme"
        await click_on(it, " all 60 ")
        assert box.wanted.filter == ""
        await click_on(it, " json ")
        assert box.how == "json"
        await click_on(it, "2026-11-22.json")
        await it.press("ctrl+u", *"x.json", "enter")
        await it.sees("60 rows in x.json")
        assert list(await files(tmp_path)) == ["x.json"]


async def test_the_command_of_an_export_can_be_copied_by_mouse_and_by_key(tmp_path: Path) -> None:
    async with console() as it:
        await it.settled()
        await box_of(it, "e", ExportBox)
        await click_on(it, "cloutui report jobs-matrix")
        await it.sees("Copied the command line.")
        by_mouse = it.app._clipboard
        assert " --format csv -o jobs-matrix_" in by_mouse
        assert await copied(it, "e", "y") == by_mouse
        assert await files(tmp_path) == {}


async def test_why_there_is_no_command_is_shown_and_nothing_to_copy(monkeypatch: pytest.MonkeyPatch) -> None:
    async def refused(*_args: object) -> str:
        raise Invalid("There is no such report.", hint="")

    def no_name(*_args: object) -> str:
        raise Invalid("There is no such report.", hint="")

    async with console() as it:
        await it.settled()
        monkeypatch.setattr(FakeSession, "copied", refused)
        monkeypatch.setattr(FakeSession, "file_name", no_name)
        await box_of(it, "e", ExportBox)
        await it.sees("There is no such report.")
        assert "The same on the command line" not in it.text()
        await it.press("y")
        assert isinstance(it.app.screen, ExportBox)
        assert it.app._clipboard == ""


async def test_leaving_can_be_clicked_and_so_can_staying() -> None:
    async with console() as it:
        await it.settled()
        await box_of(it, "q", QuitBox)
        await click_on(it, "esc stay")
        assert it.app.screen is it.shell
        await box_of(it, "q", QuitBox)
        await click_on(it, "↵ leave")
        await it.until(lambda: it.app._exit)


# Marked rows.


def test_marked_rows_come_first_and_are_asked_for_without_the_filter() -> None:
    answer, marked = of_every_kind(), Marked(("node",), {"A", "B"})
    question = Question(report="nodes", filter="tag:vip")
    choices = row_choices(question, answer, marked)
    assert [text.split()[-1] for text, _ in choices[:2]] == ["marked", "filtered"]
    assert [(one.filter, one.marked) for _, one in choices] == [("", marked), ("tag:vip", None), ("", None)]
    assert len(row_choices(question, answer, None)) == 2
    assert len(row_choices(Question(report="nodes"), None, Marked(("node",), ()))) == 1


async def test_marked_rows_alone_are_written_and_copied(tmp_path: Path) -> None:
    async with console(session=ViewsSession(fleet(nodes=30)), start="nodes") as it:
        table = it.shell.view.main
        await it.until(lambda: table.count() == 30 and not it.busy())
        await it.press("space", "space")
        names = sorted(str(key) for key in table.marks)  # type: ignore[attr-defined]
        await box_of(it, "e", ExportBox)
        await it.sees(" 2 marked ", " all 30 ", "not known to the command line")
        await it.press("enter")
        await it.sees("2 rows in")
        [text] = (await files(tmp_path)).values()
        assert text.count("\n") == 3
        rows = await copied(it, "y", "r")
        assert rows.count("\n") == 2, "heads and two rows"
        assert len(names) == 2
        await it.press("U")
        assert (await copied(it, "y", "r")).count("\n") == 1


async def test_marked_rows_of_the_matrix_alone_are_written(tmp_path: Path) -> None:
    async with console() as it:
        await it.settled()
        await it.press("space", "space", "space")
        await box_of(it, "e", ExportBox)
        await it.sees(" 3 marked ", " all 60 ")
        await it.press("enter")
        await it.sees("3 rows in")
        [text] = (await files(tmp_path)).values()
        assert sorted(line.split(",")[0] for line in text.splitlines()[1:]) == sorted(map(str, it.matrix.marks))


# Where no file can be written.


async def test_over_ssh_the_command_is_handed_out_and_no_file_is_written(tmp_path: Path) -> None:
    session = FakeSession(fleet(nodes=60), may_write_files=False)
    async with console(session=session) as it:
        await it.settled()
        await box_of(it, "e", ExportBox)
        await it.sees("enter copies the command", "--format csv >", "jobs-matrix_Nordhavn-Backup_2026-11-22.csv")
        assert "│   file " not in it.text()
        await it.press("tab", "tab", "right")
        await it.sees("--format json >")
        assert (await copied(it, "enter")).endswith("--format json > jobs-matrix_Nordhavn-Backup_2026-11-22.json")
        await command(it, f"export csv {tmp_path / 'x.csv'}")
        await it.until(lambda: isinstance(it.app.screen, ExportBox))
        await it.press("enter")
        await it.until(lambda: it.app.screen is it.shell)
        assert await files(tmp_path) == {}
