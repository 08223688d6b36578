"""What is said of a problem where the cursor is on one: acknowledged with a key, taken back with another, commented.

It changes no status, so it needs no write mode. It is about the days of nodes: of those that are marked, else of the
one under the cursor, on whichever screen that knows of a day.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on
from textual.binding import Binding, BindingType

from cloutui.errors import CloutuiError, Conflict, Invalid
from cloutui.model import formats
from cloutui.model.handling import HandlingState
from cloutui.model.privilege import Privilege
from cloutui.model.status import Status
from cloutui.screens.background import ask_in_background
from cloutui.screens.desk import Desk
from cloutui.screens.subject import and_so_on
from cloutui.screens.tagging import Tagging, nodes_of
from cloutui.screens.view import RoundEnded
from cloutui.widgets.lines import ACT, GO

if TYPE_CHECKING:
    from cloutui.model.comment import CommentType
    from cloutui.screens.comment_box import Written
    from cloutui.screens.subject import Subject
    from cloutui.screens.view import View

LONG_BAD = 3
"""Days: whoever acknowledges a problem that has lasted longer is reminded to write why."""

_NEEDS: Mapping[str, Privilege] = {
    "acknowledge": Privilege.PROBLEM_EDIT,
    "withdraw": Privilege.PROBLEM_EDIT,
    "comment": Privilege.COMMENT_CREATE,
    "mute": Privilege.PROBLEM_EDIT,
    "ticket": Privilege.JOB_VIEW,
    "round": Privilege.PROBLEM_EDIT,
}


class Handling(Tagging):
    """Also the way into the round through everything that is open."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "acknowledge", "acknowledge", id="row.ack", tooltip="ack", group=ACT),
        Binding("A", "withdraw", "withdraw what was acknowledged", id="row.withdraw", show=False, group=ACT),
        Binding("c", "comment", "comment", id="row.comment", group=ACT),
        Binding("m", "mute", "mute the node for a while", id="row.mute", show=False, group=ACT),
        Binding("T", "ticket", "copy as a ticket, and note its number", id="row.ticket", show=False, group=ACT),
        Binding("Q", "round", "go through all that is open", id="shell.round", show=False, group=GO),
    ]

    def __init__(self, desk: Desk, start: str) -> None:
        super().__init__(desk, start)
        self._turn = asyncio.Lock()
        self._turns_taken = self._turns_left = 0
        self._is_behind = self._anew = False
        """Whether something was said since everything was last asked for, and whether rows come back by it."""

    def look_again(self, *, anew: bool = False) -> None:
        """Let everything that is shown say what was just done; `anew` may bring other rows."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """They are there where there is something to handle, and need their right."""
        if action not in _NEEDS:
            return super().check_action(action, parameters)
        if self.desk.session is None or not self._is_about_something(action):
            return False
        return True if self.desk.session.may(_NEEDS[action]) else None

    def _is_about_something(self, action: str) -> bool:
        if action == "mute":
            return bool(nodes_of(self.view))
        meant = self.view.takes_back if action == "withdraw" else self.view.problems
        return action == "round" or bool(meant())

    def right_for(self, action: str) -> str:
        """The right that a key of these needs."""
        return _NEEDS[action].value if action in _NEEDS else super().right_for(action)

    # One key.

    def action_acknowledge(self) -> None:
        """These are seen, and taken care of."""
        self._handle(self.view.problems, HandlingState.ACKNOWLEDGED)

    def action_withdraw(self) -> None:
        """These are open again."""
        self._handle(self.view.takes_back, HandlingState.OPEN)

    async def command_ack(self, rest: str, _word: str) -> None:
        """`ack`, or with a comment that says why: `ack the customer restarts it on Sunday`."""
        from cloutui.model.comment import CommentType
        from cloutui.screens.comment_box import write

        self._session()
        problems = list(self.view.problems())
        if not problems:
            raise Invalid("The cursor is on no day of a node.", hint="Put it on one, or mark some.")
        if rest:
            self.tell(await write(self.desk, problems, rest, CommentType.NOTE))
        self.action_acknowledge()

    async def command_round(self, _rest: str, _word: str) -> None:
        """As its key does."""
        self.action_round()

    def _handle(self, meant: Callable[[], Sequence[Subject]], state: HandlingState) -> None:
        self.in_turn(partial(self._have_handled, self.view, meant, state))

    def in_turn(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Keys that come quicker than answers wait for those before: each means what is there when its turn comes."""

        async def wait() -> None:
            try:
                async with self._turn:
                    await work()
            finally:
                self._turns_left -= 1
            if not self._turns_left and self._is_behind:
                anew, self._is_behind, self._anew = self._anew, False, False
                self.look_again(anew=anew)

        self._turns_taken += 1
        self._turns_left += 1
        ask_in_background(self, wait, f"turn {self._turns_taken}")

    async def _have_handled(self, view: View, meant: Callable[[], Sequence[Subject]], state: HandlingState) -> None:
        problems = list(meant())
        if problems and (said := await self._say_of(problems, state)):
            view.main.clear_marks()
            self.tell(f"{said} {_afterwards(problems, state)}".strip())
            self._tell_handled(view, problems, state)

    async def _say_of(self, problems: Sequence[Subject], state: HandlingState, job: str = "") -> str:
        """One sentence for all of it; nothing when it was refused, which is told.

        Of many days some may stand so already: then the others are what is told.
        """
        session, said, refused = self._session(), [], list[CloutuiError]()
        for day in dict.fromkeys(problem.day for problem in problems):
            nodes = [str(problem.node_id) for problem in problems if problem.day == day]
            given = {"nodes": nodes, "day": str(day), "state": state.value} | ({"job": job} if job else {})
            try:
                said.append((await session.act("problem.handle", given)).sentence)
            except CloutuiError as error:
                refused.append(error)
        for refusal in refused:
            if not (said and isinstance(refusal, Conflict)):
                self.complain(refusal)
        return and_so_on(said)

    def _tell_handled(self, view: View, problems: Sequence[Subject], state: HandlingState) -> None:
        view.was_handled(problems, state)
        self._is_behind, self._anew = True, self._anew or state is HandlingState.OPEN
        self.draw_bars()

    # Comments.

    def action_comment(self) -> None:
        """Ask for one, and for how the problem stands with it."""
        self.in_turn(partial(self._ask_comment, self.view))

    async def _ask_comment(self, view: View) -> None:
        from cloutui.model.comment import CommentType

        if problems := list(view.problems()):
            self._open_comment(view, problems, CommentType.NOTE)

    def _open_comment(self, view: View, problems: Sequence[Subject], kind: CommentType) -> None:
        from cloutui.screens.comment_box import CommentBox

        may_handle = self._session().may(Privilege.PROBLEM_EDIT)
        box = CommentBox(self.desk, problems, kind, may_handle=may_handle)
        self.app.push_screen(box, partial(self._commented, view, problems))

    def _commented(self, view: View, problems: Sequence[Subject], written: Written | None) -> None:
        if written is None:
            return
        self.tell(written.sentence)
        if written.state is None:
            self.look_again()
        else:
            self.in_turn(partial(self._handle_commented, view, problems, written.state))

    async def _handle_commented(self, view: View, problems: Sequence[Subject], state: HandlingState) -> None:
        """What the comment is on stands so: one job where it is on one, else the day."""
        job = problems[0].job_key if len(problems) == 1 else ""
        if said := await self._say_of(problems, state, job):
            self.tell(said)
            self._is_behind = True
            if not job:
                self._tell_handled(view, problems, state)

    # A ticket elsewhere.

    def action_ticket(self) -> None:
        """The problem as text into the clipboard, for whoever keeps the tickets; then a comment for its number."""
        self.in_turn(partial(self._write_ticket, self.view))

    async def _write_ticket(self, view: View) -> None:
        from cloutui.model.comment import CommentType
        from cloutui.screens.ticket import ticket

        problems = list(view.problems())
        try:
            text = await ticket(self.desk, problems)
        except CloutuiError as error:
            self.complain(error)
            return
        if self._session().may(Privilege.COMMENT_CREATE):
            self._open_comment(view, problems, CommentType.TICKET)
        self.hand_out(text, "ticket")  # where there is no clipboard, on a page above the comment

    # Muting.

    def action_mute(self) -> None:
        """Ask until when these nodes count as ignored."""
        from cloutui.screens.menu import Menu
        from cloutui.screens.mute_menu import mutings

        view, today = self.view, self.desk.today()
        nodes, problems = nodes_of(view), list(view.problems())
        days = [problem.day for problem in problems if problem.day is not None]
        offered = mutings(min(days, default=today), today)

        def chosen(place: int | None) -> None:
            if place is None:
                return
            muting = offered[place]
            if muting.asks:
                self.open_action(muting.action, nodes=nodes, **muting.given)
            else:
                self.in_turn(partial(self._have_muted, view, problems, muting.action, {"nodes": nodes, **muting.given}))

        subject = view.subject()
        is_one = subject is not None and nodes == [subject.node_id]
        name = subject.name if subject is not None and is_one else formats.plural(len(nodes), "node")
        self.app.push_screen(Menu(self.desk, f"Mute {name}", [each.entry for each in offered]), chosen)

    async def _have_muted(
        self, view: View, problems: Sequence[Subject], action: str, given: Mapping[str, object]
    ) -> None:
        try:
            said = (await self._session().act(action, given)).sentence
        except CloutuiError as error:
            self.complain(error)
            return
        view.main.clear_marks()
        self.tell(said)
        self._tell_handled(view, problems, HandlingState.MUTED if action == "problem.mute" else HandlingState.OPEN)

    # The round.

    def action_round(self) -> None:
        """From one problem to the next, until none is open."""
        ask_in_background(self, self._begin_round, "round")

    async def _begin_round(self) -> None:
        from cloutui.screens.round import Round, open_problems

        try:
            cells = await open_problems(self.desk, self.view)
        except CloutuiError as error:
            self.complain(error)
            return
        if cells:
            await self.open_above(Round(self.desk, cells, self.in_turn))
        else:
            self.tell(f"Nothing is open in {self.desk.scope_name()}.")

    @on(RoundEnded)
    async def _round_ended(self, message: RoundEnded) -> None:
        """How long it took is kept in the activity log."""
        message.stop()
        left = message.problems - message.handled
        rest = f" {formats.plural(left, 'problem')} left: Q goes on with them." if left else ""
        self.tell(f"{message.handled} handled in {formats.duration(message.took_s)}.{rest}", Status.OK)
        await self.action_back()
        self.look_again()
        if message.handled:
            ask_in_background(self, partial(self._log_round, message), "log of the round")

    async def action_back(self) -> None:
        """One layer back."""

    async def _log_round(self, message: RoundEnded) -> None:
        given = {"problems": message.problems, "handled": message.handled, "seconds": round(message.took_s)}
        if self.desk.unit is not None:
            given["unit"] = self.desk.unit
        try:
            await self._session().act("problem.round", given)
        except CloutuiError as error:
            self.complain(error)


def _afterwards(problems: Sequence[Subject], state: HandlingState) -> str:
    """Which key undoes it, or says more."""
    if state is not HandlingState.ACKNOWLEDGED:
        return ""
    worst = max(problem.bad_days for problem in problems)
    if worst > LONG_BAD:
        return f"Bad for {worst} days: c says why."
    return "A takes it back."
