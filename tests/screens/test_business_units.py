"""The screen of business units: the tree as a list, what holds for each unit and why, and keys that open dialogs."""

from __future__ import annotations

import pytest

from cloutui.actions.registry import all_actions
from cloutui.model.privilege import Privilege
from cloutui.reports.registry import find_report
from cloutui.screens.business_unit_facts import PARTS
from cloutui.screens.business_units import DEEDS, BusinessUnits
from cloutui.screens.nodes import Nodes
from tests.screens.console import Console, console
from tests.screens.fake_session import fleet
from tests.screens.fake_units import ARCHIVED
from tests.screens.fake_views import ViewsSession
from tests.screens.shown import quiet

ROW = {"unit_id": 12, "unit": "Acme ApS", "state": "in use"}


def view_of(it: Console) -> BusinessUnits:
    view = it.shell.bases["units"]
    assert isinstance(view, BusinessUnits)
    return view


def asked(monkeypatch: pytest.MonkeyPatch, it: Console) -> list[tuple[str, dict[str, object]]]:
    found: list[tuple[str, dict[str, object]]] = []
    monkeypatch.setattr(type(it.shell), "open_action", lambda _, name, /, **values: found.append((name, values)))
    return found


def test_every_deed_is_an_action_with_its_right_and_gives_parameters_that_it_has() -> None:
    known = {action.spec.name: action.spec for action in all_actions()}
    for deed in DEEDS.values():
        spec = known[deed.action]
        assert deed.needs is spec.needs
        assert deed.given(ROW).keys() <= {parameter.name for parameter in spec.parameters}


def test_every_part_of_the_peek_is_a_report_with_its_right() -> None:
    for part in PARTS:
        assert find_report(part.report).needs is part.needs


async def test_keys_ask_for_the_actions_of_the_unit(monkeypatch: pytest.MonkeyPatch) -> None:
    async with console(session=ViewsSession(fleet(nodes=12)), start="units") as it:
        await it.sees("problems", "set here since")
        found = asked(monkeypatch, it)
        await it.press("j", "a", "E", "m", "c", "w", "t", "D", "A")
        await it.until(lambda: len(found) >= 7)
        unit = found[0][1]["parent"]
        name = view_of(it).chosen()["unit"]
        assert found == [
            ("unit.create", {"parent": unit}),
            ("unit.rename", {"unit": unit, "name": name}),
            *((action, {"unit": unit}) for action in ("unit.move", "unit.set", "rule.set", "node.assign")),
            ("unit.archive", {"unit": unit}),
        ]


async def test_archived_units_come_when_asked_for_and_can_only_be_restored(monkeypatch: pytest.MonkeyPatch) -> None:
    async with console(session=ViewsSession(fleet(nodes=12)), start="units") as it:
        await it.sees("problems", "set here since")
        assert ARCHIVED[1] not in it.text()
        found = asked(monkeypatch, it)
        await it.press("z")
        await it.sees("1 archived")
        await it.press("G")
        await it.sees(ARCHIVED[1], "archived")
        before = it.shell.view
        await it.press("enter", "D", "E", "A")
        await it.until(lambda: found)
        await quiet(it)
        assert found == [("unit.restore", {"archived": ARCHIVED[0]})]
        assert it.shell.view is before
        await it.press("z")
        await it.until(lambda: view_of(it).table.count() == len(it.shell.desk.forest))


async def test_the_peek_tells_where_each_setting_comes_from_and_the_rest_by_parts() -> None:
    async with console((160, 48), session=ViewsSession(fleet(nodes=12)), start="units") as it:
        await it.sees("time_zone", "from Nordhavn Backup", "80", "set here since", "default")
        for sight in ("node ACME-*", "lead-02", "Gave ACME-WEB004"):
            await it.press("J")
            await it.sees(sight)
        await it.press("J")
        await it.sees("time_zone")


async def test_without_a_right_its_part_and_its_key_do_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    session = ViewsSession(fleet(nodes=12))
    session.denied = {Privilege.USER_VIEW, Privilege.UNIT_EDIT}
    async with console(session=session, start="units") as it:
        await it.sees("problems", "set here since")
        found = asked(monkeypatch, it)
        await it.press("E", "m", "c", "a")
        await it.until(lambda: found)
        assert [name for name, _ in found] == ["unit.create"]
        assert [part.name for part in view_of(it)._parts()] == ["settings", "rules", "activity"]


async def test_enter_opens_the_overview_of_the_unit() -> None:
    async with console(session=ViewsSession(fleet(nodes=12)), start="units") as it:
        await it.sees("problems", "set here since")
        await it.press("j")
        unit = view_of(it).chosen()["unit_id"]
        await it.press("enter")
        await it.until(lambda: it.shell.view.word == "overview" and it.shell.desk.scope == unit)


async def test_marked_nodes_are_assigned_together_and_without_marks_the_one(monkeypatch: pytest.MonkeyPatch) -> None:
    async with console(session=ViewsSession(fleet(nodes=12)), start="nodes") as it:
        await it.sees("12 nodes")
        found = asked(monkeypatch, it)
        view = it.shell.bases["nodes"]
        assert isinstance(view, Nodes)
        first = view.chosen()
        await it.press("M", "space", "space", "M")
        await it.until(lambda: len(found) == 2)
        marked = sorted(int(str(key)) for key in view.table.marks)
        assert len(marked) == 2
        assert found == [
            ("node.assign", {"nodes": [f"{first['server']}/{first['node']}"]}),
            ("node.assign", {"nodes": marked}),
        ]
