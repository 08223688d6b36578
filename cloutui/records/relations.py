"""What reports may read of the records: rows of plain values, and nothing that lets anybody in.

Scope is not decided here. The units that a question is about come with it, so that little is read; what of the rows is
shown, `cloutui.reports.scope` says.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select

from cloutui.model.unit_setting import UNIT_SETTINGS, SettingRow, in_force, shown
from cloutui.records import (
    access,
    comments,
    find,
    frozen_rows,
    handling,
    history,
    rules,
    schema,
    severity_preview,
    tags,
)
from cloutui.records.access_tables import recovery_code, user_account, user_key
from cloutui.records.people import UserRecord
from cloutui.records.relation import Relation, Row, Wanted, among, typed
from cloutui.records.rows import HowAssigned

MOST_LINES = 20_000
"""Of the activity log, in one answer."""


# Users, their keys and their sessions.

_USER = typed(
    *("user_id", "unit_id", "name", "full_name", "email", "os_user", "role_id", "role", "standing", "second_factor"),
    *("has_password", "keys", "last_sign_in_at", "last_sign_in_from", "failed_since", "expires_at", "locked_at"),
    *("lock_reason", "created_at", "preferences"),
)


def _user_row(user: UserRecord, now: datetime) -> Row:
    needs_more = user.role.needs_second_factor
    return (
        *(user.user_id, user.unit_id, user.name, user.full_name, user.email, user.os_user),
        *(user.role.role_id, user.role.name),
        *(user.standing(now).value, "on" if user.has_second_factor else "due" if needs_more else "off"),
        *(user.has_password, user.keys, user.last_sign_in_at, user.last_sign_in_from, user.failed_since),
        *(user.expires_at, user.locked_at, user.lock_reason, user.created_at, json.dumps(dict(user.preferences))),
    )


def _users(connection: Connection, wanted: Wanted) -> Iterator[Row]:
    found = access.users(connection, among(user_account.c.unit_id, wanted.units))
    return (_user_row(user, wanted.now) for user in found)


_SELF = typed(*_USER, "password_set_at", "recovery_codes")


def _self(connection: Connection, wanted: Wanted) -> Iterator[Row]:
    """Who asks; the second thing to have lost is the paper with the recovery codes, so they are counted."""
    own = user_account.c.user_id == wanted.values["self"]
    code = recovery_code.c
    left = select(func.count()).where(code.user_id == wanted.values["self"], code.used_at.is_(None))
    for user in access.users(connection, own):
        set_at = connection.execute(select(user_account.c.password_set_at).where(own)).scalar_one()
        yield (*_user_row(user, wanted.now), set_at, connection.execute(left).scalar_one())


_HOLDER = typed("user_id", "unit_id", "role_id")


def _holders(connection: Connection, wanted: Wanted) -> Iterator[Row]:
    """Who has which role: enough to count them, and quicker than all there is to say of them."""
    user = user_account.c
    asked = select(user.user_id, user.unit_id, user.role_id).where(user.archived_at.is_(None))
    return (tuple(row) for row in connection.execute(asked.where(among(user.unit_id, wanted.units))))


_KEY = typed(
    *("user_key_id", "user_id", "unit_id", "user", "kind", "fingerprint", "comment", "added_at", "last_used_at")
)


def _keys_of(connection: Connection, whose: ColumnElement[bool]) -> Iterator[Row]:
    key, user = user_key.c, user_account.c
    named = (key.user_key_id, key.user_id, user.unit_id, user.name, key.public_key)
    asked = select(*named, key.fingerprint, key.comment, key.added_at, key.last_used_at).join_from(
        user_key, user_account, user.user_id == key.user_id
    )
    present = (key.removed_at.is_(None), user.archived_at.is_(None), whose)
    for *ids, public_key, fingerprint, comment, added_at, used_at in connection.execute(asked.where(*present)):
        yield (*ids, public_key.partition(" ")[0], fingerprint, comment, added_at, used_at)


def _keys(connection: Connection, wanted: Wanted) -> Iterator[Row]:
    return _keys_of(connection, among(user_account.c.unit_id, wanted.units))


def _own_keys(connection: Connection, wanted: Wanted) -> Iterator[Row]:
    return _keys_of(connection, user_account.c.user_id == wanted.values["self"])


_SESSION = typed(
    *("session_id", "user_id", "user", "unit_id", "since", "came_from", "face", "idle_s", "columns", "rows"),
    "is_writing",
)


def _sessions(_connection: Connection, wanted: Wanted) -> Iterator[Row]:
    return (tuple(getattr(session, name) for name in _SESSION) for session in wanted.sessions())


# Roles.

_ROLE = typed(
    *("role_id", "unit_id", "name", "description", "is_builtin", "rights", "is_inheritable", "needs_second_factor")
)


def _roles(connection: Connection, wanted: Wanted) -> Iterator[Row]:
    """Those made in the units, and above them: some of these are handed down. `rights`: with blanks between them."""
    units = None if wanted.units is None else {*wanted.units, *wanted.branch}
    for role in access.roles(connection):
        if units is None or role.unit_id in units:
            rights = " ".join(sorted(role.privileges))
            yield (
                *(role.role_id, role.unit_id, role.name, role.description, role.builtin is not None),
                *(rights, role.is_inheritable, role.needs_second_factor),
            )


# The activity log.

_LINE = (
    *("seq", "at", "actor", "role", "face", "session_id", "action", "action_class", "unit_id", "target_kind"),
    *("target_name", "sentence", "outcome", "reason", "actor_unit_id"),
)
_ENTRY = (*_LINE, "target_id", "params", "before", "after", "intent_seq", "hash")


def _activity(connection: Connection, wanted: Wanted, names: Sequence[str], *which: ColumnElement[bool]) -> list[Row]:
    table = schema.activity
    asked = select(*(table.c[name] for name in names)).where(among(table.c.unit_id, wanted.units), *which)
    newest = connection.execute(asked.order_by(table.c.seq.desc()).limit(MOST_LINES + 1))
    return [(seq, datetime.fromisoformat(at), *others) for seq, at, *others in newest]


def _lines(connection: Connection, wanted: Wanted) -> list[Row]:
    """Those of the days from `since` to before `until` (aware moments), of the actor `user` if one is named."""
    table, values = schema.activity, wanted.values
    which = [table.c.at >= schema.moment_text(values["since"]), table.c.at < schema.moment_text(values["until"])]
    if values["user"] is not None:
        which.append(table.c.actor == values["user"])
    return _activity(connection, wanted, _LINE, *which)


def _entry(connection: Connection, wanted: Wanted) -> list[Row]:
    return _activity(connection, wanted, _ENTRY, schema.activity.c.seq == wanted.values["seq"])


# Settings and rules.

_SETTING = typed(*("unit_id", "place", "key", "help", "inheritance", "value", "source", "valid_from", "set_on_id"))


def _unit_settings(connection: Connection, wanted: Wanted) -> Iterator[Row]:
    """What is in force for the scope's own unit today, and from where it has it."""
    table = schema.unit_setting
    asked = select(table.c.unit_id, table.c.key, table.c.value, table.c.valid_from)
    own, today = wanted.branch[0], wanted.values["today"]
    by_unit = _by_unit(connection.execute(asked.where(among(table.c.unit_id, wanted.branch))))
    for place, key in enumerate(UNIT_SETTINGS.values()):
        value, set_on = in_force(today, wanted.branch, key, by_unit)
        source = "default" if set_on is None else "own" if set_on == own else "inherited"
        since = None if set_on is None else _begun(by_unit[set_on], key.name, today)
        yield (own, place, key.name, key.help, key.inheritance.value, shown(value), source, since, set_on)


def _by_unit(rows: Iterable[Any]) -> dict[int, list[SettingRow]]:
    found: dict[int, list[SettingRow]] = {}
    for row in rows:
        found.setdefault(row.unit_id, []).append(SettingRow._make(row))
    return found


def _begun(rows: Iterable[SettingRow], key: str, today: date) -> date | None:
    """From which day on the value that is in force holds; None: since the beginning."""
    days = [row.valid_from for row in rows if row.key == key and row.valid_from and row.valid_from <= today]
    return max(days, default=None)


_RULE = typed("rule_id", "position", "unit_id", "server_id", "domain", "name", "contact", "nodes")


def _rules(connection: Connection, wanted: Wanted) -> Iterator[Row]:
    """Each with the nodes that it holds now."""
    table = schema.assignment
    by_rule = (table.c.how == HowAssigned.RULE.value, table.c.valid_to.is_(None), table.c.rule_id.is_not(None))
    asked = select(table.c.rule_id, func.count().label("nodes")).where(*by_rule).group_by(table.c.rule_id)
    held = {row.rule_id: row.nodes for row in connection.execute(asked)}
    for rule in rules.read(connection):
        if wanted.units is None or rule.unit_id in wanted.units:
            conditions = (rule.server_id, rule.domain, rule.name, rule.contact)
            yield (rule.rule_id, rule.position, rule.unit_id, *conditions, held.get(rule.rule_id, 0))


RECORD_RELATIONS: Mapping[str, Relation] = {
    "record_severity_after": severity_preview.AFTER,
    "record_user": Relation(columns=_USER, read=_users),
    "record_holder": Relation(columns=_HOLDER, read=_holders),
    "record_self": Relation(columns=_SELF, read=_self),
    "record_user_key": Relation(columns=_KEY, read=_keys),
    "record_own_key": Relation(columns=_KEY, read=_own_keys),
    "record_session": Relation(columns=_SESSION, read=_sessions),
    "record_role": Relation(columns=_ROLE, read=_roles),
    "record_activity": Relation(columns=typed(*_LINE), read=_lines, most=MOST_LINES),
    "record_activity_entry": Relation(columns=typed(*_ENTRY), read=_entry),
    "record_unit_setting": Relation(columns=_SETTING, read=_unit_settings),
    "record_rule": Relation(columns=_RULE, read=_rules),
    "record_filter_tag": tags.FILTER_TAGS,
    "record_found_user": find.FOUND_USERS,
    "record_found_comment": find.FOUND_COMMENTS,
    "record_comment": comments.RELATION,
    "record_handling_line": handling.LINES,
    "record_frozen_row": frozen_rows.ROWS,
    "record_frozen_node": frozen_rows.NODES,
    "record_history_day": history.DAYS,
    "record_history_unit": history.UNITS,
}
"""By the name that `cloutui.reports.scope` has for it; beside those of `records.handled`."""
