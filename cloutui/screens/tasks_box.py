"""The tasks of this session: what runs, how far it is, what came of the others, and a key that cancels."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType

from cloutui.model import formats
from cloutui.model.status import Status
from cloutui.screens.bars import how_far
from cloutui.screens.boxes import BoxScreen, Line, button
from cloutui.screens.desk import Desk
from cloutui.screens.tasks import State, Task
from cloutui.widgets.paragraph import Paragraph, lay_out

_SIGNS = {
    State.RUNNING: Status.RUNNING,
    State.DONE: Status.OK,
    State.FAILED: Status.ERROR,
    State.CANCELLED: Status.IGNORED,
}
_COUNT_S = 1.0


class TasksBox(BoxScreen):
    """The youngest first. The cursor says which one a key is about."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("x", "cancel", "cancel the task", id="tasks.cancel"),
    ]

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "Tasks", "x cancels   esc closes")
        self.cursor = 0
        self._first_lines: list[int] = []

    def on_mount(self) -> None:
        """It counts on."""
        super().on_mount()
        self.set_interval(_COUNT_S, self._fill)

    @property
    def tasks(self) -> list[Task]:
        """As they are listed."""
        return list(reversed(list(self.desk.tasks)))

    def lines(self, width: int) -> list[Line]:
        """Two lines each, and one for each problem."""
        plain = self.desk.look.palette.style("muted", "panel")
        lines: list[Line] = [[]]
        self._first_lines = []
        for place, task in enumerate(self.tasks):
            self._first_lines.append(len(lines))
            lines += self._lines_of(task, place, width)
            lines.append([])
        return lines if self._first_lines else [[], [(" Nothing was done yet that takes long.", plain)], []]

    def _lines_of(self, task: Task, place: int, width: int) -> list[Line]:
        desk, palette, glyphs = self.desk, self.desk.look.palette, self.desk.look.glyphs
        muted, text = palette.style("muted", "panel"), palette.style("text", "panel", bold=place == self.cursor)
        status = Status.WARNING if task.problems and task.state is State.DONE else _SIGNS[task.state]
        cursor = (f"{glyphs.cursor if place == self.cursor else ' '} ", palette.style("accent", "panel"))
        sign = (f"{glyphs.status[status]} ", palette.status(status, "panel"))
        since = (f"  {formats.exact_clock(task.started_at, desk.zone)}", muted)
        title: Line = [cursor, sign, button(task.title, text, "point", place), since]
        if not task.is_running:
            said = [Paragraph([("    ", muted)], line, muted) for line in (task.result, *task.problems)]
            return [title, *(laid.pieces for laid in lay_out(said, width, muted))]
        cancel = [button("x cancel", palette.style("accent", "panel"), "cancel_at", place)]
        return [title, [("    ", muted), *how_far(task, desk.look, "panel", 24), *([] if task.is_unwanted else cancel)]]

    # Keys.

    def action_scroll(self, by: int) -> None:
        """Another task, which is brought into view."""
        self.action_point(self.cursor + by)
        if self._first_lines:
            self.box.show_line(self._first_lines[self.cursor])

    def action_point(self, place: int) -> None:
        """This task is meant."""
        self.cursor = max(0, min(place, len(self.desk.tasks) - 1))
        self._fill()

    def action_cancel(self) -> None:
        """Cancel the one under the cursor."""
        self.action_cancel_at(self.cursor)

    def action_cancel_at(self, place: int) -> None:
        """Cancel this one."""
        if place < len(self.desk.tasks):
            self.tasks[place].cancel()
            self._fill()

    def action_interrupt(self) -> None:
        """Cancel the one that the status bar shows, as the key does elsewhere."""
        if (task := self.desk.tasks.current) is not None:
            task.cancel()
            self._fill()
