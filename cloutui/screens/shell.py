"""The shell around every screen: header, tabs, the tree of units, the content, and the bars below.

It opens the session after its first paint, keeps what is shared (whose facts are looked at, how old they are), and
leaves everything else to the view in its content.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, ClassVar

from textual.binding import ActiveBinding, Binding, BindingType
from textual.timer import Timer

from cloutui.errors import CloutuiError, NotAllowed
from cloutui.model.privilege import Privilege
from cloutui.screens.background import ask_in_background
from cloutui.screens.desk import Desk
from cloutui.screens.handling import Handling
from cloutui.screens.notices import empty_notice, error_notice, progress_notice
from cloutui.screens.session import OpenSession
from cloutui.widgets.lines import GO, MOVE, VIEW, Lines
from cloutui.widgets.units import Forest, units_of

if TYPE_CHECKING:
    from cloutui.model.table import Answer
    from cloutui.screens.turns import Turns

_CLOCK_S = 5.0
_GATHER_S = 0.3
"""Facts that come in a burst are asked for once."""
_BETWEEN_S = 1.0
"""Nor more often than this: whatever anybody does in a console is news to all others."""


class Shell(Handling):
    """The one screen; boxes come over it, views stand in it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("[", "day(-1)", "day back", id="day.back", tooltip="day", group=MOVE),
        Binding("]", "day(1)", "day on", id="day.on", tooltip="day", group=MOVE),
        Binding("{", "week(-1)", "week back", id="week.back", show=False, group=MOVE),
        Binding("}", "week(1)", "week on", id="week.on", show=False, group=MOVE),
        Binding("full_stop", "today", "today", id="day.today", show=False, group=MOVE),
        Binding("b", "tree", "tree", id="shell.tree", group=VIEW),
        Binding("p", "peek", "peek", id="shell.peek", show=False, group=VIEW),
        Binding("r", "reload", "reload", id="shell.reload", group=VIEW),
        Binding("ctrl+l", "repaint", "repaint", id="shell.repaint", show=False, group=VIEW),
        Binding("i", "why", "why: age of the facts", id="shell.why", tooltip="why", group=VIEW),
        Binding("tab", "next_pane(1)", "next pane", id="shell.next-pane", show=False, group=GO),
        Binding("shift+tab", "next_pane(-1)", "previous pane", id="shell.previous-pane", show=False, group=GO),
        Binding("q", "leave", "back, at the root leave", id="shell.leave", show=False, group=GO),
        Binding("ctrl+c", "interrupt", "cancel work; twice: leave", id="shell.interrupt", show=False, group=GO),
        Binding("question_mark", "keys", "keys", id="shell.keys", group=GO),
    ]

    def __init__(self, desk: Desk, open_session: OpenSession, *, start: str) -> None:
        """`start`: the word of the first screen. Raises: NotFound."""
        super().__init__(desk, start)
        self._open_session = open_session
        self._unsubscribe: Callable[[], None] | None = None
        self._gathering: Timer | None = None
        self._asked_at = -_BETWEEN_S
        """When everything was asked for last, of the clock that only goes on."""

    def on_mount(self) -> None:
        """Paint first, ask afterwards."""
        self.view.main.focus()
        self.draw_bars()
        self.set_interval(_CLOCK_S, self.draw_bars)
        self.bindings_updated_signal.subscribe(self, lambda _: self.draw_keys())
        self.call_after_refresh(self._open)

    # The session.

    def _open(self) -> None:
        ask_in_background(self, self._opening, "open")

    async def _opening(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            # Progress may be told from any thread.
            session = await self._open_session(lambda said: _threadsafe(loop, self._show_progress, said))
        except CloutuiError as error:
            self._show_progress("")
            self.view.main.say(error_notice(error, self.desk.look))
            return
        self.desk.session = session
        await self.load_choices()
        self._unsubscribe = session.subscribe(self._facts_changed)
        self._show_progress("")
        if self.view.turns is None:
            self._reload(anew=True)
        else:
            self._reload_views(anew=True)
            ask_in_background(self, partial(self._ask_units_after, self.view.turns), "units")

    async def close_session(self) -> None:
        """Let go of the session, if it was ever opened, and before of what it is doing."""
        await self.end_work()
        if self._unsubscribe is not None:
            self._unsubscribe()
        if self.desk.session is not None:
            await self.desk.session.close()

    def _show_progress(self, said: str) -> None:
        self.progress = said
        if self.desk.session is None:
            self.view.main.entitle(note=said)
        self.draw_bars()

    def _facts_changed(self) -> None:
        # Called by whoever changed them: a timer that is made there would tick for their console, or for none.
        if self.is_attached:
            self.call_later(self._gather)

    def _gather(self) -> None:
        if self._gathering is None:
            self._gathering = self.set_timer(wait_s(monotonic() - self._asked_at), self._refresh_facts)

    def _refresh_facts(self) -> None:
        self._reload(anew=False)

    def _reload(self, *, anew: bool) -> None:
        if self._gathering is not None:  # what was to be asked for is asked for now
            self._gathering.stop()
            self._gathering = None
        self._asked_at = monotonic()
        self._reload_tree()
        self._reload_views(anew=anew)

    def _reload_tree(self) -> None:
        ask_in_background(self, self._ask_units, "units")

    def _reload_views(self, *, anew: bool) -> None:
        for view in self.views:
            view.reload(anew=anew)
        self.reload_tail()

    def look_again(self, *, anew: bool = False) -> None:
        """What was done here is in every answer from now on."""
        self._reload(anew=anew)

    async def _ask_units_after(self, turns: Turns) -> None:
        await turns.after_first()
        await self._ask_units()

    async def _ask_units(self) -> None:
        assert self.desk.session is not None
        try:
            answer = await self.desk.session.ask("units")
        except NotAllowed as error:  # nothing failed, and trying again is no use
            self.unit_tree.say(empty_notice(self.desk.look, f"{error.what} {error.hint}"))
        except CloutuiError as error:
            self.unit_tree.say(error_notice(error, self.desk.look))
        else:
            self._show_units(answer)

    def _show_units(self, answer: Answer) -> None:
        desk, units = self.desk, units_of(answer)
        desk.forest, desk.as_of = Forest(units), answer.as_of
        if desk.scope is not None and desk.scope not in desk.forest.place:
            desk.scope = None  # the unit is gone, or no longer the reader's
            self.drop_views(keep=1)
            self.view.scope_changed()
        self.unit_tree.show(units, desk.unit)
        problems = desk.forest.units[0].problems if units else 0
        self.unit_tree.entitle(note=str(problems) if problems else "")
        self.scope_block.draw()
        self.draw_bars()

    # Going back.

    def _drawer_is_open(self) -> bool:
        return self.layout_now.has_drawer and self.wants("tree", usually=False)

    def _can_go_back(self) -> bool:
        return self._drawer_is_open() or self.is_in_side() or self.can_go_back()

    async def action_escape(self) -> None:
        """What waits to be put away, then the filter, then the marks, then one layer back."""
        if self.has_waiting_notices():
            self.notices.clear()
            return
        if self._drawer_is_open():
            await self.action_back()
        elif not self.clear_filter():
            if self.view.main.has_marks():
                self.view.main.clear_marks()
            else:
                await self.action_back()

    async def action_back(self) -> None:
        """One layer: the drawer, the peek's focus, what was opened, the screen or unit before. At the root nothing."""
        if self._drawer_is_open():
            self.show_tree(False)
        elif self.is_in_side():
            self.leave_side()
        else:
            await self.go_back()

    async def action_leave(self) -> None:
        """Back from what was opened; on a screen itself the question whether to leave."""
        if len(self.views) > 1 or self._drawer_is_open():
            await self.action_back()
        else:
            self.ask_to_leave()

    def ask_to_leave(self) -> None:
        """Whether to leave."""
        from cloutui.screens.boxes import QuitBox

        self.app.push_screen(QuitBox(self.desk), lambda leave: self.app.exit() if leave else None)

    # Keys of every screen.

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Keys that would do nothing are not there."""
        if action in {"day", "week", "today"}:
            return self.view.HAS_DAYS
        if action == "peek":
            return self.view.peek is not None and (self.layout_now.peek_rows > 0 or self.layout_now.peek_is_beside)
        if action == "back":
            return self._can_go_back()
        if action == "escape":
            has_more = bool(self.view.filter) or self.view.main.has_marks()
            return self._can_go_back() or has_more or self.has_waiting_notices()
        if action == "filter":
            return self.view.TAKES_FILTER
        if action == "forward":
            return self.history.can_go_forward
        if action == "ask_servers":
            return self.desk.session is not None and self.desk.session.may(Privilege.SERVER_VIEW)
        if action == "screen":
            return any(spec.word == parameters[0] for spec in self.screens())
        return super().check_action(action, parameters)

    def action_day(self, days: int) -> None:
        """A day on or back."""
        self.view.move_day(days)

    def action_week(self, direction: int) -> None:
        """A week on or back."""
        self.view.move_days(direction)

    def action_today(self) -> None:
        """To today."""
        self.view.to_today()

    def action_reload(self) -> None:
        """Everything anew, in the order that it would have now; or try again to open."""
        if self.desk.session is None:
            self.view.main.say(progress_notice(self.desk.look, ["Trying again."]))
            self._open()
        else:
            self._reload(anew=True)

    def action_repaint(self) -> None:
        """Draw every cell again: something else has written on this terminal."""
        self.refresh(layout=True)

    def action_why(self) -> None:
        """How old the facts are, and why."""
        from cloutui.screens.boxes import WhyBox

        self.app.push_screen(WhyBox(self.desk))

    def action_keys(self) -> None:
        """The keys of the focused pane."""
        from cloutui.screens.boxes import KeysBox

        pane = self.focused.heading if isinstance(self.focused, Lines) else "cloutui"
        listed = [self._listed(active) for active in self.active_bindings.values()]
        self.app.push_screen(KeysBox(self.desk, pane, listed))

    def _listed(self, active: ActiveBinding) -> Binding:
        """A key that is there for others says which right it needs."""
        binding = active.binding
        right = "" if active.enabled else self.view.missing_right(binding) or self.right_for(binding.action)
        return replace(binding, description=f"{binding.description} (needs {right})") if right else binding


def wait_s(since_s: float) -> float:
    """How long news waits for more of it, when so many seconds ago everything was asked for."""
    return max(_GATHER_S, _BETWEEN_S - since_s)


def _threadsafe(loop: asyncio.AbstractEventLoop, show: Callable[[str], None], said: str) -> None:
    if not loop.is_closed():
        loop.call_soon_threadsafe(show, said)
