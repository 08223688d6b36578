"""The severity rules on screen: what stands where, and how one is changed."""

from __future__ import annotations

from typing import Any

import pytest
from textual.keys import _character_to_key

from cloutui.actions.registry import action_named
from cloutui.model.privilege import Privilege
from cloutui.model.severity import KINDS, checked_key, checked_value, grades_of
from cloutui.screens.daily import Daily
from cloutui.screens.severity import SeverityRules
from cloutui.screens.severity_box import RuleBox
from cloutui.widgets.form_fields import Choice
from tests.screens.console import Console, console
from tests.screens.fake_session import fleet
from tests.screens.fake_views import ViewsSession
from tests.screens.shown import quiet

UNITS = {"unit": [Choice("1", "Nordhavn Backup"), Choice("2", "Fjord Retail")]}


def rules_of(it: Console) -> SeverityRules:
    view = it.shell.view
    assert isinstance(view, SeverityRules)
    return view


def on_rules() -> Any:
    return console(session=ViewsSession(fleet(nodes=60)), start="rules")


async def box_of(it: Console, *keys: str) -> RuleBox:
    """The form, once write mode has been begun for it."""
    await it.press(*keys)
    await it.sees("Begin write mode")
    await it.press(*"SRQ", "ctrl+j")
    await it.until(lambda: isinstance(it.app.screen, RuleBox))
    await it.until(lambda: not it.busy())
    box = it.app.screen
    assert isinstance(box, RuleBox)
    return box


# The list.


async def test_each_rule_says_where_it_is_set() -> None:
    async with on_rules() as it:
        await quiet(it)
        await it.sees("for Nordhavn Backup", "1 set here", "8 rules")
        lines = {line[30:46].strip(): line for line in it.lines()[4:12]}
        assert "here" in lines["message:ANE4987"]
        assert "holds by itself" in lines["at-risk"]
        assert " SP " in lines["at-risk"]
        assert "set above your unit" in lines["growth"]
        await it.sees("reports of today by it", "SKOLESYD-FILE058", "Failed 12")


async def test_only_what_is_set_here_is_taken_back() -> None:
    async with on_rules() as it:
        await quiet(it)
        assert "D" not in it.shell.active_bindings
        await it.press("j", "j", "j", "D")
        await it.sees("Begin write mode")
        await it.press(*"SRQ", "ctrl+j")
        await it.sees("Take the rule back")
        await it.press("ctrl+j")
        await it.until(lambda: it.session.acted)
        name, given = it.session.acted[0]
        assert (name, given["key"], str(given["unit"])) == ("severity.clear", "message:ANE4987", "1")


async def test_without_the_right_enter_leads_to_the_reports_that_stand_by_it() -> None:
    async with on_rules() as it:
        it.session.denied = {Privilege.SEVERITY_EDIT}
        await quiet(it)
        await it.press("a")
        assert not it.shell.active_bindings["a"].enabled
        assert it.shell.view.missing_right(it.shell.active_bindings["a"].binding) == "severity.edit"
        await it.press("enter")
        await it.until(lambda: isinstance(it.shell.view, Daily))
        await quiet(it)
        assert it.shell.view.filter == "rule=status:error"
        assert it.shell.view.main.count() == 2


# The form.


async def test_a_rule_is_changed_and_what_it_would_do_is_told_before() -> None:
    async with on_rules() as it:
        await quiet(it)
        box = await box_of(it, *"jjjjj", "enter")
        await it.sees("growth  It stores more than this", "10%", "● OK  →  ▲ Growth", "and 2 more")
        box.form.state.edits["limit growth"].put("x")
        await it.press("ctrl+j")
        await it.sees("is no limit for “growth”")
        assert not it.session.acted
        box.form.state.edits["limit growth"].put("25%")
        await it.press("ctrl+j")
        await it.until(lambda: it.session.acted)
        assert it.session.acted[0] == ("severity.set", {"key": "growth", "value": "warning 25%", "unit": "1"})


async def test_a_rule_that_is_off_asks_from_which_limit_on_it_is_to_count() -> None:
    async with on_rules() as it:
        await quiet(it)
        box = await box_of(it, *"jjjjjj", "enter")
        await it.press(*map(_character_to_key, "90% of 5TiB"), "ctrl+j")
        await it.until(lambda: it.session.acted)
        assert it.session.acted[0][1]["value"] == "warning 90% of 5TiB"
        assert box.outcome is not None


async def test_a_rule_of_one_node_is_set_on_the_node_or_on_its_unit() -> None:
    async with on_rules() as it:
        await quiet(it)
        await it.press("2")
        await quiet(it)
        await it.press("E")
        await it.until(lambda: isinstance(it.shell.view, SeverityRules))
        await quiet(it)
        assert rules_of(it).link_query()["node"] == "1058"
        box = await box_of(it, "enter")
        assert box.given() == {"key": "status:error", "value": "error", "node": "1058"}
        box.form.state.put({"place": "2"})
        assert box.given()["unit"] == "2"
        assert "node" not in box.given()


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_every_kind_of_rule_can_be_written_in_the_form(kind: Any) -> None:
    """What the form gives is what the action reads, for each kind and everything that it may count as."""
    which = {"status": "missed", "result": "8", "message": "ane4959e", "text": "disk full"}.get(kind.name, "")
    limit = {"duration": "36h", "percent": "20%", "count": "5", "bytes": "90% of 5TiB"}.get(kind.limit or "", "")
    box = RuleBox(_desk(), action_named("severity.set").spec, {"unit": "1"}, UNITS, asks_for_code=False)
    for grade in [*grades_of(kind), "off"]:
        typed = {f"which {kind.name}": which, f"grade {kind.name}": grade, f"limit {kind.name}": limit}
        state = box.form.state
        state.put({"what": kind.name, **{name: text for name, text in typed.items() if name in state.edits}})
        given = box.given()
        key = checked_key(str(given["key"]))
        assert key.partition(":")[0] == kind.name
        assert (checked_value(key, str(given["value"])).grade is None) == (grade == "off")
        assert given["unit"] == "1"
        assert state.submit()


def _desk() -> Any:
    from cloutui.screens.desk import Desk
    from cloutui.widgets.look import Look
    from tests.screens.console import ZONE, console_app
    from tests.screens.fake_session import NOW, FakeSession

    look: Look = console_app(FakeSession(fleet(nodes=0))).desk.look
    return Desk(look=look, now=lambda: NOW, zone=ZONE)
