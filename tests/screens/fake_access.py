"""Made-up people behind the reports of who may come in, of what was done, and of one's own account."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from cloutui.model.role import BUILTIN_ROLES
from cloutui.model.status import Status
from cloutui.reports.registry import find_report
from tests.screens.fake_session import NOW, FakeNode

_USERS = (
    ("op-01", "Nordhavn Backup", "Operator", "active", "on", 2, 0.0),
    ("lead-02", "Fjord Retail", "Tenant administrator", "active", "on", 1, 0.3),
    ("ten-1", "Acme ApS", "Reader", "invited", "due", 0, None),
    ("aud-7", "Havn Energi", "Auditor", "expired", "off", 1, 61.0),
    ("oldsvc", "Fjord Retail", "Reader", "locked", "off", 1, 212.0),
)
_STATUSES = {"active": Status.OK, "invited": Status.PENDING, "expired": Status.WARNING, "locked": Status.ERROR}
_FINGERPRINTS = (
    "SHA256:4tQ0yJmVvB5mBqkM8nF1l2rT9wXcZ6aD3eG7hK0pLsU",
    "SHA256:Zx8Qw2Er4Ty6Ui8Op0As1Df3Gh5Jk7Lz9Xc2Vb4Nm6Q",
)
_DIGEST = "9f2c1b7a5d3e8f604c1d2b3a4f5e6d7c8b9a0f1e2d3c4b5a6978695a4b3c2d1e"

_DONE = (
    # Minutes ago, actor, role, action, class, kind, target, sentence, outcome, reason, face, before, after
    (
        *(21, "op-01", "Operator", "node.assign", "change", "node", "ACME-WEB004"),
        *("Gave ACME-WEB004 to “Acme ApS”.", "done", "SRQ-8812", "ssh"),
        *({"unit_id": 3}, {"unit_id": 5, "how": "by hand"}),
    ),
    (
        *(68, "lead-02", "Tenant administrator", "user.lock", "service", "user", "oldsvc"),
        *("Locked the user “oldsvc”.", "done", "left the company", "ssh", {}, {"why": "left the company"}),
    ),
    (
        *(372, "op-01", "Operator", "server.update", "change", "server", "SPB02"),
        *("server.update failed: it did not answer.", "failed", "SRQ-8790", "terminal", {}, {"error": "unreachable"}),
    ),
    (
        *(1800, "op-01", "Operator", "role.edit", "destroy", "role", "Night shift"),
        *("Changed the role “Night shift”, which 3 users have.", "done", "audit of November", "terminal"),
        {"privileges": ["job.view"], "description": ""},
        {"privileges": ["job.view", "node.view"], "description": "nights"},
    ),
    (
        *(5900, "op-01", "Operator", "session.open", "note", "session", "op-01"),
        *("Signed in with a key and a code from 10.2.9.4.", "done", "", "ssh", {}, {}),
    ),
)  # fmt: skip


def row_of(report: str, **values: Any) -> dict[str, Any]:
    """In the columns of the report; what is not said is not known."""
    columns = [column.name for column in find_report(report).columns]
    assert values.keys() <= set(columns), values.keys() - set(columns)
    return {**dict.fromkeys(columns), **values}


class AccessRows:
    """A part of `ViewsSession`."""

    account: dict[str, Any] = {  # noqa: RUF012 - replaced, never changed
        "name": "op-01",
        "unit": "Nordhavn Backup",
        "role": "Operator",
        "password": "set",
        "second_factor": "on",
        "recovery_codes": 8,
        "keys": 2,
        "prefers_csv": "semicolon",
        "prefers_time_zone": "Europe/Copenhagen",
    }
    own_keys: tuple[tuple[str, str, int | None], ...] = (
        (_FINGERPRINTS[0], "laptop", 2),
        (_FINGERPRINTS[1], "desk in Aarhus", None),
    )

    def _rows_of_users(self, nodes: list[FakeNode]) -> list[dict[str, Any]]:
        return [self._user(place, *user) for place, user in enumerate(_USERS)] if nodes else []

    def _user(
        self, place: int, name: str, unit: str, role: str, standing: str, factor: str, *seen: Any
    ) -> dict[str, Any]:
        keys, days = seen
        return row_of(
            "users",
            status=_STATUSES[standing],
            name=name,
            full_name=f"Person {place + 1}",
            unit=unit,
            role=role,
            standing=standing,
            second_factor=factor,
            keys=keys,
            last_sign_in=None if days is None else NOW - timedelta(days=days),
            sessions=1 if name == "op-01" else 0,
            password="none" if standing == "invited" else "set",
            failed=5 if standing == "locked" else 0,
            locked=NOW - timedelta(hours=1) if standing == "locked" else None,
            lock_reason="left the company" if standing == "locked" else "",
            expires=datetime(2026, 11, 1) if standing == "expired" else None,  # noqa: DTZ001 - as Arrow gives it
            created=NOW - timedelta(days=400),
            email=f"{name}@nordhavn.example",
            user_id=place + 1,
            unit_id=1,
            **{"from": "10.2.9.4" if days is not None else ""},
        )

    def _rows_of_roles(self, nodes: list[FakeNode]) -> list[dict[str, Any]]:
        made = row_of(
            "roles",
            name="Night shift",
            unit="Nordhavn Backup",
            builtin="no",
            users=3,
            second_factor="free",
            inheritable="yes",
            rights="account.edit, job.view, node.view",
            description="Looks on, and wakes somebody.",
            role_id=99,
        )
        builtin = [
            row_of(
                "roles",
                name=role.name,
                unit="Nordhavn Backup",
                builtin="yes",
                users=1,
                second_factor="needed" if role.needs_second_factor else "free",
                inheritable="yes",
                rights=", ".join(sorted(role.privileges)),
                description=role.description,
                role_id=place,
            )
            for place, role in enumerate(BUILTIN_ROLES.values())
        ]
        return [*builtin, made] if nodes else []

    def _rows_of_user_keys(self, nodes: list[FakeNode], *, user: str | None = None) -> list[dict[str, Any]]:
        every = [
            row_of(
                "user-keys",
                user="op-01",
                kind="ssh-ed25519",
                fingerprint=fingerprint,
                comment=comment,
                added=NOW - timedelta(days=90),
                last_used=None if hours is None else NOW - timedelta(hours=hours),
                user_id=1,
            )
            for fingerprint, comment, hours in self.own_keys
        ]
        return [row for row in every if user in {None, row["user"]}] if nodes else []

    def _rows_of_sessions(self, nodes: list[FakeNode]) -> list[dict[str, Any]]:
        session = {"user": "op-01", "unit": "Nordhavn Backup", "since": NOW - timedelta(hours=6), "face": "ssh"}
        terminal = {"idle": 42, "size": "120x36", "write_mode": "on", "session": "a1b2c3d4e5f60718", "user_id": 1}
        return [row_of("sessions", **session, **terminal, **{"from": "10.2.9.4"})] if nodes else []

    # What was done.

    def _rows_of_activity(self, nodes: list[FakeNode], **_days: object) -> list[dict[str, Any]]:
        return [self._line("activity", place) for place in range(len(_DONE))] if nodes else []

    def _rows_of_activity_entry(self, nodes: list[FakeNode], *, seq: int) -> list[dict[str, Any]]:
        place = 812 - seq
        *_, before, after = _DONE[place]
        told = {"before": json.dumps(before), "after": json.dumps(after), "params": "{}", "hash": _DIGEST}
        return [{**row_of("activity-entry", **told), **self._line("activity", place)}]

    def _line(self, report: str, place: int) -> dict[str, Any]:
        minutes, actor, role, action, weight, kind, target, sentence, outcome, reason, face, *_ = _DONE[place]
        return row_of(
            report,
            at=NOW - timedelta(minutes=minutes),
            actor=actor,
            role=role,
            unit="Nordhavn Backup",
            action=action,
            kind=kind,
            target=target,
            sentence=sentence,
            outcome=outcome,
            reason=reason,
            face=face,
            seq=812 - place,
            session="a1b2c3d4e5f60718",
            unit_id=1,
            **{"class": weight},
        )

    # One's own.

    async def preferences(self) -> Mapping[str, str]:
        said = {name.removeprefix("prefers_"): value for name, value in self.account.items() if "prefers_" in name}
        return {name: value for name, value in said.items() if value}

    def _rows_of_my_account(self, nodes: list[FakeNode]) -> list[dict[str, Any]]:
        return [row_of("my-account", **self.account)] if self.account else []

    def _rows_of_my_keys(self, nodes: list[FakeNode]) -> list[dict[str, Any]]:
        names = [column.name for column in find_report("my-keys").columns]
        return [{name: row[name] for name in names} for row in self._rows_of_user_keys([FakeNode(0, "", 0, "", b"")])]
