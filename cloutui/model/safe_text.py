"""The one gate for text that a backup server, or anybody else, has written.

Nothing that can steer a terminal passes: control characters (C0, DEL, C1), whole escape sequences, bidirectional
overrides, zero-width and other format characters, lone surrogates, and towers of combining marks.
What is removed leaves a visible mark where it could have hidden something.
"""

from __future__ import annotations

import re
import unicodedata

MARK = "¿"
"""Stands where a control character was, so that a name cannot pose as another by hiding something."""

_MOST_COMBINING = 4
"""More marks on one letter than any written language needs are cut: they overflow into other rows."""

_PLAIN = re.compile(r"[\x20-\x7e]*\Z")

_SEQUENCE = re.compile(
    r"\x1b[PX^_\]].*?(?:\x1b\\|\x07|\x9c|\Z)"  # DCS, SOS, PM, APC, OSC to their end, or to the end of the text
    r"|[\x90\x98\x9d\x9e\x9f].*?(?:\x1b\\|\x07|\x9c|\Z)"  # the same as C1
    r"|(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?"  # CSI
    r"|\x1b[ -/]*[0-~]?",  # other escapes
    re.DOTALL,
)

_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def safe(text: str) -> str:
    """The text as one line that any terminal may be given. Printable ASCII comes back unchanged."""
    if _PLAIN.match(text):
        return text
    text = _SEQUENCE.sub(MARK, text.replace("\r\n", " "))
    return "".join(_kept(text))


def safe_lines(text: str) -> list[str]:
    """A text of several lines, each made safe."""
    return [safe(line) for line in re.split(r"\r\n|\n|\r", text)]


def _kept(text: str) -> list[str]:
    kept: list[str] = []
    combining = 0
    for char in text:
        category = unicodedata.category(char)
        combining = combining + 1 if category in {"Mn", "Me"} else 0
        if combining > _MOST_COMBINING:
            continue
        if char in "\t\n":
            kept.append(" ")
        elif category in _UNSEEN:
            kept.append(MARK)
        else:
            kept.append(char)
    return kept
