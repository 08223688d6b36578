"""Tags on screens: the list of them, the box that ticks them for nodes, and the line that says the same."""

from __future__ import annotations

from typing import Any

import pytest

from cloutui.actions.registry import all_actions
from cloutui.errors import Invalid
from cloutui.model.privilege import Privilege
from cloutui.screens.nodes import Nodes
from cloutui.screens.tag_box import TagBox, TagChoice, Tick, Ticked
from cloutui.screens.tagging import read_tags
from cloutui.screens.tags import DEEDS, Tags
from tests.screens.console import console
from tests.screens.fake_session import fleet
from tests.screens.fake_views import ViewsSession

ROW = {"tag_id": 3, "named": "vip", "tag": "vip", "inherit": "yes", "unit_id": 1}


def test_every_deed_is_an_action_of_tags_and_gives_parameters_that_it_has() -> None:
    known = {action.spec.name: action.spec for action in all_actions()}
    for deed in DEEDS.values():
        spec = known[deed.action]
        assert spec.needs is Privilege.TAG_EDIT
        assert deed.given(ROW).keys() <= {parameter.name for parameter in spec.parameters}


async def test_the_list_goes_from_part_to_part_and_leads_to_the_nodes(monkeypatch: pytest.MonkeyPatch) -> None:
    async with console(session=ViewsSession(fleet(nodes=12)), start="tags") as it:
        await it.sees("own 3", "assigned 3", "available 3", "1 filter", "Fjord Retail")
        asked: list[tuple[str, dict[str, object]]] = []
        monkeypatch.setattr(type(it.shell), "open_action", lambda _, name, /, **values: asked.append((name, values)))
        await it.press("j", "j", "a", "E", "t", "A", "D")
        await it.until(lambda: len(asked) == 5)
        assert asked == [
            ("tag.create", {"unit": "1"}),
            ("tag.rename", {"tag": "vip", "text": "vip", "inheritable": True}),
            ("tag.put", {"tags": ["vip"]}),
            ("tag.take", {"tags": ["vip"]}),
            ("tag.remove", {"tag": "vip"}),
        ]
        await it.press("J", "J")
        view = it.shell.view
        assert isinstance(view, Tags)
        await it.until(lambda: view.chosen().get("tag") == "db")
        await it.press("j")
        await it.sees("above yours", "gold")
        await it.press("E", "D")  # it is handed down from above: only who sees its owner changes it
        assert len(asked) == 5
        assert view.link_query() == {"tab": "available"}
        await it.press("j", "enter")
        await it.until(lambda: isinstance(it.shell.view, Nodes) and it.shell.view.filter == "tag:vip")
        nodes = it.shell.view
        assert isinstance(nodes, Nodes)
        await it.until(lambda: nodes.answer is not None and not it.busy())
        assert nodes.answer is not None
        assert set(nodes.answer.rows.column("tags").to_pylist()) == {"vip", "db, vip"}


async def test_tags_are_ticked_for_all_that_is_marked_in_write_mode() -> None:
    session = ViewsSession(fleet(nodes=12))
    async with console(session=session, start="nodes") as it:
        await it.until(lambda: not it.busy() and "ACME" in it.text())
        await it.press("space", "space", "t")
        await it.sees("Begin write mode")
        await session.begin_write("ticket 4417", 15)
        await it.press("escape", "t")
        await it.until(lambda: isinstance(it.app.screen, TagBox))
        await it.sees("Tags of 2 nodes")
        box = it.app.screen
        assert isinstance(box, TagBox)
        await it.press("v", "space", "backspace", "enter")
        await it.until(lambda: not isinstance(it.app.screen, TagBox))
        [(action, given)] = [told for told in session.acted if told[0].startswith("tag.")]
        assert action in {"tag.put", "tag.take"}
        assert len(given["nodes"]) == 2
        assert given["tags"] == [3]
        await it.press("colon", *"tag +db -vip", "enter")
        await it.until(lambda: [each[1]["tags"] for each in session.acted][-2:] == [["db"], ["vip"]])


def row(tag_id: int, has: int, usable: int = 4, of: int = 4) -> dict[str, Any]:
    return {"tag_id": tag_id, "tag": f"t{tag_id}", "owner": None, "has": has, "inherits": 0, "usable": usable, "of": of}


def test_a_tick_goes_round_and_what_is_as_before_is_no_change() -> None:
    choice = TagChoice([row(1, 0), row(2, 2), row(3, 4), row(4, 2, usable=1)])
    assert choice.ticked == Ticked([], [])
    seen = {}
    for each in choice.rows:
        ticks = [choice.now[each["tag_id"]]]
        for _ in range(3):
            choice.flip(each)
            ticks.append(choice.now[each["tag_id"]])
        seen[each["tag_id"]] = ticks
    none, some, every = Tick.NONE, Tick.SOME, Tick.ALL
    assert seen == {
        1: [none, every, none, every],
        2: [some, every, none, some],
        3: [every, none, every, none],
        4: [some, none, some, none],  # not all may have it: it can only be taken off
    }
    assert choice.ticked == Ticked(put=[1], take=[3, 4])


def test_a_line_of_tags_is_read() -> None:
    assert read_tags("+vip -test  +db") == (["vip", "db"], ["test"])
    for wrong in ("vip", "+", "+vip test"):
        with pytest.raises(Invalid):
            read_tags(wrong)
