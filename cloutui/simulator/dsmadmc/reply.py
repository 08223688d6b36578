"""What a server sends back for one command: messages and sheets in their order, and a return code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cloutui.simulator.answer import RC_OK, Refused
from cloutui.simulator.dsmadmc.sheet import Sheet

RC_CANCELED = 35
RC_UNSUPPORTED = 38
"""Known from memory only, like its name."""


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer."""

    parts: Sequence[str | Sheet]
    return_code: int = RC_OK

    @classmethod
    def refusal(cls, refused: Refused) -> Reply:
        """The reply that only says no."""
        return cls(refused.messages, refused.return_code)
