"""Codes that are good once: those of an authenticator app, recovery codes, and invitations.

Source of the app's codes: RFC 6238, with SHA-1, six digits and thirty seconds, which every app knows.
"""

from __future__ import annotations

import hashlib
import re
from datetime import datetime
from hmac import compare_digest
from secrets import token_bytes

from cloutui.model.secret import Secret

STEP_S = 30
_DRIFT = 1
"""Steps that a clock may be off, either way."""
RECOVERY_CODES = 10
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without what looks alike. 16 letters are 79 bits."""
_DIGITS = re.compile(r"[0-9]{6}", re.ASCII)


def new_secret() -> Secret:
    """For an authenticator app: base 32, 160 bits."""
    import pyotp

    return Secret(pyotp.random_base32())


def enrolment_uri(secret: Secret, user: str, installation: str) -> str:
    """What the QR code says."""
    import pyotp

    return pyotp.TOTP(secret.reveal()).provisioning_uri(name=user, issuer_name=installation)


def step_of(secret: Secret, code: str, now: datetime, *, after: int) -> int | None:
    """The step that this code belongs to; None when it is wrong, too old, or of a step that was taken before.

    `after`: the step of the last code that was taken. The caller stores the new one, and compares while it does.
    """
    import pyotp

    if not _DIGITS.fullmatch(code):
        return None
    present = int(now.timestamp()) // STEP_S
    codes = pyotp.TOTP(secret.reveal())
    found = None
    for step in range(present - _DRIFT, present + _DRIFT + 1):
        if compare_digest(codes.at(step * STEP_S), code) and step > after:
            found = step
    return found


def new_code() -> str:
    """A code to write down: four groups of four."""
    letters = "".join(_ALPHABET[byte % len(_ALPHABET)] for byte in _unbiased(16))
    return "-".join(letters[at : at + 4] for at in range(0, 16, 4))


def code_hash(code: str) -> str:
    """What is stored: such a code has too many bits to need a slow hash. Blanks, dashes and case do not matter."""
    return hashlib.sha256(re.sub(r"[\s-]", "", code).lower().encode()).hexdigest()


def _unbiased(count: int) -> bytes:
    """Random bytes of which each letter is as likely as the other."""
    limit = 256 - 256 % len(_ALPHABET)
    found = b""
    while len(found) < count:
        found += bytes(byte for byte in token_bytes(count) if byte < limit)
    return found[:count]
