"""Who may give what to whom. Nobody hands out a right that they lack, nor acts on somebody who has more."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from cloutui.actions.desk import Desk
from cloutui.errors import Conflict, NotAllowed, NotFound
from cloutui.model.principal import Principal
from cloutui.model.privilege import Privilege
from cloutui.records import access
from cloutui.records.people import RoleRecord, UserRecord


def require_grantable(principal: Principal, privileges: Iterable[Privilege]) -> None:
    """Raises: NotAllowed, naming the first right that the principal lacks."""
    for privilege in sorted(set(privileges) - principal.privileges):
        raise NotAllowed(privilege)


def usable_roles(desk: Desk, unit_id: int) -> list[RoleRecord]:
    """The roles that users of a unit may have: its own, and those above that are handed down."""
    above = {place.unit_id for place in desk.tree.ancestors(unit_id)}
    return [
        role
        for role in access.roles(desk.connection)
        if role.unit_id == unit_id or (role.is_inheritable and role.unit_id in above)
    ]


def role_for(desk: Desk, name: str, unit_id: int) -> RoleRecord:
    """The role of that name for users of that unit; the nearest unit's when there are several. Raises: NotFound."""
    above = [place.unit_id for place in desk.tree.ancestors(unit_id)]
    usable = usable_roles(desk, unit_id)
    found = [role for role in usable if role.name.casefold() == name.strip().casefold()]
    if not found:
        near = get_close_matches(name, [role.name for role in usable], n=1)
        names = ", ".join(role.name for role in usable)
        raise NotFound("role", name, hint=f"Did you mean “{near[0]}”?" if near else f"There are: {names}.")
    return min(found, key=lambda role: above.index(role.unit_id))


def own_role(desk: Desk, name: str) -> RoleRecord:
    """A role that people made, within sight. Raises: NotFound; Conflict for one that is built in."""
    seen = [role for role in access.roles(desk.connection) if desk.sees(role.unit_id)]
    found = [role for role in seen if role.name.casefold() == name.strip().casefold()]
    if not found:
        raise NotFound("role", name)
    if len(found) > 1:
        units = ", ".join(f"“{desk.path(role.unit_id)}”" for role in found)
        raise Conflict(f"“{name}” is a role of {units}.", hint="Name the unit too.")
    if found[0].builtin is not None:
        raise Conflict(f"“{found[0].name}” is built in.", hint="Make a role of your own with the rights you want.")
    return found[0]


def user_in_sight(desk: Desk, name: str) -> UserRecord:
    """Raises: NotFound, in the same words for who is not there and not yours."""
    found = access.user_named(desk.connection, name.strip())
    if found is None or not desk.sees(found.unit_id):
        raise NotFound("user", name)
    return found


def user_below(desk: Desk, name: str) -> UserRecord:
    """A user that the principal may act on. Raises: NotFound; NotAllowed for one who may more."""
    found = user_in_sight(desk, name)
    require_grantable(desk.principal, found.role.privileges)
    return found


def require_an_administrator_left(desk: Desk, without: UserRecord) -> None:
    """Raises: Conflict when nobody else at the top could make or unlock users any more."""
    if not any(other.user_id != without.user_id for other in _in_charge(desk)) and _is_in_charge(desk, without):
        raise Conflict(f"“{without.name}” is the last administrator.", hint="Make another one first.")


def require_administrators_left(desk: Desk, without: RoleRecord) -> None:
    """The same, for all who have a role at once. Raises: Conflict."""
    administrators = _in_charge(desk)
    if administrators and all(one.role.role_id == without.role_id for one in administrators):
        raise Conflict(f"The last administrators have the role “{without.name}”.", hint="Make another one first.")


def require_users_in_sight(desk: Desk, role: RoleRecord) -> None:
    """Raises: Conflict when somebody elsewhere has the role: their unit was moved away from the role's."""
    having = [user for user in access.users(desk.connection) if user.role.role_id == role.role_id]
    if not all(desk.sees(user.unit_id) for user in having):
        hint = "Ask an administrator above, or make a role of its own for yours."
        raise Conflict(f"Users elsewhere have the role “{role.name}”.", hint=hint)


_CHARGE = frozenset({Privilege.USER_CREATE, Privilege.USER_EDIT, Privilege.ROLE_EDIT})


def puts_in_charge(privileges: Iterable[Privilege]) -> bool:
    """Whether who has these at the top is an administrator."""
    return set(privileges) >= _CHARGE


def _in_charge(desk: Desk) -> list[UserRecord]:
    users = access.users(desk.connection)
    return [user for user in users if _is_in_charge(desk, user) and user.standing(desk.tx.at).may_enter]


def _is_in_charge(desk: Desk, user: UserRecord) -> bool:
    return user.unit_id == next(iter(desk.tree)).unit_id and puts_in_charge(user.role.privileges)
