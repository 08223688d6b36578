"""The first administrator. From then on nobody comes in without being somebody."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from sqlalchemy import insert

from cloutui.actions.account import first_step, new_recovery_codes
from cloutui.actions.action import Change, Done, Target, about
from cloutui.actions.desk import Desk
from cloutui.actions.registry import register
from cloutui.actions.users import add_user, checked_email, checked_line, checked_user_name, invite
from cloutui.errors import Conflict, Invalid
from cloutui.model.action_class import ActionClass
from cloutui.model.privilege import Privilege
from cloutui.model.role import ADMINISTRATOR, BUILTIN_ROLES, BuiltinRole
from cloutui.model.secret import Secret
from cloutui.records import access, passwords
from cloutui.records.access_tables import role


@register(name="user.first", needs=Privilege.USER_CREATE, action_class=ActionClass.CHANGE)
@dataclass(frozen=True, slots=True, kw_only=True)
class FirstUser(Change):
    """Make the first administrator and the built-in roles. Without a second factor the answer holds an invitation."""

    name: Annotated[str, about("The name to sign in with: small letters, digits, dots, dashes and @.")]
    os_user: Annotated[str | None, about("The user of this host that this is: comes in here without a sign-in.")] = None
    full_name: Annotated[str, about("Their name, for people.")] = ""
    email: Annotated[str, about("Where mail reaches them.")] = ""
    password: Annotated[Secret | None, about("A password: 12 characters or more.")] = None
    secret: Annotated[Secret | None, about("What an authenticator app was given: base 32.")] = None
    code: Annotated[Secret | None, about("The code that the app shows now.")] = None

    def password_to_hash(self) -> Secret | None:
        """Theirs, when one is given."""
        return self.password

    def target(self, desk: Desk) -> Target:
        """Everybody is touched, so it is the top of the tree."""
        return Target(kind="user", name=self.name.strip().lower(), unit_ids=(_top(desk),))

    def change(self, desk: Desk) -> Done:
        """Raises: Conflict when there are users; Invalid for a weak password, or a code that does not fit."""
        if access.has_users(desk.connection):
            raise Conflict("There are users already.", hint="Ask an administrator to make you one.")
        name = checked_user_name(desk, self.name)
        told: dict[str, Any] = {
            "full_name": checked_line("name", self.full_name),
            "email": checked_email(self.email),
            "os_user": checked_line("user of this host", self.os_user or "") or None,
        }
        if self.password is not None:
            passwords.check_password(self.password, name=name)
            told["password_hash"] = desk.password_hash
            told["password_set_at"] = desk.tx.at
        if self.secret is not None:
            told["totp_step"] = first_step(self.secret, self.code or Secret(""), desk.tx.at, after=0)
            told["totp_secret"] = desk.keep_secret(f"user/{name}/totp", self.secret)
        user_id = add_user(desk, name, _top(desk), _roles(desk)[ADMINISTRATOR.key], **told)
        return Done(
            sentence=f"Made the first administrator, “{name}”.",
            target_id=user_id,
            after={"role": ADMINISTRATOR.name, "os_user": told["os_user"]},
            shown=self._shown(desk, user_id),
        )

    def _shown(self, desk: Desk, user_id: int) -> dict[str, Secret]:
        if self.secret is not None:
            return {"recovery_codes": new_recovery_codes(desk, user_id)}
        if self.password is not None:
            raise Invalid("A password alone is not enough for an administrator.", hint="Give a second factor too.")
        return {"invitation": invite(desk, user_id)}


def _top(desk: Desk) -> int:
    return next(iter(desk.tree)).unit_id


def _roles(desk: Desk) -> dict[str, int]:
    """The built-in roles, made; their ids by key."""
    return {builtin.key: _role(desk, builtin) for builtin in BUILTIN_ROLES.values()}


def _role(desk: Desk, builtin: BuiltinRole) -> int:
    made = desk.connection.execute(
        insert(role).values(
            unit_id=_top(desk),
            name=builtin.name,
            description=builtin.description,
            builtin=builtin.key,
            privileges=[],
            is_inheritable=True,
            needs_second_factor=builtin.needs_second_factor,
            created_at=desk.tx.at,
        )
    )
    assert made.inserted_primary_key is not None
    return int(made.inserted_primary_key[0])
