"""A fleet of simulated servers, made from a plan: the same plan and the same time give the same rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from cloutui.simulator.clock import Clock
from cloutui.simulator.server import Server


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetPlan:
    """What a fleet is to be."""

    servers: int = 3
    nodes: int = 600
    """In the whole fleet, spread evenly over the servers."""
    days: int = 45
    """Of history that exist when the fleet is made."""
    seed: int = 1
    event_retention_days: int = 60
    """What the fleet's servers keep of EVENTS and SUMMARY; a real server keeps 10 and 30 unless told otherwise."""
    time_zone: str = "UTC"
    """IANA zone of all servers."""
    at: datetime | None = None
    """Aware; the clock stands still there. None: the real clock."""


def build_fleet(plan: FleetPlan, clock: Clock | None = None) -> Mapping[str, Server]:
    """The servers by name: SPA01, SPA02, SPB01, ... Each plans its history at the first question it is asked."""
    clock = clock or Clock(plan.at)
    made = clock.now()
    servers = (Server.of(plan, index, clock, made) for index in range(plan.servers))
    return {server.name: server for server in servers}
