"""The console of an installation, for somebody who came in over SSH."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from textual.worker import WorkerError

from cloutui.app import CloutuiApp
from cloutui.errors import Invalid
from cloutui.gateway import process
from cloutui.gateway.limits import Limits
from cloutui.gateway.live import Console, LiveConsole, OpenConsole
from cloutui.gateway.sign_in import Factor, SignedIn
from cloutui.gateway.terminal import Size, Terminal
from cloutui.installation import Installation
from cloutui.model.principal import Principal, system_principal
from cloutui.model.privilege import Privilege
from cloutui.model.status import Status
from cloutui.screens.clipboard import way_out
from cloutui.session import HostSession, Session
from cloutui.widgets.glyphs import GLYPH_SETS, glyphs_for
from cloutui.widgets.theme import DEFAULT_THEME

_REHEARSAL_S = 20.0

PrincipalOf = Callable[[SignedIn], Awaitable[Principal]]
"""What somebody may do who has signed in. Raises: CloutuiError, when they may not even come in any more."""


class RemoteSession(Session):
    """A session whose reader sits elsewhere: a file would be written on the server."""

    async def export(self, *args: object, **options: object) -> int:
        """Raises: Invalid, always."""
        del args, options
        raise Invalid(
            "Over SSH no files are written.",
            hint="Run its command on your side instead: ssh HOST report ... > FILE",
        )


def consoles_of(
    installation: Installation,
    principal_of: PrincipalOf,
    *,
    host: str,
    greeting_of: Callable[[SignedIn], str] = lambda _: "",
) -> OpenConsole:
    """Makes consoles for whoever signs in. `host`: what they write behind `ssh`, but for their name."""

    async def open_console(who: SignedIn, terminal: Terminal) -> Console:
        principal = _within(terminal, await principal_of(who))
        prefers = await asyncio.to_thread(installation.preferences_of, principal)
        session = RemoteSession(
            installation,
            principal,
            ssh_host=f"{who.user}@{host}",
            second_factor_at=who.at if Factor.CODE in who.factors else None,
        )
        return _console(session, terminal, prefers, greeting=greeting_of(who))

    return open_console


def consoles_here(
    installation: Installation, enter: PrincipalOf, *, greeting_of: Callable[[SignedIn], str]
) -> OpenConsole:
    """Makes consoles for others on this host. Its files are theirs, too. `enter` writes down that they came."""

    async def open_console(who: SignedIn, terminal: Terminal) -> Console:
        principal = _within(terminal, await enter(who))
        prefers = await asyncio.to_thread(installation.preferences_of, principal)
        return _console(HostSession(installation, principal), terminal, prefers, greeting=greeting_of(who))

    return open_console


def _within(terminal: Terminal, principal: Principal) -> Principal:
    """As much of what they may do as they ask for."""
    return replace(principal, is_read_only=principal.is_read_only or terminal.is_read_only)


async def rehearse(installation: Installation) -> None:
    """Run a console once for nobody, before anybody comes: what the first one loads, all of them use.

    Call it after `process.prepare`, and before there are any consoles.
    """
    terminal = Terminal("xterm-256color", Size(120, 36), {})
    nobody = SignedIn(user="", source="", factors=frozenset(), key=None, at=datetime.now(UTC))
    looks = frozenset(privilege for privilege in Privilege if privilege.operation == "view")
    reader = replace(system_principal("rehearsal", installation.records.root_unit_id), privileges=looks)
    console = _console(RemoteSession(installation, reader, ssh_host="nobody"), terminal, {})
    live = LiveConsole(console, nobody, terminal, Limits(idle_s=0), send=lambda _: None)
    running, painted = asyncio.create_task(live.run()), asyncio.create_task(live.has_painted.wait())
    with suppress(TimeoutError, WorkerError):  # whoever comes will be told what is wrong
        async with asyncio.timeout(_REHEARSAL_S):
            await asyncio.wait({running, painted}, return_when=asyncio.FIRST_COMPLETED)
            await console.app.workers.wait_for_complete()
    painted.cancel()
    live.end()
    await running
    del console, live, running, painted
    process.settle()


def _console(session: Session, terminal: Terminal, prefers: Mapping[str, str], *, greeting: str = "") -> Console:
    async def open_session(_progress: Callable[[str], None]) -> Session:
        return session

    installation = session.installation
    display = installation.settings.display
    app = CloutuiApp(
        open_session,
        time_zone=ZoneInfo(prefers.get("time_zone", "UTC")),
        start=_start(prefers.get("start"), display.start),
        theme=_theme(prefers.get("theme"), installation),
        keys=display.keys,
        key_preset=prefers.get("keys", display.key_preset),
        title=display.title and terminal.has_title,
        cursor=display.cursor,
        glyphs=prefers.get("glyphs") or _glyphs(terminal),
        colours=terminal.depth,
        clipboard=way_out(display.clipboard, terminal.kind),
        is_alone=False,
    )
    return Console(app, lambda text: app.shell.notices.tell(text, Status.WARNING), session=session, greeting=greeting)


def _start(preferred: str | None, usual: str) -> str:
    from cloutui.screens.catalogue import SCREENS

    return preferred if preferred in {spec.word for spec in SCREENS} else usual


def _theme(preferred: str | None, installation: Installation) -> str:
    """The reader's, or the installation's. A name that no theme has must not keep anybody out."""
    from cloutui.widgets.theme import load_theme

    for theme in (preferred, installation.records.setting("theme")):
        try:
            if theme:
                load_theme(theme)
                return theme
        except Invalid:
            continue
    return DEFAULT_THEME


def _glyphs(terminal: Terminal) -> str:
    """The set that the reader's terminal can be trusted with, by what their client sent."""
    wanted = glyphs_for(None, {**terminal.environment, "TERM": terminal.kind})
    return next(name for name, glyphs in GLYPH_SETS.items() if glyphs is wanted)
