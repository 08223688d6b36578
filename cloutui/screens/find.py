"""What is found while one types: nodes, schedules, users and tags in the palette; in the box of `F` all of it, comments
too, in everything that the reader sees.

Asked of the report `find` when the keys have rested a moment, so that nothing has to be known before.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from textual import on
from textual.timer import Timer

from cloutui.errors import CloutuiError
from cloutui.model import formats
from cloutui.model.filter.rendering import render_value
from cloutui.model.link import Link
from cloutui.screens.background import ask_in_background
from cloutui.screens.desk import Desk
from cloutui.screens.finder import Entry, Finder
from cloutui.screens.notices import empty_notice, error_notice
from cloutui.widgets.field import Field

PAUSE_S = 0.12
"""Without a key until it is asked for."""

_MOST_ASKED = 60
_LISTS: Mapping[str, str] = {
    "server": "servers /name",
    "schedule": "jobs /schedule",
    "user": "access /name",
    "tag": "nodes /tag",
}
"""By kind: the screen that lists it, and the field of its filter."""


class Palette(Finder):
    """What is known at once, and what is found beside it."""

    LEFT_OUT = frozenset({"unit", "server", "comment"})
    """Kinds that are known already, or have no name."""
    LEAST_LETTERS = 2
    """One letter is in nearly every name."""

    def __init__(self, desk: Desk, begun: str = "") -> None:
        super().__init__(desk, begun)
        self._pausing: Timer | None = None
        self._live: set[Entry] = set()
        self.total = 0
        """How many there are of what was asked for last."""

    @on(Field.Changed)
    def _look_further(self) -> None:
        if self._pausing is not None:
            self._pausing.stop()
        self._pausing = self.set_timer(PAUSE_S, self._ask_found)

    def _ask_found(self) -> None:
        text = self.field.text
        asked: dict[str, Any] = {"text": text.strip()}
        if text[:1] in self.PREFIXES:
            if text[0] != "#":
                return
            asked = {"text": text[1:].strip(), "kind": "tag"}
        if len(asked["text"]) >= self.LEAST_LETTERS and self.desk.session is not None:
            ask_in_background(self, partial(self._ask_for, asked), "found")

    async def _ask_for(self, asked: Mapping[str, Any]) -> None:
        assert self.desk.session is not None
        try:
            answer = await self.desk.session.ask("find", **asked, limit=_MOST_ASKED)
        except CloutuiError as error:
            self.refused(error)
            return
        self.total = answer.total
        self._lay([row for row in answer.rows.to_pylist() if row["kind"] not in self.LEFT_OUT])

    def refused(self, error: CloutuiError) -> None:
        """What was known before can be found all the same."""

    def _lay(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """In place of what was found for what was typed before. The cursor stays on what it is on."""
        known = zip(self._entries, self._names, strict=True)
        kept = [(entry, name) for entry, name in known if entry not in self._live]
        self._entries, self._names = [entry for entry, _ in kept], [name for _, name in kept]
        self._live = set()
        for row in rows:
            entry = entry_of(row, self.desk)
            self._live.add(entry)
            self._add(entry, f"{row['name']} {row['detail'] or ''}")
        found = self.found
        chosen = found.entries[found.cursor] if found.cursor and found.entries else None
        self._find()
        if chosen in found.entries:
            found.move_to(found.entries.index(chosen))


class FindBox(Palette):
    """Nothing but what is found, the best first."""

    LEFT_OUT = frozenset()
    LEAST_LETTERS = 1

    def own_entries(self) -> Iterable[Entry]:
        """Nothing is known without asking."""
        return ()

    async def ask(self) -> None:
        """What was typed before the box was there."""
        self._ask_found()

    def refused(self, error: CloutuiError) -> None:
        """Nothing can be found."""
        self.found.say(error_notice(error, self.desk.look))

    def _lay(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """In the order of the report."""
        self._entries = [entry_of(row, self.desk) for row in rows]
        self._names = [entry.name.lower() for entry in self._entries]
        self.show(self._entries)

    def _find(self) -> None:
        """What was found stays until there is something else."""
        if not self.field.text.strip():
            self._lay(())

    def show(self, entries: list[Entry]) -> None:
        """What fits, or why there is nothing."""
        sought = self.field.text.strip()
        more = f" of {formats.count(self.total)}" if self.total > len(entries) else ""
        self.found.show(entries, f"{len(entries)}{more} found" if sought else "")
        if not entries:
            said = (
                f"Nothing has “{sought}” in its name." if sought else "Type a part of a name, or a word of a comment."
            )
            self.found.say(empty_notice(self.desk.look, said, ("esc", "closes")))


def entry_of(row: Mapping[str, Any], desk: Desk) -> Entry:
    """A row of the report `find` as something that can be chosen."""
    crumb = f" {desk.look.glyphs.crumb} "
    where = crumb.join(filter(None, (row["unit"], row["server"] if row["kind"] != "server" else None)))
    detail = "   ".join(filter(None, (where, row["detail"] if row["kind"] != "node" else None)))
    return Entry(kind=row["kind"], name=row["name"], command=command_of(row, desk), detail=detail)


def command_of(row: Mapping[str, Any], desk: Desk) -> str:
    """The line of the command bar that leads to a row of the report `find`."""
    kind = row["kind"]
    if kind == "unit":
        return f"unit {row['unit_id']}"
    if kind in _LISTS:
        return f"{_LISTS[kind]}:{render_value(row['name'])}"
    if row["day"] is None:
        return f"open {Link(unit=_scope(row, desk), screen='nodes', kind='node', id=row['node_id'])}"
    day = {"day": row["day"].isoformat()}
    return f"open {Link(unit=_scope(row, desk), screen='matrix', kind='node-day', id=row['node_id'], query=day)}"


def _scope(row: Mapping[str, Any], desk: Desk) -> int | None:
    """The unit that is looked at, where that holds the row's; else the row's own."""
    forest, own = desk.forest, row["unit_id"]
    holds = own is None or desk.unit is None or any(unit.unit_id == desk.unit for unit in forest.path(own))
    return desk.unit if holds else own
