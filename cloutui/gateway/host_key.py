"""The key by which users recognise the gateway: made once, kept readable by its owner alone."""

from __future__ import annotations

import os
from pathlib import Path

import asyncssh

from cloutui.errors import Invalid

_OTHERS = 0o077


def host_key(path: Path) -> asyncssh.SSHKey:
    """The Ed25519 key in that file, made when there is none. Raises: Invalid, when it cannot be used."""
    if not path.exists():
        _make(path)
    if path.stat().st_mode & _OTHERS:
        raise Invalid(f"Others can read the host key {path}.", hint=f"Make a new one, or `chmod 600 {path}`.")
    try:
        return asyncssh.read_private_key(path)
    except (OSError, asyncssh.KeyImportError) as error:
        raise Invalid(f"The host key {path} cannot be read: {error}.", hint="Put the right one back.") from error


def fingerprint(key: asyncssh.SSHKey) -> str:
    """As `ssh` shows it to whoever connects for the first time: `SHA256:...`."""
    return key.get_fingerprint()


def _make(path: Path) -> None:
    """Complete or not at all, and never readable by others, not even for a moment."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    pending = path.with_name(f"{path.name}.{os.getpid()}.writing")
    key = asyncssh.generate_private_key("ssh-ed25519", comment="cloutui")
    with os.fdopen(os.open(pending, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(key.export_private_key("openssh"))
        file.flush()
        os.fsync(file.fileno())
    try:
        # A link refuses to replace: of two that start at once, one key is kept.
        os.link(pending, path)
    except FileExistsError:
        return
    finally:
        pending.unlink()
