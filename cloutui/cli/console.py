"""`cloutui`: the console on this terminal, with everything inside one process.

The screen is painted before anything heavy is loaded; records and cache open behind it.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cloutui.cli.garbage import collect_garbage
from cloutui.cli.invocation import Invocation
from cloutui.errors import Invalid

if TYPE_CHECKING:
    from cloutui.app import CloutuiApp
    from cloutui.session import Session

log = logging.getLogger(__name__)


_FIRST_PICTURE_S = 1.0
"""What the cache holds is on the screen by then."""


_PREFERENCES = {"key_preset": "keys"}
"""Options of the console that are called otherwise among the preferences."""


def run_console(invocation: Invocation, *, glyphs: str | None, theme: str | None, plain: bool) -> int:
    """Returns the exit status. Raises: Invalid for a bad configuration."""
    if plain or not _can_draw(invocation):
        collect_garbage()
        return _run_plain(invocation)
    if (status := _join(invocation)) is not None:
        return status
    chosen = {**display_of(invocation.home.config_file), **_given(glyphs=glyphs, theme=theme)}
    from cloutui.app import CloutuiApp
    from cloutui.cli.this_console import ThisConsole

    async def open_session(progress: Callable[[str], None]) -> Session:
        session = await open_here(invocation, progress)
        this = ThisConsole(app, session)
        session.installation.sessions.follow(lambda: [this])
        if "theme" not in chosen:
            _wear(app, session.installation.records.setting("theme"))
        return session

    app = CloutuiApp(open_session, **chosen)
    app.desk.decided = frozenset(_PREFERENCES.get(name, name) for name in chosen)
    app.run()
    return app.return_code or 0


def _join(invocation: Invocation) -> int | None:
    """Show the console of who has the files already. None when nobody has."""
    from cloutui.home import Ownership

    if not Ownership.is_taken(invocation.home):
        return None
    from cloutui.cli.attach import reach, show_there

    owner = reach(invocation.home)
    if owner is None:
        return None
    return show_there(owner, invocation.stdin, invocation.stdout, is_read_only=invocation.is_read_only)


def _wear(app: CloutuiApp, theme: str) -> None:
    """The theme of the installation. A name that no theme has must not keep anybody from working."""
    try:
        app.shell.set_theme(theme)
    except Invalid as error:
        log.warning("%s %s", error.what, error.hint)


def display_of(config_file: Path) -> dict[str, Any]:
    """How the console is to look. The parsers are loaded only when the file speaks of it: the first paint waits.

    The whole file is read, and judged, when the installation opens. Raises: Invalid.
    """
    if not config_file.exists() or b"display" not in config_file.read_bytes():
        return {}
    from dataclasses import asdict

    from cloutui.settings import DisplaySettings, read_settings

    said, usual = asdict(read_settings(config_file).display), asdict(DisplaySettings())
    return {name: value for name, value in said.items() if value != usual[name]}


def _given(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _can_draw(invocation: Invocation) -> bool:
    return invocation.stdin.isatty() and invocation.stdout.isatty() and os.environ.get("TERM") != "dumb"


def _run_plain(invocation: Invocation) -> int:
    from cloutui.cli.plain import PlainConsole

    with invocation.installation() as (installation, principal):
        session = installation.session(principal)
        PlainConsole(installation, session, invocation.stdin, invocation.stdout).run()
    return 0


async def open_here(invocation: Invocation, progress: Callable[[str], None]) -> Session:
    """Open the installation in a thread, collect in the background, and sign in whoever runs this."""
    from cloutui.cli.hosting import HostingSession
    from cloutui.installation import Installation

    loop = asyncio.get_running_loop()

    def note(line: str) -> None:
        loop.call_soon_threadsafe(progress, line)

    installation = await asyncio.to_thread(Installation.open, invocation.home, progress=note)
    installation.start_collecting(after_s=_FIRST_PICTURE_S)
    session = HostingSession(installation, invocation.limited(installation.principal("terminal")))
    session.host(after_s=_FIRST_PICTURE_S)
    return session
