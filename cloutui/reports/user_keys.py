"""The SSH keys that let users in: of one user, or of all in sight. And one's own."""

from __future__ import annotations

from dataclasses import dataclass, field

from cloutui.model.privilege import Privilege
from cloutui.model.table import Column, Kind
from cloutui.reports.registry import Report, register

_KEY = (
    Column(name="kind", kind=Kind.TEXT, priority=4),
    Column(name="fingerprint", kind=Kind.TEXT),
    Column(name="comment", kind=Kind.TEXT, priority=2),
    Column(name="added", kind=Kind.TIME, priority=3),
    Column(name="last_used", kind=Kind.AGE, title="last used", priority=2),
)
_NAMED = "kind, fingerprint, comment, added_at AS added, last_used_at AS last_used"


@dataclass(frozen=True, slots=True, kw_only=True)
class WhoseKeys:
    """Whose."""

    user: str | None = field(default=None, metadata={"help": "Only this user's, by name."})


USER_KEYS = register(
    Report(
        name="user-keys",
        needs=Privilege.USER_VIEW,
        summary="SSH keys of users, with when each was last used.",
        params=WhoseKeys,
        columns=(Column(name="user", kind=Kind.TEXT), *_KEY, Column(name="user_id", kind=Kind.COUNT, priority=9)),
        sql=f"""
            SELECT "user", {_NAMED}, user_id FROM scoped_user_key WHERE $user IS NULL OR "user" = lower($user)
            ORDER BY "user", added_at, user_key_id
        """,
    )
)

MY_KEYS = register(
    Report(
        name="my-keys",
        needs=Privilege.ACCOUNT_EDIT,
        summary="One's own SSH keys, with when each was last used.",
        columns=_KEY,
        sql=f"SELECT {_NAMED} FROM scoped_own_key ORDER BY added_at, user_key_id",
    )
)
