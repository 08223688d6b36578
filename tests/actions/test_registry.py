"""The registry: every action described, and made from outside values or refused by name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

import pytest

from cloutui.actions import registry
from cloutui.actions.action import Action, Change, Done, Target, about
from cloutui.actions.desk import Desk
from cloutui.actions.registry import all_actions, build, register
from cloutui.errors import Invalid
from cloutui.model.action_class import ActionClass
from cloutui.model.privilege import Privilege


@pytest.mark.parametrize("action", all_actions(), ids=lambda action: action.spec.name)
def test_every_action_describes_itself(action: type[Action]) -> None:
    assert action.spec.summary.endswith(".")
    assert action.spec.action_class > ActionClass.VIEW, "what changes nothing is a report"
    assert action.spec.needs.operation != "view"
    for parameter in action.spec.parameters:
        assert parameter.help.endswith("."), parameter.name
        assert parameter.required or parameter.default in {None, (), ".", "", False, True}


def test_texts_of_the_command_line_become_typed_values() -> None:
    rule: Any = build("rule.set", {"unit": "Fjord Retail", "position": "2", "name": "F*"})
    assert (rule.unit, rule.position, rule.name, rule.rule) == ("Fjord Retail", 2, "F*", None)
    node: Any = build("node.assign", {"nodes": "SPA01/X", "unit": 3})
    assert (node.nodes, node.unit) == (("SPA01/X",), 3)
    assert build("node.assign", {"nodes": '["SPA01/X", 7]', "unit": 3}).nodes == ("SPA01/X", 7)  # type: ignore[attr-defined]
    assert build("node.assign", {"nodes": "[broken", "unit": 3}).nodes == ("[broken",)  # type: ignore[attr-defined]
    setting: Any = build("unit.set", {"unit": "12", "key": "time_zone", "value": "UTC", "from_day": "2026-11-21"})
    assert (setting.unit, setting.from_day) == ("12", date(2026, 11, 21))
    server: Any = build("server.add", {"name": "X", "update": "true", "doors": '[{"kind": "local", "password": "p"}]'})
    assert server.update is True
    assert (server.doors[0].facts, server.doors[0].password.reveal()) == ({"kind": "local"}, "p")


@pytest.mark.parametrize(
    ("name", "params", "what", "hint"),
    [
        ("unit.crate", {}, "no action “unit.crate”", "unit.create"),
        ("zzz", {}, "no action “zzz”", "Known are"),
        ("unit.create", {"nam": "X"}, "no parameter “nam”", "“name”"),
        ("unit.create", {}, "needs “name”", "The unit's name"),
        ("rule.remove", {"rule": "one"}, "the value of “rule” is no whole number.", "The rule's id"),
        (
            "unit.set",
            {"unit": 1, "key": "k", "from_day": "tomorrow"},
            "the value of “from_day” is no day.",
            "2026-11-21",
        ),
        ("unit.set", {"unit": 1, "key": "k", "from_day": 20261121}, "the value of “from_day” is no day.", "backup day"),
        ("problem.handle", {"nodes": "a", "day": "2026-11-21", "state": "shut"}, "nothing that state can", "resolved"),
        ("unit.rename", {"name": "X", "unit": {"a": 1}}, "“unit” is not right", "path or an id"),
        ("node.assign", {"nodes": {"a": 1}, "unit": 1}, "“nodes” is not right", "SERVER/NODE"),
        ("server.add", {"name": "X", "password": 7}, "“password” is not right", "keyring"),
    ],
)
def test_what_is_wrong_is_named_with_what_is_right(name: str, params: dict[str, Any], what: str, hint: str) -> None:
    with pytest.raises(Invalid, match=what) as wrong:
        build(name, params)
    assert hint in wrong.value.hint


@pytest.fixture
def own_registry(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is registered in a test is gone after it."""
    all_actions()
    monkeypatch.setattr(registry, "_REGISTERED", dict(registry._REGISTERED))


def make(name: str = "test.make", **members: Any) -> None:
    """Register an action, well made but for what is given."""

    def target(self: Any, desk: Desk) -> Target:
        raise AssertionError(desk)

    def change(self: Any, desk: Desk) -> Done:
        raise AssertionError(desk)

    told: dict[str, Any] = {"__doc__": "Do it.", "target": target, "change": change, "__annotations__": {}}
    built = type("Made", (members.pop("base", Change),), {**told, **members.pop("told", {})})
    decorated = dataclass(frozen=members.pop("frozen", True))(built)
    register(name=name, needs=Privilege.UNIT_EDIT, action_class=ActionClass.NOTE)(decorated)


@pytest.mark.usefixtures("own_registry")
@pytest.mark.parametrize(
    ("wrong", "complaint"),
    [
        ({"name": "make"}, "noun.verb"),
        ({"name": "Test.Make"}, "noun.verb"),
        ({"name": "unit.create"}, "twice"),
        ({"told": {"__doc__": ""}}, "no summary"),
        ({"frozen": False}, "no frozen dataclass"),
        ({"base": Action}, "neither a Change nor a Command"),
    ],
)
def test_an_action_that_is_not_well_made_is_refused(wrong: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        make(**wrong)


@pytest.mark.usefixtures("own_registry")
def test_a_parameter_without_a_help_text_is_refused() -> None:
    with pytest.raises((AttributeError, IndexError)):
        make(told={"__annotations__": {"unit": int}, "unit": 1})


@pytest.mark.usefixtures("own_registry")
def test_a_well_made_one_is_taken() -> None:
    make(told={"__annotations__": {"unit": Annotated[int, about("Which one.")]}, "unit": 1})
    assert build("test.make", {"unit": "2"}).unit == 2  # type: ignore[attr-defined]
