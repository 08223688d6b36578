"""A glance at the records: what is asked of them before any other question is answered, put to SQLite itself.

Who asks, what they may do, and whether the cache has what people decided: the first answer of a console waits for no
more than that. To load SQLAlchemy takes longer than the whole answer, so it is loaded for what comes after it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, date, datetime
from typing import Any

from cloutui.errors import Broken, NotFound
from cloutui.model.unit_setting import TWO_FACTORS, SettingRow
from cloutui.model.unit_tree import build_tree
from cloutui.records.people import ROLE_FIELDS, USER_FIELDS, UserRecord, strict_among, user_record
from cloutui.records.plain import Rows


class Glance:
    """What may be asked at a glance. Each takes well below a millisecond. All raise Broken and Busy."""

    def __init__(self, rows: Rows) -> None:
        self.rows = rows

    def revision(self) -> str | None:
        """The revision of the records. None where they say none: opening them properly tells why."""
        with suppress(Broken):
            return next((str(said) for (said,) in self.rows("SELECT version_num FROM alembic_version", ())), None)
        return None

    def root_unit_id(self) -> int:
        """The unit at the top."""
        return int(self._value("SELECT unit_id FROM unit WHERE parent_id IS NULL"))

    def version(self) -> int:
        """How often what the cache copies has changed."""
        return int(self._value("SELECT value FROM state WHERE name = 'dimensions'"))

    def last_line(self, table: str) -> int:
        """The number of the newest line of a table that is only ever added to; 0 when there is none."""
        return int(self._value(f"SELECT coalesce(max({table}_id), 0) FROM {table}"))

    def keeps(self, day: date) -> bool:
        """Whether anything that was frozen of a day is still there."""
        asked = "SELECT 1 FROM frozen_day WHERE day = ? AND dropped_at IS NULL LIMIT 1"
        return bool(self.rows(asked, (day.isoformat(),)))

    def setting(self, key: str) -> str | None:
        """What people said for the whole installation; None when nobody did."""
        found = self.rows("SELECT value FROM setting WHERE key = ?", (key,))
        return str(json.loads(found[0][0])) if found else None

    def saved_columns(self, owner: str) -> dict[str, tuple[str, ...]]:
        """By report: the columns that somebody chose, in their order."""
        rows = self.rows("SELECT report, columns FROM saved_columns WHERE owner = ?", (owner,))
        return {report: tuple(json.loads(names)) for report, names in rows}

    # Who asks.

    def has_users(self) -> bool:
        """Whether `cloutui init` has been here: from then on nobody is without a name."""
        return bool(self._value("SELECT EXISTS (SELECT 1 FROM user_account)"))

    def user(self, user_id: int) -> UserRecord:
        """Also one that was removed. Raises: NotFound."""
        found = self._user("u.user_id = ?", user_id)
        if found is None:
            raise NotFound("user", str(user_id))
        return found

    def user_of_host(self, os_user: str) -> UserRecord | None:
        """The present user that the operating system's user is."""
        return self._user("u.os_user = ? AND u.archived_at IS NULL", os_user)

    def _user(self, which: str, value: object) -> UserRecord | None:
        for row in self.rows(f"{_USER} WHERE {which}", (value,)):
            told = {name: _READ.get(name, _as_it_is)(found) for name, found in zip(_TOLD, row, strict=True)}
            return user_record(told, self._strict_units())
        return None

    def _strict_units(self) -> frozenset[int]:
        if not self.rows("SELECT 1 FROM unit_setting WHERE key = ? LIMIT 1", (TWO_FACTORS.name,)):
            return frozenset()
        said: dict[int, list[SettingRow]] = {}
        for unit_id, key, value, since in self.rows("SELECT unit_id, key, value, valid_from FROM unit_setting", ()):
            row = SettingRow(unit_id, key, _json(value), date.fromisoformat(since) if since else None)
            said.setdefault(unit_id, []).append(row)
        tree = build_tree(self.rows("SELECT unit_id, parent_id, name FROM unit", ()))
        return strict_among(tree, said, datetime.now(UTC).date())

    def _value(self, sql: str) -> Any:
        ((value,),) = self.rows(sql, ())
        return value


def _as_it_is(value: Any) -> Any:
    return value


def _json(value: str | None) -> Any:
    return None if value is None else json.loads(value)


def _moment(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value)


_TOLD = (*USER_FIELDS, "password_hash", "totp_secret", "keys", *(f"role_{name}" for name in ROLE_FIELDS))
_READ: Mapping[str, Callable[[Any], Any]] = {
    **dict.fromkeys((name for name in USER_FIELDS if name.endswith(("_at", "_until"))), _moment),
    **dict.fromkeys(("preferences", "role_privileges"), _json),
    **dict.fromkeys(("role_is_inheritable", "role_needs_second_factor"), bool),
}
_USER = f"""
SELECT {", ".join(f"u.{name}" for name in (*USER_FIELDS, "password_hash", "totp_secret"))},
       (SELECT count(*) FROM user_key AS k WHERE k.user_id = u.user_id AND k.removed_at IS NULL),
       {", ".join(f"r.{name}" for name in ROLE_FIELDS)}
FROM user_account AS u JOIN role AS r ON r.role_id = u.role_id
"""
