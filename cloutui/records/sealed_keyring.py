"""A keyring in a sealed file, for servers that have no keyring of the operating system.

One JSON file; each value is sealed with AES-256-GCM and bound to its place: version, service and user are
authenticated with it, so entries cannot be swapped. The 32-byte key comes from systemd (`$CREDENTIALS_DIRECTORY`) or
from a key file that only the owner may read. Writers of several processes take turns at a lock file; a new file takes
the place of the old one whole, so a crash leaves one of them.
"""

from __future__ import annotations

import base64
import binascii
import fcntl
import json
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from cloutui.errors import SecretsRefused
from cloutui.records.durable import sync_folders

CREDENTIAL = "cloutui-master-key"
"""The name of the systemd credential: `LoadCredentialEncrypted=cloutui-master-key`."""

FILE_NAME = "secrets.sealed"
KEY_NAME = "secrets.key"

_LOCK_NAME = "secrets.lock"
_VERSION = 1
_KEY_BYTES = 32
_NONCE_BYTES = 12
_TEXT = ("utf-8", "surrogatepass")
"""Any text comes back as it was, and none can fail with its own characters in the error."""
_CHECK = ("", "")
"""The place of an entry that every file has: it tells a wrong key from a damaged entry."""


class SealedKeyring:
    """Speaks the methods of the `keyring` API."""

    def __init__(self, folder: Path, environment: Mapping[str, str] = os.environ) -> None:
        """Makes key and file at first use. Raises: SecretsRefused."""
        self._folder = folder
        self._file = folder / FILE_NAME
        credentials = environment.get("CREDENTIALS_DIRECTORY")
        credential = Path(credentials) / CREDENTIAL if credentials else None
        self._from_systemd = credential is not None and credential.exists()
        self.key_file = credential if credential is not None and self._from_systemd else folder / KEY_NAME
        with _explained(self._file), self._locked():
            self._clear_strays()
            self._key = self._read_key() if self.key_file.exists() else self._make_key()
            if not self._file.exists():
                self._write({_place(*_CHECK): self._seal(*_CHECK, "")})
        self._require_key()

    def describe(self) -> str:
        """Where it keeps what, in one line."""
        origin = "the key from systemd" if self._from_systemd else f"the key in {self.key_file}"
        return f"sealed file {self._file}, {origin}"

    def get_password(self, service: str, username: str) -> str | None:
        """None when there is no such entry. Raises: SecretsRefused when it cannot be opened."""
        with _explained(self._file):
            sealed = self._read().get(_place(service, username))
        return None if sealed is None else self._unseal(service, username, sealed)

    def set_password(self, service: str, username: str, password: str) -> None:
        """On disk when this returns."""
        with _explained(self._file), self._locked():
            self._write({**self._read(), _place(service, username): self._seal(service, username, password)})

    def delete_password(self, service: str, username: str) -> None:
        """Deleting what is not there succeeds."""
        with _explained(self._file), self._locked():
            entries = self._read()
            if entries.pop(_place(service, username), None) is not None:
                self._write(entries)

    def _require_key(self) -> None:
        sealed = self._read().get(_place(*_CHECK))
        if sealed is None:
            raise SecretsRefused(f"{self._file} has lost entries.", hint="Restore it from a backup.")
        try:
            self._unseal(*_CHECK, sealed)
        except SecretsRefused as error:
            raise SecretsRefused(
                f"The key {self.key_file} does not open {self._file}.", hint="Put back the key that belongs to it."
            ) from error

    def _read_key(self) -> bytes:
        # systemd's credentials have their own protection; their mode says nothing.
        if not self._from_systemd:
            self._require_private()
        key = self.key_file.read_bytes()
        if len(key) != _KEY_BYTES:
            raise SecretsRefused(
                f"The key {self.key_file} has {len(key)} bytes, not {_KEY_BYTES}.", hint="Put back the right key."
            )
        return key

    def _require_private(self) -> None:
        status = self.key_file.stat()
        if status.st_mode & 0o077 or status.st_uid not in {os.geteuid(), 0}:
            raise SecretsRefused(
                f"Others may read the key {self.key_file}.",
                hint=f"Run `chmod 600 {self.key_file}`; if somebody may have read it, change the passwords.",
            )

    def _make_key(self) -> bytes:
        if self._file.exists():
            raise SecretsRefused(
                f"The key {self.key_file} is gone, and {self._file} cannot be opened without it.",
                hint="Put the key back; or remove both, and give the servers' passwords again.",
            )
        key = secrets.token_bytes(_KEY_BYTES)
        temporary = self._write_temporary(key)
        os.link(temporary, self.key_file)  # refuses to replace a key, and never shows half of one
        temporary.unlink()
        sync_folders([self._folder])
        return key

    def _seal(self, service: str, username: str, password: str) -> str:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        nonce = secrets.token_bytes(_NONCE_BYTES)
        sealed = AESGCM(self._key).encrypt(nonce, password.encode(*_TEXT), _place(service, username).encode())
        return base64.b64encode(nonce + sealed).decode("ascii")

    def _unseal(self, service: str, username: str, sealed: str) -> str:
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        try:
            raw = base64.b64decode(sealed, validate=True)
            nonce, body = raw[:_NONCE_BYTES], raw[_NONCE_BYTES:]
            return AESGCM(self._key).decrypt(nonce, body, _place(service, username).encode()).decode(*_TEXT)
        except (InvalidTag, ValueError, binascii.Error) as error:
            raise SecretsRefused(
                f"The entry “{username}” of {self._file} is not as it was sealed.", hint="Give that password again."
            ) from error

    def _read(self) -> dict[str, str]:
        try:
            content = json.loads(self._file.read_bytes())
            if content["version"] != _VERSION:
                raise SecretsRefused(f"{self._file} is of a newer release.", hint="Upgrade cloutui.")
            return dict(content["entries"])
        except (ValueError, KeyError, TypeError) as error:
            raise SecretsRefused(f"{self._file} cannot be read.", hint="Restore it from a backup.") from error

    def _write(self, entries: Mapping[str, str]) -> None:
        content = json.dumps({"version": _VERSION, "entries": entries}, indent=0, sort_keys=True)
        self._write_temporary(content.encode("ascii")).replace(self._file)
        sync_folders([self._folder])

    def _write_temporary(self, content: bytes) -> Path:
        temporary = self._folder / f".secrets.{secrets.token_hex(6)}.tmp"
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        return temporary

    def _clear_strays(self) -> None:
        for stray in self._folder.glob(".secrets.*.tmp"):
            stray.unlink()

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Alone among all processes and threads: each open file holds its own lock."""
        self._folder.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(self._folder / _LOCK_NAME, os.O_RDWR | os.O_CREAT, 0o600)) as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _place(service: str, username: str) -> str:
    """What an entry is bound to. JSON, so that no two places read the same."""
    return json.dumps([_VERSION, service, username])


@contextmanager
def _explained(file: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise SecretsRefused(
            f"{file} cannot be used: {error.strerror} ({error.filename}).", hint="Check the folder and whose it is."
        ) from error
