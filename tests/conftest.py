"""What all tests share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.world import World


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Records and a cache, empty but for the root unit."""
    built = World(tmp_path)
    yield built
    built.close()
