"""Where `dsmadmc` is installed: the servers its options file names, the files it can reach, the terminal it has."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Protocol

from cloutui.simulator.answer import Rows
from cloutui.simulator.faults import FaultSwitch


class Server(Protocol):
    """What this half of the simulator needs of a simulated server. Every method may be called from any thread."""

    @property
    def name(self) -> str: ...  # noqa: D102 - the words of the contract
    @property
    def platform(self) -> str: ...  # noqa: D102
    @property
    def version(self) -> tuple[int, int, int, int]: ...  # noqa: D102
    @property
    def address(self) -> str: ...  # noqa: D102
    @property
    def port(self) -> int: ...  # noqa: D102
    @property
    def administrator(self) -> str: ...  # noqa: D102
    @property
    def password(self) -> str: ...  # noqa: D102

    def now(self) -> datetime:
        """The server's own time, without a zone."""
        ...

    def select(self, sql: str) -> Rows:
        """Run a SELECT as an administrator wrote it. Raises: Refused."""
        ...

    def query(self, sql: str, /, **bound: object) -> Rows:
        """Run a SELECT of ours with bound `$name` values. No rows is no error."""
        ...

    def log(
        self, msgno: int, severity: str, message: str, *, session: int | None = None, originator: str = "SERVER"
    ) -> None:
        """Add a line to the activity log."""
        ...

    def open_session(self, admin: str, platform: str) -> int:
        """Begin a session and number it."""
        ...

    def close_session(self, number: int) -> None:
        """End a session."""
        ...


@dataclass(frozen=True, slots=True)
class Stand:
    """A server and what is wrong with it now."""

    server: Server
    switch: FaultSwitch


class Files(Protocol):
    """The files that `dsmadmc` reaches on its host."""

    def read(self, path: str) -> str:
        """The text of a file. Raises: OSError."""
        ...

    def create(self, path: str) -> BinaryIO:
        """Open a file for output, emptied. Raises: OSError."""
        ...


@dataclass(frozen=True, slots=True)
class FolderFiles:
    """Files seen from one folder. `is_jail` keeps every path inside it: what an SSH user may name."""

    folder: Path
    is_jail: bool = False

    def read(self, path: str) -> str:
        """The text of a file. Raises: OSError."""
        return self._resolve(path).read_text(encoding="utf-8", errors="replace")

    def create(self, path: str) -> BinaryIO:
        """Open a file for output, emptied. Raises: OSError."""
        return self._resolve(path).open("wb")

    def _resolve(self, path: str) -> Path:
        whole = (self.folder / path).resolve()
        if self.is_jail and not whole.is_relative_to(self.folder.resolve()):
            raise PermissionError(path)
        return whole


class Terminal(Protocol):
    """The program's input and output. Bytes go out as they are; lines come in without their end."""

    has_tty_input: bool
    has_tty_output: bool
    width: int
    height: int
    """Lines of the screen; 0 when it has no end, so that nothing is paged."""

    async def write(self, data: bytes) -> None:
        """Send bytes; returns when more may be sent."""
        ...

    async def read_line(self, *, echo: bool = True) -> str | None:
        """The next line; None at the end of the input. Without echo the terminal shows nothing of it."""
        ...


@dataclass(frozen=True, slots=True)
class Host:
    """One machine with `dsmadmc` on it."""

    stands: Mapping[str, Stand]
    """Upper-case server name → stand, the default first."""
    files: Files
    pool: Executor
    """Where the servers' blocking work is done."""
