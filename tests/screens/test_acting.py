"""Write mode and the dialog of every action, as a reader meets them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest

from cloutui.actions.plan import Plan
from cloutui.actions.proof import asks_for_write_mode
from cloutui.actions.registry import all_actions
from cloutui.errors import Conflict, NotFound
from cloutui.model.privilege import Privilege
from cloutui.model.secret import Secret
from cloutui.model.write_mode import WriteMode, begin
from cloutui.screens.action_box import ActionBox
from cloutui.screens.action_words import title_of
from cloutui.screens.shown_box import ShownBox
from cloutui.screens.write_box import WriteBox
from cloutui.widgets.box_form import KEEP
from cloutui.widgets.form_state import SUBMIT
from tests.screens.console import Console, console
from tests.screens.fake_session import NOW, fleet
from tests.screens.fake_views import ViewsSession

GUARDED = [action.spec for action in all_actions() if asks_for_write_mode(action.spec)]


@asynccontextmanager
async def ready(*, writes: bool = True, **given: Any) -> AsyncIterator[Console]:
    """The console, in write mode where that is not what the test is about."""
    async with console(session=ViewsSession(fleet(nodes=20), **given), start="nodes") as it:
        await it.until(lambda: not it.busy() and it.shell.view.main.count() > 0)
        if writes:
            it.session.write_mode = begin("SRQ-1", 15, NOW)
        yield it


async def box_of(it: Console, kind: type[Any]) -> Any:
    await it.until(lambda: isinstance(it.app.screen, kind), kind.__name__)
    return it.app.screen


async def closed(it: Console) -> None:
    await it.until(lambda: len(it.app.screen_stack) == 1, "the shell")


async def test_nothing_that_needs_write_mode_is_done_without_it() -> None:
    """Of every such action in the registry: all there is, is the question for write mode."""
    async with ready(writes=False) as it:
        for spec in GUARDED:
            it.shell.open_action(spec.name)
            box = await box_of(it, WriteBox)
            assert box.form.above[0].text == f"“{title_of(spec)}” changes something."
            box.dismiss(False)
            await closed(it)
        assert not it.session.acted


async def test_neither_command_nor_palette_nor_row_leads_past_write_mode() -> None:
    async with ready(writes=False) as it:
        for keys in (
            [":", *"act server.remove name=SPA01", "enter"],
            ["ctrl+p", *">server.remove", "enter"],
            ["x", "2"],
        ):
            await it.press(*keys)
            box = await box_of(it, WriteBox)
            await it.press("enter", "ctrl+j")
            assert it.app.screen is box, "it has no reason yet"
            await it.press("escape")
            await closed(it)
        assert not it.session.acted
        assert it.session.write_mode is None


async def test_write_mode_is_asked_for_with_a_reason_and_seen_until_it_ends() -> None:
    async with ready(writes=False, codes_asked=True) as it:
        assert " READ " in it.lines()[0]
        await it.press("W")
        box = await box_of(it, WriteBox)
        assert box.form.missing() == "needs reason"
        await it.press(*"SRQ-8812", "tab", "tab", *"111111", "ctrl+j")
        await it.sees("The code is wrong")
        await it.press(*"123456", "ctrl+j")
        await closed(it)
        assert it.lines()[0].rstrip().endswith("WRITE 15m")
        await it.press("W")
        await it.sees("End it", "SRQ-8812")
        await it.press("enter")
        await it.until(lambda: it.session.write_mode is None)
        await closed(it)
        await it.sees("Write mode has ended.", " READ ")


async def test_two_minutes_before_its_end_it_says_so_and_can_be_extended() -> None:
    async with ready(writes=False) as it:
        for left_s in (121, 120):
            assert "W extends it" not in it.text()
            until = NOW + timedelta(seconds=left_s)
            it.session.write_mode = WriteMode(reason="SRQ-1", until=until, touched_at=NOW)
            it.shell.watch_write_mode()
            await it.pilot.pause()
        await it.sees("W extends it")
        await it.press("W", "2")
        await box_of(it, WriteBox)
        await it.sees("Extend write mode", "SRQ-1")
        await it.press("ctrl+j")
        await closed(it)
        assert it.session.write_mode is not None
        assert it.session.write_mode.until == NOW + timedelta(minutes=15)


@pytest.mark.parametrize(("began", "why"), [(16, "its time is over"), (11, "no key was pressed")])
async def test_it_ends_by_itself_and_says_why(began: int, why: str) -> None:
    async with ready(writes=False) as it:
        it.session.write_mode = begin("SRQ-1", 15, NOW - timedelta(minutes=began))
        it.shell.watch_write_mode()
        await it.sees(f"Write mode has ended: {why}.")
        assert it.session.ended == [why]


async def test_another_customer_ends_it() -> None:
    async with ready() as it:
        it.session.write_mode = begin("SRQ-1", 15, NOW, customer=2)
        await it.shell.choose_unit(2)
        assert it.session.write_mode is not None
        await it.shell.choose_unit(3)
        assert it.session.write_mode is None
        await it.sees("this is another customer")


async def test_who_may_only_look_reads_that() -> None:
    async with ready(writes=False, reads_only=True) as it:
        await it.sees("READ-ONLY")
        await it.press("W")
        await it.sees("Your role changes nothing but your own account.")


async def test_the_dialog_tells_what_would_happen_and_does_it_once() -> None:
    async with ready() as it:
        it.shell.open_action("unit.rename", unit="Acme ApS")
        box: ActionBox = await box_of(it, ActionBox)
        await it.sees("Rename unit", "Fjord Retail › Acme ApS", "needs name")
        await it.press("ctrl+j")
        await it.sees("is needed")
        await it.press(*"Acme A/S")
        await it.until(lambda: box.plan is not None)
        await it.sees("- old", "+ new", "The log will say")
        await it.press("enter")
        assert box.form.state.at == KEEP, "from the last field enter comes to what changes nothing"
        await it.press("tab")
        assert box.form.state.at == SUBMIT
        await it.press("enter")
        await closed(it)
        acme = next(unit for unit in it.session.fleet.units if unit[2] == "Acme ApS")[0]
        assert it.session.acted == [("unit.rename", {"unit": str(acme), "name": "Acme A/S"})]


async def test_enter_alone_changes_nothing() -> None:
    async with ready() as it:
        it.shell.open_action("user.lock", user="ten-1")
        await box_of(it, ActionBox)
        await it.press("enter")
        await closed(it)
        assert not it.session.acted


async def test_what_destroys_asks_for_the_name_and_a_code() -> None:
    async with ready(codes_asked=True) as it:
        it.shell.open_action("server.remove", name="SPA01")
        box: ActionBox = await box_of(it, ActionBox)
        await it.until(lambda: box.plan is not None)
        await it.sees("It cannot be taken back.", "needs the name")
        await it.press(*"SPA02", "tab", *"123456", "ctrl+j")
        await it.sees("is not SPA01", "needs the name, typed")
        assert not it.session.acted
        await it.press(*["backspace"] * 2, *"01", "ctrl+j")
        await closed(it)
        assert it.session.proofs == [("SPA01", "123456")]
        assert "123456" not in it.text() + repr(it.session.acted)


async def test_the_code_that_write_mode_was_given_is_not_asked_for_again_at_once() -> None:
    async with ready(writes=False, codes_asked=True) as it:
        it.shell.open_action("server.remove", name="SPA01")
        await box_of(it, WriteBox)
        await it.press(*"SRQ-1", "tab", "tab", *"123456", "ctrl+j")
        await box_of(it, ActionBox)
        await it.press(*"SPA01", "ctrl+j")
        await closed(it)
        assert it.session.proofs == [("SPA01", None)]


async def test_write_mode_that_ended_meanwhile_is_asked_for_before_it_is_done() -> None:
    async with ready() as it:
        it.shell.open_action("unit.create", name="Skov")
        await box_of(it, ActionBox)
        it.session.write_mode = None
        await it.press("ctrl+j")
        await box_of(it, WriteBox)
        await it.press("escape")
        await box_of(it, ActionBox)
        assert not it.session.acted
        await it.press("ctrl+j", *"SRQ-2", "ctrl+j")
        await closed(it)
        assert it.session.acted == [("unit.create", {"name": "Skov"})]


async def test_what_is_wrong_stands_at_its_field() -> None:
    async with ready() as it:
        it.session.failing["unit.create"] = Conflict("There is a unit “Skov” already.", hint="Choose another name.")
        it.shell.open_action("unit.create", name="Skov")
        box: ActionBox = await box_of(it, ActionBox)
        await it.until(lambda: box.form.state.errors.get("name", "").startswith("There is a unit"))
        it.session.failing["unit.create"] = NotFound("rule", "7")
        await it.press("ctrl+j")
        await it.sees("No rule “7” here, or not yours.")
        assert isinstance(it.app.screen, ActionBox)


async def test_a_refusal_stays_though_what_would_happen_was_still_being_asked() -> None:
    async with ready() as it:
        told, asked = asyncio.Event(), asyncio.Event()
        answer = it.session.plan

        async def late(action: str, given: Mapping[str, Any]) -> Plan:
            asked.set()
            try:
                await told.wait()
            finally:
                told.set()
            return await answer(action, given)

        it.session.plan = late  # type: ignore[method-assign]
        it.shell.open_action("unit.create", name="Skov")
        await box_of(it, ActionBox)
        await it.until(asked.is_set)
        it.session.failing["unit.create"] = NotFound("rule", "7")
        await it.press("ctrl+j")
        await it.sees("No rule “7” here, or not yours.")
        del it.session.failing["unit.create"]
        told.set()
        await it.press("tab")
        await it.sees("No rule “7” here, or not yours.")


async def test_a_secret_is_shown_once_and_can_be_copied() -> None:
    async with ready() as it:
        it.session.shown = {"invitation": Secret("MARIGOLD-17")}
        it.shell.open_action("user.create", name="op-02", role="Operator")
        await box_of(it, ActionBox)
        await it.press("ctrl+j")
        box: ShownBox = await box_of(it, ShownBox)
        await it.sees("Shown this once", "MARIGOLD-17", "Invitation")
        await it.press("y")
        assert it.app.clipboard == "MARIGOLD-17"
        await it.press("escape")
        await closed(it)
        assert "MARIGOLD-17" not in it.text() + str(list(it.shell.notices.kept)) + repr(box)


async def test_an_action_without_the_right_says_which_it_needs() -> None:
    async with ready(denied={Privilege.UNIT_EDIT}) as it:
        it.shell.open_action("unit.rename", unit="Acme ApS")
        await it.sees("This needs the right “unit.edit”.")
        await it.press("ctrl+p", ">", *"unit.ren")
        await it.sees("needs the right unit.edit")


async def test_a_command_with_a_wrong_parameter_opens_nothing() -> None:
    async with ready() as it:
        await it.press("colon", *"act unit.rename nam=X", "enter")
        await it.sees("has no parameter “nam”")
        await it.press("escape", "colon", *"write 30m SRQ-9", "enter")
        await it.sees("WRITE 30m")


def test_every_action_has_a_title_that_begins_with_a_verb() -> None:
    titles = {title_of(action.spec) for action in all_actions()}
    assert len(titles) == len(all_actions())
    verbs = {title.split()[0] for title in titles}
    assert verbs.isdisjoint({"User", "Unit", "Node", "Server", "Role", "Rule", "First", "Password", "Second", "Read"})
