"""What a terminal's line discipline does between the keyboard and a program that reads lines.

A real host's kernel does this for a pseudo-terminal; behind our SSH door there is none. Echo, erase, kill, end of file,
interrupt, CR to NL on the way in, NL to CR LF on the way out.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

INTERRUPT, END_OF_FILE, KILL = 0x03, 0x04, 0x15
ERASE = (0x08, 0x7F)
CR, NL = 0x0D, 0x0A


@dataclass(slots=True, kw_only=True)
class LineDiscipline:
    """Cooks what is typed into lines."""

    echo: bool = True
    cr_to_nl: bool = True
    nl_to_crlf: bool = True
    is_ended: bool = False
    is_interrupted: bool = False
    _typed: bytearray = field(default_factory=bytearray)
    _lines: deque[bytes] = field(default_factory=deque)

    def feed(self, data: bytes) -> bytes:
        """Take keystrokes; returns what the terminal shows of them."""
        shown = bytearray()
        for key in data:
            shown += self._press(NL if key == CR and self.cr_to_nl else key)
        return bytes(shown) if self.echo else b""

    def next_line(self) -> bytes | None:
        """The oldest whole line that was typed, without its end; None when there is none yet."""
        return self._lines.popleft() if self._lines else None

    def shown(self, data: bytes) -> bytes:
        """Output on its way to the terminal."""
        return data.replace(b"\n", b"\r\n") if self.nl_to_crlf else data

    def _press(self, key: int) -> bytes:
        if key == NL:
            self._lines.append(bytes(self._typed))
            self._typed.clear()
            return self.shown(b"\n")
        if key in ERASE:
            return b"\b \b" if self._erase() else b""
        if key == KILL:
            return b"\b \b" * sum(self._erase() for _ in range(len(self._typed)))
        if key == END_OF_FILE:
            self._end()
            return b""
        if key == INTERRUPT:
            self.is_interrupted = True
            return b"^C"
        self._typed.append(key)
        return bytes((key,))

    def _erase(self) -> bool:
        """Take back the last character, all bytes of it; False when there is none."""
        if not self._typed:
            return False
        while self._typed and self._typed.pop() & 0xC0 == 0x80:
            pass
        return True

    def _end(self) -> None:
        """End of file ends the input on an empty line, and only pushes the line out on any other."""
        if self._typed:
            self._lines.append(bytes(self._typed))
            self._typed.clear()
        else:
            self.is_ended = True
