"""Users: made with an invitation, moved, given a role, locked, and removed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any

from sqlalchemy import insert, update

from cloutui.actions.action import Change, Done, Target, about
from cloutui.actions.desk import Desk
from cloutui.actions.granting import (
    require_an_administrator_left,
    require_grantable,
    role_for,
    usable_roles,
    user_below,
)
from cloutui.actions.registry import register
from cloutui.errors import Conflict, Invalid, NotFound
from cloutui.model import one_time_codes
from cloutui.model.action_class import ActionClass
from cloutui.model.privilege import Privilege
from cloutui.model.safe_text import safe
from cloutui.model.secret import Secret
from cloutui.model.unit_path import UnitRef
from cloutui.records import access
from cloutui.records.access_tables import invitation, recovery_code, user_account, user_key
from cloutui.records.people import UserRecord

_NAME = re.compile(r"[a-z0-9][a-z0-9._@-]{0,63}", re.ASCII)
_EMAIL = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s,;<>\"]+")
_INVITATION_LASTS = timedelta(days=3)


@register(name="user.create", needs=Privilege.USER_CREATE, action_class=ActionClass.CHANGE)
@dataclass(frozen=True, slots=True, kw_only=True)
class CreateUser(Change):
    """Make a user. The answer holds the code of an invitation, which is shown this once."""

    name: Annotated[str, about("The name to sign in with: small letters, digits, dots, dashes and @.")]
    role: Annotated[str, about("What they may do.")]
    unit: Annotated[UnitRef, about("They see this unit and all below: a path or an id.")] = "."
    full_name: Annotated[str, about("Their name, for people.")] = ""
    email: Annotated[str, about("Where mail reaches them.")] = ""
    expires: Annotated[date | None, about("The day from which on they may not come in any more.")] = None

    def target(self, desk: Desk) -> Target:
        """The unit they live on is touched."""
        return Target(kind="user", name=self.name.strip().lower(), unit_ids=(desk.unit(self.unit).unit_id,))

    def change(self, desk: Desk) -> Done:
        """Raises: Conflict for a name that is taken; NotAllowed when the role allows what one lacks."""
        unit = desk.unit(self.unit)
        role = role_for(desk, self.role, unit.unit_id)
        require_grantable(desk.principal, role.privileges)
        told = {
            "full_name": checked_line("name", self.full_name),
            "email": checked_email(self.email),
            "expires_at": _midnight(self.expires),
        }
        user_id = add_user(desk, checked_user_name(desk, self.name), unit.unit_id, role.role_id, **told)
        return Done(
            sentence=f"Made the user “{self.name.strip().lower()}” of “{desk.path(unit.unit_id)}” as {role.name}.",
            target_id=user_id,
            after={"role": role.name, "unit_id": unit.unit_id, "expires": _day_text(self.expires)},
            shown={"invitation": invite(desk, user_id)},
        )


class _OfOneUser(Change):
    """An action about a user that the principal may act on."""

    __slots__ = ()
    user: str

    def target(self, desk: Desk) -> Target:
        """The user."""
        return user_target(user_below(desk, self.user))


@register(name="user.edit", needs=Privilege.USER_EDIT, action_class=ActionClass.CHANGE)
@dataclass(frozen=True, slots=True, kw_only=True)
class EditUser(_OfOneUser):
    """Change what is known of a user. Their role, unit and sign-in are changed by other actions."""

    user: Annotated[str, about("The user's name.")]
    full_name: Annotated[str | None, about("Their name, for people.")] = None
    email: Annotated[str | None, about("Where mail reaches them.")] = None
    expires: Annotated[date | None, about("The day from which on they may not come in any more.")] = None
    never_expires: Annotated[bool, about("Take the last day away.")] = False

    def change(self, desk: Desk) -> Done:
        """Raises: Invalid for an address that is none, or no change; Conflict for a last day of one's own."""
        user = user_below(desk, self.user)
        values: dict[str, Any] = {}
        if self.full_name is not None:
            values["full_name"] = checked_line("name", self.full_name)
        if self.email is not None:
            values["email"] = checked_email(self.email)
        if self.expires is not None or self.never_expires:
            values["expires_at"] = None if self.never_expires else _midnight(self.expires)
            if values["expires_at"] is not None:
                _require_other(desk, user)
                require_an_administrator_left(desk, user)
        values = {name: value for name, value in values.items() if value != getattr(user, name)}
        if not values:
            raise Invalid("Nothing would be changed.", hint="Give what is to be another than it is.")
        before = {name: _plain(getattr(user, name)) for name in values}
        set_user(desk, user.user_id, **values)
        after = {name: _plain(value) for name, value in values.items()}
        return Done(sentence=f"Changed the user “{user.name}”.", before=before, after=after)


@register(name="user.role", needs=Privilege.USER_EDIT, action_class=ActionClass.DESTROY)
@dataclass(frozen=True, slots=True, kw_only=True)
class GiveRole(_OfOneUser):
    """Give a user another role. It holds at once, also for who is signed in."""

    user: Annotated[str, about("The user's name.")]
    role: Annotated[str, about("What they may do from now on.")]

    def change(self, desk: Desk) -> Done:
        """Raises: NotAllowed when either role allows what one lacks; Conflict for the last administrator."""
        user = user_below(desk, self.user)
        role = role_for(desk, self.role, user.unit_id)
        require_grantable(desk.principal, role.privileges)
        require_an_administrator_left(desk, user)
        set_user(desk, user.user_id, role_id=role.role_id)
        return Done(
            sentence=f"“{user.name}” is {role.name} now, and was {user.role.name}.",
            before={"role": user.role.name},
            after={"role": role.name},
        )


@register(name="user.move", needs=Privilege.USER_EDIT, action_class=ActionClass.DESTROY)
@dataclass(frozen=True, slots=True, kw_only=True)
class MoveUser(Change):
    """Let a user live on another unit, and so see it and all below."""

    user: Annotated[str, about("The user's name.")]
    unit: Annotated[UnitRef, about("Their new unit: a path or an id.")]

    def target(self, desk: Desk) -> Target:
        """The user, and the unit they go to."""
        user = user_below(desk, self.user)
        return Target(
            kind="user", name=user.name, id=user.user_id, unit_ids=(user.unit_id, desk.unit(self.unit).unit_id)
        )

    def change(self, desk: Desk) -> Done:
        """Raises: Conflict when the role is not one of the new unit's, whatever another one there is called."""
        user, unit = user_below(desk, self.user), desk.unit(self.unit)
        if user.role.role_id not in {role.role_id for role in usable_roles(desk, unit.unit_id)}:
            hint = "Give them one of the roles there first, or hand theirs down."
            raise Conflict(f"The role “{user.role.name}” is none of “{desk.path(unit.unit_id)}”.", hint=hint)
        require_an_administrator_left(desk, user)
        set_user(desk, user.user_id, unit_id=unit.unit_id)
        return Done(
            sentence=f"“{user.name}” lives on “{desk.path(unit.unit_id)}” now.",
            before={"unit_id": user.unit_id},
            after={"unit_id": unit.unit_id},
        )


@register(name="user.lock", needs=Privilege.USER_EDIT, action_class=ActionClass.SERVICE)
@dataclass(frozen=True, slots=True, kw_only=True)
class LockUser(_OfOneUser):
    """Lock a user out. Their sessions end."""

    user: Annotated[str, about("The user's name.")]
    why: Annotated[str, about("Shown to administrators.")] = ""

    def change(self, desk: Desk) -> Done:
        """Raises: Conflict for oneself and for the last administrator."""
        user = user_below(desk, self.user)
        _require_other(desk, user)
        require_an_administrator_left(desk, user)
        set_user(desk, user.user_id, locked_at=desk.tx.at, lock_reason=checked_line("reason", self.why))
        return Done(sentence=f"Locked the user “{user.name}”.", after={"why": self.why})


@register(name="user.unlock", needs=Privilege.USER_EDIT, action_class=ActionClass.CHANGE)
@dataclass(frozen=True, slots=True, kw_only=True)
class UnlockUser(_OfOneUser):
    """Let a locked user in again, and forget wrong codes."""

    user: Annotated[str, about("The user's name.")]

    def change(self, desk: Desk) -> Done:
        """A user who is not locked stays as they are."""
        user = user_below(desk, self.user)
        set_user(desk, user.user_id, locked_at=None, lock_reason="", failed_codes=0, codes_locked_until=None)
        return Done(sentence=f"Unlocked the user “{user.name}”.", before={"why": user.lock_reason})


@register(name="user.remove-key", needs=Privilege.USER_EDIT, action_class=ActionClass.SERVICE)
@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveUserKey(_OfOneUser):
    """Let an SSH key open a user's account no more, such as one that was lost."""

    user: Annotated[str, about("The user's name.")]
    fingerprint: Annotated[str, about("The key's fingerprint, which begins with SHA256.")]

    def change(self, desk: Desk) -> Done:
        """Who has nothing else to come in with is invited anew. Raises: NotFound, Conflict for oneself."""
        user = user_below(desk, self.user)
        _require_other(desk, user)
        take_key(desk, user, self.fingerprint)
        said = f"Removed the key {self.fingerprint} of the user “{user.name}”."
        return Done(sentence=said, before={"fingerprint": self.fingerprint})


@register(name="user.invite", needs=Privilege.USER_EDIT, action_class=ActionClass.DESTROY)
@dataclass(frozen=True, slots=True, kw_only=True)
class InviteUser(_OfOneUser):
    """Take a user's password and second factor away, and make a new invitation, whose code is shown this once."""

    user: Annotated[str, about("The user's name.")]

    def change(self, desk: Desk) -> Done:
        """Their keys stay, and open nothing until they have set up what their role asks for."""
        user = user_below(desk, self.user)
        _require_other(desk, user)
        require_an_administrator_left(desk, user)
        drop_second_factor(desk, user.user_id)
        set_user(desk, user.user_id, password_hash=None, password_set_at=None)
        return Done(
            sentence=f"Invited the user “{user.name}” anew: password and second factor are gone.",
            shown={"invitation": invite(desk, user.user_id)},
        )


@register(name="user.remove", needs=Privilege.USER_DELETE, action_class=ActionClass.DESTROY)
@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveUser(_OfOneUser):
    """Remove a user for good. What they did stays in the activity log, and their name is free again."""

    user: Annotated[str, about("The user's name.")]

    def change(self, desk: Desk) -> Done:
        """Raises: Conflict for oneself and for the last administrator."""
        user = user_below(desk, self.user)
        _require_other(desk, user)
        require_an_administrator_left(desk, user)
        drop_second_factor(desk, user.user_id)
        set_user(desk, user.user_id, archived_at=desk.tx.at, password_hash=None)
        return Done(sentence=f"Removed the user “{user.name}”.", before={"role": user.role.name, "name": user.name})


# What the actions share, and those of one's own account.


def user_target(user: UserRecord) -> Target:
    """A user, in the unit they live on."""
    return Target(kind="user", name=user.name, id=user.user_id, unit_ids=(user.unit_id,))


def add_user(desk: Desk, name: str, unit_id: int, role_id: int, **told: Any) -> int:
    """Write a user who has nothing to sign in with yet; their id."""
    values = {
        "full_name": "",
        "email": "",
        "lock_reason": "",
        "totp_step": 0,
        "failed_codes": 0,
        "preferences": {},
        "last_sign_in_from": "",
        "failed_since": 0,
        **told,
    }
    made = desk.connection.execute(
        insert(user_account).values(name=name, unit_id=unit_id, role_id=role_id, created_at=desk.tx.at, **values)
    )
    assert made.inserted_primary_key is not None
    return int(made.inserted_primary_key[0])


def take_key(desk: Desk, user: UserRecord, fingerprint: str) -> None:
    """Let a key of this user open nothing any more. Raises: NotFound."""
    wanted = (
        user_key.c.user_id == user.user_id,
        user_key.c.fingerprint == fingerprint,
        user_key.c.removed_at.is_(None),
    )
    if not desk.connection.execute(update(user_key).where(*wanted).values(removed_at=desk.tx.at)).rowcount:
        raise NotFound("key", fingerprint)


def set_user(desk: Desk, user_id: int, **values: Any) -> None:
    """Change columns of a user."""
    if values:
        desk.connection.execute(update(user_account).where(user_account.c.user_id == user_id).values(**values))


def invite(desk: Desk, user_id: int) -> Secret:
    """A new invitation in place of any older one; its code."""
    code = one_time_codes.new_code()
    table = invitation
    open_ones = (table.c.user_id == user_id, table.c.ended_at.is_(None))
    desk.connection.execute(update(table).where(*open_ones).values(ended_at=desk.tx.at))
    desk.connection.execute(
        insert(table).values(
            user_id=user_id,
            code_hash=one_time_codes.code_hash(code),
            made_at=desk.tx.at,
            expires_at=desk.tx.at + _INVITATION_LASTS,
        )
    )
    return Secret(code)


def drop_second_factor(desk: Desk, user_id: int) -> None:
    """Forget the secret of a user's app, and the recovery codes."""
    row = desk.connection.execute(user_account.select().where(user_account.c.user_id == user_id)).one()
    desk.forget_secret(row.totp_secret)
    set_user(desk, user_id, totp_secret=None, failed_codes=0, codes_locked_until=None)
    unused = (recovery_code.c.user_id == user_id, recovery_code.c.used_at.is_(None))
    desk.connection.execute(update(recovery_code).where(*unused).values(used_at=desk.tx.at))


def checked_user_name(desk: Desk, name: str) -> str:
    """In small letters. Raises: Invalid; Conflict when it is taken, wherever that user lives."""
    name = name.strip().lower()
    if not _NAME.fullmatch(name):
        raise Invalid(
            "The name of a user has small letters, digits and . _ @ - and at most 64 of them.",
            hint="Start with a letter or a digit.",
        )
    if access.user_named(desk.connection, name) is not None:
        raise Conflict(f"The name “{name}” is taken.", hint="Choose another name.")
    return name


def checked_email(email: str) -> str:
    """One plain address, or nothing. Raises: Invalid."""
    email = email.strip()
    if email and (len(email) > 254 or safe(email) != email or not _EMAIL.fullmatch(email)):
        raise Invalid("This is no e-mail address.", hint="One address, such as name@example.org.")
    return email


def checked_line(what: str, text: str) -> str:
    """A short line that can be shown. Raises: Invalid."""
    text = text.strip()
    if len(text) > 200 or safe(text) != text:
        raise Invalid(f"The {what} is too long, or holds characters that cannot be shown.", hint="Shorten it.")
    return text


def _require_other(desk: Desk, user: UserRecord) -> None:
    if user.user_id == desk.principal.user_id:
        raise Conflict("That is you.", hint="Ask another administrator.")


def _midnight(day: date | None) -> datetime | None:
    from datetime import UTC

    return None if day is None else datetime.combine(day, time(), UTC)


def _day_text(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value
