"""Users for tests, kept in memory, with codes that are single-use as they must be."""

from __future__ import annotations

import hashlib
import hmac
import struct
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from cloutui.gateway.sign_in import WITH_CODE, Attempt, Factor, Outcome, Requirement, SignedIn, ways

KEY_ALONE = ways({Factor.KEY})
PASSWORD_ALONE = ways({Factor.PASSWORD})


@dataclass
class Person:
    password: str | None = None
    keys: Collection[bytes] = ()
    secret: bytes | None = None
    requirement: Requirement = WITH_CODE
    barred: str = ""
    last_step: int = -1
    """Of the last code that was accepted."""


@dataclass
class People:
    """An `Authenticator`."""

    people: dict[str, Person] = field(default_factory=dict)
    now: Callable[[], float] = time.time
    attempts: list[Attempt] = field(default_factory=list)
    gone: list[SignedIn] = field(default_factory=list)
    checks: int = 0
    """How many passwords and codes were looked at."""

    async def requirement(self, user: str) -> Requirement:
        return self.people[user].requirement if user in self.people else WITH_CODE

    async def keys_of(self, user: str) -> Collection[bytes]:
        return self.people[user].keys if user in self.people else ()

    async def verify_password(self, user: str, password: str) -> bool:
        self.checks += 1
        person = self.people.get(user)
        return person is not None and person.password is not None and hmac.compare_digest(person.password, password)

    async def verify_code(self, user: str, code: str) -> bool:
        self.checks += 1
        person = self.people.get(user)
        if person is None or person.secret is None or len(code) != 6 or not code.isascii():
            return False
        present = int(self.now()) // 30
        for step in (present - 1, present, present + 1):
            if step > person.last_step and hmac.compare_digest(code_of(person.secret, step), code):
                person.last_step = step
                return True
        return False

    async def barred(self, user: str) -> str:
        return self.people[user].barred if user in self.people else ""

    async def record(self, attempt: Attempt) -> None:
        self.attempts.append(attempt)

    async def left(self, who: SignedIn) -> None:
        self.gone.append(who)

    def code(self, user: str, steps: int = 0) -> str:
        """The code of now, or of so many steps later."""
        secret = self.people[user].secret
        assert secret is not None
        return code_of(secret, int(self.now()) // 30 + steps)

    def outcomes(self, user: str) -> list[Outcome]:
        return [attempt.outcome for attempt in self.attempts if attempt.user == user]


def code_of(secret: bytes, step: int) -> str:
    """RFC 6238 with SHA-1 and six digits."""
    digest = hmac.digest(secret, struct.pack(">Q", step), hashlib.sha1)
    place = digest[-1] & 15
    return f"{(struct.unpack_from('>I', digest, place)[0] & 0x7FFFFFFF) % 1_000_000:06}"
