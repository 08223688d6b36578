"""A home to run commands in."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.world import furnish


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with new records and an empty cache."""
    folder = tmp_path / "home"
    folder.mkdir()
    furnish(folder)
    return folder
