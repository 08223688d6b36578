"""A tiny server that satisfies the contract: its answers are what a test gives it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from cloutui.simulator.answer import RC_NOTFOUND, Column, Refused, Rows

NOW = datetime.fromisoformat("2026-11-21T12:30:15.250000")

NODES = Rows(
    [Column("NODE_NAME", "VARCHAR(64)"), Column("CONTACT", "VARCHAR(255)"), Column("LOGICAL_MB", "DECIMAL(14,2)")],
    [
        ("ACME-SQL01", 'Desk "A", room 9', Decimal("59.94")),
        ("LAGER9-FILE", None, Decimal("1194850.00")),
        ("ØRE-PACS", "plain", None),
    ],
)


def no_match(_: str) -> Rows:
    raise Refused(RC_NOTFOUND, "ANR2034E SELECT: No match found using this criteria.")


@dataclass
class FakeServer:
    name: str = "SPA01"
    platform: str = "Linux/x86_64"
    version: tuple[int, int, int, int] = (8, 1, 14, 7)
    address: str = "192.0.2.10"
    port: int = 1500
    administrator: str = "CLOUTUI"
    password: str = "fake-SPA01"
    select_answer: Callable[[str], Rows] = lambda sql: NODES if "EMPTY" not in sql.upper() else no_match(sql)
    query_answer: Callable[..., Rows] = lambda sql, **bound: Rows([], [])
    logged: list[str] = field(default_factory=list)
    asked: list[tuple[str, dict[str, object]]] = field(default_factory=list)
    open_sessions: set[int] = field(default_factory=set)
    sessions: int = 0

    def now(self) -> datetime:
        return NOW

    def select(self, sql: str) -> Rows:
        return self.select_answer(sql)

    def query(self, sql: str, /, **bound: object) -> Rows:
        self.asked.append((sql, bound))
        return self.query_answer(sql, **bound)

    def log(
        self, msgno: int, severity: str, message: str, *, session: int | None = None, originator: str = "SERVER"
    ) -> None:
        self.logged.append(message)

    def open_session(self, admin: str, platform: str) -> int:
        self.sessions += 1
        self.open_sessions.add(self.sessions)
        return self.sessions

    def close_session(self, number: int) -> None:
        self.open_sessions.discard(number)
