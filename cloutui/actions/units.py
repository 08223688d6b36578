"""Business units: making, renaming and moving them, and their settings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from sqlalchemy import insert, select, update

from cloutui.actions.action import Change, Done, Target, about
from cloutui.actions.desk import Desk
from cloutui.actions.names import checked_name
from cloutui.actions.registry import register
from cloutui.errors import Conflict
from cloutui.model.action_class import ActionClass
from cloutui.model.privilege import Privilege
from cloutui.model.unit_path import UnitRef
from cloutui.model.unit_setting import SettingValue, UnitSettingKey, key_named, own_value_on, shown, value_on
from cloutui.model.unit_tree import Place, would_cycle
from cloutui.records import dimensions, schema


@register(name="unit.create", needs=Privilege.UNIT_CREATE, action_class=ActionClass.CHANGE)
@dataclass(frozen=True, slots=True, kw_only=True)
class CreateUnit(Change):
    """Make a unit below another one."""

    name: Annotated[str, about("The unit's name; no other one beside it may have it.")]
    parent: Annotated[UnitRef, about("The unit above it: a path or an id.")] = "."

    def target(self, desk: Desk) -> Target:
        """The unit above it is touched."""
        return Target(kind="unit", name=self.name.strip(), unit_ids=(desk.unit(self.parent).unit_id,))

    def change(self, desk: Desk) -> Done:
        """Raises: Conflict when a sibling has that name."""
        parent = desk.unit(self.parent)
        name = checked_name("unit", self.name)
        require_free(desk, parent.unit_id, name)
        made = desk.connection.execute(
            insert(schema.unit).values(parent_id=parent.unit_id, name=name, created_at=desk.tx.at)
        )
        desk.tx.bump_version()
        assert made.inserted_primary_key is not None
        return Done(
            sentence=f"Made the unit “{name}” below “{desk.path(parent.unit_id)}”.",
            target_id=int(made.inserted_primary_key[0]),
            after={"name": name, "parent_id": parent.unit_id},
        )


@register(name="unit.rename", needs=Privilege.UNIT_EDIT, action_class=ActionClass.CHANGE)
@dataclass(frozen=True, slots=True, kw_only=True)
class RenameUnit(Change):
    """Give a unit another name."""

    unit: Annotated[UnitRef, about("The unit: a path or an id.")]
    name: Annotated[str, about("Its new name.")]

    def target(self, desk: Desk) -> Target:
        """The unit itself."""
        return unit_target(desk.unit(self.unit))

    def change(self, desk: Desk) -> Done:
        """Raises: Conflict when a sibling has that name."""
        unit = desk.unit(self.unit)
        name = checked_name("unit", self.name)
        require_free(desk, unit.parent_id, name, unless=unit.unit_id)
        desk.connection.execute(update(schema.unit).where(schema.unit.c.unit_id == unit.unit_id).values(name=name))
        desk.tx.bump_version()
        return Done(
            sentence=f"Renamed the unit “{unit.name}” to “{name}”.",
            before={"name": unit.name},
            after={"name": name},
        )


@register(name="unit.move", needs=Privilege.UNIT_EDIT, action_class=ActionClass.SERVICE)
@dataclass(frozen=True, slots=True, kw_only=True)
class MoveUnit(Change):
    """Move a unit, with all below it, under another one."""

    unit: Annotated[UnitRef, about("The unit: a path or an id.")]
    parent: Annotated[UnitRef, about("The unit it goes under: a path or an id.")]

    def target(self, desk: Desk) -> Target:
        """The unit, and the one it goes under."""
        unit = desk.unit(self.unit)
        return Target(
            kind="unit",
            name=unit.name,
            id=unit.unit_id,
            unit_ids=(unit.unit_id, desk.unit(self.parent).unit_id),
        )

    def change(self, desk: Desk) -> Done:
        """Raises: Conflict when it would become its own ancestor, or a sibling there has its name."""
        unit, parent = desk.unit(self.unit), desk.unit(self.parent)
        if unit.parent_id is None:
            raise Conflict(f"“{unit.name}” is the top of the tree.", hint="Move the units below it instead.")
        if would_cycle({place.unit_id: place.parent_id for place in desk.tree}, unit.unit_id, parent.unit_id):
            raise Conflict(f"“{parent.name}” lies below “{unit.name}”.", hint="Choose a unit outside of it.")
        require_free(desk, parent.unit_id, unit.name, unless=unit.unit_id)
        desk.connection.execute(
            update(schema.unit).where(schema.unit.c.unit_id == unit.unit_id).values(parent_id=parent.unit_id)
        )
        desk.tx.bump_version()
        return Done(
            sentence=f"Moved the unit “{unit.name}” under “{desk.path(parent.unit_id)}”.",
            before={"parent_id": unit.parent_id},
            after={"parent_id": parent.unit_id},
        )


@register(name="unit.set", needs=Privilege.UNIT_EDIT, action_class=ActionClass.CHANGE)
@dataclass(frozen=True, slots=True, kw_only=True)
class SetUnit(Change):
    """Set one setting of a unit, for itself and all below that do not say otherwise."""

    unit: Annotated[UnitRef, about("The unit: a path or an id.")]
    key: Annotated[str, about("Which setting: see the list of unit settings.")]
    value: Annotated[str | int | float | bool | None, about("Its value; nothing, to inherit again.")] = None
    from_day: Annotated[
        date | None,
        about("The backup day it starts at. Else the first value holds since the beginning, a later one from now."),
    ] = None

    def target(self, desk: Desk) -> Target:
        """The unit itself."""
        return unit_target(desk.unit(self.unit))

    def change(self, desk: Desk) -> Done:
        """Raises: Invalid for a value that is not of its kind; Conflict when it would loosen what stands above."""
        unit, key = desk.unit(self.unit), key_named(self.key)
        value = None if self.value is None or self.value == "" else key.checked(self.value)
        settings = dimensions.setting_rows(desk.connection)
        own = [row for row in settings.get(unit.unit_id, ()) if row.key == key.name]
        day = self.from_day or (desk.clocks.today(unit.unit_id) if own else None)
        on = day or desk.clocks.today(unit.unit_id)
        above = desk.tree.ancestors(unit.unit_id)[1:]
        if value is not None and above:
            key.require_allowed(value, value_on(on, above, key, settings))
        before = own_value_on(on, own, key.name)
        _store_setting(desk, unit, key, value, day)
        desk.tx.bump_version()
        since = "since the beginning" if day is None else f"from {day.isoformat()} on"
        said = "inherits" if value is None else f"is {shown(value)}"
        return Done(
            sentence=f"{key.name} of “{unit.name}” {said} {since}.",
            before={"value": before},
            after={"value": value, "valid_from": None if day is None else day.isoformat()},
        )


def unit_target(unit: Place) -> Target:
    """An action that is about this unit alone."""
    return Target(kind="unit", name=unit.name, id=unit.unit_id, unit_ids=(unit.unit_id,))


def require_free(desk: Desk, parent_id: int | None, name: str, *, unless: int | None = None) -> None:
    """Raises: Conflict when another unit there has the name, in any case of letters."""
    table = schema.unit
    siblings = desk.connection.execute(
        select(table.c.unit_id, table.c.name).where(table.c.parent_id == parent_id, table.c.archived_at.is_(None))
    )
    if any(row.name.casefold() == name.casefold() and row.unit_id != unless for row in siblings):
        raise Conflict(f"There is a unit “{name}” already.", hint="Choose another name.")


def _store_setting(desk: Desk, unit: Place, key: UnitSettingKey, value: SettingValue | None, day: date | None) -> None:
    table = schema.unit_setting
    same = (table.c.unit_id == unit.unit_id, table.c.key == key.name, table.c.valid_from == day)
    changed = desk.connection.execute(update(table).where(*same).values(value=value))
    if not changed.rowcount:
        desk.connection.execute(insert(table).values(unit_id=unit.unit_id, key=key.name, value=value, valid_from=day))
