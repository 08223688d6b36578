"""Records to test with."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cloutui.records.store import Records
from tests.records.building import opened


@pytest.fixture
def records(tmp_path: Path) -> Iterator[Records]:
    """New records with nothing but the top unit."""
    with opened(tmp_path) as made:
        yield made
