"""Which product stands behind a server in the records: from plain facts and secrets to something that can be asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

import msgspec

from cloutui.errors import Invalid
from cloutui.model.typed_path import typed_path
from cloutui.products.product import Product

STORAGE_PROTECT = "storage-protect"


class ServerFacts(Protocol):
    """What the records hold of a server."""

    @property
    def name(self) -> str:
        """Its own name."""

    @property
    def product(self) -> str:
        """Which product it is."""

    @property
    def doors(self) -> Any:
        """A sequence of mappings; the first is used."""

    @property
    def administrator(self) -> str:
        """Who signs in."""

    @property
    def secret(self) -> str | None:
        """The name of the administrator's password in the keyring."""


def make_product(
    server: ServerFacts, *, secret: Callable[[str], str | None], known_hosts: Path, answer_timeout_s: float
) -> Product:
    """The product behind a server. Secrets are fetched when it signs in. Raises: Invalid for a door without sense."""
    if server.product != STORAGE_PROTECT:
        raise Invalid(f"“{server.product}” is no product we know.", hint=f"Known is {STORAGE_PROTECT}.")
    from cloutui.products.storage_protect.product import StorageProtect

    def password() -> str | None:
        return secret(server.secret) if server.secret else None

    return StorageProtect(
        name=server.name,
        door=_door(server, secret, known_hosts),
        administrator=server.administrator,
        password=password,
        answer_timeout_s=answer_timeout_s,
    )


async def shown_host_key(door: Mapping[str, Any], fingerprint: str) -> str:
    """The key that a door's SSH host shows now, as `host_key` of a door takes it, if it has this fingerprint.

    Raises: Invalid, OSError.
    """
    import asyncssh

    host, port = door["host"], int(door.get("port", 22))
    key = await asyncssh.get_server_host_key(host, port, config=[])
    if key is None or key.get_fingerprint() != fingerprint:
        raise Invalid(f"{host}:{port} shows another key now.", hint="Test it again, and compare the fingerprints.")
    return key.export_public_key().decode("ascii").strip()


async def accept_host_key(server: ServerFacts, fingerprint: str, known_hosts: Path) -> None:
    """Remember the key that the server's SSH host shows now, if it has this fingerprint. Raises: Invalid, OSError."""
    door = server.doors[0]
    host, port = door["host"], int(door.get("port", 22))
    key = await shown_host_key(door, fingerprint)
    place = host if port == 22 else f"[{host}]:{port}"
    with known_hosts.open("a", encoding="ascii") as file:
        file.write(f"{place} {key}\n")


def _door(server: ServerFacts, secret: Callable[[str], str | None], known_hosts: Path) -> Any:
    from cloutui.products.storage_protect.doors.local import LocalDoor
    from cloutui.products.storage_protect.doors.ssh import SshDoor

    if not server.doors:
        raise Invalid(f"{server.name} has no door.", hint=f"`cloutui server add {server.name} --update --host HOST`.")
    facts = dict(server.doors[0])
    kind = facts.pop("kind", None)
    stanza = facts.pop("server", None)
    if stanza is not None:
        facts["server_stanza"] = stanza
    if kind == "local":
        return _typed(server.name, facts, LocalDoor)
    if kind != "ssh":
        raise Invalid(f"{server.name}: there is no door of kind “{kind}”.", hint="Use ssh or local.")
    facts.setdefault("known_hosts", str(known_hosts))
    if isinstance(facts.get("jump"), Mapping):
        facts["jump"] = {"known_hosts": str(known_hosts), "use_agent": "key" not in facts["jump"], **facts["jump"]}
    if name := facts.pop("secret", None):
        facts["password"] = secret(name)
    facts.setdefault("use_agent", "key" not in facts and "password" not in facts)
    return _typed(server.name, facts, SshDoor)


def _typed(server: str, facts: Mapping[str, Any], kind: type) -> Any:
    known = set(kind.__dataclass_fields__)  # type: ignore[attr-defined]
    for key in facts:
        if key not in known:
            raise Invalid(f"{server}: a door has no “{key}”.", hint=f"Known are {', '.join(sorted(known))}.")
    try:
        return msgspec.convert(dict(facts), kind, dec_hook=_path)
    except msgspec.ValidationError as error:
        # Its words name types and places, never the value.
        raise Invalid(f"{server}: its door is not right: {error}.", hint="See docs/servers.md.") from None


def _path(kind: type, value: Any) -> Any:
    if kind is Path and isinstance(value, str):
        return typed_path(value)
    raise TypeError(f"Expected `{kind.__name__}`")
