"""The tests' own sense of when there is nothing left to do: all that is certain to come has come."""

from __future__ import annotations

import asyncio
from threading import Event

from tests.stillness import held, stillness


async def test_what_leads_to_what_is_waited_for_to_its_end() -> None:
    loop, left = asyncio.get_running_loop(), 500

    def step() -> None:
        nonlocal left
        left -= 1
        if left:
            loop.call_soon(step)

    loop.call_soon(step)
    await stillness()
    assert left == 0


async def test_what_is_about_to_be_drawn_is_waited_for_and_what_is_put_off_is_not() -> None:
    loop, came = asyncio.get_running_loop(), list[str]()
    loop.call_later(0.01, came.append, "drawn")
    later = loop.call_later(60, came.append, "put off")
    await stillness()
    assert came == ["drawn"]
    later.cancel()


async def test_a_thread_is_waited_for_unless_the_test_holds_it() -> None:
    gate, inside = Event(), Event()

    def stands_still() -> str:
        inside.set()
        with held(gate):
            gate.wait(60)
        return "done"

    standing = asyncio.create_task(asyncio.to_thread(stands_still))
    await stillness()
    assert inside.is_set()
    assert not standing.done()
    gate.set()
    await stillness()
    assert standing.done()


async def test_who_never_rests_is_not_waited_for_for_ever() -> None:
    loop = asyncio.get_running_loop()

    async def draws_for_ever() -> None:
        while True:  # noqa: ASYNC110 - as a screen does that was left
            await asyncio.sleep(1 / 60)

    drawing = loop.create_task(draws_for_ever())
    await stillness()
    drawing.cancel()
