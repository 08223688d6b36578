"""Who may come in over SSH, as the records of the installation say: the `Authenticator` of the real gateway.

Who is locked or expired looks like everybody else until a first factor was right, and is told then. Whoever was invited
shows the code of the invitation as password, and nothing but that: what they have set up so far is not enough yet.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import hashlib
import logging
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from cloutui.errors import AccessEnded
from cloutui.gateway.sign_in import WITH_CODE, Attempt, Factor, Outcome, Requirement, SignedIn, ways
from cloutui.model.principal import Principal
from cloutui.model.safe_text import safe
from cloutui.model.secret import Secret
from cloutui.model.standing import Standing

if TYPE_CHECKING:
    from cloutui.records.sign_in import Door, Entered, Known

_log = logging.getLogger(__name__)

T = TypeVar("T")

ONE_FACTOR = ways({Factor.KEY}, {Factor.PASSWORD})
INVITATION = ways({Factor.PASSWORD})

_HASHES_AT_ONCE = 4
"""Argon2 takes 64 MB and a processor for a fifth of a second."""
_NOTED = 64
"""Characters of a name that nobody has: it may be as long as a client likes."""


class Users:
    """One installation's."""

    def __init__(self, door: Door, *, is_read_only: bool = False) -> None:
        """`is_read_only`: nobody changes anything, whoever they are."""
        self._door = door
        self._is_read_only = is_read_only
        self._hashing = ThreadPoolExecutor(_HASHES_AT_ONCE, thread_name_prefix="password")
        self._writing: set[asyncio.Task[None]] = set()
        self._inside: dict[str, Entered] = {}
        """By session: who is in, as they came in."""
        self._to_renew: dict[int, Secret] = {}
        """Right passwords whose hash is outdated, until it is known whether their user comes in."""

    async def written(self) -> None:
        """Until what is being written down of refusals is."""
        while self._writing:
            await asyncio.wait(self._writing)

    async def close(self) -> None:
        """Nobody comes in any more."""
        await self.written()
        self._hashing.shutdown(wait=False, cancel_futures=True)

    # What is asked at the door.

    async def requirement(self, user: str) -> Requirement:
        """What the role asks for, and what the user has beyond that; of nobody what most users are asked."""

        def find() -> Requirement:
            known, usual = self._door.known(user), self._door.most_need_code()
            if known is not None and known.standing is Standing.INVITED:
                return INVITATION
            needs_code = usual if known is None else known.needs_code
            return WITH_CODE if needs_code else ONE_FACTOR

        return await asyncio.to_thread(find)

    async def keys_of(self, user: str) -> Collection[bytes]:
        """The user's. One who has not set everything up yet comes with the invitation."""
        known = await self._known(user)
        if known is None or known.standing is Standing.INVITED:
            return ()
        return [key for key in map(_on_the_wire, known.keys) if key is not None]

    async def verify_password(self, user: str, password: str) -> bool:
        """Whether it is the password, or the code of the invitation, which is used up by that."""
        known = await self._known(user)
        if known is not None and known.standing is Standing.INVITED:
            return await asyncio.to_thread(self._door.take_invitation, known.user_id, Secret(password), "SSH")
        user_id = known.user_id if known else None
        given = Secret(password)
        is_right = await self._in_turn(self._door.fits_password, user_id, given)
        if is_right and user_id is not None and await asyncio.to_thread(self._door.has_outdated_password, user_id):
            # Hashed when the user is in, not now: how long the answer takes would tell that the password is right.
            self._to_renew[user_id] = given
        return is_right

    async def _in_turn(self, work: Callable[..., T], *given: Any) -> T:
        """Where passwords are hashed: a few at a time."""
        return await asyncio.get_running_loop().run_in_executor(self._hashing, work, *given)

    async def verify_code(self, user: str, code: str) -> bool:
        """Whether it is a code of the app, or a recovery code, that was not taken before."""
        known = await self._known(user)
        if known is None:
            return False
        return await asyncio.to_thread(self._door.take_code, known.user_id, code, "SSH")

    async def barred(self, user: str) -> str:
        """Such as `Locked at 21 Nov 14:20 UTC. Administrators of Fjord Retail can unlock.`"""
        known = await self._known(user)
        return "" if known is None or known.standing.may_enter else _bar(known)

    async def record(self, attempt: Attempt) -> None:
        """Into the activity log. Raises: AccessEnded, when an accepted user has lost their access meanwhile."""
        known = await self._known(attempt.user)
        password = self._to_renew.pop(known.user_id, None) if known is not None else None
        if known is None:
            _log.warning("%s: no user %s", attempt.source, safe(attempt.user[:_NOTED]))
        elif attempt.outcome is Outcome.THROTTLED:
            # Costs who tries nothing, so it may not fill the activity log.
            _log.info("%s: too many tries for %s", attempt.source, known.name)
        elif attempt.outcome is Outcome.ACCEPTED:
            await self._enter(known, attempt, password)
        else:
            # Not waited for: how long the answer takes would tell that there is such a user.
            writing = asyncio.create_task(self._note_refusal(known.user_id, attempt))
            self._writing.add(writing)
            writing.add_done_callback(self._writing.discard)

    async def _note_refusal(self, user_id: int, attempt: Attempt) -> None:
        why = f"{_words(attempt.factors)} {attempt.outcome.value}"
        try:
            await asyncio.to_thread(self._door.refuse, user_id, why, attempt.source)
        except Exception:
            _log.exception("a refusal could not be written into the activity log")

    async def _enter(self, known: Known, attempt: Attempt, password: Secret | None) -> None:
        """`password`: shown just now, with a hash that is outdated."""
        renewal = await self._in_turn(self._door.renewal, known.user_id, password) if password else None
        how = "invitation" if known.standing is Standing.INVITED else _words(attempt.factors)

        def enter() -> Entered:
            told = {"session_id": attempt.session_id, "source": attempt.source, "how": how}
            told["fingerprint"] = _fingerprint(attempt.key) if attempt.key else ""
            return self._door.enter(known.user_id, face="ssh", renewal=renewal, **told)

        self._inside[attempt.session_id] = await asyncio.to_thread(enter)

    async def left(self, who: SignedIn) -> None:
        """Write down that the connection is gone."""
        entered = self._inside.pop(who.session_id, None)
        if entered is not None:
            await asyncio.to_thread(self._door.leave, entered.principal, "the connection was closed")

    # What is asked of who is in.

    async def principal_of(self, who: SignedIn) -> Principal:
        """What they may do at this moment. Raises: AccessEnded."""
        entered = self._inside.get(who.session_id)
        if entered is None:
            raise AccessEnded("the session is over")
        present = await asyncio.to_thread(self._door.present, entered.principal)
        return replace(present, is_read_only=self._is_read_only)

    def greeting_of(self, who: SignedIn) -> str:
        """Such as `Last sign-in Sat 21 Nov 07:58 UTC from 10.2.9.4. 1 failed try since.` Empty for the first one."""
        entered = self._inside.get(who.session_id)
        return "" if entered is None else greeting(entered)

    async def _known(self, user: str) -> Known | None:
        return await asyncio.to_thread(self._door.known, user)


def greeting(entered: Entered) -> str:
    """When they were here last, and who tried to be them since; nothing for the first time."""
    if entered.before_at is None:
        return ""
    failed = entered.failed_since
    tries = f" {failed} failed {'try' if failed == 1 else 'tries'} since." if failed else ""
    came_from = entered.before_from or "this host"
    return f"Last sign-in {entered.before_at:%a %-d %b %H:%M} UTC from {came_from}.{tries}"


def _bar(known: Known) -> str:
    since = f" at {known.ended_at:%-d %b %H:%M} UTC" if known.ended_at else ""
    who = f"Administrators of {safe(known.lives_on)}"
    if known.standing is Standing.EXPIRED:
        return f"Expired{since}. {who} can prolong."
    return f"Locked{since}. {who} can unlock."


def _words(factors: Collection[Factor]) -> str:
    return " and ".join(factor.value for factor in Factor if factor in factors)


def _fingerprint(key: bytes) -> str:
    """As OpenSSH shows it."""
    return "SHA256:" + base64.b64encode(hashlib.sha256(key).digest()).decode().rstrip("=")


def _on_the_wire(line: str) -> bytes | None:
    """A key as OpenSSH writes it, as SSH has it on the wire; None when it is none, so that it opens nothing."""
    parts = line.split()
    try:
        return base64.b64decode(parts[1], validate=True)
    except (IndexError, binascii.Error):
        return None
