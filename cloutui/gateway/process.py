"""What many consoles in one process ask of the process as a whole.

Measured with 50 consoles: with Python's own thresholds the collector of garbage stops everybody for more than a second
at a time. So it runs rarely by itself, does not look at what lives for ever, and is called when it disturbs nobody.
"""

from __future__ import annotations

import asyncio
import ctypes
import gc
import logging
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from time import monotonic
from typing import Any

from textual._styles_cache import StylesCache
from textual._xterm_parser import XTermParser

_log = logging.getLogger(__name__)

# Many objects come before each look at the young ones, and few looks before those that have stayed are set aside: it
# is their number that makes the pause. The old ones are only looked at by `sweep`.
_THRESHOLDS = (10_000, 5, 100_000)
_THREADS = 32
"""Reports wait for the database, not for the processor: the usual number, of cores and four, would be a queue."""

_M_ARENA_MAX = -8
"""Source: malloc.h of the GNU C library."""
_ARENAS = 2

# Textual 8 remembers a thousand answers of each of these together with the object that was asked: all the lines of a
# widget, and for a key the parser, with it the driver, and with it the whole application.
_REMEMBER_WHO_ASKED = (StylesCache.get_inner_outer, XTermParser._parse_extended_key)

_QUIET_S = 1.0
"""Nobody has pressed a key for so long: nobody notices a pause."""
_LOOK_S = 2.0
_NOW_AND_THEN_S = 600.0
"""Consoles that go on make garbage too."""
_PATIENCE_S = 60.0
_MOST_LEFT = 20
"""After so long, or so many consoles, it is done whether anybody notices or not: memory is not endless."""


def prepare(loop: asyncio.AbstractEventLoop) -> None:
    """Before the gateway listens, once."""
    gc.set_threshold(*_THRESHOLDS)
    _share_memory_between_threads()
    refuse_eager_tasks(loop)
    loop.set_default_executor(ThreadPoolExecutor(_THREADS, thread_name_prefix="work"))
    # Applications take these from the process; each reader's own are what their client sends.
    for name in ("NO_COLOR", "TERM", "COLORTERM"):
        os.environ.pop(name, None)


def settle() -> None:
    """Everything that lives for ever has been loaded, and nobody is signed in: none of this is garbage, ever."""
    sweep()
    gc.freeze()


def sweep() -> None:
    """Free what consoles that have ended leave behind."""
    for remembers in _REMEMBER_WHO_ASKED:
        remembers.cache_clear()
    gc.collect()


def refuse_eager_tasks(loop: asyncio.AbstractEventLoop) -> None:
    """Textual gives the loop it runs on eager tasks, where Python has them (3.12): the whole loop, not its own part.

    Measured on 3.13: of ten consoles that started together three came to life.
    """
    set_task_factory = loop.set_task_factory

    def set_another(factory: Any) -> None:
        eager = getattr(asyncio, "eager_task_factory", None)
        if factory is None or factory is not eager:
            set_task_factory(factory)

    loop.set_task_factory = set_another  # type: ignore[method-assign]


def _share_memory_between_threads() -> None:
    """The C library of most Linux systems gives each thread memory of its own, and takes none back.

    Measured with a dozen consoles: half of what each of them seems to need.
    """
    try:
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, _ARENAS)
    except (OSError, AttributeError):
        _log.debug("this C library has no mallopt")


class Sweeper:
    """Sweeps when nobody is pressing keys: some time after consoles have ended, and now and then in any case."""

    def __init__(self, idle_s: Callable[[], float], *, collect: Callable[[], object] = sweep) -> None:
        """`idle_s`: since when nobody has pressed a key, in seconds."""
        self._idle_s = idle_s
        self._collect = collect
        self._swept_at = monotonic()
        self._left = 0
        """Consoles that have ended since then."""
        self._left_at = 0.0
        """When the first of them did."""
        self._looking: asyncio.TimerHandle | None = None

    def start(self) -> None:
        """On the running loop."""
        self._looking = asyncio.get_running_loop().call_later(_LOOK_S, self._look)

    def left(self) -> None:
        """A console has ended."""
        if not self._left:
            self._left_at = monotonic()
        self._left += 1

    def stop(self) -> None:
        """Not any more."""
        if self._looking is not None:
            self._looking.cancel()

    def _look(self) -> None:
        if self._is_urgent() or (self._is_due() and self._idle_s() >= _QUIET_S):
            self._collect()
            self._swept_at, self._left = monotonic(), 0
        self.start()

    def _is_due(self) -> bool:
        return self._left > 0 or monotonic() - self._swept_at > _NOW_AND_THEN_S

    def _is_urgent(self) -> bool:
        waited_s = monotonic() - (self._left_at if self._left else self._swept_at + _NOW_AND_THEN_S)
        return self._left >= _MOST_LEFT or waited_s > _PATIENCE_S
