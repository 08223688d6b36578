"""Passwords of servers: kept in a keyring that the settings name, never chosen silently and never plaintext.

The records hold only the names of secrets. `os` is the operating system's keyring, `sealed` our own sealed file,
`memory` forgets at the end of the process (for tests and the demo).
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from secrets import token_hex
from typing import Protocol

from cloutui.errors import CloutuiError, Invalid, SecretsRefused
from cloutui.records.sealed_keyring import SealedKeyring

SERVICE = "cloutui"

BACKENDS = ("os", "sealed", "memory")


class Keyring(Protocol):
    """The part of the `keyring` API that is used."""

    def get_password(self, service: str, username: str, /) -> str | None:
        """None when there is none."""

    def set_password(self, service: str, username: str, password: str, /) -> None:
        """Replaces what was there."""

    def delete_password(self, service: str, username: str, /) -> None:
        """May raise when there is none."""


class Secrets:
    """The secrets of one installation, by name."""

    def __init__(self, keyring: Keyring, description: str) -> None:
        self._keyring = keyring
        self._description = description

    @classmethod
    def open(cls, backend: str, folder: Path) -> Secrets:
        """The secrets kept by `backend`; `folder` is where the sealed file lives. Raises: SecretsRefused, Invalid."""
        if backend == "os":
            keyring = os_keyring()
            return cls(keyring, f"keyring of the operating system ({type(keyring).__module__})")
        if backend == "sealed":
            sealed = SealedKeyring(folder)
            return cls(sealed, sealed.describe())
        if backend == "memory":
            return cls(MemoryKeyring(), "memory of this process; gone when it ends")
        raise Invalid(f"“{backend}” keeps no secrets.", hint=f"Use one of {', '.join(BACKENDS)}.")

    def __repr__(self) -> str:
        return f"<Secrets in {self._description}>"

    def describe(self) -> str:
        """Which backend, and where: one line."""
        return self._description

    def get(self, name: str) -> str | None:
        """None when there is no such secret. Raises: SecretsRefused."""
        with _explained(self._description):
            return self._keyring.get_password(SERVICE, name)

    def set(self, name: str, secret: str) -> None:
        """Kept when this returns. Raises: SecretsRefused."""
        with _explained(self._description):
            self._keyring.set_password(SERVICE, name, secret)

    def delete(self, name: str) -> None:
        """Deleting what is not there succeeds. Raises: SecretsRefused."""
        with _explained(self._description):
            if self._keyring.get_password(SERVICE, name) is not None:
                self._keyring.delete_password(SERVICE, name)


def fresh_name(of: str) -> str:
    """A name no secret has had. A changed password gets a new one, so that no crash can mix old and new."""
    return f"{of}/{token_hex(8)}"


class MemoryKeyring:
    """Forgets everything at the end of the process."""

    def __init__(self) -> None:
        self._passwords: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        """None when there is none."""
        return self._passwords.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        """Replaces what was there."""
        self._passwords[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        """Raises: KeyError."""
        del self._passwords[service, username]


_OS_KEYRINGS = {
    "darwin": {"keyring.backends.macOS": "Keyring"},
    "win32": {"keyring.backends.Windows": "WinVaultKeyring"},
    "linux": {"keyring.backends.SecretService": "Keyring", "keyring.backends.kwallet": "DBusKeyring"},
}
"""By platform: modules of the `keyring` library that keep secrets safe, and their class."""


def os_keyring() -> Keyring:
    """The operating system's own keyring. Raises: SecretsRefused when it has none that works.

    `keyring.get_keyring()` is not asked: it may answer with one that keeps plaintext, keeps nothing, or chains others.
    """
    for module, name in _OS_KEYRINGS.get(sys.platform, {}).items():
        backend = getattr(import_module(module), name)
        if backend.viable:
            return require_safe(backend())
    raise SecretsRefused(
        "The operating system offers no keyring here.", hint="Set `secrets.backend: sealed` to use the sealed file."
    )


def require_safe(keyring: Keyring) -> Keyring:
    """The keyring itself, when it is known to keep secrets. Raises: SecretsRefused for any other."""
    module = type(keyring).__module__
    if not any(module in modules for modules in _OS_KEYRINGS.values()):
        raise SecretsRefused(
            f"The keyring {module} is not known to keep secrets safe.", hint="Set `secrets.backend` to os or sealed."
        )
    return keyring


@contextmanager
def _explained(description: str) -> Iterator[None]:
    """A keyring of the operating system is a guest: it may raise anything, and its words may hold the secret."""
    try:
        yield
    except CloutuiError:
        raise
    except Exception as error:
        raise SecretsRefused(
            f"The {description} refused ({type(error).__name__}).", hint="Unlock it, or use another backend."
        ) from None
