"""Long work as values: what is being done, how far it is, and what came of it. Pure: no widget, no clock of its own.

Work may run in a thread. It tells how far it is with `Task.tell`, which is also where it learns that nobody wants it
any more: a file that is half written is given up between two rows, and not when somebody looks at it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

_MOST_KEPT = 50


class Cancelled(Exception):
    """The work is no longer wanted. Ends it wherever it tells how far it is."""


class State(StrEnum):
    """Where a task is. All but the first are ends, and an end stays."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(slots=True, eq=False)
class Task:
    """One piece of long work."""

    title: str
    """What is done, as a person would say it: `Export to jobs.csv`."""
    noun: str
    """What is counted: `rows`."""
    started_at: datetime
    done: int = 0
    total: int | None = None
    """None while it is not known."""
    state: State = State.RUNNING
    ended_at: datetime | None = None
    result: str = ""
    """What came of it, in one sentence; empty while it runs."""
    problems: list[str] = field(default_factory=list)
    """What did not work, a line each: work may be done and still have some."""
    is_unwanted: bool = False
    """Somebody has cancelled it, and it has not come to its end yet."""
    on_cancel: Callable[[], object] | None = None
    """What else is to be done to end it, for work that waits and tells nothing meanwhile."""

    @property
    def is_running(self) -> bool:
        """Whether it has not ended."""
        return self.state is State.RUNNING

    @property
    def share(self) -> float | None:
        """From 0 to 1; None while the total is not known. Of nothing, all is done."""
        if self.total is None:
            return None
        return min(1.0, self.done / self.total) if self.total else 1.0

    def tell(self, done: int, total: int | None = None) -> None:
        """So much is done. From any thread. Raises: Cancelled, when it is not to go on."""
        if self.is_unwanted:
            raise Cancelled
        self.done = done
        if total is not None:
            self.total = total

    def cancel(self) -> None:
        """Let it end soon. Nothing happens to work that has ended."""
        if self.is_running and not self.is_unwanted:
            self.is_unwanted = True
            if self.on_cancel is not None:
                self.on_cancel()

    def end(self, state: State, result: str, at: datetime) -> None:
        """It has ended so. The first end counts."""
        if self.is_running:
            self.state, self.result, self.ended_at = state, result, at
            self.on_cancel = None


class TaskBoard:
    """The tasks of one session, the youngest last: those that run, and the last ones that have ended."""

    def __init__(self) -> None:
        self._tasks: list[Task] = []

    def __iter__(self) -> Iterator[Task]:
        return iter(self._tasks)

    def __len__(self) -> int:
        return len(self._tasks)

    def start(self, title: str, noun: str, at: datetime, *, total: int | None = None) -> Task:
        """A task that runs from now on. Of those that have ended, only the last 50 are kept."""
        task = Task(title, noun, at, total=total)
        ended = [one for one in self._tasks if not one.is_running]
        for old in ended[: max(0, len(ended) - _MOST_KEPT)]:
            self._tasks.remove(old)
        self._tasks.append(task)
        return task

    @property
    def running(self) -> list[Task]:
        """Those that have not ended."""
        return [task for task in self._tasks if task.is_running]

    @property
    def current(self) -> Task | None:
        """The one that is shown and that a key cancels: the youngest that runs and is still wanted, else any that runs.

        None when nothing runs.
        """
        running = self.running
        return next((task for task in reversed(running) if not task.is_unwanted), running[-1] if running else None)

    def cancel_all(self) -> None:
        """None of it is wanted any more: the session ends."""
        for task in self.running:
            task.cancel()
