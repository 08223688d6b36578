"""Text that no spreadsheet runs: what would start a formula gets a leading apostrophe.

A spreadsheet takes a cell for a formula by its first sign, and not always the very first: blanks are trimmed, and
quotes and separators are used up when a file is read with other separators than it was written with. Numbers are never
touched. Source: OWASP, "CSV Injection".
"""

from __future__ import annotations

import re

_STARTS = r"[=+\-@%＝＋－＠％﹦﹢﹣﹫−]"
"""What begins a formula: the signs, and the wide and small forms of them that some spreadsheets take for the same."""
_SKIPPED = r"[\s\"',;|]*"
_FORMULA = re.compile(_SKIPPED + _STARTS)
_AFTER_SEPARATOR = re.compile(f";(?={_SKIPPED}{_STARTS})")


def harmless(text: str) -> str:
    """The text as one cell of a spreadsheet."""
    return f"'{text}" if _FORMULA.match(text) else text


def harmless_in_csv(text: str) -> str:
    """The text as one cell of a comma-separated file, which half of Europe's spreadsheets split at semicolons."""
    return harmless(_AFTER_SEPARATOR.sub(";'", text) if ";" in text else text)
