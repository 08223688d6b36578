"""Finding anything by a part of its name, in the palette and in a box of its own, and where each leads."""

from __future__ import annotations

from datetime import date
from typing import Any

from cloutui.errors import Invalid
from cloutui.screens.find import FindBox, command_of
from cloutui.screens.nodes import Nodes
from tests.screens.console import console
from tests.screens.fake_session import fleet
from tests.screens.fake_views import ViewsSession

LEADS: list[tuple[dict[str, Any], str]] = [
    ({"kind": "unit", "name": "Acme ApS", "unit_id": 12}, "unit 12"),
    ({"kind": "server", "name": "SPA01"}, "servers /name:SPA01"),
    ({"kind": "schedule", "name": "DAILY SQL"}, 'jobs /schedule:"DAILY SQL"'),
    ({"kind": "user", "name": "op-01"}, "access /name:op-01"),
    ({"kind": "tag", "name": "vip"}, "nodes /tag:vip"),
    ({"kind": "node", "name": "X", "unit_id": 2, "node_id": 7}, "open cloutui://unit/1/nodes/node/7"),
    (
        {"kind": "comment", "name": "disk", "unit_id": 2, "node_id": 7, "day": date(2026, 11, 21)},
        "open cloutui://unit/1/matrix/node-day/7?day=2026-11-21",
    ),
]
NONE: dict[str, Any] = {"unit": None, "detail": None, "server": None, "day": None, "unit_id": None, "node_id": None}


async def test_everything_is_found_by_a_part_of_its_name_and_leads_there() -> None:
    session = ViewsSession(fleet(nodes=60))
    async with console(session=session) as it:
        await it.settled()
        await it.press("F")
        await it.until(lambda: isinstance(it.app.screen, FindBox))
        await it.sees("Type a part of a name")
        await it.press(*"sql")
        await it.sees("schedule", "DAILY_SQL", "SOLMARK-SQL007", "Solmark")
        await it.press(*"xx")
        await it.sees("Nothing has “sqlxx” in its name.")
        await it.press("escape", "colon", *"find vip", "enter")
        await it.until(lambda: [one.kind for one in getattr(it.app.screen, "found").entries] == ["tag"])  # noqa: B009
        await it.press("enter")
        await it.until(lambda: isinstance(it.shell.view, Nodes) and it.shell.view.filter == "tag:vip")
        assert ("find", {"unit": None, "text": "vip", "limit": 60}) in session.asked


async def test_what_cannot_be_asked_is_said_and_each_kind_leads_somewhere() -> None:
    session = ViewsSession(fleet(nodes=12))
    session.failing = {"find": Invalid("It is too much.", hint="Ask for less.")}
    async with console(session=session, start="nodes") as it:
        await it.until(lambda: not it.busy())
        await it.press("F", *"sql")
        await it.sees("It is too much.")
        desk = it.shell.desk
        for row, command in LEADS:
            assert command_of({**NONE, **row}, desk) == command
        # What lies outside of the unit that is looked at is opened in its own.
        named = {unit.name: unit.unit_id for unit in desk.forest.units}
        desk.scope, elsewhere = named["Havn Energi"], named["Fjord Retail"]
        node = {**NONE, "kind": "node", "name": "X", "node_id": 7}
        assert f"unit/{elsewhere}/" in command_of({**node, "unit_id": elsewhere}, desk)
        assert f"unit/{desk.unit}/" in command_of({**node, "unit_id": desk.unit}, desk)
