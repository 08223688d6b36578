"""The frame of the shell: its parts, how they share the terminal, and what stands in the bars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from time import monotonic
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.binding import ActiveBinding
from textual.containers import Container
from textual.screen import Screen
from textual.widget import Widget

from cloutui.model.privilege import Privilege
from cloutui.screens import bars
from cloutui.screens.catalogue import SCREENS, ScreenSpec
from cloutui.screens.desk import Desk
from cloutui.screens.layout import LEAST_HEIGHT, LEAST_WIDTH, Layout, SizeClass
from cloutui.screens.scope_block import ScopeBlock
from cloutui.screens.view import CrumbsChanged, View
from cloutui.widgets.bar import Bar, Item
from cloutui.widgets.crumb_bar import CrumbBar
from cloutui.widgets.lines import Lines
from cloutui.widgets.unit_tree import UnitTree

if TYPE_CHECKING:
    from cloutui.screens.activity_tail import ActivityTail

TWICE_S = 1.0
"""Within which a key pressed again counts as pressed twice."""


class Frame(Screen[None], inherit_bindings=False):
    """Header, tabs, tree and content, bars. Knows sizes, and nothing of where facts come from."""

    DEFAULT_CSS = """
    Frame { layers: base over drawer notice; layout: vertical; background: $background; }
    #body { layout: horizontal; height: 1fr; }
    #side { layout: vertical; height: 1fr; }
    #side.-drawer { layer: drawer; dock: left; }
    #content { width: 1fr; height: 1fr; }
    #filter { layer: over; position: absolute; display: none; }
    #command { height: 2; display: none; }
    """

    def __init__(self, desk: Desk, view: View) -> None:
        super().__init__()
        self.desk = desk
        look = desk.look
        self.header = CrumbBar(look, "panel", id="header")
        self.tabs = Bar(look, "surface", id="tabs")
        self.unit_tree = UnitTree(look, id="tree")
        self.scope_block = ScopeBlock(desk)
        self.status_bar = Bar(look, "surface", id="status")
        self.key_bar = Bar(look, "panel", id="keys")
        self.views: list[View] = [view]
        self.layout_now = Layout(80, 24)
        self.progress = ""
        """What is being done, while something is."""
        self.interrupted_at = float("-inf")
        self._peek_is_alone = False
        self._tail: ActivityTail | None = None
        self._choices: dict[tuple[str, SizeClass], bool] = {}
        """Whether the reader wants a pane, by the size class in which it was said."""

    def compose(self) -> ComposeResult:
        """Top to bottom."""
        self.unit_tree.waiting = True
        yield self.header
        yield self.tabs
        with Container(id="body"):
            with Container(id="side"):
                yield self.unit_tree
                yield self.scope_block
            with Container(id="content"):
                yield self.views[0]
        yield self.status_bar
        yield from self.compose_above_keys()
        yield self.key_bar
        self._fit(Layout(*self.app.size))

    def compose_above_keys(self) -> ComposeResult:
        """What stands between the status bar and the key bar."""
        yield from ()

    def _extend_compose(self, widgets: list[Widget]) -> None:
        """Neither tooltips nor toasts: what is said has its place."""

    @property
    def view(self) -> View:
        """What is looked at now."""
        return self.views[-1]

    def screens(self) -> Sequence[ScreenSpec]:
        """The screens that the reader may see."""
        session = self.desk.session
        return [spec for spec in SCREENS if session is None or session.may(spec.needs)]

    # Size.

    def on_resize(self) -> None:
        """The parts that there is room for."""
        self._fit(Layout(*self.app.size))
        self.draw_bars()

    def wants(self, pane: str, *, usually: bool) -> bool:
        """Whether a pane is to be shown at this width."""
        return self._choices.get((pane, self.layout_now.width_class), usually)

    def shows_peek(self) -> bool:
        """Whether views show their peek."""
        return self.wants("peek", usually=True) and not self.layout_now.hides_sides

    def zoom(self, is_zoomed: bool) -> None:
        """More room for what is looked at, remembered for this width."""
        self._choices["zoom", self.layout_now.width_class] = is_zoomed
        self._fit(self.layout_now)
        self.call_after_refresh(self.draw_bars)

    def zoom_peek(self, is_alone: bool) -> None:
        """All room for what the peek tells, or the list beside it again. With more room it may tell more."""
        if is_alone == self._peek_is_alone or self.view.peek is None:
            return
        self._peek_is_alone = is_alone
        self._fit(self.layout_now)
        self.view.peek.forget()
        self.call_after_refresh(self.view.main.post_message, Lines.Moved(self.view.main))
        self.call_after_refresh(self.draw_bars)

    def is_in_side(self) -> bool:
        """Whether keys go to what stands beside the list."""
        return self.focused is not None and self.focused in (self.view.peek, self._tail)

    def leave_side(self) -> None:
        """Back to the list."""
        self.zoom_peek(False)
        self.set_focus(self.view.main)

    def _end_zoom(self) -> None:
        """Who asks for a pane that made room wants it back."""
        self._peek_is_alone = False
        if self.layout_now.hides_sides:
            self._choices["zoom", self.layout_now.width_class] = False
        self._fit(self.layout_now)

    def _fit(self, layout: Layout) -> None:
        is_zoomed = self._choices.get(("zoom", layout.width_class), False)
        layout = replace(layout, is_zoomed=is_zoomed, peek_is_alone=self._peek_is_alone)
        self.layout_now = layout
        small = layout.is_too_small
        self.tabs.display = layout.has_tabs and not small
        self.status_bar.display = layout.has_status_bar and not small
        self.key_bar.display = not small
        for body in self.query("#body"):
            body.display = not small
        for side in self.query("#side"):
            side.set_class(layout.has_drawer, "-drawer")
            side.styles.width = layout.tree_width
            side.display = self.wants("tree", usually=not layout.has_drawer) and not layout.hides_sides
        self.scope_block.display = layout.has_scope_block
        for view in self.views:
            view.fit(layout, peek=self.shows_peek())

    # Bars.

    def draw_bars(self) -> None:
        """Everything around the content. What has not changed is not drawn."""
        desk, layout = self.desk, self.layout_now
        if layout.is_too_small:
            by = desk.look.glyphs.times
            said = f" Terminal too small: {LEAST_WIDTH}{by}{LEAST_HEIGHT} needed, is {layout.width}{by}{layout.height}"
            self.header.show([Item([(said, desk.look.palette.style(on="panel"))])])
            return
        self.header.show(*bars.header(desk, layout, self.view.crumbs()))
        self.tabs.show(bars.tabs(desk.look, layout, self.screens(), self.view.word))
        self.status_bar.show(bars.status_bar(desk, self.progress))
        self._fit_tail()
        self.draw_keys()

    def _fit_tail(self) -> None:
        """Below the peek, where there is one with room below it, and for whoever may see it."""
        peek, layout, session = self.view.peek, self.layout_now, self.desk.session
        rows = 0
        if peek is not None and peek.display and session is not None and session.may(Privilege.ACTIVITY_VIEW):
            rows = 0 if layout.peek_is_alone or self.view.word == "activity" else layout.tail_rows
        if peek is not None:
            peek.styles.padding = (0, 0, rows, 0)  # a margin would shorten the list beside it too
        if rows and self._tail is None:
            # Few terminals are that large, so it is loaded here.
            from cloutui.screens.activity_tail import ActivityTail

            self._tail = ActivityTail(self.desk)
            self.query_one("#content").mount(self._tail)
        if self._tail is not None:
            self._tail.display = rows > 0
        if rows and self._tail is not None:
            self._tail.stand(self.query_one("#content").size, layout)
            self._tail.follow()

    def reload_tail(self) -> None:
        """Something may have been done."""
        if self._tail is not None and self._tail.display:
            self._tail.reload()

    def draw_keys(self) -> None:
        """The keys of the focused pane, and where its cursor is."""
        if self.app.screen is not self:
            return
        active = sorted(self.active_bindings.values(), key=self._is_of_anywhere)
        bindings = [each.binding for each in active if each.binding.show and each.enabled]
        focused = self.focused if isinstance(self.focused, Lines) else self.view.main
        again = monotonic() - self.interrupted_at < TWICE_S
        position = "ctrl+c again leaves" if again else focused.begun.text or focused.position()
        self.key_bar.show(*bars.key_bar(self.desk.look, bindings, position, self.layout_now.width))

    def _is_of_anywhere(self, active: ActiveBinding) -> bool:
        """Whether a key has nothing to do with what the cursor is on: such keys are shown after the others."""
        return active.node is self and not (active.binding.id or "").startswith("row.")

    @on(Lines.Moved)
    def _moved(self) -> None:
        self.draw_keys()

    def on_descendant_focus(self) -> None:
        """Other keys are valid now. What is behind the peek comes forth with the focus."""
        if self.focused is self.view.main:
            self.zoom_peek(False)
        self.draw_keys()

    @on(Bar.Pressed)
    def _pressed(self, message: Bar.Pressed) -> None:
        # Sent by the application, as a key from the terminal is: one sent from here would not come back up to here.
        self.app.call_later(self.app.simulate_key, message.key)

    @on(CrumbsChanged)
    def _crumbs_changed(self) -> None:
        self.draw_bars()

    # Panes.

    def action_tree(self) -> None:
        """Show the tree or hide it; as a drawer it comes with the focus."""
        shown = self.wants("tree", usually=not self.layout_now.has_drawer)
        self.show_tree(not shown or self.layout_now.hides_sides)

    def show_tree(self, shown: bool) -> None:
        """Show the tree or hide it, and remember it for this width."""
        self._choices["tree", self.layout_now.width_class] = shown
        self._end_zoom()
        if shown and self.layout_now.has_drawer:
            self.set_focus(self.unit_tree)
        elif not shown:
            self.set_focus(self.view.main)
        self.call_after_refresh(self.draw_bars)

    def action_peek(self) -> None:
        """Show the peek or hide it."""
        shown = self.shows_peek()
        self._choices["peek", self.layout_now.width_class] = not shown
        self._end_zoom()
        if shown:
            self.set_focus(self.view.main)

    def action_next_pane(self, direction: int) -> None:
        """The next pane that takes keys."""
        if direction > 0:
            self.focus_next()
        else:
            self.focus_previous()
