"""Units as people type them in the console: a name, a part of one, a path, or an id."""

from __future__ import annotations

from difflib import get_close_matches

from cloutui.errors import Invalid, NotFound
from cloutui.widgets.units import Forest

_MOST_NAMED = 4


def find_unit(forest: Forest, text: str) -> int:
    """The unit that is meant. Raises: NotFound, with the nearest names; Invalid when more than one is meant."""
    sought = text.strip().casefold()
    if sought.isdecimal() and int(sought) in forest.place:
        return int(sought)
    names = [unit.name.casefold() for unit in forest.units]
    for fits in (
        lambda name: name == sought,
        lambda name: name.startswith(sought),
        lambda name: sought in name,
    ):
        found = [place for place, name in enumerate(names) if sought and fits(name)]
        if len(found) == 1:
            return forest.units[found[0]].unit_id
        if found:
            raise _ambiguous(forest, text, found)
    by_path = _by_path(forest, sought)
    if by_path is not None:
        return by_path
    near = get_close_matches(sought, names, n=3)
    shown = " or ".join(f"“{forest.units[names.index(name)].name}”" for name in near)
    raise NotFound("unit", text, hint=f"Did you mean {shown}?" if near else "Check the spelling, or ask whose it is.")


def _by_path(forest: Forest, sought: str) -> int | None:
    parts = [part.strip() for part in sought.replace("›", "/").split("/")]
    for unit in forest.units:
        path = [above.name.casefold() for above in forest.path(unit.unit_id)]
        if len(parts) > 1 and path[-len(parts) :] == parts:
            return unit.unit_id
    return None


def _ambiguous(forest: Forest, text: str, places: list[int]) -> Invalid:
    named = [f"{forest.units[place].name} ({forest.units[place].unit_id})" for place in places[:_MOST_NAMED]]
    more = ", …" if len(places) > _MOST_NAMED else ""
    return Invalid(f"“{text}” fits {len(places)} units.", hint=f"Write more, or an id: {', '.join(named)}{more}.")
