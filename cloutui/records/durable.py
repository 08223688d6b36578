"""Files that are there after a power cut, and that nobody else may read."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path


def private(path: str, flags: int) -> int:
    """An opener for `open`: for the owner's eyes only, and never through a link."""
    return os.open(path, flags | os.O_NOFOLLOW, 0o600)


def sync_folders(folders: Iterable[Path]) -> None:
    """A rename is durable only when its folder is, and a new folder only when its parent is. Raises: OSError."""
    for folder in folders:
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
