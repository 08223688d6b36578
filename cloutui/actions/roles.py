"""Roles that people make: named sets of rights, handed down the tree or not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from sqlalchemy import func, insert, select, update

from cloutui.actions.action import Change, Done, Target, about
from cloutui.actions.desk import Desk
from cloutui.actions.granting import (
    own_role,
    puts_in_charge,
    require_administrators_left,
    require_grantable,
    require_users_in_sight,
)
from cloutui.actions.names import checked_name
from cloutui.actions.registry import register
from cloutui.actions.users import checked_line
from cloutui.errors import Conflict
from cloutui.model.action_class import ActionClass
from cloutui.model.privilege import Privilege
from cloutui.model.role import privileges_named
from cloutui.model.unit_path import UnitRef
from cloutui.records import access
from cloutui.records.access_tables import role as roles
from cloutui.records.access_tables import user_account
from cloutui.records.people import RoleRecord
from cloutui.records.rows import JsonMapping


@register(name="role.create", needs=Privilege.ROLE_CREATE, action_class=ActionClass.DESTROY)
@dataclass(frozen=True, slots=True, kw_only=True)
class CreateRole(Change):
    """Make a role: a named set of rights that users of a unit can have."""

    name: Annotated[str, about("The role's name; no other one of the unit may have it.")]
    rights: Annotated[tuple[str, ...], about("What it allows, such as node.view.")]
    unit: Annotated[UnitRef, about("The unit it belongs to: a path or an id.")] = "."
    description: Annotated[str, about("Whom it is for.")] = ""
    inheritable: Annotated[bool, about("Whether units below may use it.")] = True
    second_factor: Annotated[bool, about("Whether its users need two factors to sign in.")] = False

    def target(self, desk: Desk) -> Target:
        """The unit is touched."""
        return Target(kind="role", name=self.name.strip(), unit_ids=(desk.unit(self.unit).unit_id,))

    def change(self, desk: Desk) -> Done:
        """Raises: Conflict for a name that is taken; NotAllowed for a right that one lacks."""
        unit = desk.unit(self.unit)
        name = checked_name("role", self.name)
        privileges = privileges_named(self.rights) | {Privilege.ACCOUNT_EDIT}
        require_grantable(desk.principal, privileges)
        _require_free(desk, unit.unit_id, name)
        values = {
            "name": name,
            "description": checked_line("description", self.description),
            "privileges": sorted(privileges),
            "is_inheritable": self.inheritable,
            "needs_second_factor": self.second_factor,
        }
        made = desk.connection.execute(
            insert(roles).values(unit_id=unit.unit_id, builtin=None, created_at=desk.tx.at, **values)
        )
        assert made.inserted_primary_key is not None
        return Done(
            sentence=f"Made the role “{name}” of “{desk.path(unit.unit_id)}”.",
            target_id=int(made.inserted_primary_key[0]),
            after=values,
        )


@register(name="role.edit", needs=Privilege.ROLE_EDIT, action_class=ActionClass.DESTROY)
@dataclass(frozen=True, slots=True, kw_only=True)
class EditRole(Change):
    """Change a role, and with it what everybody may who has it."""

    role: Annotated[str, about("The role's name.")]
    name: Annotated[str | None, about("Its new name.")] = None
    rights: Annotated[tuple[str, ...] | None, about("All that it allows from now on.")] = None
    description: Annotated[str | None, about("Whom it is for.")] = None
    inheritable: Annotated[bool | None, about("Whether units below may use it.")] = None
    second_factor: Annotated[bool | None, about("Whether its users need two factors to sign in.")] = None

    def target(self, desk: Desk) -> Target:
        """The role, in its unit."""
        return _role_target(own_role(desk, self.role))

    def change(self, desk: Desk) -> Done:
        """Raises: Conflict; NotAllowed for a right that one lacks, be it given or taken."""
        role = own_role(desk, self.role)
        require_grantable(desk.principal, role.privileges)
        require_users_in_sight(desk, role)
        values: dict[str, object] = {}
        if self.name is not None:
            values["name"] = checked_name("role", self.name)
            _require_free(desk, role.unit_id, str(values["name"]), unless=role.role_id)
        if self.rights is not None:
            privileges = privileges_named(self.rights) | {Privilege.ACCOUNT_EDIT}
            require_grantable(desk.principal, privileges)
            if not puts_in_charge(privileges):
                require_administrators_left(desk, role)
            values["privileges"] = sorted(privileges)
        if self.description is not None:
            values["description"] = checked_line("description", self.description)
        if self.inheritable is not None:
            values["is_inheritable"] = self.inheritable
        if self.second_factor is not None:
            values["needs_second_factor"] = self.second_factor
        before = _as_json(role)
        if values:
            desk.connection.execute(update(roles).where(roles.c.role_id == role.role_id).values(**values))
        return Done(
            sentence=f"Changed the role “{role.name}”, which {_users_of(desk, role)} users have.",
            before={name: before[name] for name in values},
            after=values,
        )


@register(name="role.delete", needs=Privilege.ROLE_DELETE, action_class=ActionClass.DESTROY)
@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteRole(Change):
    """Delete a role that nobody has."""

    role: Annotated[str, about("The role's name.")]

    def target(self, desk: Desk) -> Target:
        """The role, in its unit."""
        return _role_target(own_role(desk, self.role))

    def change(self, desk: Desk) -> Done:
        """Raises: Conflict when somebody has it."""
        role = own_role(desk, self.role)
        require_grantable(desk.principal, role.privileges)
        count = _users_of(desk, role)
        if count:
            raise Conflict(f"{count} users have the role “{role.name}”.", hint="Give them another one first.")
        desk.connection.execute(update(roles).where(roles.c.role_id == role.role_id).values(archived_at=desk.tx.at))
        return Done(sentence=f"Deleted the role “{role.name}”.", before=_as_json(role))


def _role_target(role: RoleRecord) -> Target:
    return Target(kind="role", name=role.name, id=role.role_id, unit_ids=(role.unit_id,))


def _as_json(role: RoleRecord) -> JsonMapping:
    return {
        "name": role.name,
        "description": role.description,
        "privileges": sorted(role.privileges),
        "is_inheritable": role.is_inheritable,
        "needs_second_factor": role.needs_second_factor,
    }


def _users_of(desk: Desk, role: RoleRecord) -> int:
    table = user_account
    asked = select(func.count()).where(table.c.role_id == role.role_id, table.c.archived_at.is_(None))
    return int(desk.connection.execute(asked).scalar_one())


def _require_free(desk: Desk, unit_id: int, name: str, *, unless: int | None = None) -> None:
    for other in access.roles(desk.connection):
        taken = other.unit_id == unit_id and other.name.casefold() == name.casefold()
        if taken and other.role_id != unless:
            raise Conflict(f"There is a role “{other.name}” already.", hint="Choose another name.")
