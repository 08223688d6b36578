"""What every door gives: a running `dsmadmc` whose terminal we hold."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

COLUMNS = 32_767
ROWS = 32_767
"""The terminal is as large as a signed 16-bit number, the least that any system keeps, can say: nothing is wrapped or
paged because of its size."""

ENGLISH = {"LANG": "en_US", "LC_ALL": "en_US"}
"""Asks the client for plain numbers and English words. Nothing relies on being heard: a host may refuse it."""


class Channel(Protocol):
    """The terminal of one running client."""

    async def read(self) -> bytes:
        """What it has written; waits for at least one byte. Empty: it has ended. May be cancelled without loss."""

    async def write(self, data: bytes) -> None:
        """Type something. What an ended client does not read is forgotten."""

    async def wait(self) -> int | None:
        """Its exit status; None when it was cut off. Waits until it has ended."""

    async def close(self) -> None:
        """Leave nothing running."""


class Door(Protocol):
    """A way to run `dsmadmc` somewhere."""

    @property
    def address(self) -> str:
        """Where it leads, for messages."""

    @property
    def server_stanza(self) -> str | None:
        """The stanza of the client's options file that names the server; None: the client's default."""

    @property
    def credentials_file(self) -> str | None:
        """A file on that host with administrator and password; None: they are asked for."""

    async def open(self, server: str, arguments: Sequence[str]) -> Channel:
        """Start the client with these arguments. `server` is for messages. Raises: ProductError."""
