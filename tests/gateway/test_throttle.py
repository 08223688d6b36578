"""Guessing gets slower, nobody else's sign-in does, and nothing slips through while something is being checked."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from cloutui.gateway.throttle import Throttle


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def saying(is_right: bool) -> Callable[[], Awaitable[bool]]:
    async def check() -> bool:
        await asyncio.sleep(0)
        return is_right

    return check


@pytest.fixture
def clock() -> Clock:
    return Clock()


async def wrong(throttle: Throttle, key: str, times: int) -> float:
    wait_s = 0.0
    for _ in range(times):
        wait_s = (await throttle.judge(key, saying(False))).wait_s
    return wait_s


async def test_waits_double_up_to_a_quarter_of_an_hour(clock: Clock) -> None:
    throttle, waits = Throttle(now=clock), []
    await wrong(throttle, "bob", 5)
    for _ in range(8):
        waits.append(wait_s := await wrong(throttle, "bob", 1))
        clock.now += wait_s
        await wrong(throttle, "bob", 1)
    assert waits == [30, 60, 120, 240, 480, 900, 900, 900]


async def test_being_right_forgets_what_was_wrong(clock: Clock) -> None:
    throttle = Throttle(now=clock)
    for _ in range(4):
        assert await wrong(throttle, "bob", 4) == 0
        assert (await throttle.judge("bob", saying(True))).is_right


async def test_while_it_waits_even_the_right_answer_is_not_looked_at(clock: Clock) -> None:
    throttle = Throttle(now=clock)
    await wrong(throttle, "bob", 5)
    verdict = await throttle.judge("bob", saying(True))
    assert (verdict.is_right, verdict.wait_s) == (False, 30)
    clock.now += 30
    assert (await throttle.judge("bob", saying(True))).is_right


async def test_somebody_else_does_not_wait(clock: Clock) -> None:
    throttle = Throttle(now=clock)
    await wrong(throttle, "mallory at bob", 50)
    assert (await throttle.judge("bob at bob", saying(True))).is_right


async def test_many_at_once_are_counted_one_by_one(clock: Clock) -> None:
    throttle, looked_at = Throttle(now=clock), 0

    async def check() -> bool:
        nonlocal looked_at
        looked_at += 1
        await asyncio.sleep(0.001)
        return False

    await asyncio.gather(*(throttle.judge("bob", check) for _ in range(50)))
    assert looked_at == 5


async def test_breaking_off_counts(clock: Clock) -> None:
    throttle = Throttle(now=clock)
    for _ in range(5):
        task = asyncio.create_task(throttle.judge("bob", lambda: asyncio.sleep(10, result=True)))
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    assert (await throttle.judge("bob", saying(True))).wait_s == 30


async def test_a_long_quiet_is_forgiven(clock: Clock) -> None:
    throttle = Throttle(now=clock)
    await wrong(throttle, "bob", 4)
    clock.now += 10_000
    await wrong(throttle, "bob", 4)
    assert (await throttle.judge("bob", saying(True))).is_right


async def test_it_remembers_only_so_many(clock: Clock) -> None:
    throttle = Throttle(now=clock, most=10)
    for number in range(1000):
        await wrong(throttle, f"user {number}", 1)
    assert len(throttle._tallies) == 10
