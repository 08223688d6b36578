"""Files that exports go into: names that are safe everywhere, and creation that overwrites and follows nothing."""

from __future__ import annotations

import contextlib
import os
import re
import stat
import unicodedata
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import IO, Any

from cloutui.errors import Invalid

_LONGEST = 120
_MOST_BYTES = 240
"""File systems allow 255, and a copy may want an ending of its own."""

_DEVICES = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])\Z", re.IGNORECASE)
"""What Windows opens as a device, whatever the ending. Source: Microsoft, "Naming Files, Paths, and Namespaces"."""


def file_name(report: str, unit: str, day: date | None, extension: str) -> str:
    """A name such as `jobs_Acme-ApS_2026-11-21.csv`: letters, digits, `-` and `_`, at most 120 characters.

    It names a file in the folder that it is put in and nothing else, on this system and on the one it is copied to.
    """
    end = ("_" + day.isoformat() if day else "") + "." + _words(extension)
    stem = "_".join(filter(None, (_words(report), _words(unit)))) or "report"
    if _DEVICES.match(stem):
        stem = f"report-{stem}"
    stem = stem[: _LONGEST - len(end)]
    while len((stem + end).encode()) > _MOST_BYTES:
        stem = stem[:-1]
    return stem.rstrip("-_") + end


def _words(text: str) -> str:
    """Letters and digits of any script, with one `-` for whatever else is between them."""
    return re.sub(r"[^\w]+|_", "-", unicodedata.normalize("NFC", text)).strip("-")


@contextlib.contextmanager
def new_file(path: Path, *, is_binary: bool = False, force: bool = False) -> Iterator[IO[Any]]:
    """A stream into a new file that only its owner may read. Nothing of it stays when writing it fails.

    With `force` an ordinary file of that name is replaced, all at once and only when the new one is complete.
    Raises: Invalid.
    """
    with _explained(path):
        if force:
            _require_replaceable(path)
        target = path.with_name(f".{os.urandom(6).hex()}.part") if force else path
        number = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        try:
            with os.fdopen(number, "wb") if is_binary else os.fdopen(number, "w", encoding="utf-8", newline="") as out:
                yield out
            if force:
                target.replace(path)
        except BaseException:
            target.unlink(missing_ok=True)
            raise


def _require_replaceable(path: Path) -> None:
    """Never a link, a device or a folder: what stands behind them was not named."""
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return
    if not stat.S_ISREG(mode):
        raise Invalid(f"{path} is not an ordinary file.", hint="Give another name.")


@contextlib.contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except FileExistsError:
        hint = "Give another name, or --force to replace it."
        raise Invalid(f"{path} is there already.", hint=hint) from None
    except OSError as error:
        raise Invalid(f"{path} cannot be written: {error.strerror or error}.", hint="Check the folder.") from error
