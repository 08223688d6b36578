"""Give an application a terminal at the far end of a wire, and keep it from touching the process it shares.

Textual makes an application for the terminal of its own process. What that means is undone here, in one place, on
the application that was made: its colours, its standard streams, and how it dies.
"""

from __future__ import annotations

import logging
import os
import sys
from functools import partial
from io import StringIO
from typing import Any

from rich.color import ColorSystem
from rich.console import Console
from rich.text import Text
from textual.app import App
from textual.filter import Monochrome, NoColor

from cloutui.gateway.colours import filter_for
from cloutui.gateway.driver import SshDriver, Wire
from cloutui.gateway.terminal import Terminal
from cloutui.model.safe_text import safe_lines

_log = logging.getLogger(__name__)


class LastWords:
    """What an application says when it has left the screen, for its user: Textual would print it on the server."""

    def __init__(self) -> None:
        self._said = StringIO()

    def give_to(self, app: App[Any]) -> None:
        """From now on the application says them here."""
        app.error_console = Console(file=self._said, markup=False, highlight=False, width=1000, color_system=None)

    def lines(self) -> list[str]:
        """Safe for a terminal."""
        return [line for line in safe_lines(self._said.getvalue().strip()) if line.strip()]


def seat(app: App[Any], wire: Wire, terminal: Terminal) -> LastWords:
    """Call it before the application runs."""
    app.driver_class = partial(SshDriver, wire=wire)  # type: ignore[assignment]
    # Textual redirects the streams of the process while an application runs, and puts back what it found: with
    # several of them that is another application's. Redirected to themselves they stay.
    app._capture_stdout, app._capture_stderr = sys.stdout, sys.stderr  # type: ignore[assignment]
    app.console._color_system = ColorSystem.TRUECOLOR
    app.console._width, app.console._height = terminal.size
    # NO_COLOR of the server is not the reader's.
    app.no_color = False
    app._filters[:] = [kept for kept in app._filters if not isinstance(kept, NoColor | Monochrome)]
    fewer_colours = filter_for(terminal.depth)
    if fewer_colours is not None:
        app._filters.append(fewer_colours)
    app._fatal_error = partial(_die_quietly, app)  # type: ignore[method-assign]
    last_words = LastWords()
    last_words.give_to(app)
    return last_words


def incident_of(error: BaseException | None) -> str:
    """Log what went wrong, without the values of variables, and return the id that finds it there."""
    incident = os.urandom(4).hex()
    _log.error("incident %s", incident, exc_info=error)
    return incident


def _die_quietly(app: App[Any]) -> None:
    """In place of a traceback that shows the values of variables."""
    error = app._exception
    said = f"The console broke down: {type(error).__name__}, incident {incident_of(error)}."
    app._exit_renderables[:] = [Text(said)]
    app._close_messages_no_wait()
