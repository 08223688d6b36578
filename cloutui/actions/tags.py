"""Tags: making them, renaming and removing them, and putting them on units and nodes.

A tag may be named by its text. Where units have tags of the same text, the nearest above what it is put on is meant.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from sqlalchemy import Column, delete, insert, select, update

from cloutui.actions.action import Change, Done, Target, about
from cloutui.actions.desk import Desk, Node, NodeRef
from cloutui.actions.registry import register
from cloutui.errors import Conflict, Invalid, NotFound
from cloutui.model import formats
from cloutui.model.action_class import ActionClass
from cloutui.model.filter.saved import tags_named_in
from cloutui.model.privilege import Privilege
from cloutui.model.tag import Tag, checked_tag
from cloutui.model.unit_path import UnitRef
from cloutui.model.unit_setting import SLA_TAGS_ONLY, SLA_TAGS_WITHOUT
from cloutui.model.unit_tree import Place
from cloutui.records import schema, tags
from cloutui.records.daily_tables import tag as tag_table
from cloutui.records.daily_tables import tagging
from cloutui.records.relation import among

TagRef = int | str
"""The id of a tag, or its text."""

_MOST_NAMED = 5


@register(name="tag.create", needs=Privilege.TAG_EDIT, action_class=ActionClass.CHANGE)
@dataclass(frozen=True, slots=True, kw_only=True)
class CreateTag(Change):
    """Make a tag for a unit, to be put on it and its nodes; handed down, also on the units below."""

    text: Annotated[str, about("One word: letters, digits, “-”, “_” and “.”.")]
    unit: Annotated[UnitRef, about("The unit that owns it: a path or an id.")] = "."
    inheritable: Annotated[bool, about("Whether the units below may use it.")] = True

    def target(self, desk: Desk) -> Target:
        """Its owner is touched."""
        return Target(kind="tag", name=self.text.strip().lower(), unit_ids=(desk.unit(self.unit).unit_id,))

    def change(self, desk: Desk) -> Done:
        """Raises: Invalid for what is no tag; Conflict when the unit has it."""
        unit, text = desk.unit(self.unit), checked_tag(self.text)
        _require_free(desk, unit.unit_id, text)
        made = desk.connection.execute(
            insert(tag_table).values(
                unit_id=unit.unit_id, text=text, is_inheritable=self.inheritable, created_at=desk.tx.at
            )
        )
        desk.tx.bump_version()
        assert made.inserted_primary_key is not None
        below = ", and handed it down" if self.inheritable else ""
        return Done(
            sentence=f"Made the tag “{text}” of “{desk.path(unit.unit_id)}”{below}.",
            target_id=int(made.inserted_primary_key[0]),
            after={"text": text, "unit_id": unit.unit_id, "inheritable": self.inheritable},
        )


@register(name="tag.rename", needs=Privilege.TAG_EDIT, action_class=ActionClass.CHANGE)
@dataclass(frozen=True, slots=True, kw_only=True)
class RenameTag(Change):
    """Give a tag another text, or say anew whether units below may use it. It stays on all that has it."""

    tag: Annotated[TagRef, about("The tag: its text or its id.")]
    text: Annotated[str | None, about("Its new text.")] = None
    inheritable: Annotated[bool | None, about("Whether the units below may use it.")] = None

    def target(self, desk: Desk) -> Target:
        """Its owner is touched."""
        return _target(_only(desk, self.tag))

    def change(self, desk: Desk) -> Done:
        """Filters that name it are not rewritten. Raises: Invalid when nothing is changed; Conflict."""
        old = _only(desk, self.tag)
        text = old.text if self.text is None else checked_tag(self.text)
        inheritable = old.is_inheritable if self.inheritable is None else self.inheritable
        if (text, inheritable) == (old.text, old.is_inheritable):
            raise Invalid("Nothing would be changed.", hint="Give another text, or inheritable=yes or no.")
        _require_free(desk, old.unit_id, text, unless=old.tag_id)
        changed = update(tag_table).where(tag_table.c.tag_id == old.tag_id)
        desk.connection.execute(changed.values(text=text, is_inheritable=inheritable))
        desk.tx.bump_version()
        said = [f"is “{text}” now"] if text != old.text else []
        if inheritable != old.is_inheritable:
            said.append("is handed down" if inheritable else "is no longer handed down")
        return Done(
            sentence=f"The tag “{old.text}” {' and '.join(said)}.",
            before={"text": old.text, "inheritable": old.is_inheritable},
            after={"text": text, "inheritable": inheritable},
        )


@register(name="tag.remove", needs=Privilege.TAG_EDIT, action_class=ActionClass.CHANGE)
@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveTag(Change):
    """Remove a tag, and take it off everything that has it. Every use is shown first."""

    tag: Annotated[TagRef, about("The tag: its text or its id.")]

    def target(self, desk: Desk) -> Target:
        """Its owner is touched."""
        return _target(_only(desk, self.tag))

    def change(self, desk: Desk) -> Done:
        """What it was on stands in the activity log. Saved filters that name it stay, and find nothing by it."""
        old = _only(desk, self.tag)
        used = tags.tagged(desk.connection, old.tag_id)
        uses = _uses(desk, old, used)
        desk.connection.execute(delete(tagging).where(tagging.c.tag_id == old.tag_id))
        desk.connection.execute(update(tag_table).where(tag_table.c.tag_id == old.tag_id).values(removed_at=desk.tx.at))
        desk.tx.bump_version()
        was_on = _counted(len(used.data_source_ids), len(used.unit_ids)) or "nothing"
        filters = uses.get("filters", ())
        named = f"; {formats.plural(len(filters), 'saved filter')} still named it" if filters else ""
        ids = {"unit_ids": list(used.unit_ids), "data_source_ids": list(used.data_source_ids)}
        return Done(
            sentence=f"Removed the tag “{old.text}”, which was on {was_on}{named}.",
            before={"text": old.text, "unit_id": old.unit_id, "inheritable": old.is_inheritable, **uses, **ids},
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Tagging(Change):
    """Which tags, and which nodes and units."""

    tags: Annotated[tuple[TagRef, ...], about("The tags: texts or ids.")]
    nodes: Annotated[tuple[NodeRef, ...], about("The nodes: SERVER/NODE or ids.")] = ()
    units: Annotated[tuple[UnitRef, ...], about("The units: paths or ids. All nodes below have the tag then.")] = ()

    def target(self, desk: Desk) -> Target:
        """The nodes with the units that own them, and the units."""
        things = self._things(desk)
        first = things[0]
        is_one = len(things) == 1
        nodes = sum(isinstance(thing, Node) for thing in things)
        return Target(
            kind="unit" if isinstance(first, Place) else "node",
            name=first.name if is_one else _counted(nodes, len(things) - nodes),
            id=_id(first) if is_one else None,
            unit_ids=tuple(dict.fromkeys(thing.unit_id for thing in things)),
        )

    def _things(self, desk: Desk) -> list[Node | Place]:
        """Each once. Raises: Invalid for none."""
        nodes = {node.data_source_id: node for node in map(desk.node, self.nodes)}
        units = {unit.unit_id: unit for unit in map(desk.unit, self.units)}
        if not nodes and not units:
            raise Invalid("Nothing was named.", hint="Name a node, as nodes=SERVER/NODE, or a unit.")
        if not self.tags:
            raise Invalid("No tag was named.", hint="Name at least one.")
        return [*nodes.values(), *units.values()]

    def _done(self, verb: str, texts: Iterable[str], things: Sequence[Node | Place], changed: int, idle: str) -> Done:
        named = ", ".join(dict.fromkeys(f"“{text}”" for text in texts))
        first, nodes = things[0], sum(isinstance(thing, Node) for thing in things)
        one = f"{first.name} on {first.server}" if isinstance(first, Node) else f"the unit “{first.name}”"
        what = one if len(things) == 1 else _counted(nodes, len(things) - nodes)
        others = len(things) - changed
        told = f"; {idle}" if not changed else f"; {formats.count(others)} of them {idle}" if others else ""
        ids = {
            "unit_ids": [thing.unit_id for thing in things if isinstance(thing, Place)],
            "data_source_ids": [thing.data_source_id for thing in things if isinstance(thing, Node)],
        }
        return Done(sentence=f"{verb.replace('TAGS', named)} {what}{told}.", after={"changed": changed, **ids})


@register(name="tag.put", needs=Privilege.TAG_EDIT, action_class=ActionClass.CHANGE)
@dataclass(frozen=True, slots=True, kw_only=True)
class PutTag(Tagging):
    """Put tags on nodes and units."""

    def change(self, desk: Desk) -> Done:
        """Of tags with the same text the nearest is meant. Raises: NotFound; Invalid where one may not be used."""
        things, known = self._things(desk), _seen(desk)
        places: dict[tuple[int, str], list[int]] = {}
        for ref in self.tags:
            for thing in things:
                chosen = _nearest(desk, ref, thing.unit_id, known)
                places.setdefault((chosen.tag_id, _column(thing).name), []).append(_id(thing))
        texts = {each.tag_id: each.text for each in known}
        changed: set[tuple[str, int]] = set()
        for (tag_id, column), ids in places.items():
            changed.update((column, each) for each in tags.put(desk.connection, tag_id, tagging.c[column], ids))
        desk.tx.bump_version()
        return self._done("Put TAGS on", [texts[tag_id] for tag_id, _ in places], things, len(changed), "had that")


@register(name="tag.take", needs=Privilege.TAG_EDIT, action_class=ActionClass.CHANGE)
@dataclass(frozen=True, slots=True, kw_only=True)
class TakeTag(Tagging):
    """Take tags off nodes and units. What a node has from its unit stays."""

    def change(self, desk: Desk) -> Done:
        """All that are seen and have that text are meant. Raises: NotFound for a tag that there is not."""
        things, known = self._things(desk), _seen(desk)
        meant = [each for ref in self.tags for each in _named(ref, known)]
        changed: set[tuple[str, int]] = set()
        for kind in (Node, Place):
            ids = [_id(thing) for thing in things if isinstance(thing, kind)]
            if ids:
                column = tagging.c["data_source_id" if kind is Node else "unit_id"]
                taken = tags.take(desk.connection, [each.tag_id for each in meant], column, ids)
                changed.update((column.name, each) for each in taken)
        desk.tx.bump_version()
        return self._done("Took TAGS off", [each.text for each in meant], things, len(changed), "had none of that")


def _column(thing: Node | Place) -> Column[Any]:
    column: Column[Any] = tagging.c["data_source_id" if isinstance(thing, Node) else "unit_id"]
    return column


def _id(thing: Node | Place) -> int:
    return thing.data_source_id if isinstance(thing, Node) else thing.unit_id


def _counted(nodes: int, units: int) -> str:
    """`12 nodes and 2 units`; nothing for none of both."""
    parts = [formats.plural(count, noun) for count, noun in ((nodes, "node"), (units, "unit")) if count]
    return " and ".join(parts)


# Which tag is meant.


def _seen(desk: Desk) -> list[Tag]:
    """The tags of the principal's units, and those that are handed down to them."""
    own = desk.principal.unit_id
    return [each for each in tags.read(desk.connection) if desk.sees(each.unit_id) or each.reaches(own, desk.tree)]


def _named(ref: TagRef, known: Iterable[Tag]) -> list[Tag]:
    """Those that are meant: of an id one, of a text one or several. Raises: NotFound."""
    text = str(ref).strip().lower()
    if found := [each for each in known if each.text == text]:
        return found
    if found := [each for each in known if str(each.tag_id) == text]:
        return found
    raise NotFound("tag", str(ref), hint="`cloutui report tags` lists those that there are.")


def _nearest(desk: Desk, ref: TagRef, unit_id: int, known: Iterable[Tag]) -> Tag:
    """Of those that may be put there. Raises: NotFound; Invalid when there are some, and none of them reaches."""
    meant = _named(ref, known)
    usable = [each for each in meant if each.reaches(unit_id, desk.tree)]
    if not usable:
        owner, where = desk.known_path(meant[0].unit_id), desk.path(unit_id)
        why = f"The tag “{meant[0].text}” of “{owner}” is not for “{where}”."
        raise Invalid(why, hint="Hand it down from a unit above, or make one of its own.")
    return max(usable, key=lambda each: desk.tree[each.unit_id].depth)


def _only(desk: Desk, ref: TagRef) -> Tag:
    """Raises: NotFound; Invalid when several have that text."""
    found = _named(ref, _seen(desk))
    if len(found) > 1:
        whose = ", ".join(f"{each.tag_id} of {desk.known_path(each.unit_id)}" for each in found)
        raise Invalid(f"“{ref}” fits {len(found)} tags.", hint=f"Name one by its id: {whose}.")
    return found[0]


def _target(meant: Tag) -> Target:
    return Target(kind="tag", name=meant.text, id=meant.tag_id, unit_ids=(meant.unit_id,))


def _require_free(desk: Desk, unit_id: int, text: str, *, unless: int | None = None) -> None:
    """Raises: Conflict when the unit owns a tag of that text."""
    for each in tags.read(desk.connection):
        if (each.unit_id, each.text) == (unit_id, text) and each.tag_id != unless:
            raise Conflict(f"There is a tag “{text}” already.", hint="Choose another text.")


# What it is used for.


def _uses(desk: Desk, old: Tag, used: tags.Tagged) -> Mapping[str, Sequence[str]]:
    """By kind of use its first names, so that a person can tell what is at stake."""
    units = [desk.path(unit_id) for unit_id in used.unit_ids if desk.sees(unit_id)]
    found = {"units": units, "nodes": _node_names(desk, used.data_source_ids)}
    found |= {"filters": list(_filters(desk, old)), "settings": list(_promises(desk, old))}
    return {kind: _shortened(names) for kind, names in found.items() if names}


def _shortened(names: Sequence[str]) -> list[str]:
    more = len(names) - _MOST_NAMED
    return [*names[:_MOST_NAMED], f"{formats.count(more)} more"] if more > 0 else list(names)


def _node_names(desk: Desk, ids: Sequence[int]) -> list[str]:
    source = schema.data_source
    asked = select(source.c.name).where(among(source.c.data_source_id, ids)).order_by(source.c.name)
    return list(desk.connection.execute(asked).scalars())


def _filters(desk: Desk, old: Tag) -> Iterator[str]:
    """The saved filters that name it: one's own, and those of units in sight."""
    saved = schema.saved_filter.c
    for name, text, owner, unit_id in desk.connection.execute(
        select(saved.name, saved.text, saved.owner, saved.unit_id).order_by(saved.name)
    ):
        is_known = owner == desk.principal.name if unit_id is None else desk.sees(unit_id)
        if is_known and old.text in tags_named_in(text):
            yield f"@{name}"


def _promises(desk: Desk, old: Tag) -> Iterator[str]:
    """The units that count jobs by it."""
    setting = schema.unit_setting.c
    keys = (SLA_TAGS_ONLY.name, SLA_TAGS_WITHOUT.name)
    asked = select(setting.unit_id, setting.key, setting.value).where(setting.key.in_(keys)).order_by(setting.key)
    for unit_id, key, value in desk.connection.execute(asked):
        if desk.sees(unit_id) and old.text in str(value).lower().split():
            yield f"{key} of {desk.path(unit_id)}"
