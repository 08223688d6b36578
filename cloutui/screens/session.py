"""What the console needs of an installation: answers, and word when there is something new.

The console opens its session after the first paint, so that a slow cache or a first collection delays nothing that
can already be shown.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from pathlib import Path

    from cloutui.actions.perform import Outcome
    from cloutui.actions.plan import Plan
    from cloutui.collectors.asked import Asked
    from cloutui.model.filter.saved import SavedFilter
    from cloutui.model.privilege import Privilege
    from cloutui.model.question import Question
    from cloutui.model.secret import Secret
    from cloutui.model.table import Answer
    from cloutui.model.write_mode import WriteMode
    from cloutui.records.history_check import HistoryCheck
    from cloutui.records.rows import Verification


Told = Callable[[int, int], None]
"""Is told how much is done, and of how much. What it raises ends the work."""


class Session(Protocol):
    """One reader's way to the reports. The scope is a unit and all below it; None is the reader's own root."""

    @property
    def guests(self) -> int:
        """Consoles and commands of others that would end with this session."""

    async def ask(self, report: str, /, *, unit: int | None = None, **params: object) -> Answer:
        """The answer of a report. Never blocks the event loop. Raises: CloutuiError."""

    async def act(
        self, action: str, given: Mapping[str, Any], *, typed_name: str | None = None, code: Secret | None = None
    ) -> Outcome:
        """Do an action. The name and a code confirm what destroys something. Raises: CloutuiError."""

    async def plan(self, action: str, given: Mapping[str, Any]) -> Plan:
        """What an action would do. Nothing is changed by asking. Raises: CloutuiError, as the action would."""

    @property
    def write_mode(self) -> WriteMode | None:
        """The one that was begun last and not ended; it may be over."""

    @property
    def may_write(self) -> bool:
        """Whether there is anything that the reader may change beside their own account."""

    @property
    def is_read_only(self) -> bool:
        """Whether nothing is changed from here, whatever the reader's role allows."""

    async def begin_write(
        self, reason: str, minutes: int | str, code: Secret | None = None, *, unit: int | None = None
    ) -> Outcome:
        """Begin write mode, or make it last longer. `unit` is the one looked at. Raises: Invalid, NotConfirmed."""

    async def end_write(self, why: str = "") -> None:
        """End write mode. Raises: CloutuiError."""

    async def turn_to(self, unit: int) -> bool:
        """Another unit is looked at. Returns whether write mode has ended by that. Raises: CloutuiError."""

    def touch(self) -> None:
        """A key was pressed."""

    async def asks_for_code(self, *, to_destroy: bool = False) -> bool:
        """Whether a code must be given now: to begin write mode, or with `to_destroy` beside such an action."""

    async def values(self, question: Question, column: str, begun: str = "") -> Mapping[str, int]:
        """The commonest values of a column, of texts with `begun` in them, each with its rows. Raises: CloutuiError."""

    async def saved_filters(self, unit: int | None = None) -> Sequence[SavedFilter]:
        """What `@name` stands for when one asks about a unit, by name. Raises: CloutuiError."""

    async def preferences(self) -> Mapping[str, str]:
        """What one prefers for oneself, by the key of `model.preference`; nothing without an account."""

    async def saved_columns(self) -> Mapping[str, Sequence[str]]:
        """By report: the columns that the reader has chosen to see. Raises: CloutuiError."""

    async def verify_activity(self) -> Verification:
        """Read the whole chain of the activity log again. Raises: CloutuiError."""

    async def verify_history(self) -> HistoryCheck:
        """Read every frozen report again, and compare. Raises: CloutuiError."""

    def may(self, needs: Privilege) -> bool:
        """Whether the reader has that right."""

    @property
    def may_write_files(self) -> bool:
        """Whether files can be written where the reader finds them: not on a host that one signs in to."""

    async def export(self, question: Question, how: str, path: Path, *, force: bool = False, told: Told = ...) -> int:
        """Write the answer into a file, in the format of that name. Returns how many rows.

        `told` is called from another thread. Raises: CloutuiError, and what `told` raises: then no file is left.
        """

    async def copied(self, question: Question, how: str) -> str:
        """The answer as text: `tsv`, `json`, `command` for our command line, `dsmadmc`. Raises: CloutuiError.

        Nothing for `dsmadmc` where no command of a backup server says the same.
        """

    async def ask_servers_now(self, told: Told = ..., *, unit: int | None = None) -> Sequence[Asked]:
        """Have the unit's servers asked out of turn, and say what came of each. Raises: CloutuiError."""

    def file_name(self, question: Question, how: str) -> str:
        """A name for the file of an export, safe everywhere."""

    def subscribe(self, changed: Callable[[], None]) -> Callable[[], None]:
        """Have `changed` called, on the event loop, when the cache has new facts. The answer ends that."""

    async def close(self) -> None:
        """Let go of everything."""


OpenSession = Callable[[Callable[[str], None]], Awaitable[Session]]
"""Opens a session; is given a function that takes lines of progress ("collecting SPA01, 2 of 3 servers")."""
