"""Which host keys are the right ones, and what a refused one looked like.

A host is trusted by a pinned key, by a known-hosts file in OpenSSH's format, or by either. There is no way to trust
any key: without both, every host is unknown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import asyncssh
from asyncssh.public_key import get_default_public_key_algs

from cloutui.errors import Invalid

Trusted = tuple[Sequence[asyncssh.SSHKey], Sequence[asyncssh.SSHKey], Sequence[asyncssh.SSHKey]]
"""Host keys, keys of certificate authorities, and revoked keys."""

_DEFAULT_PORT = 22
_SHA1 = b"ssh-rsa"


@dataclass(frozen=True, slots=True, kw_only=True)
class HostKeys:
    """What is known of one host."""

    trusted: Trusted

    @classmethod
    def of(cls, host: str, port: int, *, pinned: str | None, known_hosts: Path | None) -> HostKeys:
        """What the pinned key and the file say of a host. A file that is not there knows nobody. Raises: Invalid."""
        keys: list[asyncssh.SSHKey] = []
        authorities: list[asyncssh.SSHKey] = []
        revoked: list[asyncssh.SSHKey] = []
        if pinned:
            try:
                keys.append(asyncssh.import_public_key(pinned))
            except asyncssh.KeyImportError as error:
                raise Invalid(
                    f"The host key of {host} cannot be read: {error}.",
                    hint="Give it as a known-hosts file does: ssh-ed25519 AAAA...",
                ) from error
        if known_hosts and known_hosts.exists():
            found = _matches(known_hosts, host, port)
            keys += found[0]
            authorities += found[1]
            revoked += found[2]
        return cls(trusted=(keys, authorities, revoked))

    @property
    def are_known(self) -> bool:
        """Whether anything is known of the host. If so, another key is a changed key."""
        return any(self.trusted)

    @property
    def algorithms(self) -> list[str]:
        """Those of known keys first: a host with several keys then shows the one we know.

        The others follow, so that a host whose key is of another kind now can show it, and be named in the refusal.
        """
        keys, authorities, _ = self.trusted
        certified = (name for key in authorities for name in key.cert_algorithms)
        known = (name for key in keys for name in key.sig_algorithms)
        names = dict.fromkeys([*certified, *known, *get_default_public_key_algs()])
        return [name.decode() for name in names if name != _SHA1]


class Witness(asyncssh.SSHClient):
    """Refuses every host key that asyncssh does not find among the trusted ones, and remembers it."""

    def __init__(self) -> None:
        self.refused: str | None = None
        """The fingerprint of the key that was refused."""

    def validate_host_public_key(self, host: str, addr: str, port: int, key: asyncssh.SSHKey) -> bool:
        """Only asked for a key that is not trusted. The sign-in has not begun."""
        self.refused = key.get_fingerprint()
        return False

    def validate_host_ca_key(self, host: str, addr: str, port: int, key: asyncssh.SSHKey) -> bool:
        """Only asked for an authority that is not trusted."""
        self.refused = key.get_fingerprint()
        return False


def _matches(known_hosts: Path, host: str, port: int) -> Trusted:
    try:
        hosts = asyncssh.read_known_hosts(str(known_hosts))
    except (OSError, ValueError) as error:
        raise Invalid(
            f"The known-hosts file {known_hosts} cannot be read: {error}.", hint="Correct the line, or name another."
        ) from error
    keys, authorities, revoked, *_ = hosts.match(host, "", port if port != _DEFAULT_PORT else None)
    return keys, authorities, revoked
