"""The reader's own clipboard, over whatever lies between: OSC 52, which the terminal reads and nobody else.

Whether a terminal has understood cannot be asked, so what is known of it decides: its name, and the reader's setting.
Source of the limit: terminals cut longer sequences silently (xterm at 1 MB by default, tmux and others far below; the
number is a cautious choice of ours).
"""

from __future__ import annotations

from base64 import b64encode
from typing import Literal

from textual.app import App

MOST_BYTES = 70_000
"""As sent, in base64."""

Way = Literal["osc52", "box"]
"""How a text gets out: by the terminal, or by hand from a box."""

_NO_CLIPBOARD = frozenset({"linux", "dumb"})
"""The text console of Linux has none, and what calls itself dumb would print the sequence."""


def way_out(chosen: Literal["auto", "osc52", "box"], terminal: str) -> Way:
    """What the reader has chosen; else by the name of the terminal, as in `$TERM`."""
    if chosen != "auto":
        return chosen
    return "box" if terminal in _NO_CLIPBOARD else "osc52"


def fits(text: str) -> bool:
    """Whether a terminal can be trusted to take all of it."""
    return len(b64encode(text.encode("utf-8", "replace"))) <= MOST_BYTES


def copy_out(app: App[None], text: str) -> None:
    """Hand the text to the terminal."""
    app.copy_to_clipboard(text.encode("utf-8", "replace").decode("utf-8"))


def leave_mouse_to_terminal(app: App[None], *, leave: bool) -> None:
    """While it is left to it, the terminal marks text itself, as it does in a shell.

    By way of the driver's own methods, which Textual names as private; a driver that has none has no mouse to leave.
    """
    switch = getattr(app._driver, "_disable_mouse_support" if leave else "_enable_mouse_support", None)
    if switch is not None:
        switch()
