"""The console of an installation, for somebody who came in over SSH."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from cloutui.app import CloutuiApp
from cloutui.errors import Invalid
from cloutui.gateway.live import Console, OpenConsole
from cloutui.gateway.sign_in import SignedIn
from cloutui.gateway.terminal import Terminal
from cloutui.installation import Installation, Session
from cloutui.model.principal import Principal
from cloutui.model.status import Status
from cloutui.widgets.glyphs import GLYPH_SETS, glyphs_for
from cloutui.widgets.theme import DEFAULT_THEME

PrincipalOf = Callable[[SignedIn], Awaitable[Principal]]
"""What somebody may do who has signed in. Raises: CloutuiError, when they may not even come in any more."""


class RemoteSession(Session):
    """A session whose reader sits elsewhere: a file would be written on the server."""

    async def export(self, *args: object, **options: object) -> int:
        """Raises: Invalid, always."""
        del args, options
        raise Invalid(
            "Over SSH a console writes no files: they would be the server's.",
            hint="Copy the command that does the same, and run it on your side: ssh HOST report ... > FILE",
        )


def consoles_of(installation: Installation, principal_of: PrincipalOf) -> OpenConsole:
    """Makes consoles for whoever signs in."""

    async def open_console(who: SignedIn, terminal: Terminal) -> Console:
        principal = await principal_of(who)

        async def open_session(_progress: Callable[[str], None]) -> Session:
            return RemoteSession(installation, principal)

        display = installation.settings.display
        app = CloutuiApp(
            open_session,
            start=display.start,
            theme=_theme(installation),
            keys=display.keys,
            glyphs=_glyphs(terminal),
            colours=terminal.depth,
            is_alone=False,
        )
        return Console(app, lambda text: app.shell.notices.tell(text, Status.WARNING))

    return open_console


def _theme(installation: Installation) -> str:
    """The installation's. A name that no theme has must not keep anybody out."""
    from cloutui.widgets.theme import load_theme

    theme = installation.records.setting("theme")
    try:
        load_theme(theme)
    except Invalid:
        return DEFAULT_THEME
    return theme


def _glyphs(terminal: Terminal) -> str:
    """The set that the reader's terminal can be trusted with, by what their client sent."""
    wanted = glyphs_for(None, {**terminal.environment, "TERM": terminal.kind})
    return next(name for name, glyphs in GLYPH_SETS.items() if glyphs is wanted)
