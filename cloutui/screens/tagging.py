"""Tags on the rows of a view: `t` ticks them in a box, `:tag +vip -test` says it in a line.

Of the nodes that are marked, else of the one under the cursor.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from cloutui.errors import CloutuiError, Invalid, NotAllowed, ReadOnly
from cloutui.model import formats
from cloutui.model.privilege import Privilege
from cloutui.screens.acting import Acting
from cloutui.screens.background import ask_in_background
from cloutui.widgets.lines import ACT

if TYPE_CHECKING:
    from cloutui.screens.tag_box import Ticked
    from cloutui.screens.view import View

_PUT, _TAKE = "tag.put", "tag.take"


class Tagging(Acting):
    """What is ticked is done by the same actions as anywhere."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("t", "tag", "tags", id="row.tags", show=False, group=ACT),
    ]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """It is there where there are nodes, and needs its right."""
        if action != "tag":
            return super().check_action(action, parameters)
        if self.desk.session is None or not nodes_of(self.view):
            return False
        return True if self.desk.session.may(Privilege.TAG_EDIT) else None

    def right_for(self, action: str) -> str:
        """The right that a key of these needs."""
        return Privilege.TAG_EDIT.value if action == "tag" else ""

    def action_tag(self) -> None:
        """Tick tags for these nodes."""
        nodes = nodes_of(self.view)
        if nodes:
            self._in_write_mode(partial(self._tick, nodes))

    async def command_tag(self, rest: str, _word: str) -> None:
        """`tag +vip -test`; without anything the box asks. Raises: Invalid, NotAllowed."""
        nodes = nodes_of(self.view)
        if not nodes:
            raise Invalid("There is no node under the cursor.", hint="8 lists nodes.")
        if self._session().is_read_only:
            raise ReadOnly
        if not self._session().may(Privilege.TAG_EDIT):
            raise NotAllowed(Privilege.TAG_EDIT)
        if rest:
            put, take = read_tags(rest)
            self._in_write_mode(partial(self._change, nodes, {_PUT: put, _TAKE: take}))
        else:
            self.action_tag()

    def _in_write_mode(self, work: partial[None]) -> None:
        ask_in_background(self, partial(self._begin_first, work), "tags")

    async def _begin_first(self, work: partial[None]) -> None:
        from cloutui.actions.registry import action_named
        from cloutui.screens.action_box import lacks_write_mode
        from cloutui.screens.write_box import ask_for_write_mode

        def go_on(has_begun: bool | None) -> None:
            self.draw_bars()
            if has_begun:
                work()

        try:
            if lacks_write_mode(self.desk, action_named(_PUT).spec):
                await ask_for_write_mode(self.app, self.desk, go_on, what_for="Change tags")
            else:
                work()
        except CloutuiError as error:
            self.complain(error)

    def _tick(self, nodes: Sequence[int]) -> None:
        ask_in_background(self, partial(self._ask_which, nodes), "tags")

    async def _ask_which(self, nodes: Sequence[int]) -> None:
        from cloutui.screens.tag_box import TagBox, TagChoice

        try:
            answer = await self._session().ask("node-tags", unit=self.desk.scope, nodes=tuple(nodes))
        except CloutuiError as error:
            self.complain(error)
            return
        subject = self.view.subject()
        is_one = len(nodes) == 1 and subject is not None and subject.node_id == nodes[0]
        title = f"Tags of {subject.name}" if is_one and subject else f"Tags of {formats.plural(len(nodes), 'node')}"
        box = TagBox(self.desk, title, TagChoice(answer.rows.to_pylist()))
        self.app.push_screen(box, partial(self._ticked, nodes))

    def _ticked(self, nodes: Sequence[int], ticked: Ticked | None) -> None:
        if ticked is not None:
            self._change(nodes, {_PUT: ticked.put, _TAKE: ticked.take})

    def _change(self, nodes: Sequence[int], wanted: Mapping[str, Sequence[int | str]]) -> None:
        ask_in_background(self, partial(self._have_changed, nodes, wanted), "tags")

    async def _have_changed(self, nodes: Sequence[int], wanted: Mapping[str, Sequence[int | str]]) -> None:
        """One sentence for all of it. What was done before something is refused stays done."""
        said = []
        try:
            for action, tags in wanted.items():
                if tags:
                    given = {"nodes": list(nodes), "tags": list(tags)}
                    said.append((await self._session().act(action, given)).sentence)
        except CloutuiError as error:
            self.complain(error)
        if said:
            self.tell(" ".join(said))


def nodes_of(view: View) -> list[int]:
    """The ids of the nodes that are meant: of rows that are marked, else of the cursor row."""
    marked = view.marked()
    if marked is not None and marked.key[0] == "node_id":
        ids = {row[0] if isinstance(row, tuple) else row for row in marked.rows}
        return sorted(int(str(each)) for each in ids)
    subject = view.subject()
    return [subject.node_id] if subject is not None and subject.node_id is not None else []


def read_tags(text: str) -> tuple[list[str], list[str]]:
    """`+vip -test`: what is to be put on, and what is to be taken off. Raises: Invalid."""
    put: list[str] = []
    take: list[str] = []
    for word in text.split():
        sign, name = word[0], word[1:]
        if sign not in "+-" or not name:
            raise Invalid(f"“{word}” is neither +TAG nor -TAG.", hint="Write it as +vip -test.")
        (put if sign == "+" else take).append(name)
    return put, take
