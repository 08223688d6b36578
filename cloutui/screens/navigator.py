"""Where the reader is, and how to get elsewhere: screens, units, objects, and the way back.

Everything is reached by a link. The view of a screen is made when it is first shown and then kept; what is opened from
it (a day, a job) lies above it until the reader goes back.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from textual import on
from textual.binding import Binding, BindingType

from cloutui.errors import CloutuiError, NotFound
from cloutui.model.link import Link
from cloutui.screens.catalogue import SCREENS, ScreenSpec, find_screen, make_object
from cloutui.screens.desk import Desk
from cloutui.screens.frame import Frame
from cloutui.screens.history import History
from cloutui.screens.view import CellOpened, JobOpened, LinkOpened, View, ViewOpened
from cloutui.widgets.lines import GO
from cloutui.widgets.unit_tree import UnitTree


@dataclass(frozen=True, slots=True)
class Visit:
    """Where the reader was: the link, the view if it is still there, and the place in it."""

    link: Link
    view: View
    place: Any


def _screen_keys() -> list[BindingType]:
    return [
        Binding(
            spec.key,
            f"screen('{spec.word}')",
            spec.title,
            id=f"screen.{spec.word}",
            key_display=f"{spec.key} g{spec.letter}",
            show=False,
            group=GO,
        )
        for spec in SCREENS
        if spec.key
    ]


class Navigator(Frame, inherit_bindings=False):
    """The frame with a history."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "escape", "back", id="shell.escape", group=GO),
        Binding("backspace,ctrl+o", "back", "back", id="shell.back", show=False, group=GO),
        Binding("ctrl+n", "forward", "forward again", id="shell.forward", show=False, group=GO),
        Binding("minus", "previous", "previous screen", id="shell.previous", key_display="-", show=False, group=GO),
        *_screen_keys(),
    ]

    def __init__(self, desk: Desk, start: str) -> None:
        """`start`: the word of the first screen."""
        spec = find_screen(start)
        view = spec.make(desk)
        view.word = spec.word
        super().__init__(desk, view)
        self.bases = {spec.word: view}
        """The view of each screen that has been shown, by its word."""
        self.history: History[Visit] = History()
        self._seen: dict[str, int | None] = {spec.word: desk.scope}
        """The unit that each screen showed last."""
        self._before: str | None = None

    @property
    def at(self) -> ScreenSpec:
        """The screen that is shown."""
        return find_screen(self.view.word)

    # Going.

    def _here(self) -> Visit:
        return Visit(self.view.link(), self.view, self.view.place())

    async def visit(self, link: Link) -> None:
        """Go to what a link names, and remember where one was. Raises: CloutuiError, and nothing has changed then."""
        here = self._here()
        await self._go(link)
        self.history.leave(here)

    async def _go(self, link: Link, place: Any = None) -> None:
        spec = find_screen(link.screen)
        if spec not in self.screens():
            raise NotFound("screen", link.screen)
        scope, _ = self._scope_of(link), link.day
        above = await make_object(self.desk, link) if link.kind else None
        if scope != self.desk.scope:
            self.desk.scope = scope
            self.unit_tree.mark(self.desk.unit)
            self.scope_block.draw()
        await self._show_base(spec, link, place)
        if above is not None:
            await self.add_view(above)
        self.draw_bars()

    async def start_with(self, word: str) -> None:
        """Begin on this screen, unless the reader has gone somewhere already: back does not lead to where one was."""
        if self.view.word != word and not self.history.can_go_back:
            await self._show_base(find_screen(word), Link(unit=self.desk.unit, screen=word), None)
            self.draw_bars()

    def _scope_of(self, link: Link) -> int | None:
        if link.unit is None or link.unit == self.desk.root:
            return None
        if len(self.desk.forest) and link.unit not in self.desk.forest.place:
            raise NotFound("unit", str(link.unit))
        return link.unit

    async def _show_base(self, spec: ScreenSpec, link: Link, place: Any) -> None:
        self.drop_views(keep=1)
        old = self.view
        new = self.bases.get(spec.word)
        if new is None:
            new = self.bases[spec.word] = spec.make(self.desk)
            new.word = spec.word
            new.fit(self.layout_now, peek=self.shows_peek())
            await self.query_one("#content").mount(new)
        if new is not old:
            self._before = old.word
            old.display = False
            self.views[:] = [new]
            new.display = True
            new.fit(self.layout_now, peek=self.shows_peek())
        same_unit = self._seen.get(spec.word, self.desk.scope) == self.desk.scope
        self._seen[spec.word] = self.desk.scope
        # The cursor stays where it was on that screen, unless it shows another unit now.
        new.show(link, place if place is not None or not same_unit else new.place())
        self.set_focus(new.main)  # now: a key that is on its way already belongs to it
        self.view_changed()

    async def add_view(self, view: View) -> None:
        """Show something over what is shown."""
        self.zoom_peek(False)
        view.word = self.view.word
        self.view.display = False
        self.views.append(view)
        view.fit(self.layout_now, peek=self.shows_peek())
        await self.query_one("#content").mount(view)
        self.set_focus(view.main)
        self.view_changed()
        self.draw_bars()

    def drop_views(self, *, keep: int) -> None:
        """Leave the views above the lowest so many."""
        self.zoom_peek(False)
        while len(self.views) > keep:
            self.views.pop().remove()
            self.view.display = True
            self.set_focus(self.view.main)
        self.view_changed()

    def view_changed(self) -> None:
        """Another view is shown now."""

    # Screens.

    async def action_screen(self, word: str) -> None:
        """A screen, with the unit, day and filter that are looked at; on it already, what lies above it goes."""
        link = self.view.link()
        if self.view.word == word:
            if len(self.views) > 1:
                self.leave_for(1)
            self.set_focus(self.view.main)
            return
        kept = {name: value for name, value in link.query.items() if name in {"day", "filter"}}
        subject = self.view.subject()
        if subject is not None and subject.node_id is not None and find_screen(word).follows_node:
            kept["at"] = str(subject.node_id)
            # Not needed for the first paint, so loaded here: it knows all kinds of lists.
            from cloutui.screens.listed_nodes import listed_nodes

            self.desk.listed_nodes = next(filter(None, map(listed_nodes, reversed(self.views))), ())
        await self.try_to_visit(Link(unit=self.desk.unit, screen=word, query=kept))

    def leave_for(self, keep: int) -> None:
        """Leave what lies above the lowest so many views, and remember it."""
        self.history.leave(self._here())
        self.drop_views(keep=keep)
        self.draw_bars()

    async def try_to_visit(self, link: Link) -> bool:
        """Go there, or say why not."""
        try:
            await self.visit(link)
        except CloutuiError as error:
            self.complain(error)
            return False
        return True

    def complain(self, error: CloutuiError) -> None:
        """Say what did not work, beside what is shown."""
        self.view.main.entitle(note=error.what)

    async def action_previous(self) -> None:
        """The screen before this one, and with the same key back here."""
        if self._before is not None:
            await self.action_screen(self._before)

    @on(LinkOpened)
    async def _link_opened(self, message: LinkOpened) -> None:
        await self.try_to_visit(message.link)

    # Units and objects.

    @on(UnitTree.Chosen)
    async def _unit_chosen(self, message: UnitTree.Chosen) -> None:
        await self.choose_unit(message.unit_id)
        if self.layout_now.has_drawer:
            self.show_tree(False)

    async def choose_unit(self, unit_id: int) -> None:
        """Another unit, on the same screen, with the same day and filter."""
        if unit_id != self.desk.unit:
            focused = self.focused
            base = self.bases[self.view.word]
            await self.try_to_visit(Link(unit=unit_id, screen=base.word, query=base.link_query()))
            if focused is self.unit_tree:
                self.set_focus(self.unit_tree)

    @on(CellOpened)
    async def _node_day_opened(self, message: CellOpened) -> None:
        from cloutui.screens.node_day import NodeDay

        await self.open_above(NodeDay(self.desk, message.cell))

    @on(JobOpened)
    async def _job_opened(self, message: JobOpened) -> None:
        from cloutui.screens.job import JobText

        await self.open_above(JobText(self.desk, message.job, message.cell))

    @on(ViewOpened)
    async def _view_opened(self, message: ViewOpened) -> None:
        await self.open_above(message.view)

    async def open_above(self, view: View) -> None:
        """Look into something; back comes back here."""
        self.history.leave(self._here())
        await self.add_view(view)

    # Back and forward.

    def can_go_back(self) -> bool:
        """Whether there is a layer to leave."""
        return len(self.views) > 1 or self.history.can_go_back

    async def go_back(self) -> None:
        """To where one was before; from what a link opened, to the screen below it."""
        visit = self.history.back(self._here())
        if visit is not None:
            await self._return(visit)
        elif len(self.views) > 1:
            self.drop_views(keep=1)
            self.draw_bars()

    async def action_forward(self) -> None:
        """To where one came back from."""
        visit = self.history.forward(self._here())
        if visit is not None:
            await self._return(visit)

    async def _return(self, visit: Visit) -> None:
        scope = None if visit.link.unit == self.desk.root else visit.link.unit
        if visit.view in self.views[:-1] and scope == self.desk.scope:
            self.drop_views(keep=self.views.index(visit.view) + 1)
            self.draw_bars()
            return
        try:
            await self._go(visit.link, visit.place)
        except CloutuiError as error:
            self.complain(error)
