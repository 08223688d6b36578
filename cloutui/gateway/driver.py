"""A Textual driver over an SSH channel: what the application draws goes out, keys and sizes come in.

Everything runs on the one event loop; nothing here waits, and nothing touches the process: no signals, no standard
streams, no browser, no file. Written against Textual 8: `XTermParser` and the batch of an application are not public
there, and `tests/gateway/test_driver.py` is what notices when they change.
"""

from __future__ import annotations

import asyncio
import logging
from codecs import getincrementaldecoder
from pathlib import Path
from time import monotonic
from typing import Any, BinaryIO, Final, Literal, Protocol, TextIO

from textual import constants, events, geometry
from textual._xterm_parser import XTermParser
from textual.app import App
from textual.driver import Driver
from textual.message import Message
from textual.messages import InBandWindowResize

from cloutui.gateway.terminal import Size

_log = logging.getLogger(__name__)

MOST_UNREAD = 1_000_000
"""Bytes that make no event, as in a paste without an end: more than this, and nobody is typing."""

# How a mode is set, and how it is left; they are left in the opposite order. Source: xterm's control sequences
# (ctlseqs) and the keyboard protocol of kitty, whose flags here are those of Textual's own driver.
_MODES: Final = (
    ("\x1b[?1049h", "\x1b[?1049l"),  # the alternate screen
    ("\x1b[?1000h", "\x1b[?1000l"),  # mouse buttons
    ("\x1b[?1003h", "\x1b[?1003l"),  # mouse moves
    ("\x1b[?1006h", "\x1b[?1006l"),  # ... as numbers
    ("\x1b[?25l", "\x1b[?25h"),  # the cursor is hidden
    ("\x1b[?1004h", "\x1b[?1004l"),  # focus
    ("\x1b[>25u", "\x1b[<u"),  # keys that plain terminals cannot tell apart
    ("\x1b[?2004h", "\x1b[?2004l"),  # paste
    ("\x1b[?7l", "\x1b[?7h"),  # lines are not wrapped
)
_MOUSE: Final = tuple(mode for mode in _MODES if mode[0] in {"\x1b[?1000h", "\x1b[?1003h", "\x1b[?1006h"})
ENTER: Final = "".join(on for on, _ in _MODES)
LEAVE: Final = "".join(off for _, off in reversed(_MODES))

_ASK_FOR_WHOLE_FRAMES: Final = "\x1b[?2026$p"
"""Whether the terminal can hold a frame back until it is complete; its answer comes as input."""

_TOUCHES = (events.Key, events.Paste, events.MouseDown, events.MouseScrollUp, events.MouseScrollDown)
"""What shows that somebody sits there. A mouse that is pushed by accident does not."""


class Wire(Protocol):
    """The way to the terminal."""

    def attach(self, driver: SshDriver) -> None:
        """The application has its driver."""

    def write(self, data: bytes) -> None:
        """Send. When the far end is gone, nothing happens."""

    def painted(self) -> None:
        """A frame has been sent."""


class SshDriver(Driver):
    """One for each console."""

    def __init__(
        self,
        app: App[Any],
        *,
        wire: Wire,
        debug: bool = False,
        mouse: bool = True,
        size: tuple[int, int] | None = None,
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self._wire = wire
        self._parser = XTermParser()
        self._decode = getincrementaldecoder("utf-8")("replace").decode
        self._unread = 0
        self._unsent: list[str] = []
        self._sending: asyncio.Handle | None = None
        self._ticking: asyncio.TimerHandle | None = None
        self._is_listening = False
        self._is_held = False
        self.touched_at = monotonic()
        """When a key was last pressed, by the monotonic clock."""
        wire.attach(self)

    # Out.

    def write(self, data: str) -> None:
        """Send, at the latest when the loop comes round: what is written together goes out together."""
        self._unsent.append(data)
        if self._sending is None:
            self._sending = self._loop.call_soon(self._send)

    def flush(self) -> None:
        """A frame is complete."""
        self._send()
        self._wire.painted()

    def _send(self) -> None:
        if self._sending is not None:
            self._sending.cancel()
            self._sending = None
        if self._unsent:
            data = "".join(self._unsent).encode("utf-8", "replace")
            self._unsent.clear()
            self._wire.write(data)

    def hold(self) -> None:
        """The far end is slow: draw nothing for now. What changes meanwhile is drawn once, by `release`."""
        if not self._is_held:
            self._is_held = True
            self._app._begin_batch()

    def release(self) -> None:
        """The far end can take more: draw the screen as it is now."""
        if self._is_held:
            self._is_held = False
            self._app._end_batch()
            if self._app.is_running and self._app.screen_stack:
                self._app.screen.refresh()

    # In.

    def take(self, data: bytes) -> None:
        """What was typed. Raises: EOFError, when it goes on and on and means nothing."""
        text = self._decode(data)
        if not self._is_listening or not text:
            return
        self._unread += len(data)
        for event in self._parser.feed(text):
            self._unread = 0
            self.process_message(event)
        if self._unread > MOST_UNREAD:
            raise EOFError
        # The escape key is an escape sequence that goes no further.
        if self._ticking is not None:
            self._ticking.cancel()
        self._ticking = self._loop.call_later(constants.ESCAPE_DELAY, self._tick)

    def _tick(self) -> None:
        self._ticking = None
        for event in self._parser.tick():
            self.process_message(event)

    def process_message(self, message: Message) -> None:
        """Pass on what the terminal says, but for its size: that comes beside the keys, in bounds."""
        if isinstance(message, InBandWindowResize | events.Resize):
            return
        if isinstance(message, _TOUCHES):
            self.touched_at = monotonic()
        super().process_message(message)

    def send_message(self, message: Message) -> None:
        """All is on one loop."""
        self._app.post_message(message)

    def resize(self, size: Size) -> None:
        """The terminal has this size now."""
        self._size = size
        # Rich would ask the terminal of the process.
        self._app.console._width, self._app.console._height = size
        cells = geometry.Size(*size)
        self.send_message(events.Resize(cells, cells))

    # From beginning to end.

    def start_application_mode(self) -> None:
        """Take the terminal over. Nothing is painted before its first size is known to the application."""
        self._is_listening = True
        self.resize(Size(*(self._size or (80, 24))))
        self.write(ENTER + _ASK_FOR_WHOLE_FRAMES)
        self._send()

    def disable_input(self) -> None:
        """No more keys."""
        self._is_listening = False
        if self._ticking is not None:
            self._ticking.cancel()
            self._ticking = None

    def stop_application_mode(self) -> None:
        """Give the terminal back as it was."""
        self.disable_input()
        self.write(LEAVE)
        self._send()

    # By the names that Textual's own drivers have, because applications call them.

    def _enable_mouse_support(self) -> None:
        self.write("".join(on for on, _ in _MOUSE))

    def _disable_mouse_support(self) -> None:
        self.write("".join(off for _, off in reversed(_MOUSE)))

    # What would happen on this machine instead of the reader's.

    def open_url(self, url: str, new_tab: bool = True) -> None:
        """Nothing: the browser would be the server's."""
        _log.debug("not opened on the server: %s (new tab: %s)", url, new_tab)

    def deliver_binary(
        self,
        binary: BinaryIO | TextIO,
        *,
        delivery_key: str,
        save_path: Path,
        open_method: Literal["browser", "download"] = "download",
        encoding: str | None = None,
        mime_type: str | None = None,
        name: str | None = None,
    ) -> None:
        """Nothing: the file would be the server's."""
        del open_method, encoding, mime_type, name
        _log.debug("not written on the server: %s (%s)", save_path, delivery_key)
        binary.close()
