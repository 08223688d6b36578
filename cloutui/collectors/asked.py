"""What came of asking one server out of turn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

NOT_SOONER_THAN = timedelta(minutes=1)
"""Between two times that people have the same server asked, whoever they are: it has backups to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One server's part."""

    server: str
    problem: str = ""
    """Why it did not answer, or not wholly; empty when it did, or was not asked."""
    changed: int = 0
    """Rows that are new or other than before."""
    again_at: datetime | None = None
    """Not asked, because it was a moment ago: from then on it may be. None when it was asked."""

    @property
    def answered(self) -> bool:
        """Whether it was asked and all went well."""
        return not self.problem and self.again_at is None
