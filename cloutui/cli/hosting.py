"""The process that owns the files lets other commands of this host work on them, as long as it has them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from importlib import import_module
from typing import TYPE_CHECKING

from cloutui.installation import Installation
from cloutui.session import OwnSession

if TYPE_CHECKING:
    from cloutui.gateway.serving import Serving

_log = logging.getLogger(__name__)


@asynccontextmanager
async def hosting(installation: Installation, *, is_read_only: bool = False) -> AsyncIterator[Serving]:
    """On the running loop. When it ends, those who are here are told, and their consoles closed.

    `is_read_only`: they change nothing, whoever they are.
    """
    from cloutui.cli.from_afar import HostCommand
    from cloutui.cli.remote import RemoteCommands
    from cloutui.gateway.process import refuse_eager_tasks
    from cloutui.gateway.serving import on_this_host, people_here

    loop = asyncio.get_running_loop()
    refuse_eager_tasks(loop)
    loop.set_task_factory(None)  # our own console may have set one already
    asking = people_here(installation, "command-line", is_read_only=is_read_only)
    commands = RemoteCommands(installation, asking, allowed=HostCommand)
    serving = on_this_host(installation, commands, is_read_only=is_read_only)
    try:
        serving.gateway.start_here(installation.home)
    except OSError:
        # A file system without sockets: then this process works alone, as it would without us.
        _log.exception("nobody else on this host can come in")
    serving.follow()
    try:
        yield serving
    finally:
        await serving.stop()
        commands.close()


class HostingSession(OwnSession):
    """The session of a console that owns the files, and lets others in as long as it is open."""

    _hosting: asyncio.Task[None] | None = None
    _serving: Serving | None = None

    @property
    def guests(self) -> int:
        """Consoles and commands of others on this host."""
        return self._serving.gateway.busy_channels if self._serving else 0

    def host(self, *, after_s: float) -> None:
        """`after_s`: what it needs is loaded when the console has answered its first questions."""
        self._hosting = asyncio.create_task(self._host(after_s), name="hosting")

    async def _host(self, after_s: float) -> None:
        await asyncio.sleep(after_s)
        await asyncio.to_thread(import_module, "cloutui.gateway.serving")
        async with hosting(self.installation) as self._serving:
            await asyncio.Event().wait()

    async def close(self) -> None:
        """Those who are here are told; then as any session of its own process."""
        if self._hosting is not None:
            self._hosting.cancel()
            with suppress(asyncio.CancelledError):
                await self._hosting
        await super().close()
