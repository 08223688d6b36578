"""Passwords of users: how they are hashed and compared. Each takes about a fifth of a second, on purpose.

Each takes 64 MiB: passwords are hashed one after the other, and the caller bounds how many are compared at once.
"""

from __future__ import annotations

from functools import cache
from threading import Lock
from typing import TYPE_CHECKING

from cloutui.errors import Invalid
from cloutui.model.secret import Secret

if TYPE_CHECKING:
    from argon2 import PasswordHasher

LEAST_LENGTH = 12
MOST_LENGTH = 256
"""Longer ones would only cost time."""

_hashing = Lock()


def check_password(password: Secret, *, name: str) -> None:
    """Long enough, and not the user's own name. No rules of kinds of letters: length is what counts.

    Raises: Invalid. Source: NIST SP 800-63B section 5.1.1.
    """
    text = password.reveal()
    if not LEAST_LENGTH <= len(text) <= MOST_LENGTH:
        raise Invalid(
            f"The password has {len(text)} characters; it needs {LEAST_LENGTH} to {MOST_LENGTH}.",
            hint="A few words together are easy to type and hard to guess.",
        )
    if name.casefold() in text.casefold() or len(set(text)) < LEAST_LENGTH // 3:
        raise Invalid("The password is too easy to guess.", hint="Leave your name out, and repeat less.")


def hashed(password: Secret) -> str:
    """What is stored."""
    with _hashing:
        return _hasher().hash(password.reveal())


def fits(stored: str | None, password: Secret) -> bool:
    """Whether it is the password. Takes as long when there is none to compare with."""
    from argon2.exceptions import VerificationError

    try:
        return _hasher().verify(stored or _of_nobody(), password.reveal()) and stored is not None
    except VerificationError:
        return False


def is_outdated(stored: str | None) -> bool:
    """Whether it was hashed with other parameters than passwords are now: the library's grow with the years."""
    return stored is not None and _hasher().check_needs_rehash(stored)


@cache
def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher

    return PasswordHasher()


@cache
def _of_nobody() -> str:
    """A hash that nothing fits, for users who have none."""
    from secrets import token_urlsafe

    return _hasher().hash(token_urlsafe())
