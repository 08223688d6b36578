"""An installation in use, opened as every face opens it: units, servers that reported, and somebody of each role."""
# ruff: noqa: DTZ001 - a server's times have no zone

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from datetime import date, datetime
from itertools import product
from pathlib import Path
from types import TracebackType
from typing import Any

from sqlalchemy import insert

from cloutui.cache.cache import Cache
from cloutui.home import Home
from cloutui.installation import Installation
from cloutui.model.principal import Principal
from cloutui.model.role import BUILTIN_ROLES
from cloutui.products.observation import FILESPACES, OCCUPANCY, POOLS, SCHEDULES, SERVER
from cloutui.records import access
from cloutui.records.access_tables import role
from cloutui.records.transaction import Tx
from cloutui.reports.registry import Report
from cloutui.settings import SecretsSettings, Settings
from tests.actions.people import made_user, tell
from tests.actions.site import NOON, Site
from tests.world import a_job, a_line, a_node, a_row, jobs, lines, nodes, observed

DAYS = (date(2026, 11, 19), date(2026, 11, 20))
STANDINGS: Mapping[str, Mapping[str, Any]] = {
    "active": {},
    "locked": {"locked_at": NOON},
    "expired": {"expires_at": NOON},
    "removed": {"archived_at": NOON},
    "invited": {"password_hash": None, "totp_secret": None},
}
"""What becomes of somebody between their sign-in and what they do."""


def staff(site: Site, unit_id: int, *, name: str = "") -> dict[str, Principal]:
    """Somebody of each built-in role who lives on the unit and is signed in, by the key of the role."""
    with site.records.begin() as tx:
        return {key: _member(tx, unit_id, key, f"{key}{unit_id}{name}", site.now) for key in BUILTIN_ROLES}


def _member(tx: Tx, unit_id: int, key: str, name: str, now: datetime) -> Principal:
    user_id = made_user(tx, unit_id, _builtin(tx, key), name, totp_secret="user/totp")
    return access.user(tx.connection, user_id).principal("ssh", "s1", now)


def _builtin(tx: Tx, key: str) -> int:
    for known in access.roles(tx.connection):
        if known.builtin == key:
            return known.role_id
    one = BUILTIN_ROLES[key]
    told = {"name": one.name, "description": "", "builtin": key, "privileges": [], "is_inheritable": True}
    made = tx.connection.execute(
        insert(role).values(unit_id=1, needs_second_factor=one.needs_second_factor, created_at=tx.at, **told)
    )
    tell(tx, 1)
    assert made.inserted_primary_key is not None
    return int(made.inserted_primary_key[0])


class House:
    """A site whose servers have told everything that servers tell."""

    def __init__(self, folder: Path) -> None:
        self.site = Site(folder)
        self.installation = Installation(Home.at(folder), Settings(secrets=SecretsSettings(backend="memory")))
        self.installation.records.clock = lambda: self.site.now
        self.site.report("SPF01", "ACME-SQL02")
        for server in self.site.records.servers():
            sources = self.site.records.dimensions().data_sources
            told = [source.native_key for source in sources if source.server_id == server.server_id]
            observe(self.installation.cache, server.server_id, server.name, told)

    def __enter__(self) -> House:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.installation.close()
        self.site.records.close()


def observe(cache: Cache, server_id: int, server: str, names: Sequence[str]) -> None:
    """Everything that a server tells, of these nodes: whose it is stands in every text."""
    on_days = [(name, datetime(day.year, day.month, day.day, 1)) for name in names for day in DAYS]
    told = [a_line(f"line of {name}", name, schedule=name, logged_local=at.replace(minute=10)) for name, at in on_days]
    for observation in (
        jobs(*(a_job(name, at, "Missed", schedule=name) for name, at in on_days)),
        lines(*told),
        nodes(*(a_node(name) for name in names)),
        observed(OCCUPANCY, [a_row(OCCUPANCY, node=name, pool=f"held by {name}", reporting_bytes=1) for name in names]),
        observed(FILESPACES, [a_row(FILESPACES, node=name, filespace=f"disk of {name}") for name in names]),
        observed(SCHEDULES, [a_row(SCHEDULES, node=name, schedule=f"plan of {name}") for name in names]),
        observed(POOLS, [a_row(POOLS, pool=f"pool of {server}", used_percent=95.0)]),
        observed(SERVER, [a_row(SERVER, name=server, version=f"version of {server}")]),
    ):
        cache.store(server_id, observation, NOON)


@dataclass(frozen=True)
class Questions:
    """What there is to be asked about, whoever asks."""

    known: Mapping[str, Sequence[object]]

    @classmethod
    def about(cls, site: Site, cache: Cache) -> Questions:
        """Everything that exists anywhere."""
        sources = site.records.dimensions().data_sources
        with cache.database.reader() as reader:
            keys = [key for (key,) in reader.execute("SELECT DISTINCT job_key FROM job_event").fetchall()]
        return cls(
            {
                "first": DAYS[:1],
                "last": [date(2026, 11, 21)],
                "day": DAYS[-1:],
                "node_id": [source.data_source_id for source in sources],
                "server": [server.name for server in site.records.servers()],
                "job_key": keys,
                "seq": [line.seq for line in site.records.activity(12)],
                "tag_id": [tag.tag_id for tag in site.records.dimensions().tags] or [1],
                "nodes": [tuple(source.data_source_id for source in sources)],
                "text": ["of", "a"],
                "key": ["status:missed"],
            }
        )

    def of(self, report: Report) -> Iterator[dict[str, Any]]:
        """All that this report can be asked: every combination of what it must be told."""
        names = [
            one.name
            for one in fields(report.params)
            if one.name in {"first", "last"} or (one.default is MISSING and one.default_factory is MISSING)
        ]
        for values in product(*(self.known[name] for name in names)):
            yield dict(zip(names, values, strict=True))
