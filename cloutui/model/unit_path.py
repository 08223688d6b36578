"""Units as people name them: by id, or by a path of names such as `Fjord Retail/Acme ApS`.

A path starts below the unit one sees everything under; that unit's own name may stand first, and `.` is that unit.
Company names hold slashes themselves ("Vest Revision A/S"), so a path is matched against the tree, never just split.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from difflib import get_close_matches

from cloutui.errors import Invalid, NotFound
from cloutui.model.unit_tree import Place, UnitTree

UnitRef = int | str
"""An id, or a path of names."""

SEPARATOR = "/"
_SHOWN_SEPARATOR = "›"
"""What the console draws: a path copied from the screen works too."""


def find_unit(tree: UnitTree, ref: UnitRef, *, within: int, archived: Collection[int] = ()) -> Place:
    """The unit meant by `ref`, seen from the unit `within`. A path means one of `archived` when it fits no other.

    Raises: NotFound, with the nearest names in sight; Invalid when the path fits more than one unit.
    """
    if within not in tree:  # whoever asks lost their unit meanwhile
        raise NotFound("unit", str(ref))
    if isinstance(ref, int):
        return _in_sight(tree, ref, str(ref), within)
    path = _normal(ref)
    if path in {"", "."}:
        return tree[within]
    fitting = {place.unit_id: place for place in _matches(tree, path, within)}
    found = {unit_id: place for unit_id, place in fitting.items() if unit_id not in archived} or fitting
    if len(found) == 1:
        return next(iter(found.values()))
    if found:
        ids = ", ".join(str(unit_id) for unit_id in sorted(found))
        raise Invalid(f"“{ref}” fits {len(found)} units.", hint=f"Name it by its id, one of {ids}.")
    if path.isdecimal():
        return _in_sight(tree, int(path), ref, within)
    raise NotFound("unit", ref, hint=_nearest(tree, path, within))


def path_text(tree: UnitTree, unit_id: int, *, within: int) -> str:
    """The path that names the unit from `within`; that unit's own name for itself."""
    return SEPARATOR.join(tree.path(unit_id, below=within)) if unit_id != within else tree[unit_id].name


def _in_sight(tree: UnitTree, unit_id: int, ref: str, within: int) -> Place:
    if not tree.holds(within, unit_id):
        raise NotFound("unit", ref)
    return tree[unit_id]


def _normal(ref: str) -> str:
    parts = ref.replace(_SHOWN_SEPARATOR, SEPARATOR).casefold().split(SEPARATOR)
    return SEPARATOR.join(part.strip() for part in parts).strip(SEPARATOR)


def _matches(tree: UnitTree, path: str, within: int) -> Iterator[Place]:
    top = tree[within]
    own = _normal(top.name)
    if path == own:
        yield top
    elif path.startswith(own + SEPARATOR):
        yield from _below(tree, path[len(own) + 1 :], within)
    yield from _below(tree, path, within)


def _below(tree: UnitTree, path: str, unit_id: int) -> Iterator[Place]:
    for child in tree.children(unit_id):
        name = _normal(child.name)
        if path == name:
            yield child
        elif path.startswith(name + SEPARATOR):
            yield from _below(tree, path[len(name) + 1 :], child.unit_id)


def _nearest(tree: UnitTree, path: str, within: int) -> str:
    paths = {path_text(tree, place.unit_id, within=within).casefold(): place for place in tree.subtree(within)}
    names = {place.name.casefold(): place for place in tree.subtree(within)}
    near = get_close_matches(path, [*paths, *names], n=3, cutoff=0.6)
    shown = {path_text(tree, (paths.get(key) or names[key]).unit_id, within=within): None for key in near}
    if not shown:
        return "Check the spelling, or ask whose it is."
    return "Did you mean " + " or ".join(f"“{path}”" for path in shown) + "?"
