"""Ways to get about beside the keys of the screens: `g` with its list, the path in the header, and menus for a row.

What a row is about is a `Subject`: the same thing can be looked at on other screens, and actions can be done with it.
"""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.timer import Timer

from cloutui.model.link import Link
from cloutui.screens.crumbs import Crumb
from cloutui.screens.desk import Desk
from cloutui.screens.go_list import AFTER_S, GoList
from cloutui.screens.navigator import Navigator
from cloutui.screens.subject import Subject
from cloutui.screens.terminal import FocusMoved, words_of
from cloutui.screens.view import ActionAsked
from cloutui.widgets.bar import Bar
from cloutui.widgets.crumb_bar import CrumbBar
from cloutui.widgets.keyed import ACT, GO, VIEW, Keyed


class Wayfinding(Navigator):
    """The navigator with its helps."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("o", "related", "go to related", id="row.related", show=False, group=GO),
        Binding("x", "row_actions", "all actions for this", id="row.actions", show=False, group=ACT),
        Binding("ctrl+g", "path", "walk along the path", id="shell.path", show=False, group=GO),
        Binding("backslash", "zoom", "zoom", id="shell.zoom", key_display="\\", show=False, group=VIEW),
    ]

    def __init__(self, desk: Desk, start: str) -> None:
        super().__init__(desk, start)
        self._go_list: GoList | None = None
        self._hesitating: Timer | None = None

    # `g`, and numbers.

    @on(Keyed.BegunChanged)
    def _begun(self, message: Keyed.BegunChanged) -> None:
        self.draw_keys()
        if self._hesitating is not None:
            self._hesitating.stop()
            self._hesitating = None
        if message.begun.goes:
            self._hesitating = self.set_timer(AFTER_S, self._open_go_list)
        elif self._go_list is not None:
            self._go_list.close()

    def _open_go_list(self) -> None:
        if self._hesitating is None:
            return  # the letter came while this was on its way
        if self._go_list is None:
            self._go_list = GoList(self.desk.look)
            self.mount(self._go_list)
        layout = self.layout_now
        bottom = layout.height - (2 if layout.has_status_bar else 1)
        self._go_list.open(self.screens(), layout.width, bottom)

    @on(GoList.Chosen)
    async def _screen_chosen(self, message: GoList.Chosen) -> None:
        if isinstance(self.focused, Keyed):
            self.focused.leave_begun()  # a click on the list has not ended it
        await self.action_go(message.letter)

    async def action_go(self, letter: str) -> None:
        """`g` and a letter: another screen, or the first row."""
        spec = next((spec for spec in self.screens() if spec.letter == letter), None)
        if spec is not None:
            await self.action_screen(spec.word)
        elif letter == "g" and isinstance(self.focused, Keyed):
            self.focused.action_first()

    # The path.

    def action_path(self) -> None:
        """Put the cursor into the path."""
        assert isinstance(self.header, CrumbBar)
        self.header.walk()

    @on(CrumbBar.Left)
    def _path_left(self, message: CrumbBar.Left) -> None:
        message.stop()
        self.set_focus(self.view.main)

    @on(Bar.Chosen)
    async def _path_chosen(self, message: Bar.Chosen) -> None:
        if not isinstance(message.leads_to, Crumb):
            return
        crumb = message.leads_to
        self.set_focus(self.view.main)
        if crumb.unit is not None:
            await self._to_unit(crumb.unit)
        else:
            self._to_depth(crumb.depth)

    async def _to_unit(self, unit_id: int) -> None:
        """The unit, on this screen; from something open in it, the screen below."""
        if unit_id == self.desk.unit and len(self.views) > 1:
            await self.action_screen(self.view.word)
        else:
            await self.choose_unit(unit_id)

    def _to_depth(self, depth: int) -> None:
        """The highest of the open views whose own path goes no further: a node's day without the day is the screen."""
        keep = max((place for place, view in enumerate(self.views, 1) if len(view.crumbs()) <= depth + 1), default=1)
        if keep < len(self.views):
            self.leave_for(keep)

    # The terminal's own title.

    def draw_keys(self) -> None:
        """With every move of the cursor and of the focus."""
        super().draw_keys()
        if self.app.screen is self:
            self.post_message(FocusMoved(words_of(self.view, self.focused)))

    # The row.

    def subject(self) -> Subject | None:
        """What is under the cursor of the focused pane."""
        if self.unit_tree.has_focus:
            unit = self.unit_tree.unit
            return Subject(name=unit.name, unit_id=unit.unit_id) if unit else None
        return self.view.subject()

    def action_related(self) -> None:
        """The same thing on other screens."""
        from cloutui.screens.menu import Entry, Menu
        from cloutui.screens.related import related

        subject = self.subject()
        if subject is None:
            return
        places = related(subject, self.desk.unit, self.screens(), self.view.link())

        async def chosen(place: int | None) -> None:
            if place is not None:
                await self.try_to_visit(places[place].link)

        entries = [Entry(name=place.title, key=self._key_of(place.link)) for place in places]
        self.app.push_screen(Menu(self.desk, f"{subject.name}: go to", entries), chosen)

    def _key_of(self, link: Link) -> str:
        spec = next(spec for spec in self.screens() if spec.word == link.screen)
        return f"{spec.key} g{spec.letter}".strip()

    def action_row_actions(self) -> None:
        """What can be done with it; what is chosen opens its dialog."""
        from cloutui.screens.menu import Entry, Menu
        from cloutui.screens.row_actions import row_actions

        subject, session = self.subject(), self.desk.session
        if subject is None or session is None:
            return
        actions = row_actions(subject, session.may)

        def chosen(place: int | None) -> None:
            if place is not None:
                self.open_action(actions[place].name, **actions[place].given)

        denied = "not from here: --read-only" if session.is_read_only else "needs the right {needs}"
        entries = [
            Entry(
                name=action.name,
                detail=action.summary if action.is_allowed else denied.format(needs=action.needs),
                key="-",
                is_allowed=action.is_allowed,
            )
            for action in actions
        ]
        self.app.push_screen(Menu(self.desk, f"{subject.name}: actions", entries), chosen)

    @on(ActionAsked)
    def _action_asked(self, message: ActionAsked) -> None:
        self.open_action(message.name, **message.values)

    def open_action(self, name: str, /, **values: object) -> None:
        """Ask for what an action needs beside these values, and do it."""

    # Room.

    def action_zoom(self) -> None:
        """More room: for the peek, where one is in it; else for the list, beside the peek where both have room."""
        if self.view.peek is not None and self.view.peek.has_focus:
            self.zoom_peek(not self.layout_now.peek_is_alone)
            return
        self.zoom(not self.layout_now.is_zoomed)
        focused = self.focused
        if focused is not None and not focused.region:
            self.set_focus(self.view.main)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A row's keys are there when there is a row."""
        del parameters
        return self.subject() is not None if action in {"related", "row_actions"} else True
