"""When an application under test has nothing left to do.

Textual's pilot goes on after a key when the process uses no processor, which on a busy machine is also the case when it
gets none: what is asserted next then depends on the machine. Here it goes on when nothing is ready to run, nothing is
about to be drawn, and no thread is at work, however long that takes.
"""

from __future__ import annotations

import asyncio
from asyncio import base_events
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from threading import Event
from typing import Any
from weakref import WeakSet

from textual import app, pilot

_SOON_S = 1 / 30
"""Textual draws, and calls what is to be called after that, sixty times a second."""

_PICTURES = 6
"""So many of them are waited for: each may ask for one more. A screen that was left asks for ever."""

_PATIENCE_S = 100

_in_threads: WeakSet[asyncio.Future[Any]] = WeakSet()
_held: list[Event] = []


@contextmanager
def held(gate: Event) -> Iterator[None]:
    """A thread stands still within it until the test opens the gate: nobody waits for that one."""
    _held.append(gate)
    try:
        yield
    finally:
        _held.remove(gate)


async def stillness(_least_s: float = 0, _most_s: float = 0) -> None:
    """Wait until the loop has nothing to do.

    Raises:
        TimeoutError: it never ends.
    """
    loop: Any = asyncio.get_running_loop()
    pictures = 0
    async with asyncio.timeout(_PATIENCE_S):
        while True:
            await asyncio.sleep(0)
            if loop._ready:
                continue
            if _is_at_work(loop):
                await asyncio.sleep(0.002)
            elif pictures < _PICTURES and (wait_s := _next_in(loop)) < _SOON_S:
                await asyncio.sleep(wait_s)
                pictures += 1
            else:
                return


def _is_at_work(loop: object) -> bool:
    """Whether a thread does something for this loop that comes to an end by itself."""
    at_work = sum(not future.done() and future.get_loop() is loop for future in list(_in_threads))
    return at_work > sum(not gate.is_set() for gate in list(_held))


def _next_in(loop: Any) -> float:
    """How soon something is to be done, in seconds."""
    due = min((timer.when() for timer in loop._scheduled if not timer.cancelled()), default=float("inf"))
    return max(0.0, due - loop.time())


def install() -> None:
    """For every pilot of this process."""
    pilot.wait_for_idle = app.wait_for_idle = stillness  # type: ignore[attr-defined]
    base_events.BaseEventLoop.run_in_executor = _noted(base_events.BaseEventLoop.run_in_executor)  # type: ignore[method-assign]


def _noted(run: Callable[..., asyncio.Future[Any]]) -> Callable[..., asyncio.Future[Any]]:
    @wraps(run)
    def noting(*args: Any) -> asyncio.Future[Any]:
        _in_threads.add(future := run(*args))
        return future

    return noting
