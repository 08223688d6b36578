"""Comments: what people write about a node, one of its days or one of its jobs."""

from __future__ import annotations

from enum import StrEnum

from cloutui.errors import Invalid
from cloutui.model.safe_text import safe

LONGEST = 2_000
"""Characters: a ticket's worth. What is longer belongs into the ticket."""


class CommentType(StrEnum):
    """What a comment is. Stored: never changed, only added to."""

    NOTE = "note"
    TICKET = "ticket"
    """The number under which somebody works on it."""
    CAUSE = "cause"
    """Why it went wrong."""
    FIXED = "fixed"
    """What was done about it."""


def checked_text(text: str) -> str:
    """A comment as one line, with single blanks. Raises: Invalid when it is empty, too long, or cannot be shown."""
    text = " ".join(text.split())
    if not text:
        raise Invalid("A comment needs words.", hint="Write what the next reader should know.")
    if len(text) > LONGEST:
        raise Invalid(f"{len(text):,} characters, a comment has at most {LONGEST:,}.", hint="Shorten it.")
    if safe(text) != text:
        raise Invalid("The comment holds characters that cannot be shown.", hint="Type it by hand.")
    return text
