"""What all tests share."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from hypothesis import settings

from cloutui.cache import database
from cloutui.records import passwords
from tests import stillness
from tests.rounds import rounds
from tests.world import World

# The same tries in each run, so that one that fails is the fault of a change; `make soak` draws others each time. How
# long one takes is the machine's matter.
settings.register_profile(
    "tests", max_examples=rounds(30, soak=100), derandomize=bool(rounds(1, soak=0)), deadline=None
)
settings.load_profile("tests")

# Several workers share the cores: a second thread of each costs a fifth more, and tables that fit into one have no use
# for it. `make soak` has them all.
if rounds(1, soak=0):
    _as_used = database._config
    database._config = lambda: {**_as_used(), "threads": 1}

# Before any test module is loaded, as some hash a password for all their tests. `tests/records/test_passwords.py` holds
# what is used outside.
passwords._hasher = cache(lambda: PasswordHasher(time_cost=1, memory_cost=128, parallelism=1))

stillness.install()

# What is imported stays: a third of the time until the first test went into looking for what could be thrown away.
gc.disable()


def pytest_collection_finish() -> None:
    gc.enable()
    gc.collect()
    gc.freeze()


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Records and a cache, empty but for the root unit."""
    built = World(tmp_path)
    yield built
    built.close()
