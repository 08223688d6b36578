"""The round through all that is open: one problem after the other, across all units, with the time that it takes.

It shows a problem as its node's day. Acknowledging it leads on to the next one; `n` passes one over for now.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, ClassVar

from textual.binding import Binding, BindingType

from cloutui.model import formats
from cloutui.model.handling import HandlingState
from cloutui.screens.daily_since import with_since
from cloutui.screens.desk import Desk
from cloutui.screens.jobs import Cell
from cloutui.screens.node_day import NodeDay
from cloutui.screens.view import CrumbsChanged, RoundEnded
from cloutui.widgets.lines import MOVE
from cloutui.widgets.result_seek import problems
from cloutui.widgets.row_list import RowList

if TYPE_CHECKING:
    from cloutui.screens.subject import Subject
    from cloutui.screens.view import View

InTurn = Callable[[Callable[[], Coroutine[Any, Any, None]]], None]

BAD = "status:warning.."
_TICK_S = 1.0


async def open_problems(desk: Desk, view: View) -> list[Cell]:
    """What is to be gone through, the worst first. Raises: CloutuiError.

    On a screen that shows the daily report: the rest of that day, as far as its filter goes. Elsewhere the nodes that
    need attention, each on the last day on which something of it ended.
    """
    assert desk.session is not None
    if view.word == "daily" and (shown := view.question()) is not None:
        sought = f"({shown.filter}) {BAD}" if shown.filter else BAD
        answer = await desk.session.ask("daily", unit=desk.scope, filter=sought, **shown.parameters)
        told = (await with_since(desk, answer, shown.parameters)).rows
        open_now = told.filter(problems("status")(told)).select(["node_id", "node", "unit", "server"])
        day = date.fromisoformat(str(shown.parameters["day"]))
        return [Cell(**row, day=day) for row in open_now.to_pylist()]
    answer = await desk.session.ask("attention", unit=desk.scope)
    rows = [row for row in answer.rows.to_pylist() if row["kind"] == "node"]
    return [
        Cell(node_id=row["node_id"], node=row["name"], unit=row["unit"], server=row["server"], day=row["day"])
        for row in rows
    ]


class _Jobs(RowList):
    """A day's jobs, without a key that goes to the next bad one: that key goes to the next problem."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return action != "problem" and super().check_action(action, parameters)


class Round(NodeDay):
    """One of the problems; which, and how long it has taken so far, stands in the title."""

    HAS_DAYS = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "go(1)", "next, pass this one over", id="round.next", tooltip="pass over", group=MOVE),
        Binding("N", "go(-1)", "the one before", id="round.previous", show=False, group=MOVE),
    ]

    def __init__(self, desk: Desk, cells: Sequence[Cell], in_turn: InTurn) -> None:
        """`in_turn`: has work done after what earlier keys asked for."""
        super().__init__(desk, cells[0])
        self._in_turn = in_turn
        self.main = _Jobs(desk.look, cells[0].node, self.job_list.columns)
        self.cells = cells
        self.at = 0
        self.done: set[tuple[int | None, date | None]] = set()
        """What has been taken care of."""
        self.last: Sequence[Subject] = ()
        """What was taken care of last."""
        self.began_at: datetime = desk.now()

    def crumbs(self) -> list[str]:
        """Where one is in it, and the node."""
        return ["Round", self._position(), self.cell.node]

    def on_mount(self) -> None:
        """The time runs while one reads."""
        self.set_interval(_TICK_S, self._tick)

    def _position(self) -> str:
        return f"{self.at + 1} of {len(self.cells)}"

    @property
    def took_s(self) -> float:
        """Since the round began."""
        return (self.desk.now().astimezone(UTC) - self.began_at).total_seconds()

    def _picked_day(self) -> str:
        return f"{self._position()}   {formats.duration(self.took_s)}   {formats.long_day(self.cell.day)}"

    def _tick(self) -> None:
        jobs = f"   {formats.plural(len(self.jobs), 'job')}" if self.jobs else ""
        self.job_list.entitle(note=f"{self._picked_day()}{jobs}")

    def reload(self, *, anew: bool = False) -> None:
        """Of a problem that was not shown yet, from its first job."""
        is_other = not self.jobs or (self.jobs[0].node, self.jobs[0].server) != (self.cell.node, self.cell.server)
        super().reload(anew=anew or is_other)

    # Going on.

    def was_handled(self, problems: Sequence[Subject], state: HandlingState) -> None:
        """On to the next one, once this one is open no more; back to the one that was taken back."""
        told = {(problem.node_id, problem.day) for problem in problems}
        if state.is_open:
            self.done, self.last = self.done - told, ()
            places = [place for place, cell in enumerate(self.cells) if (cell.node_id, cell.day) in told]
            self._go(places[0] - self.at if places else 0)
        else:
            self.done, self.last = self.done | told, problems
            if (self.cell.node_id, self.cell.day) in told:
                self._go(1)

    def takes_back(self) -> Sequence[Subject]:
        """The one before, from which acknowledging it has led on."""
        return self.last or self.problems()

    def action_go(self, step: int) -> None:
        """Another problem."""

        async def go() -> None:
            self._go(step)

        self._in_turn(go)

    def _go(self, step: int) -> None:
        """After the last one the round is over."""
        if self.at + step >= len(self.cells):
            self.post_message(RoundEnded(problems=len(self.cells), handled=len(self.done), took_s=self.took_s))
        elif self.at + step >= 0:
            self.at += step
            self.cell = self.cells[self.at]
            self.job_list.entitle(self.cell.node)
            self.reload(anew=True)
            self.post_message(CrumbsChanged())
