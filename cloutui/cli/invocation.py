"""What every command gets: whose files, which streams. Commands never touch `sys`, so that SSH can run them too."""

from __future__ import annotations

import contextlib
from collections.abc import Coroutine, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TextIO, TypeVar

from cloutui.home import Home

if TYPE_CHECKING:
    from cloutui.installation import Installation
    from cloutui.model.principal import Principal

T = TypeVar("T")


@dataclass(slots=True, kw_only=True)
class Invocation:
    """One run of a command."""

    home: Home
    """Set once more when `--home` has been read."""
    stdin: TextIO
    stdout: TextIO
    stderr: TextIO
    is_read_only: bool = False
    """`--read-only`: whoever asks changes nothing."""
    most_rows: int | None = None
    """Of an answer. None: as many as there are."""
    words: Sequence[str] = ()
    """The command and what it was given, without what is said of the whole program."""

    @contextlib.contextmanager
    def installation(self) -> Iterator[tuple[Installation, Principal]]:
        """The opened installation and who asks. Raises: Busy, Invalid, Broken."""
        from cloutui.installation import Installation

        opened = Installation.open(self.home, progress=self.note)
        try:
            yield opened, self.limited(opened.principal("command-line"))
        finally:
            opened.close()

    def limited(self, principal: Principal) -> Principal:
        """As whom this run asks."""
        return replace(principal, is_read_only=principal.is_read_only or self.is_read_only)

    def require_to_change(self) -> None:
        """For what is no action and changes something all the same. Raises: ReadOnly."""
        if self.is_read_only:
            from cloutui.errors import ReadOnly

            raise ReadOnly

    def wait(self, work: Coroutine[Any, Any, T]) -> T:
        """Do what is asynchronous, and wait for it."""
        import asyncio

        return asyncio.run(work)

    def say(self, line: str) -> None:
        """A line of the answer."""
        self.stdout.write(line + "\n")
        self.stdout.flush()

    def note(self, line: str) -> None:
        """A line about the work, beside the answer."""
        self.stderr.write(line + "\n")
        self.stderr.flush()
