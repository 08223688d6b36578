"""The algorithms that the gateway speaks, by name: the library's defaults change, and still have SHA-1 among them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

KEY_EXCHANGE = (
    "mlkem768x25519-sha256",
    "curve25519-sha256",
    "curve25519-sha256@libssh.org",
    "ecdh-sha2-nistp256",
)
CIPHERS = ("chacha20-poly1305@openssh.com", "aes256-gcm@openssh.com", "aes128-gcm@openssh.com")
MACS = ("hmac-sha2-256-etm@openssh.com", "hmac-sha2-512-etm@openssh.com")
SIGNATURES = (
    "ssh-ed25519",
    "sk-ssh-ed25519@openssh.com",
    "ecdsa-sha2-nistp256",
    "ecdsa-sha2-nistp384",
    "ecdsa-sha2-nistp521",
    "sk-ecdsa-sha2-nistp256@openssh.com",
    "rsa-sha2-256",
    "rsa-sha2-512",
)
"""Of the keys of users; the host's own is Ed25519."""


def algorithm_options() -> dict[str, Any]:
    """As `asyncssh.listen` takes them. What its cryptography cannot do here is left out; the others are enough.

    No compression: it is a way to fill memory, and it tells the length of what it hides.
    """
    from asyncssh.kex import get_kex_algs

    return {
        "kex_algs": _those_of(KEY_EXCHANGE, get_kex_algs()),
        "encryption_algs": list(CIPHERS),
        "mac_algs": list(MACS),
        "signature_algs": list(SIGNATURES),
        "compression_algs": ["none"],
    }


def _those_of(wanted: Iterable[str], there: Iterable[bytes]) -> list[str]:
    names = {name.decode() for name in there}
    return [name for name in wanted if name in names]
