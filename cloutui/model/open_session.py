"""A session that somebody has open at this moment. It lives in memory: with the process it is gone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cloutui.model.principal import Face


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSession:
    """One of them, as those may see it who look after users."""

    session_id: str
    user_id: int | None
    """None: nobody in the records, as before `cloutui init`."""
    user: str
    unit_id: int
    """Where its user lives."""
    since: datetime
    came_from: str
    """The address; empty for this host itself."""
    face: Face
    idle_s: float
    """Since the last key."""
    columns: int | None = None
    """Of the terminal; None where there is none."""
    rows: int | None = None
    is_writing: bool = False
    """Whether write mode is on."""
