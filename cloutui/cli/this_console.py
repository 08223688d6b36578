"""The console on the terminal of the process itself, as one of the sessions that are open."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cloutui.app import CloutuiApp
    from cloutui.model.open_session import OpenSession
    from cloutui.session import Session


class ThisConsole:
    """A `Live` session. Made on the loop that the console runs on."""

    def __init__(self, app: CloutuiApp, session: Session) -> None:
        self._app = app
        self._session = session
        self._loop = asyncio.get_running_loop()
        self._since = datetime.now(UTC)

    def told(self) -> OpenSession:
        """As it is at this moment."""
        from cloutui.model.open_session import OpenSession

        principal, writing, size = self._session.principal, self._session.write_mode, self._app.size
        return OpenSession(
            session_id=principal.session_id,
            user_id=principal.user_id,
            user=principal.name,
            unit_id=principal.unit_id,
            since=self._since,
            came_from="",
            face=principal.face,
            idle_s=monotonic() - self._session.touched_at,
            columns=size.width,
            rows=size.height,
            is_writing=writing is not None and writing.is_on(datetime.now(UTC)),
        )

    def end(self, farewell: str) -> None:
        """As if its user had left. From any thread."""
        self._loop.call_soon_threadsafe(lambda: self._app.exit(message=farewell))
