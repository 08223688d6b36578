"""How often a test tries: a few times among all tests, many times in `make soak`."""

from __future__ import annotations

import os


def rounds(few: int, *, soak: int) -> int:
    """As many as this run asks for."""
    return soak if os.environ.get("CLOUTUI_SOAK") else few
