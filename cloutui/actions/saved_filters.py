"""Filters under a name: one's own, or a unit's, which is there from that unit downwards."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from cloutui.actions.action import Change, Done, Target, about
from cloutui.actions.desk import Desk
from cloutui.actions.registry import register
from cloutui.errors import Invalid, NotFound
from cloutui.model.action_class import ActionClass
from cloutui.model.filter.grammar import parse
from cloutui.model.filter.saved import SavedFilter, checked_name, resolve
from cloutui.model.privilege import Privilege
from cloutui.model.safe_text import safe
from cloutui.model.unit_path import UnitRef
from cloutui.records import saved


@register(name="filter.save", needs=Privilege.ACCOUNT_EDIT, action_class=ActionClass.NOTE)
@dataclass(frozen=True, slots=True, kw_only=True)
class SaveFilter(Change):
    """Keep a filter under a name: from then on `@name` stands for it. One that has the name is replaced."""

    name: Annotated[str, about("The name, with or without @: letters, digits, “-”, “_” and “.”.")]
    text: Annotated[str, about("The filter.")]
    unit: Annotated[UnitRef | None, about("For this unit and all below it; without it, for yourself alone.")] = None

    def target(self, desk: Desk) -> Target:
        """The unit that gets it; one's own is noted where one lives."""
        return _target(desk, self.name, _unit_id(desk, self.unit))

    def change(self, desk: Desk) -> Done:
        """Raises: Invalid, BadFilter: also for a name in it that its readers would not know, or that leads back."""
        name, text, unit_id = checked_name(self.name), self.text.strip(), _unit_id(desk, self.unit)
        if not text:
            raise Invalid("There is no filter to save.", hint="Type one first, as status:failed.")
        if safe(text) != text:
            raise Invalid("The filter holds characters that cannot be shown.", hint="Type it by hand.")
        owner = desk.principal.name
        scope, own = (desk.principal.unit_id, owner) if unit_id is None else (unit_id, None)
        known = {each.name: each.text for each in saved.filters(desk.connection, desk.tree, scope, owner=own)}
        resolve(parse(text), {**known, name: text})
        before = saved.exactly(desk.connection, name, owner=owner, unit_id=unit_id)
        version = before.version + 1 if before else 1
        kept = SavedFilter(name=name, text=text, owner=owner, unit_id=unit_id, version=version)
        saved.keep(desk.tx, kept)
        return Done(
            sentence=f"@{name} is {text}{_for_whom(desk, unit_id)}.",
            before=_as_logged(before),
            after=_as_logged(kept),
        )


@register(name="filter.forget", needs=Privilege.ACCOUNT_EDIT, action_class=ActionClass.NOTE)
@dataclass(frozen=True, slots=True, kw_only=True)
class ForgetFilter(Change):
    """Take a saved filter away. Filters that name it are refused from then on."""

    name: Annotated[str, about("Its name, with or without @.")]
    unit: Annotated[UnitRef | None, about("The unit whose filter it is; without it, your own.")] = None

    def target(self, desk: Desk) -> Target:
        """The unit whose it is; one's own is noted where one lives."""
        return _target(desk, self.name, _unit_id(desk, self.unit))

    def change(self, desk: Desk) -> Done:
        """Raises: NotFound."""
        name, unit_id = checked_name(self.name), _unit_id(desk, self.unit)
        before = saved.exactly(desk.connection, name, owner=desk.principal.name, unit_id=unit_id)
        if before is None:
            raise NotFound("saved filter", f"@{name}", hint="f lists those that there are.")
        saved.forget(desk.connection, before)
        return Done(sentence=f"@{name} is forgotten{_for_whom(desk, unit_id)}.", before=_as_logged(before))


def _unit_id(desk: Desk, unit: UnitRef | None) -> int | None:
    """Raises: NotFound; NotAllowed for a unit's filter without the right to change units."""
    if unit is None:
        return None
    desk.principal.require(Privilege.UNIT_EDIT)
    return desk.unit(unit).unit_id


def _target(desk: Desk, name: str, unit_id: int | None) -> Target:
    where = desk.principal.unit_id if unit_id is None else unit_id
    return Target(kind="filter", name=f"@{checked_name(name)}", unit_ids=(where,))


def _for_whom(desk: Desk, unit_id: int | None) -> str:
    return "" if unit_id is None else f", for “{desk.path(unit_id)}” and all below it"


def _as_logged(found: SavedFilter | None) -> dict[str, object]:
    return {} if found is None else {"text": found.text, "unit_id": found.unit_id, "version": found.version}
