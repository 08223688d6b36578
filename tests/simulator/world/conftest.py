"""One fleet whose clock stands still, shared by the tests that only ask."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from cloutui.simulator.fleet import FleetPlan, build_fleet
from cloutui.simulator.server import Server

AT = datetime(2026, 11, 22, 15, 0, 30, tzinfo=UTC)


@pytest.fixture(scope="session")
def fleet() -> Mapping[str, Server]:
    return build_fleet(FleetPlan(servers=2, nodes=200, days=40, seed=7, at=AT))


@pytest.fixture(scope="session")
def server(fleet: Mapping[str, Server]) -> Server:
    return fleet["SPA01"]
