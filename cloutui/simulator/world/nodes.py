"""The nodes of one server: names, sizes, temper and life, drawn from the seed alone.

Only a few lives hang on the day the fleet was made: a node that is new, locked or decommissioned is so *recently*.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count

from cloutui.simulator.companies import COMPANIES
from cloutui.simulator.world.chance import Chance
from cloutui.simulator.world.trade import ARCHIVE, FEATURED, GIB, KINDS, MOVER, Kind

_FIRST_REGISTRATION = datetime(2018, 3, 1, 9, 0, 0)  # noqa: DTZ001 - server time, like every date of a server
_CLIENT_LEVELS = (
    (8, 1, 27, 0),
    (8, 1, 25, 0),
    (8, 1, 25, 0),
    (8, 1, 22, 0),
    (8, 1, 22, 0),
    (8, 1, 17, 2),
    (8, 1, 13, 3),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A node as its server knows it, and what the plan needs to know of its work."""

    name: str
    kind: Kind
    company: str
    registered: datetime
    """Server time; no job before it."""
    schedules: tuple[str, ...]
    """Names in its kind's domain; none for a node that nobody scheduled, an agent or a datacenter node."""
    agent: str | None = None
    """Who moves its data, so that ENTITY says `NODE (AGENT)`."""
    datacenter: str | None = None
    """The node that owns what this data mover backs up."""
    partner: bool = False
    """Works for another node, or has one work for it: it has no size or schedule of its own."""
    machines: int = 0
    """Virtual machines behind a data mover."""
    locked: datetime | None = None
    decommissioned: datetime | None = None
    troubled: bool = False
    """Fails in runs of several days."""
    stored_bytes: int
    daily_bytes: int
    examined: int
    """Objects that an incremental looks at."""
    bytes_per_second: int
    streams: int
    growth: float
    """A day's, as a share: 0.001 is 0.1 %."""
    level: tuple[int, int, int, int]
    address: str
    guid: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a server stands in its fleet."""

    seed: int
    index: int
    servers: int
    nodes: int
    """On this server."""
    began: datetime
    """Server time at which the fleet's history begins."""
    made: datetime
    """Server time at which the fleet was made."""


def nodes_of(place: Place) -> list[Node]:
    """All nodes of a server, exactly as many as it is to have."""
    found: list[Node] = []
    for name, kind, troubled in _names(place):
        group = list(_with_partners(place, name, kind, troubled=troubled))
        if len(found) + len(group) <= place.nodes:
            found += group
        if len(found) == place.nodes:
            break
    return found


def _names(place: Place) -> Iterator[tuple[str, Kind, bool]]:
    taken = {name for name, _, _ in FEATURED}
    yield from FEATURED[place.index :: place.servers]
    counted: dict[str, count[int]] = {}
    for number in count():
        chance = Chance(place.seed, place.index, "name", number)
        kind = chance.weighed("kind", [(kind.weight, kind) for kind in KINDS])
        stem = f"{chance.pick('company', COMPANIES)[0]}-{chance.pick('word', kind.names)}"
        # Servers count in steps, so that no two of a fleet ever name a node alike.
        serial = next(counted.setdefault(stem, count(place.index + 1, place.servers)))
        if (name := f"{stem}{serial:02d}") not in taken:
            yield name, kind, chance.share("troubled") < 0.025


def _with_partners(place: Place, name: str, kind: Kind, *, troubled: bool) -> Iterator[Node]:
    """The node, and the node that works for it or that it works for."""
    chance = Chance(place.seed, "node", name)
    if kind is MOVER:
        mover = name if "PROXY" in name else f"{name}_DM1"
        center = name.replace("-VM-PROXY", "-VC01")
        yield _node(place, chance, mover, kind, troubled=troubled, datacenter=center)
        yield _node(place, chance.of("center"), center, kind, partner=True)
    elif kind is ARCHIVE:
        yield _node(place, chance, name, kind, troubled=troubled, agent=f"{name}_AG1")
        yield _node(place, chance.of("agent"), f"{name}_AG1", kind, partner=True)
    else:
        yield _node(place, chance, name, kind, troubled=troubled)


def _node(
    place: Place,
    chance: Chance,
    name: str,
    kind: Kind,
    *,
    troubled: bool = False,
    partner: bool = False,
    agent: str | None = None,
    datacenter: str | None = None,
) -> Node:
    featured = any(name == known for known, _, _ in FEATURED)
    life = "" if featured or partner else _life(chance)
    recently = place.made - timedelta(days=1 + chance.whole("recently", max(1, (place.made - place.began).days - 2)))
    stored = chance.between("stored", *kind.stored_gib) * GIB
    daily = stored * kind.daily_share * chance.between("daily", 0.4, 2.5)
    day = timedelta(days=chance.whole("registered", 2_400), seconds=chance.whole("hour", 28_800))
    long_ago = min(_FIRST_REGISTRATION + day, place.began - timedelta(days=30))
    return Node(
        name=name,
        kind=kind,
        company=name.split("-", 1)[0],
        registered=recently.replace(hour=10, microsecond=0) if life == "new" else long_ago.replace(microsecond=0),
        schedules=_schedules(chance, kind) if not partner and life != "unscheduled" else (),
        agent=agent,
        datacenter=datacenter,
        partner=partner,
        machines=6 + chance.whole("machines", 14) if datacenter else 0,
        locked=recently if life == "locked" else None,
        decommissioned=recently if life == "decommissioned" else None,
        troubled=troubled,
        stored_bytes=int(stored),
        daily_bytes=int(daily),
        examined=int(chance.between("files", *kind.files)),
        bytes_per_second=int(chance.between("speed", 25e6, 180e6)) * chance.pick("streams", kind.streams),
        streams=chance.pick("streams", kind.streams),
        growth=chance.between("growth", 0.000_05, 0.001_5),
        level=chance.pick("level", _CLIENT_LEVELS),
        address=f"10.{20 + place.index % 200}.{chance.whole('net', 250)}.{2 + chance.whole('host', 250)}",
        guid=".".join(f"{chance.whole(f'guid{part}', 256):02x}" for part in range(16)),
    )


def _life(chance: Chance) -> str:
    lives = ((915, ""), (35, "new"), (25, "unscheduled"), (12, "locked"), (13, "decommissioned"))
    return chance.weighed("life", lives)


def _schedules(chance: Chance, kind: Kind) -> tuple[str, ...]:
    more = (name for name, share in kind.extra if chance.share(name) < share)
    return (chance.pick("schedule", kind.schedules), *more)
