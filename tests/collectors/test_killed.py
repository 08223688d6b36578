"""`kill -9` at any moment of a sweep: what was reported as stored is in the archive, and in the cache when it opens."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from cloutui.cache.archive import Archive
from cloutui.cache.cache import open_cache
from tests.collectors import sweeping
from tests.rounds import rounds
from tests.world import World

ROUNDS = rounds(8, soak=50)
LONGEST_S = 0.3
"""A sweeping process lives at most so long: after its birth in some rounds, after its first observation in others."""


@pytest.fixture
def nursery(world: World) -> Iterator[subprocess.Popen[str]]:
    world.server()
    with subprocess.Popen(
        [sys.executable, "-m", "tests.collectors.sweeping", str(world.home)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    ) as process:
        yield process
        assert process.stdin is not None
        process.stdin.close()
        process.wait(60)


def lives_and_dies(nursery: subprocess.Popen[str], first: int, seconds: float, *, after: str) -> list[int]:
    """Let one process sweep, kill it so long after it has said the word `after`, and tell what it reported stored."""
    assert nursery.stdin is not None
    assert nursery.stdout is not None
    nursery.stdin.write(f"{first}\n")
    nursery.stdin.flush()
    stored: list[int] = []
    child = 0
    for line in nursery.stdout:
        word, _, number = line.strip().partition(" ")
        if word == "child":
            child = int(number)
        elif word == "stored":
            stored.append(int(number))
        elif word == "dead":
            return stored
        if word == after:
            # By the clock, not after so many observations: the moment must be able to lie anywhere.
            threading.Timer(seconds, os.kill, (child, signal.SIGKILL)).start()
            after = ""
    raise AssertionError("the nursery died")


def test_nothing_that_was_reported_as_stored_is_lost(world: World, nursery: subprocess.Popen[str]) -> None:
    reported: list[int] = []
    archived = Archived()
    world.cache.close()
    for number in range(ROUNDS):
        after = "child" if number % 4 == 0 else "stored"
        first = max(reported, default=-1) + 1
        # Where one was killed after it had archived and before it could say so, the next one says it again.
        reported += lives_and_dies(nursery, first, random.uniform(0, LONGEST_S), after=after)
        archived.read_on(world)
        assert set(reported) <= archived.numbers
        world.cache = open_cache(world.home, world.records)
        assert in_the_cache(world, reported)
        world.cache.close()
    assert len(reported) >= ROUNDS * 3 / 4, "they hardly stored anything: this proved nothing"
    world.cache = open_cache(world.home, world.records)


class Archived:
    """The numbers of the observations that the archive holds; each file is read once."""

    def __init__(self) -> None:
        self.numbers: set[int] = set()
        self._read: dict[str, str] = {}

    def read_on(self, world: World) -> None:
        archive = Archive(world.home / "archive")
        server = world.records.server("SPA01").server_id
        for kind, column in (("jobs", "job_key"), ("log_lines", "message"), ("nodes", "client_version")):
            for batch in archive.batches(kind, server, after=self._read.get(kind, "")):
                words = archive.read(batch).column(column).to_pylist()
                self.numbers.update(number_in(word) for word in words if word)
                self._read[kind] = batch.name


def number_in(words: str) -> int:
    return int(words.replace(".", " ").split()[-1])


def in_the_cache(world: World, reported: list[int]) -> bool:
    keys = {key for (key,) in world.rows("SELECT job_key FROM job_event")}
    said = {text for (text,) in world.rows("SELECT message FROM log_line")}
    versions = [number_in(told) for (told,) in world.rows("SELECT client_version FROM nodes_now")]
    newest = max((number for number in reported if number % 3 == 2), default=None)
    return (
        all(sweeping.job_key(number) in keys for number in reported if number % 3 == 0)
        and all(sweeping.message(number) in said for number in reported if number % 3 == 1)
        and (newest is None or max(versions) >= newest)
    )


def test_the_proof_sees_a_batch_that_is_lost(world: World, nursery: subprocess.Popen[str]) -> None:
    """The negative control: take one file of the archive away, and make the cache again."""
    world.cache.close()
    reported: list[int] = []
    while len(reported) < 3:
        reported += lives_and_dies(nursery, len(reported), 0.1, after="stored")
    lost = Archive(world.home / "archive").batches("jobs", world.records.server("SPA01").server_id)[0]
    lost.path.unlink()
    (world.home / "cache.duckdb").unlink()
    world.cache = open_cache(world.home, world.records)
    archived = Archived()
    archived.read_on(world)
    assert not set(reported) <= archived.numbers
    assert not in_the_cache(world, reported)
