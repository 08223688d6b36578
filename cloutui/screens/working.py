"""Long work: it goes on while the reader does something else, can be cancelled, and tells when it has ended."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Any, ClassVar

from textual.binding import Binding, BindingType
from textual.timer import Timer

from cloutui.errors import CloutuiError
from cloutui.model import formats
from cloutui.model.status import Status
from cloutui.screens.background import ask_in_background
from cloutui.screens.desk import Desk
from cloutui.screens.filtering import Filtering
from cloutui.screens.frame import TWICE_S
from cloutui.screens.tasks import Cancelled, State, Task
from cloutui.widgets.lines import VIEW

if TYPE_CHECKING:
    from cloutui.collectors.asked import Asked

Work = Callable[[Task], Coroutine[Any, Any, str]]
"""Tells the task how far it is, and answers what came of it in one sentence. Raises: CloutuiError, Cancelled."""

_NOT_SOONER_S = 0.15
"""What is done by then is not worth a bar."""
_COUNT_S = 1.0
"""A counter changes once a second at most: each change is written to the terminal."""
_LEAVING_S = 5.0
"""So long is waited for work that was cancelled because its session ends."""
_ENDS = {State.DONE: Status.OK, State.FAILED: Status.ERROR, State.CANCELLED: Status.IGNORED}


class Working(Filtering):
    """What is started here is on the desk's board of tasks."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("R", "ask_servers", "ask the servers now", id="shell.ask-servers", show=False, group=VIEW),
    ]

    def __init__(self, desk: Desk, start: str) -> None:
        super().__init__(desk, start)
        self._at_work: set[asyncio.Task[str]] = set()
        self._counting: Timer | None = None

    def start(self, title: str, noun: str, work: Work, *, waits: bool = False) -> Task:
        """Begin it. `waits`: it mostly waits, and is cancelled there; else it is when it next tells how far it is."""
        task = self.desk.tasks.start(title, noun, self.desk.now())
        running = asyncio.ensure_future(work(task))
        self._at_work.add(running)
        running.add_done_callback(self._at_work.discard)
        if waits:
            task.on_cancel = running.cancel
        ask_in_background(self, partial(self._see_through, task, running), f"task {id(task)}")
        self.set_timer(_NOT_SOONER_S, self._count)
        return task

    async def _see_through(self, task: Task, running: asyncio.Task[str]) -> None:
        try:
            # Shielded: when the session ends, a file that is being written is still to be taken away.
            state, result = State.DONE, await asyncio.shield(running)
        except Cancelled:
            state, result = State.CANCELLED, "Cancelled."
        except asyncio.CancelledError:
            if not task.is_unwanted:
                raise
            state, result = State.CANCELLED, "Cancelled."
        except CloutuiError as error:
            state, result = State.FAILED, f"{error.what} {error.hint}"
        task.end(state, result, self.desk.now())
        if self.is_attached and self.app.is_running:
            self._tell_end(task)
            self._count()

    def _tell_end(self, task: Task) -> None:
        from cloutui.screens.tasks_box import TasksBox

        if isinstance(self.app.screen, TasksBox):
            return  # it is there to be seen
        said = f"{task.title}: cancelled." if task.state is State.CANCELLED else task.result
        has_more = bool(task.problems) and task.state is State.DONE
        self.tell(f"{said} :tasks tells more." if has_more else said, Status.WARNING if has_more else _ENDS[task.state])

    def _count(self) -> None:
        """Show how far it is, once a second as long as anything runs."""
        if self._counting is not None:
            self._counting.stop()
        self._counting = self.set_timer(_COUNT_S, self._count) if self.desk.tasks.running else None
        self.draw_bars()

    async def end_work(self) -> None:
        """The session ends: nothing of it is wanted any more, and what it leaves behind is to be taken away."""
        self.desk.tasks.cancel_all()
        if self._at_work:
            await asyncio.wait(set(self._at_work), timeout=_LEAVING_S)

    # Keys.

    def action_interrupt(self) -> None:
        """Copy what is selected, else cancel what is being done; twice within a second asks whether to leave."""
        if selected := self.get_selected_text():
            self.hand_out(selected, "selection")
            return
        now = monotonic()
        if now - self.interrupted_at < TWICE_S:
            self.ask_to_leave()
        elif (task := self.desk.tasks.current) is not None:
            task.cancel()
            self.draw_bars()
        self.interrupted_at = now
        self.draw_keys()
        self.set_timer(TWICE_S, self.draw_keys)

    def hand_out(self, text: str, what: str) -> None:
        """To the clipboard."""

    def ask_to_leave(self) -> None:
        """Whether to leave."""

    def show_tasks(self) -> None:
        """All tasks of this session."""
        from cloutui.screens.tasks_box import TasksBox

        self.app.push_screen(TasksBox(self.desk))

    # Asking the servers.

    def action_ask_servers(self) -> None:
        """Have all servers of the unit asked out of turn."""
        session = self.desk.session
        if session is None:
            return

        async def ask(task: Task) -> str:
            asked = await session.ask_servers_now(task.tell, unit=self.desk.scope)
            task.problems += [f"{one.server}: {one.problem}" for one in asked if one.problem]
            return summary_of(asked, self._clock)

        self.start("Asking the servers", "servers", ask, waits=True)

    def _clock(self, moment: Any) -> str:
        return formats.exact_clock(moment, self.desk.zone)


def summary_of(asked: Sequence[Asked], clock: Callable[[Any], str]) -> str:
    """How many answered, or from when on they may be asked again."""
    if not asked:
        return "There is no server to ask here."
    waiting = [one.again_at for one in asked if one.again_at is not None]
    if len(waiting) == len(asked):
        servers = f"{asked[0].server} was" if len(asked) == 1 else f"All {len(asked)} servers were"
        return f"{servers} asked a moment ago; again from {clock(min(waiting))}."
    answered, changed = sum(one.answered for one in asked), sum(one.changed for one in asked)
    total = formats.plural(len(asked) - len(waiting), "server")
    news = f", {formats.plural(changed, 'change')}" if changed else ", nothing new"
    others = f" {formats.count(len(waiting))} asked a moment ago; again from {clock(min(waiting))}." if waiting else ""
    return f"{formats.count(answered)} of {total} answered{news}.{others}"
