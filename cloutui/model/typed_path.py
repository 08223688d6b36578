"""Paths that somebody typed. Whatever was typed is a path: opening it tells what is wrong with it."""

from __future__ import annotations

import os.path
from pathlib import Path


def typed_path(text: str) -> Path:
    """With `~` as a home folder. A `~name` that has no home stays as it is."""
    return Path(os.path.expanduser(text))  # noqa: PTH111 - Path.expanduser raises RuntimeError for a name without a home


def is_there(path: Path) -> bool:
    """Whether something is there. False also where nobody may look, and for what can be no name of a file."""
    return os.path.exists(path)  # noqa: PTH110 - Path.exists raises OSError for those


def is_file_there(path: Path) -> bool:
    """Whether an ordinary file is there; False as in `is_there`."""
    return os.path.isfile(path)  # noqa: PTH113 - Path.is_file raises OSError for those
