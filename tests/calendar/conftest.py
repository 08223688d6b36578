"""Homes whose days close, made once and copied."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.calendar.story import Story, furnish, opened


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home as it is before the day closes."""
    folder = tmp_path_factory.mktemp("before")
    furnish(folder)
    return folder


@pytest.fixture(scope="session")
def frozen(furnished: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same once the day has closed."""
    folder = tmp_path_factory.mktemp("after") / "home"
    with opened(furnished, folder) as made:
        assert made.close()
    return folder


@pytest.fixture
def story(furnished: Path, tmp_path: Path) -> Iterator[Story]:
    """Nothing is frozen yet."""
    with opened(furnished, tmp_path / "home") as made:
        yield made


@pytest.fixture
def closed(frozen: Path, tmp_path: Path) -> Iterator[Story]:
    """The day is frozen."""
    with opened(frozen, tmp_path / "home") as made:
        yield made
