"""The first question of a screen is asked alone, and no other waits for it for ever."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import cast

import pytest
from textual.widget import Widget

from cloutui.screens import turns as module
from cloutui.screens.turns import Turns


class Drawn:
    """A widget that is drawn when the test says so."""

    def __init__(self) -> None:
        self.waiting: list[Callable[[], object]] = []

    def call_after_refresh(self, call: Callable[[], object]) -> None:
        self.waiting.append(call)


async def asked(turns: Turns, question: str, told: list[str], answered: asyncio.Event) -> None:
    async with turns.of(question):
        told.append(question)
        await answered.wait()


async def settled() -> None:
    """Until nobody has anything left to do but to wait."""
    for _ in range(10):
        await asyncio.sleep(0)


async def test_others_wait_until_the_first_answer_is_drawn_and_then_go_two_at_a_time() -> None:
    widget, told, first, others = Drawn(), list[str](), asyncio.Event(), asyncio.Event()
    turns = Turns(cast(Widget, widget), "first")
    async with asyncio.TaskGroup() as tasks:
        for question in ("second", "third", "fourth"):
            tasks.create_task(asked(turns, question, told, others))
        tasks.create_task(asked(turns, "first", told, first))
        await settled()
        assert told == ["first"]
        first.set()
        await settled()
        assert told == ["first"]
        for call in widget.waiting:
            call()
        await settled()
        assert told == ["first", "second", "third"]
        others.set()
    assert told == ["first", "second", "third", "fourth"]


async def test_a_first_question_that_fails_lets_the_others_go() -> None:
    widget = Drawn()
    turns = Turns(cast(Widget, widget), "first")
    with pytest.raises(ZeroDivisionError):
        async with turns.of("first"):
            raise ZeroDivisionError
    widget.waiting[0]()
    await turns.after_first()


async def test_a_slow_first_question_holds_nobody_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_ALONE_S", 0.0)
    turns, told, answered = Turns(cast(Widget, Drawn()), "first"), list[str](), asyncio.Event()
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(asked(turns, "first", told, answered))
        await settled()
        async with turns.of("second"):
            told.append("second")
        answered.set()
    assert told == ["first", "second"]
