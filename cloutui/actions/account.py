"""One's own account: password, keys, second factor, recovery codes, preferences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from sqlalchemy import insert, select, update

from cloutui.actions.action import Change, Done, Target, about
from cloutui.actions.desk import Desk
from cloutui.actions.registry import register
from cloutui.actions.users import checked_line, drop_second_factor, set_user, take_key, user_target
from cloutui.errors import AccessEnded, Conflict, Invalid
from cloutui.model import one_time_codes
from cloutui.model.action_class import ActionClass
from cloutui.model.privilege import Privilege
from cloutui.model.secret import Secret
from cloutui.records import access, passwords
from cloutui.records.access_tables import recovery_code, user_account, user_key
from cloutui.records.people import UserRecord

_MOST_KEYS = 20
_KEY_KINDS = ("ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ssh-rsa", "sk-ssh-ed25519@openssh.com")
_LEAST_RSA_BITS = 3072
_MOST_PREFERENCES = 40


class _OwnAccount(Change):
    """An action that is always about oneself."""

    __slots__ = ()

    def target(self, desk: Desk) -> Target:
        """Oneself."""
        return user_target(_self(desk))


@register(name="account.password", needs=Privilege.ACCOUNT_EDIT, action_class=ActionClass.CHANGE)
@dataclass(frozen=True, slots=True, kw_only=True)
class SetPassword(_OwnAccount):
    """Set one's own password."""

    password: Annotated[Secret, about("The new password: 12 characters or more.")]

    def password_to_hash(self) -> Secret:
        """The new one."""
        return self.password

    def change(self, desk: Desk) -> Done:
        """Raises: Invalid for a weak one."""
        user = _self(desk)
        passwords.check_password(self.password, name=user.name)
        set_user(desk, user.user_id, password_hash=desk.password_hash, password_set_at=desk.tx.at)
        return Done(sentence="Set a new password." if user.has_password else "Set a password.")


@register(name="account.add-key", needs=Privilege.ACCOUNT_EDIT, action_class=ActionClass.CHANGE)
@dataclass(frozen=True, slots=True, kw_only=True)
class AddKey(_OwnAccount):
    """Let an SSH key open one's own account."""

    key: Annotated[str, about("The public key: the one line of a .pub file.")]
    comment: Annotated[str | None, about("What to call it; else the comment in the line.")] = None

    def change(self, desk: Desk) -> Done:
        """Raises: Invalid for what is no public key, or a weak one; Conflict for one that is there."""
        user = _self(desk)
        public, fingerprint, comment = _checked_key(self.key)
        table = user_key
        present = (table.c.user_id == user.user_id, table.c.removed_at.is_(None))
        known = set(desk.connection.execute(select(table.c.fingerprint).where(*present)).scalars())
        if fingerprint in known:
            raise Conflict(f"The key {fingerprint} is there already.", hint="Nothing is to be done.")
        if len(known) >= _MOST_KEYS:
            raise Conflict(f"There are {len(known)} keys already.", hint="Remove one that is not used any more.")
        comment = checked_line("comment", self.comment if self.comment is not None else comment)
        desk.connection.execute(
            insert(table).values(
                user_id=user.user_id, public_key=public, fingerprint=fingerprint, comment=comment, added_at=desk.tx.at
            )
        )
        return Done(sentence=f"Added the key {fingerprint}.", after={"fingerprint": fingerprint, "comment": comment})


@register(name="account.remove-key", needs=Privilege.ACCOUNT_EDIT, action_class=ActionClass.CHANGE)
@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveKey(_OwnAccount):
    """Let a key open one's own account no more."""

    fingerprint: Annotated[str, about("The key's fingerprint, which begins with SHA256.")]

    def change(self, desk: Desk) -> Done:
        """Raises: NotFound; Conflict when it is the last thing to come in with."""
        user = _self(desk)
        if user.keys == 1 and not user.has_password and user.os_user is None:
            raise Conflict("This key is the last thing you can come in with.", hint="Set a password first.")
        take_key(desk, user, self.fingerprint)
        return Done(sentence=f"Removed the key {self.fingerprint}.", before={"fingerprint": self.fingerprint})


@register(name="account.second-factor", needs=Privilege.ACCOUNT_EDIT, action_class=ActionClass.CHANGE)
@dataclass(frozen=True, slots=True, kw_only=True)
class SetSecondFactor(_OwnAccount):
    """Set up an authenticator app as second factor. The answer holds recovery codes, which are shown this once."""

    secret: Annotated[Secret, about("What the app was given: base 32.")]
    code: Annotated[Secret, about("The code that the app shows now.")]

    def change(self, desk: Desk) -> Done:
        """Raises: Invalid when the code does not fit the secret: nothing is changed then, and nobody locked out."""
        user = _self(desk)
        stored = select(user_account.c.totp_step).where(user_account.c.user_id == user.user_id)
        step = first_step(self.secret, self.code, desk.tx.at, after=desk.connection.execute(stored).scalar_one())
        drop_second_factor(desk, user.user_id)
        name = desk.keep_secret(f"user/{user.name}/totp", self.secret)
        set_user(desk, user.user_id, totp_secret=name, totp_step=step)
        return Done(
            sentence="Set up a new second factor." if user.has_second_factor else "Set up a second factor.",
            shown={"recovery_codes": new_recovery_codes(desk, user.user_id)},
        )


@register(name="account.recovery-codes", needs=Privilege.ACCOUNT_EDIT, action_class=ActionClass.CHANGE)
@dataclass(frozen=True, slots=True, kw_only=True)
class NewRecoveryCodes(_OwnAccount):
    """Make new recovery codes; the old ones are good for nothing any more. They are shown this once."""

    def change(self, desk: Desk) -> Done:
        """Raises: Conflict without a second factor to recover."""
        user = _self(desk)
        if not user.has_second_factor:
            raise Conflict("There is no second factor to recover.", hint="Set one up first.")
        table = recovery_code
        unused = (table.c.user_id == user.user_id, table.c.used_at.is_(None))
        desk.connection.execute(update(table).where(*unused).values(used_at=desk.tx.at))
        return Done(
            sentence="Made new recovery codes.", shown={"recovery_codes": new_recovery_codes(desk, user.user_id)}
        )


@register(name="account.prefer", needs=Privilege.ACCOUNT_EDIT, action_class=ActionClass.NOTE)
@dataclass(frozen=True, slots=True, kw_only=True)
class Prefer(_OwnAccount):
    """Set a preference of one's own, such as the theme."""

    key: Annotated[str, about("Which one: theme, glyphs, keys, start, time_zone or csv.")]
    value: Annotated[str | None, about("Its value; nothing, to go back to what the installation says.")] = None

    def change(self, desk: Desk) -> Done:
        """Raises: Invalid for a key or a value that cannot be one."""
        from cloutui.model.preference import checked_preference

        user = _self(desk)
        value = None if self.value in (None, "") else checked_preference(self.key, str(self.value))
        kept: dict[str, Any] = {name: old for name, old in user.preferences.items() if name != self.key}
        if value is not None:
            kept[self.key] = value
        if len(kept) > _MOST_PREFERENCES:
            raise Conflict("There are too many preferences.", hint="Take one back first.")
        set_user(desk, user.user_id, preferences=kept)
        before: Mapping[str, Any] = {"value": user.preferences.get(self.key)}
        return Done(sentence=f"Prefers {self.key} {value or 'as installed'}.", before=before, after={"value": value})


def _self(desk: Desk) -> UserRecord:
    """Raises: AccessEnded for a principal that is nobody in the records."""
    if desk.principal.user_id is None:
        raise AccessEnded("you have no account here")
    return access.user(desk.connection, desk.principal.user_id)


def first_step(secret: Secret, code: Secret, now: datetime, *, after: int) -> int:
    """The step of a code that shows that the app has the secret. Raises: Invalid."""
    import binascii

    try:
        step = one_time_codes.step_of(secret, code.reveal().strip(), now, after=after)
    except (binascii.Error, ValueError):
        raise Invalid("This is no secret of an authenticator app.", hint="It is written in base 32.") from None
    if step is None:
        raise Invalid("The code does not fit.", hint="Check the clock of the phone, then give the next code.")
    return step


def new_recovery_codes(desk: Desk, user_id: int) -> Secret:
    """As many as there are to be, one a line."""
    codes = [one_time_codes.new_code() for _ in range(one_time_codes.RECOVERY_CODES)]
    rows = [{"user_id": user_id, "code_hash": one_time_codes.code_hash(code), "made_at": desk.tx.at} for code in codes]
    desk.connection.execute(insert(recovery_code), rows)
    return Secret("\n".join(codes))


def _checked_key(line: str) -> tuple[str, str, str]:
    """The key without its comment, its fingerprint, and the comment. Raises: Invalid."""
    import base64
    import hashlib

    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
    from cryptography.hazmat.primitives.serialization import load_ssh_public_key

    if "PRIVATE KEY" in line:
        raise Invalid("This is a private key. Nobody but you may have it.", hint="Give the line of the .pub file.")
    parts = line.strip().split(None, 2)
    if len(parts) < 2 or parts[0] not in _KEY_KINDS or "\n" in line.strip():
        raise Invalid("This is no public key.", hint="Give the one line of a .pub file, such as ssh-ed25519 AAAA…")
    try:
        blob = base64.b64decode(parts[1], validate=True)
        if parts[0].startswith("sk-"):
            usable: object = None  # cryptography does not read these; asyncssh does, when they are shown
        else:
            usable = load_ssh_public_key(f"{parts[0]} {parts[1]}".encode())
    except (ValueError, UnsupportedAlgorithm):
        raise Invalid("This public key cannot be read.", hint="Copy the whole line of the .pub file.") from None
    if isinstance(usable, RSAPublicKey) and usable.key_size < _LEAST_RSA_BITS:
        raise Invalid(
            f"This RSA key has {usable.key_size} bits; {_LEAST_RSA_BITS} are the least.", hint="Better: ssh-ed25519."
        )
    digest = base64.b64encode(hashlib.sha256(blob).digest()).decode().rstrip("=")
    return f"{parts[0]} {parts[1]}", f"SHA256:{digest}", parts[2] if len(parts) > 2 else ""
