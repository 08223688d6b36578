"""Where warnings and crashes are written for the maintainers: never to the terminal of a person."""

from __future__ import annotations

import logging
from contextlib import suppress
from io import TextIOWrapper
from pathlib import Path


def log_to(path: Path) -> None:
    """Warnings and worse go to a file, which is made with its first line: never to the terminal of a person."""
    root = logging.getLogger()
    for old in [handler for handler in root.handlers if isinstance(handler, _LogFile)]:
        root.removeHandler(old)
        old.close()
    root.addHandler(_LogFile(path, encoding="utf-8", delay=True))


MOST_BYTES = 20 * 2**20
"""Strangers at the door make lines too. What is older goes into one file beside it, and what was there goes."""


class _LogFile(logging.FileHandler):
    """Makes its folder when it has something to say, and says nothing where it cannot."""

    def emit(self, record: logging.LogRecord) -> None:
        """Whoever runs us is told of what went wrong either way; a log that is not there must not stop that."""
        with suppress(OSError):
            if self.stream is not None and self.stream.tell() > MOST_BYTES:
                self.close()
                Path(self.baseFilename).replace(f"{self.baseFilename}.old")
            super().emit(record)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        """A disk may be full. Python would say so on the terminal, which is somebody's screen."""
        del record

    def _open(self) -> TextIOWrapper:
        Path(self.baseFilename).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        return super()._open()
