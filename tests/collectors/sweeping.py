"""A nursery of processes that sweep until they are killed: `python -m tests.collectors.sweeping HOME`.

Imports take most of a process's life, so they are made once; each line on standard input makes one child that opens
the installation's records and cache and sweeps without an end. It prints `child PID`, then `stored N` for each
observation that it was told is stored; `dead` follows when it has ended.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

from cloutui.cache.cache import open_cache
from cloutui.collectors.pace import Pace
from cloutui.collectors.sweep import Sweeper
from cloutui.products.observation import JOBS, LOG_LINES, NODES, Observation, ObservationKind, Window
from cloutui.products.product import Identity
from cloutui.records.store import Records
from tests.world import a_job, a_line, a_node, jobs, lines, nodes

EVENTS = Pace(name="events", kinds=(JOBS, LOG_LINES, NODES), every=timedelta(seconds=1))


def job_key(number: int) -> str:
    """Of the job that observation `number` reports."""
    return f"job {number}"


def message(number: int) -> str:
    return f"line {number}"


def version(number: int) -> str:
    """What observation `number` says of the one node of the list."""
    return f"8.1.{number}"


def observation(number: int) -> Observation:
    """Jobs, a log line, and the list of nodes in turn; each observation differs from all before."""
    match number % 3:
        case 0:
            return jobs({**a_job(f"NODE-{number % 7}", said="Failed"), "job_key": job_key(number)})
        case 1:
            return lines(a_line(message(number), node="NODE-1"))
    return nodes(a_node("NODE-1", client_version=version(number)))


class Endless:
    """A product that always has one more to tell. When it is asked for the next, the one before is stored."""

    def __init__(self, first: int) -> None:
        self.number = first

    @asynccontextmanager
    async def converse(self) -> AsyncIterator[Endless]:
        yield self

    async def identify(self) -> Identity:
        raise AssertionError("nobody asks")

    async def observe(self, kinds: Sequence[ObservationKind], window: Window) -> AsyncIterator[Observation]:
        for _ in kinds:
            yield observation(self.number)
            os.write(1, f"stored {self.number}\n".encode())
            self.number += 1


async def sweep_for_ever(home: Path, first: int) -> None:
    with Records.open(home / "records.sqlite") as records:
        cache = open_cache(home, records)
        server = records.server("SPA01")
        product = Endless(first)
        while True:
            await Sweeper(cache, records).sweep(server, lambda _: product, [EVENTS])


def main() -> None:
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            asyncio.run(sweep_for_ever(Path(sys.argv[1]), int(line)))
        os.write(1, f"child {child}\n".encode())
        os.waitpid(child, 0)
        os.write(1, b"dead\n")


if __name__ == "__main__":
    main()
