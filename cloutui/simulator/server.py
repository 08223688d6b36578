"""One simulated server: who it is, and what it answers to SELECT."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property, lru_cache
from itertools import count
from threading import Lock
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import duckdb

from cloutui.simulator.answer import Rows
from cloutui.simulator.clock import Clock
from cloutui.simulator.sql import refusals
from cloutui.simulator.sql.answers import rows_of
from cloutui.simulator.sql.diagnosis import diagnosed
from cloutui.simulator.sql.translate import Translation, translate
from cloutui.simulator.tables import catalogue
from cloutui.simulator.world import zone
from cloutui.simulator.world.chance import Chance
from cloutui.simulator.world.nodes import Place

if TYPE_CHECKING:
    from cloutui.simulator.fleet import FleetPlan
    from cloutui.simulator.world.database import Database

ACTLOG_RETENTION_DAYS = 30
_PLATFORMS = ("Linux/x86_64", "AIX", "Windows")
_VERSIONS = ((8, 1, 25, 0), (8, 1, 22, 0), (8, 1, 24, 0), (8, 1, 20, 100))
_CHAPTER_OF = {
    "ACTLOG": "line",
    "SUMMARY": "session",
    "SUMMARY_EXTENDED": "session",
    "SESSIONS": "session",
    "PROCESSES": "session",
    "DRIVES": "session",
    "PATHS": "session",
}
"""What a table is told from; all others need the occurrences alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What a server is called, and where it says it listens."""

    name: str
    platform: str
    version: tuple[int, int, int, int]
    address: str
    port: int
    administrator: str
    password: str


class Server:
    """Thread-safe: every statement has a cursor of its own."""

    @classmethod
    def of(cls, plan: FleetPlan, index: int, clock: Clock, made: datetime) -> Server:
        """The server at a place in a fleet that was made at a moment."""
        name = server_name(index)
        chance = Chance(plan.seed, "server", name)
        secret = "".join(chance.pick(f"letter{place}", "abcdefghjkmnpqrstuvwxyz23456789") for place in range(8))
        return cls(
            Identity(
                name=name,
                platform=_PLATFORMS[index] if index < len(_PLATFORMS) else _PLATFORMS[0],
                version=_VERSIONS[index % len(_VERSIONS)],
                address=f"10.{20 + index % 200}.0.10",
                port=1500,
                administrator="CLOUTUI",
                password=f"demo-{secret}",
            ),
            plan,
            index,
            clock,
            made,
        )

    def __init__(self, identity: Identity, plan: FleetPlan, index: int, clock: Clock, made: datetime) -> None:
        self.name, self.platform, self.version = identity.name, identity.platform, identity.version
        self.address, self.port = identity.address, identity.port
        self.administrator, self.password = identity.administrator, identity.password
        self._plan, self._index, self._clock = plan, index, clock
        self._zone = ZoneInfo(plan.time_zone)
        self._made = made
        self._began = zone.local(made, self._zone).date() - timedelta(days=plan.days)
        self._making = Lock()
        self._numbers = count(1_000_000_000)
        """Of administrators' sessions: above those that the plan gives to nodes."""

    def now(self) -> datetime:
        """Naive server time."""
        return zone.local(self._clock.now(), self._zone)

    def select(self, sql: str) -> Rows:
        """Answer a SELECT in Db2's dialect. Raises: Refused, with return code 11 when there is no row."""
        answer = self.query(sql)
        if not answer.rows:
            raise refusals.nothing_found()
        return answer

    def query(self, sql: str, /, **bound: object) -> Rows:
        """The same, with `$name` bound to values, and an empty answer is an answer. Raises: Refused."""
        translation = _translated(sql)
        at = self._clock.now().astimezone(UTC)
        now = zone.local(at, self._zone)
        database = self._database
        self._reach(database, translation.tables, now)
        with database.at(at.replace(tzinfo=None), now, zone.decimal_offset(at, self._zone)) as cursor:
            try:
                return rows_of(cursor.execute(translation.sql, bound or None))
            except duckdb.Error as error:
                raise diagnosed(sql, error) from error

    def log(
        self, msgno: int, severity: str, message: str, *, session: int | None = None, originator: str = "SERVER"
    ) -> None:
        """One more line in ACTLOG, now. `message` is the whole text with its code."""
        self._database.note(
            "INSERT INTO spoken VALUES (?, ?, ?, ?, ?, ?)",
            [self._moment(), msgno, severity, message, originator, session],
        )

    def open_session(self, admin: str, platform: str) -> int:
        """An administrator connects; shows in SESSIONS until it is closed. Gives the session's number."""
        number = next(self._numbers)
        since = self._moment()
        self._database.note("INSERT INTO connected VALUES (?, ?, ?, ?)", [number, admin.upper(), platform, since])
        return number

    def close_session(self, number: int) -> None:
        """The administrator is gone. Closing twice changes nothing."""
        self._database.note("DELETE FROM connected WHERE number = ?", [number])

    def _moment(self) -> datetime:
        """Naive UTC, as the plan keeps time."""
        return self._clock.now().astimezone(UTC).replace(tzinfo=None)

    def _reach(self, database: Database, tables: Iterable[str], now: datetime) -> None:
        tomorrow = now.date() + timedelta(days=1)
        needed = {_CHAPTER_OF.get(table, "occurrence") for table in tables if not table.startswith("SYS")}
        database.plan(needed, self._began, tomorrow)

    @property
    def _database(self) -> Database:
        with self._making:
            return self._filled

    @cached_property
    def _filled(self) -> Database:
        from cloutui.simulator.world.filling import filled_database

        place = Place(
            seed=self._plan.seed,
            index=self._index,
            servers=self._plan.servers,
            nodes=_part(self._plan.nodes, self._plan.servers, self._index),
            began=datetime.combine(self._began, datetime.min.time()),
            made=zone.local(self._made, self._zone),
        )
        constants = {
            "server": self.name,
            "partner": server_name((self._index + 1) % self._plan.servers),
            "administrator": self.administrator,
            "address": self.address,
            "port": str(self.port),
            "platform": self.platform,
            "version": list(self.version),
            "event_retention": self._plan.event_retention_days,
            # Not below the events', so that the sums of a job that is still known can be made.
            "summary_retention": max(30, self._plan.event_retention_days),
            "actlog_retention": ACTLOG_RETENTION_DAYS,
        }
        return filled_database(place, constants, self._zone, self._made)


@lru_cache(maxsize=512)
def _translated(sql: str) -> Translation:
    return translate(sql, catalogue.names())


def server_name(index: int) -> str:
    """SPA01, SPA02, SPB01: a letter for the site, a number in it."""
    site, number = divmod(index, 2)
    return f"SP{_letters(site)}{number + 1:02d}"


def _letters(site: int) -> str:
    """A, B, ... Z, AA, AB, ..."""
    rest, letter = divmod(site, 26)
    return (_letters(rest - 1) if rest else "") + chr(ord("A") + letter)


def _part(whole: int, parts: int, index: int) -> int:
    """An even share of a whole, the remainder to the first."""
    return whole // parts + (index < whole % parts)
