"""The bytes of an answer as clean lines: one character set, one line end, messages apart from rows."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from cloutui.products.storage_protect.messages import PATTERN, Message

_UNREADABLE = "\N{REPLACEMENT CHARACTER}".encode()


def clean(answer: bytes) -> bytes:
    """Valid UTF-8 with plain line feeds.

    A Windows client ends lines with CR LF, and a terminal adds one more CR. Translated words come in the code page of
    the client's host: a line that is not UTF-8 is read as Latin-1, which reads anything. A NUL stays visible.
    """
    text = answer.replace(b"\r", b"").replace(b"\0", _UNREADABLE)
    if _is_utf8(text):
        return text
    return b"\n".join(line if _is_utf8(line) else line.decode("latin-1").encode() for line in text.split(b"\n"))


def whole(text: bytes, *, is_complete: bool) -> tuple[bytes, int]:
    """The text up to its last line end, and 1 when a torn row was behind it.

    A row without its end may be a row cut short: `12` of `123` looks whole. It is counted and never used.
    """
    if is_complete or text.endswith(b"\n") or not text:
        return text, 0
    kept, _, torn = text.rpartition(b"\n")
    return kept, int(bool(torn.strip()))


def may_hold_messages(text: bytes) -> bool:
    """Whether any line begins as messages do. Quick, and wrong only towards yes."""
    return text.startswith(b"AN") or b"\nAN" in text


def split(text: bytes) -> tuple[pa.Array[Any], list[Message]]:
    """The lines that are rows, or parts of rows, and the messages that stood anywhere between them."""
    lines = pc.split_pattern(pa.array([text], pa.binary()).cast(pa.string()), "\n").flatten()
    is_message = pc.match_substring_regex(lines, PATTERN)
    messages = [Message.of(str(line)) for line in lines.filter(is_message)]
    return lines.filter(pc.invert(is_message)), messages


def messages_of(text: bytes) -> list[Message]:
    """The messages in what a client wrote while there were no rows yet."""
    return split(clean(text))[1]


def _is_utf8(text: bytes) -> bool:
    if text.isascii():
        return True
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return True
