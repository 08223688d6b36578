"""Every action, as somebody of Fjord Retail would do it, and as they must not."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import date
from hashlib import sha256
from typing import Any, NamedTuple

import pyotp

from cloutui.model.comment import CommentType
from cloutui.model.open_session import OpenSession, OpenSessions
from cloutui.model.principal import Principal
from cloutui.model.privilege import Privilege
from cloutui.records import comments
from cloutui.records.comments import Place
from tests.actions.people import tell
from tests.actions.site import NOON, SSH, Site

Params = dict[str, Any]


class Row(NamedTuple):
    """One action, as somebody of Fjord Retail would do it, and as they must not."""

    inside: Params
    outside: list[Params]
    """Each touches something that Fjord Retail does not see."""
    before: Callable[[Site], object] = lambda site: None
    """What must be there first, done by the operator."""
    needs_top: bool = False
    """Touches the whole installation: nobody below the top may do it at all."""
    typed_name: str | None = None
    before_users: bool = False
    """Done once, while nobody has a name yet."""
    prepare: Callable[[Site, Principal], object] = lambda site, by: None
    """What they must have done themselves first."""
    is_own: bool = False
    """Touches nothing but what is the actor's own: there is no outside."""
    is_only_told: bool = False
    """Changes nothing in the records but the activity log."""


def a_rule_of_fjord(site: Site) -> None:
    site.made("rule.set", unit="Fjord Retail", server="SPF01", name="F*")


def a_rule_for_all(site: Site) -> None:
    site.made("rule.set", unit="Fjord Retail", name="ACME*")


def acme_has_its_node(site: Site) -> None:
    site.do("node.assign", {"nodes": "SPA01/ACME-SQL01", "unit": "Fjord Retail/Acme ApS"})


def filters_of_units(site: Site) -> None:
    for unit in (1, ACME, 4):
        site.do("filter.save", {"name": "bad", "text": "status:failed", "unit": unit})


def muted_nodes(site: Site) -> None:
    site.do("problem.mute", {"nodes": ["SPF01/FJORD-FS01", "SPA01/SKOV-DB01"], "until": "2026-11-28"})


def a_comment_at_skov(site: Site) -> None:
    site.do("comment.add", {"nodes": "SPA01/SKOV-DB01", "text": "Rebooted."})


def a_comment_at_fjord(site: Site, by: Principal) -> None:
    """Of their own, whatever they may do now: they may have had another role."""
    with site.records.begin() as tx:
        comments.add(tx, [Place(data_source_id=4, unit_id=site.fjord)], CommentType.NOTE, "Rebooted.", by)
        tell(tx, site.fjord)


def people_of_units(site: Site) -> None:
    site.user(site.records.root_unit_id, READS, name="top1", role="Readers")
    site.user(site.acme, READS, name="acme1", role="Readers", role_unit=site.records.root_unit_id)
    site.user(site.skov, READS, name="skov1", role="Readers", role_unit=site.records.root_unit_id)
    site.role(site.acme, "Acme readers", READS)
    site.role(site.skov, "Skov readers", READS)


def locked_people(site: Site) -> None:
    people_of_units(site)
    by = site.user(site.records.root_unit_id)
    for name in ("acme1", "skov1"):
        site.do("user.lock", {"user": name, "why": "for a test"}, by=by, proof=site.full_proof())


def people_with_keys(site: Site) -> None:
    for unit, name in ((site.acme, "acme1"), (site.skov, "skov1")):
        by = site.user(unit, READS, name=name)
        site.do("account.add-key", {"key": A_KEY}, by=by, proof=site.full_proof())


def tags_of_units(site: Site) -> None:
    acme_has_its_node(site)
    for text, unit in (("of-all", 1), ("of-acme", ACME), ("of-skov", 4)):
        site.made("tag.create", text=text, unit=unit)


def tags_on_units(site: Site) -> None:
    tags_of_units(site)
    site.do("tag.put", {"tags": "of-all", "nodes": ["SPA01/ACME-SQL01", "SPA01/SKOV-DB01"], "units": [4]})


class ASession:
    """One that somebody of a unit has open."""

    def __init__(self, unit_id: int, user: str) -> None:
        self._unit_id, self._user = unit_id, user

    def told(self) -> OpenSession:
        known: dict[str, Any] = {"user_id": 1, "user": self._user, "unit_id": self._unit_id, "since": NOON}
        return OpenSession(session_id=f"of {self._user}", came_from="", face="ssh", idle_s=0, **known)

    def end(self, farewell: str) -> None:
        """Nobody reads it."""


def open_sessions(site: Site) -> None:
    site.context = replace(site.context, sessions=OpenSessions())
    live = [ASession(site.acme, "acme1"), ASession(site.skov, "skov1")]
    site.context.sessions.follow(lambda: live)


class AHistory:
    """What freezes days, where there is no cache to read them from."""

    def freeze(self, tx: Any, day: date, units: Collection[int]) -> dict[str, object]:
        return {"day": day.isoformat(), "file": "f" * 64, "units": len(units), "rows": 1, "records": "0" * 64}


def something_to_freeze(site: Site) -> None:
    site.context = replace(site.context, history=AHistory())


READS = (Privilege.UNIT_VIEW, Privilege.NODE_VIEW, Privilege.ACCOUNT_EDIT)
SEED = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
CODE = pyotp.TOTP(SEED).at(NOON)
A_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBERERERERERERERERERERERERERERERERERERERERER for a test"
FINGERPRINT = "SHA256:" + b64encode(sha256(b64decode(A_KEY.split()[1])).digest()).decode().rstrip("=")

ACME = 3
"""Its id: the same from wherever one looks."""

TABLE: dict[str, Row] = {
    "unit.create": Row(
        inside={"name": "Havn Butik", "parent": "Acme ApS"},
        outside=[{"name": "X", "parent": 1}, {"name": "X", "parent": "Skov Transport"}, {"name": "X", "parent": 4}],
    ),
    "unit.rename": Row(
        inside={"unit": "Acme ApS", "name": "Acme A/S"},
        outside=[{"unit": 1, "name": "X"}, {"unit": "Skov Transport", "name": "X"}, {"unit": 4, "name": "X"}],
    ),
    "unit.move": Row(
        before=lambda site: site.made("unit.create", name="Havn Butik", parent="Fjord Retail"),
        inside={"unit": "Acme ApS", "parent": "Havn Butik"},
        outside=[
            {"unit": ACME, "parent": 4},
            {"unit": ACME, "parent": 1},
            {"unit": 4, "parent": ACME},
            {"unit": 2, "parent": 4},
        ],
    ),
    "unit.set": Row(
        inside={"unit": "Acme ApS", "key": "time_zone", "value": "Europe/Copenhagen"},
        outside=[{"unit": 1, "key": "time_zone", "value": "UTC"}, {"unit": 4, "key": "time_zone", "value": "UTC"}],
    ),
    "sla.promise": Row(
        inside={"unit": "Acme ApS", "percent": 99.5},
        outside=[{"unit": 1, "percent": 10}, {"unit": 4, "percent": 10}],
    ),
    "sla.recalculate": Row(
        inside={"unit": "Acme ApS", "month": "2026-10"},
        outside=[{"unit": 1, "month": "2026-10"}, {"unit": 4, "month": "2026-10"}],
    ),
    "severity.set": Row(
        inside={"key": "growth", "value": "warning 20%", "unit": "Acme ApS"},
        outside=[
            {"key": "growth", "value": "warning 20%", "unit": 1},
            {"key": "growth", "value": "warning 20%", "unit": 4},
            {"key": "growth", "value": "warning 20%", "node": "SPA01/SKOV-DB01"},
        ],
    ),
    "severity.clear": Row(
        before=lambda site: [
            site.do("severity.set", {"key": "locked", "value": "ignored", "unit": unit}) for unit in (1, ACME, 4)
        ],
        inside={"key": "locked", "unit": "Acme ApS"},
        outside=[{"key": "locked", "unit": 1}, {"key": "locked", "unit": 4}],
    ),
    "unit.archive": Row(inside={"unit": "Acme ApS"}, outside=[{"unit": 4}, {"unit": "Skov Transport"}]),
    "unit.restore": Row(
        before=lambda site: [site.do("unit.archive", {"unit": unit}) for unit in (ACME, 4)],
        inside={"archived": ACME},
        outside=[{"archived": 4}],
    ),
    "node.assign": Row(
        before=acme_has_its_node,
        inside={"nodes": ["SPF01/FJORD-FS01", "SPA01/ACME-SQL01"], "unit": "Acme ApS"},
        outside=[
            {"nodes": ["SPF01/FJORD-FS01"], "unit": 4},
            {"nodes": ["SPF01/FJORD-FS01"], "unit": 1},
            {"nodes": ["SPA01/SKOV-DB01"], "unit": ACME},
            {"nodes": ["SPF01/FJORD-FS01", 3], "unit": ACME},
        ],
    ),
    "rule.set": Row(
        before=a_rule_for_all,
        inside={"unit": "Acme ApS", "server": "SPF01", "name": "F*"},
        outside=[
            {"unit": ACME, "name": "*"},  # would reach for everybody's nodes
            {"unit": ACME, "server": "SPA01", "name": "*"},
            {"unit": 4, "server": "SPF01", "name": "*"},
            {"unit": ACME, "server": "SPF01", "name": "F*", "rule": 1},
        ],
    ),
    "rule.remove": Row(
        before=lambda site: (a_rule_of_fjord(site), a_rule_for_all(site)), inside={"rule": 1}, outside=[{"rule": 2}]
    ),
    "server.add": Row(
        inside={"name": "SPF02", "doors": [SSH], "administrator": "A", "unit": ACME},
        outside=[
            {"name": "SPF02", "doors": [SSH], "administrator": "A", "unit": 1},
            {"name": "SPF02", "doors": [SSH], "administrator": "A", "unit": 4},
            {"name": "SPA01", "administrator": "X", "update": True},
            {"name": "SPF01", "unit": 4, "update": True},
            {"name": "SPF01", "unit": 1, "update": True},
        ],
    ),
    "server.remove": Row(inside={"name": "SPF01"}, outside=[{"name": "SPA01"}], typed_name="SPF01"),
    "filter.save": Row(
        inside={"name": "bad", "text": "status:failed", "unit": "Acme ApS"},
        outside=[
            {"name": "bad", "text": "status:failed", "unit": 1},
            {"name": "bad", "text": "status:failed", "unit": "Skov Transport"},
        ],
    ),
    "filter.forget": Row(
        before=filters_of_units,
        inside={"name": "bad", "unit": "Acme ApS"},
        outside=[{"name": "bad", "unit": 1}, {"name": "bad", "unit": 4}],
    ),
    "view.save": Row(inside={"report": "nodes", "columns": ["node", "stored"]}, outside=[], is_own=True),
    "setting.set": Row(inside={"key": "theme", "value": "daybook"}, outside=[], needs_top=True),
}

TABLE["history.freeze"] = Row(
    before=something_to_freeze,
    inside={"day": "2026-11-19", "unit": "Acme ApS"},
    outside=[{"day": "2026-11-19", "unit": unit} for unit in (1, 4)],
    is_only_told=True,
)

TABLE |= {
    "user.first": Row(inside={"name": "op-01"}, outside=[], needs_top=True, before_users=True),
    "role.create": Row(
        inside={"name": "Night shift", "rights": ["node.view"], "unit": "Acme ApS"},
        outside=[
            {"name": "Night shift", "rights": ["node.view"], "unit": 1},
            {"name": "Night shift", "rights": ["node.view"], "unit": 4},
        ],
        typed_name="Night shift",
    ),
    "role.edit": Row(
        before=people_of_units,
        inside={"role": "Acme readers", "rights": ["unit.view"]},
        outside=[{"role": "Skov readers", "rights": ["unit.view"]}],
        typed_name="Acme readers",
    ),
    "role.delete": Row(
        before=people_of_units,
        inside={"role": "Acme readers"},
        outside=[{"role": "Skov readers"}],
        typed_name="Acme readers",
    ),
    "user.create": Row(
        before=people_of_units,
        inside={"name": "acme2", "role": "Readers", "unit": "Acme ApS"},
        outside=[{"name": "acme2", "role": "Readers", "unit": unit} for unit in (1, 4)],
    ),
    "user.edit": Row(
        before=people_of_units,
        inside={"user": "acme1", "email": "acme1@acme.example"},
        outside=[{"user": "skov1", "email": "skov1@skov.example"}],
    ),
    "user.role": Row(
        before=people_of_units,
        inside={"user": "acme1", "role": "Acme readers"},
        outside=[{"user": "skov1", "role": "Skov readers"}],
        typed_name="acme1",
    ),
    "user.move": Row(
        before=people_of_units,
        inside={"user": "acme1", "unit": "."},
        outside=[{"user": "skov1", "unit": ACME}, {"user": "acme1", "unit": 4}, {"user": "acme1", "unit": 1}],
        typed_name="acme1",
    ),
    "user.lock": Row(before=people_of_units, inside={"user": "acme1"}, outside=[{"user": "skov1"}]),
    "user.unlock": Row(before=locked_people, inside={"user": "acme1"}, outside=[{"user": "skov1"}]),
    "user.remove-key": Row(
        before=people_with_keys,
        inside={"user": "acme1", "fingerprint": FINGERPRINT},
        outside=[{"user": "skov1", "fingerprint": FINGERPRINT}],
    ),
    "user.invite": Row(
        before=people_of_units, inside={"user": "acme1"}, outside=[{"user": "skov1"}], typed_name="acme1"
    ),
    "user.remove": Row(
        before=people_of_units, inside={"user": "acme1"}, outside=[{"user": "skov1"}], typed_name="acme1"
    ),
    "account.password": Row(inside={"password": "four words are better"}, outside=[], is_own=True),
    "account.add-key": Row(inside={"key": A_KEY}, outside=[], is_own=True),
    "account.remove-key": Row(
        prepare=lambda site, by: site.do("account.add-key", {"key": A_KEY}, by=by, proof=site.full_proof()),
        inside={"fingerprint": FINGERPRINT},
        outside=[],
        is_own=True,
    ),
    "account.second-factor": Row(inside={"secret": SEED, "code": CODE}, outside=[], is_own=True),
    "account.recovery-codes": Row(
        prepare=lambda site, by: site.do(
            "account.second-factor", {"secret": SEED, "code": CODE}, by=by, proof=site.full_proof()
        ),
        inside={},
        outside=[],
        is_own=True,
    ),
    "account.prefer": Row(inside={"key": "theme", "value": "daybook"}, outside=[], is_own=True),
    "session.end": Row(
        before=open_sessions,
        inside={"session": "of acme1"},
        outside=[{"session": "of skov1"}],
        is_only_told=True,
    ),
    "session.write": Row(inside={"reason": "ticket 4417"}, outside=[], is_own=True, is_only_told=True),
    "session.read": Row(inside={}, outside=[], is_own=True, is_only_told=True),
}


TABLE |= {
    "tag.create": Row(
        inside={"text": "vip", "unit": "Acme ApS"},
        outside=[{"text": "vip", "unit": 1}, {"text": "vip", "unit": 4}, {"text": "vip", "unit": "Skov Transport"}],
    ),
    "tag.rename": Row(
        before=tags_of_units,
        inside={"tag": "of-acme", "text": "gold"},
        outside=[{"tag": "of-skov", "text": "gold"}, {"tag": "of-all", "text": "gold"}],
    ),
    "tag.remove": Row(before=tags_of_units, inside={"tag": "of-acme"}, outside=[{"tag": "of-skov"}, {"tag": "of-all"}]),
    "tag.put": Row(
        before=tags_of_units,
        inside={"tags": ["of-all", "of-acme"], "nodes": ["SPA01/ACME-SQL01"], "units": ["Acme ApS"]},
        outside=[
            {"tags": "of-all", "units": [4]},
            {"tags": "of-all", "units": [1]},
            {"tags": "of-all", "units": [ACME], "nodes": ["SPA01/SKOV-DB01"]},
        ],
    ),
    "tag.take": Row(
        before=tags_on_units,
        inside={"tags": ["of-all"], "nodes": ["SPA01/ACME-SQL01"]},
        outside=[
            {"tags": "of-all", "units": [4]},
            {"tags": "of-all", "nodes": ["SPA01/SKOV-DB01"]},
            {"tags": "of-skov", "units": [ACME]},
        ],
    ),
}

TABLE |= {
    "comment.add": Row(
        inside={"nodes": ["SPF01/FJORD-FS01"], "text": "Rebooted.", "day": "2026-11-20"},
        outside=[{"nodes": ["SPA01/SKOV-DB01"], "text": "X"}, {"nodes": ["SPF01/FJORD-FS01", 3], "text": "X"}],
    ),
    "comment.edit": Row(
        before=a_comment_at_skov,
        prepare=a_comment_at_fjord,
        inside={"comment": 2, "text": "Rebooted twice."},
        outside=[{"comment": 1, "text": "X"}],
    ),
    "comment.remove": Row(
        before=a_comment_at_skov, prepare=a_comment_at_fjord, inside={"comment": 2}, outside=[{"comment": 1}]
    ),
    "problem.round": Row(
        inside={"problems": 14, "handled": 12, "seconds": 130},
        outside=[{"problems": 1, "handled": 1, "seconds": 1, "unit": unit} for unit in (1, 4)],
        is_only_told=True,
    ),
    "problem.mute": Row(
        inside={"nodes": ["SPF01/FJORD-FS01"], "day": "2026-11-20", "until": "2026-11-28"},
        outside=[
            {"nodes": ["SPA01/SKOV-DB01"], "until": "2026-11-28"},
            {"nodes": ["SPF01/FJORD-FS01", 3], "day": "2026-11-20", "until": "2026-11-28"},
        ],
    ),
    "problem.unmute": Row(
        before=muted_nodes,
        inside={"nodes": ["SPF01/FJORD-FS01"]},
        outside=[{"nodes": ["SPA01/SKOV-DB01"]}, {"nodes": ["SPF01/FJORD-FS01", 3]}],
    ),
    "problem.handle": Row(
        inside={"nodes": ["SPF01/FJORD-FS01"], "day": "2026-11-20", "state": "acknowledged"},
        outside=[
            {"nodes": ["SPA01/SKOV-DB01"], "day": "2026-11-20", "state": "resolved"},
            {"nodes": ["SPF01/FJORD-FS01", 3], "day": "2026-11-20", "state": "ignored"},
        ],
    ),
}


def typed_for(params: Params) -> str | None:
    """The name that somebody would type to confirm."""
    return params.get("user") or params.get("name") or params.get("role")
