"""The clock does what is due, tells when anything was, and is kept from nothing by a duty that fails."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime

import pytest

from cloutui.calendar import clock
from cloutui.calendar.clock import Clock
from tests.world import NOON


class Duties:
    """One that fails, and one that counts."""

    def __init__(self, *, is_due: bool = True) -> None:
        self.rounds: list[datetime] = []
        self._is_due = is_due

    def fails(self, _now: datetime) -> bool:
        raise OSError("the disk is full")

    def counts(self, now: datetime) -> bool:
        self.rounds.append(now)
        return self._is_due


async def until(condition: object) -> None:
    async with asyncio.timeout(30):
        while not condition():  # type: ignore[operator]  # noqa: ASYNC110 - the thread that changes it is the clock's own
            await asyncio.sleep(0.001)


def test_a_duty_that_fails_is_logged_and_the_others_go_on(caplog: pytest.LogCaptureFixture) -> None:
    duties = Duties()
    with caplog.at_level(logging.ERROR):
        assert Clock([duties.fails, duties.counts], now=lambda: NOON).ring()
    assert duties.rounds == [NOON]
    assert "Duties.fails was not done" in caplog.text


@pytest.mark.parametrize("is_due", [True, False])
async def test_it_goes_round_until_it_is_stopped_and_tells_when_anything_was_due(
    monkeypatch: pytest.MonkeyPatch, is_due: bool
) -> None:
    monkeypatch.setattr(clock, "GRAIN_S", 0.001)
    duties, told = Duties(is_due=is_due), []
    ticking = Clock([duties.counts], done=lambda: told.append(1), now=lambda: NOON)
    ticking.start(after_s=0)
    await until(lambda: len(duties.rounds) >= 3)
    await ticking.stop()
    rounds = len(duties.rounds)
    assert bool(told) is is_due
    await asyncio.sleep(0)
    assert len(duties.rounds) == rounds


async def test_before_its_time_nothing_is_done() -> None:
    duties = Duties()
    ticking = Clock([duties.counts])
    ticking.start(after_s=3600)
    await ticking.stop()
    assert not duties.rounds
