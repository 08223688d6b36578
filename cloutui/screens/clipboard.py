"""The reader's own clipboard, over whatever lies between: OSC 52, which the terminal reads and nobody else.

Source of the limit: terminals cut longer sequences silently (xterm at 1 MB by default, tmux and others far below; the
number is a cautious choice of ours).
"""

from __future__ import annotations

from base64 import b64encode

from textual.app import App

MOST_BYTES = 70_000
"""As sent, in base64."""


def copy_out(app: App[None], text: str) -> bool:
    """Hand the text to the terminal. False when it is too long for that, and nothing was sent."""
    if len(b64encode(text.encode("utf-8", "replace"))) > MOST_BYTES:
        return False
    app.copy_to_clipboard(text.encode("utf-8", "replace").decode("utf-8"))
    return True
