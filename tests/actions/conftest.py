"""A small installation, and principals who see all of it or a part."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.actions.site import Site


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """Nordhavn Backup with two customers, a server of its own and one of a customer's, and nodes."""
    with Site(tmp_path) as built:
        yield built
