"""One Storage Protect server, reached through one door."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from cloutui.products.storage_protect.conversation import StorageProtectConversation
from cloutui.products.storage_protect.doors.door import Door
from cloutui.products.storage_protect.patience import Patience
from cloutui.products.storage_protect.sign_in import Credentials
from cloutui.products.storage_protect.terminal import AdminTerminal


class StorageProtect:
    """A product. Holds no connection: each conversation is a login of its own."""

    def __init__(
        self,
        *,
        name: str,
        door: Door,
        administrator: str,
        password: Callable[[], str | None],
        answer_timeout_s: float = 60,
        patience: Patience | None = None,
    ) -> None:
        self._name = name
        self._door = door
        self._credentials = Credentials(administrator=administrator, password=password)
        self._patience = patience or Patience(silence_s=answer_timeout_s)

    @asynccontextmanager
    async def converse(self) -> AsyncIterator[StorageProtectConversation]:
        """Sign in. Raises: ProductError, Invalid."""
        terminal = await AdminTerminal.open(self._name, self._door, self._credentials, self._patience)
        try:
            conversation = StorageProtectConversation(self._name, terminal)
            await conversation.begin()
            yield conversation
        finally:
            await terminal.leave()
