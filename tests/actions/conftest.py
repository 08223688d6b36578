"""A small installation, and principals who see all of it or a part."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.actions.site import Site


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Nordhavn Backup with two customers, a server of its own and one of a customer's, and nodes."""
    with Site(tmp_path_factory.mktemp("site")) as made:
        yield made


@pytest.fixture
def site(built: Site) -> Iterator[Site]:
    """The same for every test: what is done on it is taken back."""
    with built.rehearsal() as rehearsed:
        yield rehearsed
