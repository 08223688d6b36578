"""Who is this? One connection's way from a claimed name to somebody who is signed in.

A user shows factors: a key, a password, a code. Which of them are enough is the `Requirement` of that user's role.
Everything hangs on a `Claim`, which is made anew whenever the client changes the name: what was shown for one name
never counts for another. What is said to the client has the same shape whether there is such a user or not.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Protocol

from cloutui.gateway.throttle import Throttle, Verdict
from cloutui.model.principal import new_session_id

_CODE_LASTS_S = 30
"""Source: RFC 6238, the time step that every authenticator app uses."""


class Factor(StrEnum):
    """What shows who somebody is."""

    KEY = "key"
    PASSWORD = "password"  # noqa: S105 - the word, not one
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Requirement:
    """The ways in: each is a set of factors that is enough."""

    ways: tuple[frozenset[Factor], ...]

    def is_met_by(self, shown: Collection[Factor]) -> bool:
        """Whether these are enough."""
        return any(way.issubset(shown) for way in self.ways)

    def asks_with(self, first: Factor) -> bool:
        """Whether a code is asked for beside this factor; also where the factor leads nowhere, so that nobody sees."""
        ways = [way for way in self.ways if first in way]
        return not ways or any(Factor.CODE in way for way in ways)


def ways(*alternatives: Collection[Factor]) -> Requirement:
    """Each of these is enough."""
    return Requirement(tuple(frozenset(way) for way in alternatives))


WITH_CODE = ways({Factor.KEY, Factor.CODE}, {Factor.PASSWORD, Factor.CODE})
"""A second factor after either first one."""


class Outcome(StrEnum):
    """Of an attempt."""

    ACCEPTED = "accepted"
    """All that is required was shown."""
    REFUSED = "refused"
    THROTTLED = "throttled"
    """Not even looked at, after too many wrong tries."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """What there is to remember of a try. Never what was typed."""

    user: str
    """As claimed: there may be no such user, and it may hold any characters."""
    source: str
    factors: frozenset[Factor]
    outcome: Outcome
    at: datetime
    session_id: str = ""
    """Of who was accepted."""
    key: bytes | None = None
    """The public key that was shown, as SSH has it on the wire."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """Somebody who has shown all that is required."""

    user: str
    source: str
    factors: frozenset[Factor]
    key: bytes | None
    """The public key that was used, as SSH has it on the wire."""
    at: datetime
    session_id: str = field(default_factory=new_session_id)
    """One sign-in, whatever is opened with it."""


class Authenticator(Protocol):
    """What is known of users. For a name that nobody has it answers as for one that somebody has, and as slowly.

    Any error of it refuses the sign-in.
    """

    async def requirement(self, user: str) -> Requirement:
        """What this user must show. For an unknown user: what most users must."""

    async def keys_of(self, user: str) -> Collection[bytes]:
        """The user's public keys, as SSH has them on the wire (`asyncssh.SSHKey.public_data`)."""

    async def verify_password(self, user: str, password: str) -> bool:
        """Whether it is right. Must not block the event loop."""

    async def verify_code(self, user: str, code: str) -> bool:
        """Whether it is the code of now, or of one step before or after, and was never accepted before.

        Single use holds across connections and processes: the accepted step is compared and set in one statement.
        """

    async def barred(self, user: str) -> str:
        """Why this user may not come in whatever they show, for who has shown a factor; empty when they may."""

    async def record(self, attempt: Attempt) -> None:
        """Remember it. An attempt that cannot be remembered does not sign anybody in."""

    async def left(self, who: SignedIn) -> None:
        """Their connection is gone."""


@dataclass(frozen=True, slots=True)
class Prompts:
    """What to ask in one go."""

    instruction: str
    asked: tuple[Factor, ...]


@dataclass(slots=True)
class Claim:
    """What has been shown for one name."""

    user: str
    shown: set[Factor] = field(default_factory=set)
    offered_key: bytes | None = None
    """Known as the user's, but not signed with yet: it may be a mere question whether it would do."""
    key: bytes | None = None
    asked: tuple[Factor, ...] = ()
    locked_s: float = 0.0
    """Codes of this account are not looked at for so long."""
    bar: str = ""
    """Why they may not come in, though what they have shown is right."""

    @property
    def account(self) -> str:
        """Under what its wrong tries are counted: however a name is written, nobody gets more of them."""
        return self.user.strip().casefold()


class SignIn:
    """One connection's. Knows nothing of SSH."""

    def __init__(
        self,
        authenticator: Authenticator,
        throttle: Throttle,
        checks: asyncio.Semaphore,
        *,
        source: str,
        tries: int,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._authenticator = authenticator
        self._throttle = throttle
        self._checks = checks
        self._source = source
        self._now = now
        self.tries_left = tries
        self.claim = Claim("")

    def begin(self, user: str) -> None:
        """The client says who it is, perhaps not for the first time: whatever was shown was shown for somebody else."""
        self.claim = Claim(user)

    async def knows_key(self, key: bytes) -> bool:
        """Whether the key is the user's. That somebody has it is only known when its signature has been verified."""
        claim = self.claim
        claim.offered_key = None
        is_known = key in await self._authenticator.keys_of(claim.user)
        claim.offered_key = key if is_known else None
        return is_known

    async def ask(self) -> Prompts:
        """What to ask now."""
        claim = self.claim
        claim.offered_key = None
        if Factor.KEY in claim.shown:
            claim.asked = (Factor.CODE,)
        else:
            requirement = await self._authenticator.requirement(claim.user)
            asks_code = requirement.asks_with(Factor.PASSWORD)
            claim.asked = (Factor.PASSWORD, Factor.CODE) if asks_code else (Factor.PASSWORD,)
        return Prompts("", claim.asked)

    async def answer(self, answers: Sequence[str]) -> Prompts | bool:
        """What to ask again, or whether all of it was right."""
        claim = self.claim
        if claim.bar or not claim.asked or len(answers) != len(claim.asked):
            return False
        self.tries_left -= 1
        given = dict(zip(claim.asked, answers, strict=True))
        verdict = await self._throttle.judge((self._source, claim.account), lambda: self._check(claim, given))
        if verdict.is_right:
            self.tries_left += 1
            claim.shown.update(claim.asked)
            return True
        await self._record(claim, frozenset(given), Outcome.THROTTLED if verdict.wait_s else Outcome.REFUSED)
        if claim.bar:
            return False
        return Prompts(self._refusal(claim, verdict), claim.asked) if self.tries_left > 0 else False

    async def _check(self, claim: Claim, given: dict[Factor, str]) -> bool:
        async with self._checks:
            password = given.get(Factor.PASSWORD)
            # A code is used up by being right: not for a password that is wrong.
            if password is not None and not await self._authenticator.verify_password(claim.user, password):
                return False
            if password is not None:
                claim.bar = await self._authenticator.barred(claim.user)
                if claim.bar:
                    return False
            code = given.get(Factor.CODE)
            if code is None:
                return True
            # Only who has the first factor comes this far. So these are counted for the account, whatever the source:
            # a code has six digits, and a thousand sources would find one.
            verdict = await self._throttle.judge(
                claim.account, lambda: self._authenticator.verify_code(claim.user, code.strip())
            )
            # Beside a password it stays unsaid: it would tell that the password is right.
            claim.locked_s = verdict.wait_s if password is None else 0.0
            return verdict.is_right

    def _refusal(self, claim: Claim, verdict: Verdict) -> str:
        if wait_s := verdict.wait_s or claim.locked_s:
            return f"Too many wrong tries. Wait {wait_s:.0f} s."
        what = " or ".join(claim.asked)
        tries = "1 try left" if self.tries_left == 1 else f"{self.tries_left} tries left"
        next_code_s = _CODE_LASTS_S - int(self._now().timestamp()) % _CODE_LASTS_S
        hint = f" (new code in {next_code_s}s)" if Factor.CODE in claim.asked else ""
        return f"Wrong {what}, {tries}{hint}"

    async def conclude(self) -> SignedIn | None:
        """A method has succeeded: whoever it is that is in now; None when more is required."""
        claim = self.claim
        if claim.offered_key is not None:
            claim.key, claim.offered_key = claim.offered_key, None
            claim.shown.add(Factor.KEY)
            claim.bar = await self._authenticator.barred(claim.user)
        if claim.bar:
            await self._record(claim, frozenset(claim.shown), Outcome.REFUSED)
            return None
        requirement = await self._authenticator.requirement(claim.user)
        if not claim.shown or not requirement.is_met_by(claim.shown):
            return None
        shown = frozenset(claim.shown)
        who = SignedIn(user=claim.user, source=self._source, factors=shown, key=claim.key, at=self._now())
        await self._record(claim, shown, Outcome.ACCEPTED, who.session_id)
        return who

    async def _record(self, claim: Claim, factors: frozenset[Factor], outcome: Outcome, session_id: str = "") -> None:
        told = {"user": claim.user, "source": self._source, "session_id": session_id}
        await self._authenticator.record(
            Attempt(**told, factors=factors, outcome=outcome, at=self._now(), key=claim.key)
        )
