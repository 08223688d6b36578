"""Backup servers: adding them, changing how they are reached, removing them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Self

from sqlalchemy import insert, update

from cloutui.actions.action import Change, Done, Parsed, Target, about
from cloutui.actions.desk import Desk
from cloutui.actions.names import checked_name
from cloutui.actions.registry import register
from cloutui.errors import Conflict, Invalid
from cloutui.model.action_class import ActionClass
from cloutui.model.privilege import Privilege
from cloutui.model.secret import SHOWN, Secret
from cloutui.model.unit_path import UnitRef
from cloutui.model.unit_setting import checked_time_zone
from cloutui.records import schema, servers
from cloutui.records.rows import JsonMapping, ServerRecord

PRODUCTS = ("storage-protect",)
"""The products that can be added."""

_KEPT = "password"
"""The one key of a door whose value goes to the keyring."""

_REFUSED = frozenset({_KEPT, "passphrase", "secret", "token"})
"""Keys that must not stand among a door's facts: secrets, and the name of a secret, which might be somebody else's."""


class Door(Parsed):
    """A way to a server: plain facts that its product understands, and a password apart from them."""

    __slots__ = ("facts", "password")

    def __init__(self, facts: JsonMapping, password: Secret | None = None) -> None:
        self.facts = facts
        self.password = password

    @classmethod
    def from_json(cls, value: object) -> Self:
        """A mapping with a `kind`. Raises: ValueError."""
        if not isinstance(value, Mapping) or not isinstance(value.get("kind"), str):
            raise ValueError("a door is a mapping with a kind")
        password = value.get(_KEPT)
        if not isinstance(password, str | None):
            raise ValueError("the password of a door is a text")
        facts = {str(key): inner for key, inner in value.items() if key != _KEPT}
        hidden = _first_hidden(facts)
        if hidden:
            raise ValueError(f"a door takes no “{hidden}”")
        return cls(facts, Secret(password) if password else None)

    def logged(self) -> JsonMapping:
        """Its facts, and whether it has a password."""
        return self.facts if self.password is None else {**self.facts, _KEPT: SHOWN}


def _first_hidden(facts: object) -> str | None:
    if isinstance(facts, Mapping):
        for key, inner in facts.items():
            if key in _REFUSED:
                return str(key)
            if hidden := _first_hidden(inner):
                return hidden
    return None


@register(name="server.add", needs=Privilege.SERVER_CREATE, action_class=ActionClass.CHANGE)
@dataclass(frozen=True, slots=True, kw_only=True)
class AddServer(Change):
    """Add a backup server, or change how one is reached."""

    name: Annotated[str, about("The server's own name.")]
    product: Annotated[str | None, about("What it is: storage-protect, unless told otherwise.")] = None
    doors: Annotated[tuple[Door, ...], about("The ways to it. The first is used.")] = ()
    administrator: Annotated[str | None, about("The administrator to sign in as.")] = None
    password: Annotated[Secret | None, about("The administrator's password. Goes to the keyring.")] = None
    time_zone: Annotated[str | None, about("Its time zone; without one, as it says itself.")] = None
    unit: Annotated[UnitRef | None, about("The unit it belongs to: a path or an id.")] = None
    update: Annotated[bool, about("Change the server of that name; what is not given stays.")] = False

    def target(self, desk: Desk) -> Target:
        """The unit it is to belong to; when it is changed, the one it belongs to."""
        if not self.update:
            return Target(kind="server", name=self.name.strip(), unit_ids=(desk.unit(self.unit or ".").unit_id,))
        server = desk.server(self.name)
        joins = () if self.unit is None else (desk.unit(self.unit).unit_id,)
        return Target(kind="server", name=server.name, id=server.server_id, unit_ids=(server.unit_id, *joins))

    def change(self, desk: Desk) -> Done:
        """Raises: Conflict when the name is taken; Invalid when something is missing or wrong."""
        given = self._given(desk)
        if self.update:
            desk.principal.require(Privilege.SERVER_EDIT)
            return self._update(desk, desk.server(self.name), given)
        return self._insert(desk, {"product": PRODUCTS[0], "unit_id": desk.unit(".").unit_id, **given})

    def _given(self, desk: Desk) -> dict[str, Any]:
        """The columns that were given, without secrets."""
        if self.product is not None and self.product not in PRODUCTS:
            raise Invalid(f"“{self.product}” is no product we know.", hint=f"Known are {', '.join(PRODUCTS)}.")
        given = {
            "product": self.product,
            "administrator": self.administrator or None,
            "time_zone": checked_time_zone(self.time_zone) if self.time_zone else None,
            "unit_id": None if self.unit is None else desk.unit(self.unit).unit_id,
        }
        return {column: value for column, value in given.items() if value is not None}

    def _insert(self, desk: Desk, columns: dict[str, Any]) -> Done:
        # A slash would end the name in SERVER/NODE.
        name = checked_name("server", self.name, refused="/")
        if any(server.name.casefold() == name.casefold() for server in servers.read(desk.connection)):
            raise Conflict(f"There is a server “{name}” already.", hint="Change it with update=true.")
        if not self.doors or "administrator" not in columns:
            missing = "doors" if not self.doors else "administrator"
            raise Invalid(f"server.add needs “{missing}” for a new server.", hint="Say how it is reached, and as whom.")
        values = {**columns, **self._secured(desk)}
        made = desk.connection.execute(insert(schema.server).values(name=name, added_at=desk.tx.at, **values))
        desk.tx.bump_version()
        assert made.inserted_primary_key is not None
        return Done(sentence=f"Added the server {name}.", target_id=int(made.inserted_primary_key[0]), after=values)

    def _update(self, desk: Desk, server: ServerRecord, columns: dict[str, Any]) -> Done:
        values = {**columns, **self._secured(desk)}
        if not values:
            raise Invalid("Nothing to change was given.", hint="Name what is to change, such as a new password.")
        desk.connection.execute(
            update(schema.server).where(schema.server.c.server_id == server.server_id).values(**values)
        )
        if "secret" in values:
            desk.forget_secret(server.secret)
        if "doors" in values:
            _forget_door_secrets(desk, server)
        desk.tx.bump_version()
        return Done(
            sentence=f"Changed the server {server.name}.",
            before={column: getattr(server, column) for column in values},
            after=values,
        )

    def _secured(self, desk: Desk) -> dict[str, Any]:
        """The columns that name secrets. The secrets themselves are in the keyring when this returns."""
        columns: dict[str, Any] = {}
        if self.password is not None:
            columns["secret"] = desk.keep_secret("server", self.password)
        if self.doors:
            columns["doors"] = [
                dict(door.facts)
                if door.password is None
                else {**door.facts, "secret": desk.keep_secret("door", door.password)}
                for door in self.doors
            ]
        return columns


@register(name="server.remove", needs=Privilege.SERVER_DELETE, action_class=ActionClass.DESTROY)
@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveServer(Change):
    """Stop looking after a backup server. What it reported stays; the server itself is not touched."""

    name: Annotated[str, about("The server's name.")]

    def target(self, desk: Desk) -> Target:
        """The unit it belongs to."""
        server = desk.server(self.name)
        return Target(kind="server", name=server.name, id=server.server_id, unit_ids=(server.unit_id,))

    def change(self, desk: Desk) -> Done:
        """Its id is never given again, and its passwords are forgotten."""
        server = desk.server(self.name)
        desk.connection.execute(
            update(schema.server)
            .where(schema.server.c.server_id == server.server_id)
            .values(removed_at=desk.tx.at, secret=None)
        )
        desk.forget_secret(server.secret)
        _forget_door_secrets(desk, server)
        desk.tx.bump_version()
        return Done(
            sentence=f"Removed the server {server.name}; what it reported stays.",
            before={"administrator": server.administrator, "doors": list(server.doors), "unit_id": server.unit_id},
        )


def _forget_door_secrets(desk: Desk, server: ServerRecord) -> None:
    for door in server.doors:
        desk.forget_secret(door.get("secret"))
