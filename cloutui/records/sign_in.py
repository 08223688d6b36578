"""The door: what somebody shows to come in, and what is written down of it.

Blocking, and used by every face that has a sign-in. The order of factors and what is said to whom are the faces'.
A code is taken by comparing and storing in one transaction, so that of two who show it at once only one comes in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, or_, select, update

from cloutui.model import one_time_codes
from cloutui.model.action_class import ActionClass
from cloutui.model.principal import Face, Principal
from cloutui.model.secret import Secret
from cloutui.model.standing import Standing
from cloutui.records import access, passwords
from cloutui.records.access_tables import invitation, recovery_code, role, user_account, user_key
from cloutui.records.activity import ActivityLine
from cloutui.records.people import UserRecord
from cloutui.records.schema import unit
from cloutui.records.secrets import Secrets
from cloutui.records.store import Records
from cloutui.records.transaction import Tx

PATIENCE = 5
"""Wrong codes in a row until codes are locked for a while."""
_FIRST_LOCK = timedelta(seconds=30)
_LONGEST_LOCK = timedelta(minutes=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a door needs to know of a user before anything was shown."""

    user_id: int
    name: str
    standing: Standing
    keys: Sequence[str]
    """Public keys, as OpenSSH writes them."""
    needs_code: bool
    """Whether a key or a password alone does not open: the role asks for more, or the user has more."""
    ended_at: datetime | None
    """Since when they are locked or expired."""
    lives_on: str
    """The name of their unit: who looks after them is there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """Somebody is in."""

    principal: Principal
    before_at: datetime | None
    """Their sign-in before this one."""
    before_from: str
    failed_since: int
    """Tries that failed since then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewal:
    """A password hashed anew, with what it is hashed with now. It takes the place of that one hash, of no other."""

    before: str
    after: str


class Door:
    """One installation's."""

    def __init__(self, records: Records, secrets: Secrets) -> None:
        self._records = records
        self._secrets = secrets

    def known(self, name: str) -> Known | None:
        """The present user of that name."""
        with self._records.reading() as connection:
            user = access.user_named(connection, name)
            if user is None:
                return None
            keys = _keys(connection, user.user_id)
            lives_on = connection.execute(select(unit.c.name).where(unit.c.unit_id == user.unit_id)).scalar_one()
        return Known(
            user_id=user.user_id,
            name=user.name,
            standing=user.standing(self._records.clock()),
            keys=keys,
            needs_code=user.has_second_factor or user.role.needs_second_factor,
            ended_at=user.locked_at or user.expires_at,
            lives_on=lives_on,
        )

    def most_need_code(self) -> bool:
        """Whether most users show two factors: then it is asked of names that nobody has, too."""
        joined = user_account.join(role, role.c.role_id == user_account.c.role_id)
        with self._records.reading() as connection:
            needs_code = or_(
                user_account.c.totp_secret.is_not(None),
                role.c.needs_second_factor,
                user_account.c.unit_id.in_(access.strict_units(connection)),
            )
            asked = select(func.count(), func.count().filter(needs_code)).select_from(joined)
            users, with_code = connection.execute(asked.where(user_account.c.archived_at.is_(None))).one()
        return bool(2 * with_code >= users)

    def fits_password(self, user_id: int | None, password: Secret) -> bool:
        """Whether it is the user's password. Takes a fifth of a second, also for nobody."""
        return passwords.fits(self._hash_of(user_id), password)

    def has_outdated_password(self, user_id: int) -> bool:
        """Whether the password should be hashed anew when it is next known: `renewal` does that."""
        return passwords.is_outdated(self._hash_of(user_id))

    def renewal(self, user_id: int, password: Secret) -> Renewal | None:
        """The password, hashed anew for `enter`. None where that is not needed, or where it is another one by now.

        Takes twice as long as `fits_password`, outside of any transaction.
        """
        stored = self._hash_of(user_id)
        if stored is None or not passwords.is_outdated(stored) or not passwords.fits(stored, password):
            return None
        return Renewal(before=stored, after=passwords.hashed(password))

    def _hash_of(self, user_id: int | None) -> str | None:
        wanted = select(user_account.c.password_hash).where(user_account.c.user_id == user_id)
        with self._records.reading() as connection:
            return None if user_id is None else connection.execute(wanted).scalar_one_or_none()

    def take_invitation(self, user_id: int, code: Secret, source: str) -> bool:
        """Whether it is the code of the user's invitation, which is used up by this."""
        digest = one_time_codes.code_hash(code.reveal())
        with self._records.reading() as connection:
            if not _open_invitation(connection, user_id, digest, self._records.clock()):
                return False
        with self._records.begin() as tx:
            if not _open_invitation(tx.connection, user_id, digest, tx.at):
                return False
            wanted = (invitation.c.user_id == user_id, invitation.c.code_hash == digest)
            tx.connection.execute(update(invitation).where(*wanted).values(ended_at=tx.at))
            self._line(tx, user_id, "account.invited", f"Came with the invitation, from {source}.")
        return True

    def take_code(self, user_id: int, code: str, source: str) -> bool:
        """Whether it is a code of the user's app, or one of the recovery codes, not taken before.

        After `PATIENCE` wrong ones in a row no code is taken for a while, which grows. Only who has shown a first
        factor comes this far, so nobody can lock somebody else's.
        """
        with self._records.begin() as tx:
            user = access.user(tx.connection, user_id)
            if user.codes_locked_until is not None and tx.at < user.codes_locked_until:
                return self._refused(tx, user, "codes are locked", source)
            if self._take_app_code(tx, user_id, code):
                self._forgive(tx, user_id)
                self._line(tx, user_id, "account.code", f"Gave a code, from {source}.")
                return True
            if _take_recovery_code(tx, user_id, code):
                self._forgive(tx, user_id)
                self._line(tx, user_id, "account.recovery-code", f"Used up a recovery code, from {source}.")
                return True
            return self._refused(tx, user, "the code is wrong", source)

    def enter(
        self,
        user_id: int,
        *,
        face: Face,
        session_id: str,
        source: str,
        how: str,
        fingerprint: str = "",
        renewal: Renewal | None = None,
    ) -> Entered:
        """Write down that somebody came in. `how`: such as `key and code`; `fingerprint`: of that key.

        `source` is empty on this host, and `how` the name of its user then. Raises: AccessEnded.
        """
        came = f"Signed in from {source} with {how}." if source else f"Came in on this host, as its user {how}."
        with self._records.begin() as tx:
            user = access.user(tx.connection, user_id)
            principal = user.principal(face, session_id, tx.at)
            tx.connection.execute(
                update(user_account)
                .where(user_account.c.user_id == user_id)
                .values(last_sign_in_at=tx.at, last_sign_in_from=source, failed_since=0)
            )
            wanted = (user_key.c.user_id == user_id, user_key.c.fingerprint == fingerprint)
            tx.connection.execute(update(user_key).where(*wanted).values(last_used_at=tx.at))
            if renewal is not None and _renew(tx, user_id, renewal):
                came += " The password was hashed anew."
            tx.append_activity(principal, _line(user, "session.open", came))
        return Entered(
            principal=principal,
            before_at=user.last_sign_in_at,
            before_from=user.last_sign_in_from,
            failed_since=user.failed_since,
        )

    def join(self, principal: Principal, os_user: str) -> Entered:
        """Write down that a user of this host opened a console of this process. Raises: AccessEnded."""
        if principal.user_id is not None:
            face, session_id = principal.face, principal.session_id
            return self.enter(principal.user_id, face=face, session_id=session_id, source="", how=os_user)
        with self._records.begin() as tx:  # before there are users
            came = f"Came in on this host, as its user {os_user}."
            tx.append_activity(principal, _line(principal, "session.open", came))
        return Entered(principal=principal, before_at=None, before_from="", failed_since=0)

    def refuse(self, user_id: int, why: str, source: str) -> None:
        """Write down that somebody did not come in. Locks nothing: anybody may be wrong in somebody's name."""
        table = user_account
        with self._records.begin() as tx:
            counted = update(table).where(table.c.user_id == user_id).values(failed_since=table.c.failed_since + 1)
            tx.connection.execute(counted)
            self._line(tx, user_id, "session.refuse", f"Was refused from {source}: {why}.", "failed")

    def present(self, principal: Principal) -> Principal:
        """As it stands at this moment. Raises: AccessEnded."""
        return self._records.refreshed(principal)

    def leave(self, principal: Principal, why: str) -> None:
        """Write down that a session is over."""
        with self._records.begin() as tx:
            user = principal if principal.user_id is None else access.user(tx.connection, principal.user_id)
            tx.append_activity(principal, _line(user, "session.close", f"Left: {why}."))

    def _take_app_code(self, tx: Tx, user_id: int, code: str) -> bool:
        table = user_account
        row = tx.connection.execute(
            select(table.c.totp_secret, table.c.totp_step).where(table.c.user_id == user_id)
        ).one()
        secret = self._secrets.get(row.totp_secret) if row.totp_secret is not None else None
        if secret is None:
            return False
        step = one_time_codes.step_of(Secret(secret), code, tx.at, after=row.totp_step)
        if step is None:
            return False
        # Compared once more while it is stored: this is what makes a code good once.
        taken = tx.connection.execute(
            update(table).where(table.c.user_id == user_id, table.c.totp_step < step).values(totp_step=step)
        )
        return taken.rowcount == 1

    def _refused(self, tx: Tx, user: UserRecord, why: str, source: str) -> bool:
        failed = self._count_failure(tx, user.user_id)
        if failed >= PATIENCE:
            wait = min(_LONGEST_LOCK, _FIRST_LOCK * 2 ** min(failed - PATIENCE, 10))
            self._set(tx, user.user_id, codes_locked_until=tx.at + wait)
        self._line(tx, user.user_id, "account.code", f"Was refused from {source}: {why}.", "failed")
        return False

    def _count_failure(self, tx: Tx, user_id: int) -> int:
        table = user_account
        tx.connection.execute(
            update(table)
            .where(table.c.user_id == user_id)
            .values(failed_codes=table.c.failed_codes + 1, failed_since=table.c.failed_since + 1)
        )
        asked = select(table.c.failed_codes).where(table.c.user_id == user_id)
        return int(tx.connection.execute(asked).scalar_one())

    def _forgive(self, tx: Tx, user_id: int) -> None:
        self._set(tx, user_id, failed_codes=0, codes_locked_until=None)

    def _set(self, tx: Tx, user_id: int, **values: Any) -> None:
        tx.connection.execute(update(user_account).where(user_account.c.user_id == user_id).values(**values))

    def _line(self, tx: Tx, user_id: int, action: str, sentence: str, outcome: str = "done") -> None:
        user = access.user(tx.connection, user_id)
        tx.append_activity(_at_the_door(user), _line(user, action, sentence, outcome))


def _keys(connection: Connection, user_id: int) -> list[str]:
    asked = select(user_key.c.public_key).where(user_key.c.user_id == user_id, user_key.c.removed_at.is_(None))
    return list(connection.execute(asked.order_by(user_key.c.user_key_id)).scalars())


def _open_invitation(connection: Connection, user_id: int, digest: str, now: datetime) -> bool:
    table = invitation
    wanted = (table.c.user_id == user_id, table.c.code_hash == digest, table.c.ended_at.is_(None))
    found = connection.execute(select(table.c.expires_at).where(*wanted)).scalar_one_or_none()
    return found is not None and now < found


def _take_recovery_code(tx: Tx, user_id: int, code: str) -> bool:
    table = recovery_code
    wanted = (
        table.c.user_id == user_id,
        table.c.code_hash == one_time_codes.code_hash(code),
        table.c.used_at.is_(None),
    )
    return tx.connection.execute(update(table).where(*wanted).values(used_at=tx.at)).rowcount == 1


def _at_the_door(user: UserRecord) -> Principal:
    """Somebody who is not in yet, as the actor of a line."""
    return Principal(
        user_id=user.user_id,
        name=user.name,
        role=user.role.name,
        unit_id=user.unit_id,
        privileges=frozenset(),
        face="ssh",
        session_id="",
    )


def _renew(tx: Tx, user_id: int, renewal: Renewal) -> bool:
    """Whether the hash was still there that this one is to replace: the password may be another by now."""
    table = user_account
    wanted = (table.c.user_id == user_id, table.c.password_hash == renewal.before)
    return tx.connection.execute(update(table).where(*wanted).values(password_hash=renewal.after)).rowcount == 1


def _line(user: UserRecord | Principal, action: str, sentence: str, outcome: str = "done") -> ActivityLine:
    return ActivityLine(
        action=action,
        action_class=ActionClass.NOTE,
        unit_id=user.unit_id,
        target_kind="user",
        target_id=user.user_id,
        target_name=user.name,
        sentence=sentence,
        outcome=outcome,
    )
