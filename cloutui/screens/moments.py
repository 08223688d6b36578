"""Moments of answers."""

from __future__ import annotations

from datetime import UTC, datetime


def aware(moment: datetime | None) -> datetime | None:
    """A moment of an answer: UTC, also where the column's type does not say so."""
    return moment.replace(tzinfo=UTC) if moment is not None and moment.tzinfo is None else moment
