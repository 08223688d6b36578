"""Links into the console: `cloutui://unit/12/matrix/node-day/4711?day=2026-11-21`. Ids: names change hands.

A link says what is to be shown and nothing of who may see it: whoever opens it sees it with their own rights.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import parse_qsl, quote, urlencode

from cloutui.errors import Invalid

SCHEME = "cloutui://"
_OWN = "own"
"""In place of a unit's id: the own unit of whoever opens the link."""

_WORD = r"[a-z][a-z0-9-]*"
_PATH = re.compile(
    rf"unit/(?P<unit>[0-9]{{1,18}}|{_OWN})/(?P<screen>{_WORD})(?:/(?P<kind>{_WORD})/(?P<id>[0-9]{{1,18}}))?"
)
_LONGEST = 8_000
"""Characters. Mail programs break longer ones, and nothing of ours makes them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """What is on a screen: whose facts, which screen, which object, and how it is looked at."""

    screen: str
    unit: int | None = None
    """None: the reader's own."""
    kind: str = ""
    id: int | None = None
    """Of the object that is looked into; there is one exactly when there is a `kind`."""
    query: Mapping[str, str] = field(default_factory=dict)
    """`day`, `filter`, `sort`, `tab` and what else the screen understands; an empty value says nothing."""

    @property
    def day(self) -> date | None:
        """The day that is asked for; None when none is. Raises: Invalid, when it is no day."""
        text = self.query.get("day")
        try:
            return date.fromisoformat(text) if text else None
        except ValueError:
            raise Invalid(f"“{text}” is no day.", hint="Days are written 2026-11-21.") from None

    def __str__(self) -> str:
        unit = _OWN if self.unit is None else self.unit
        tail = f"/{self.kind}/{self.id}" if self.kind else ""
        asked = urlencode({name: value for name, value in self.query.items() if value}, quote_via=quote)
        return f"{SCHEME}unit/{unit}/{self.screen}{tail}" + (f"?{asked}" if asked else "")


def parse_link(text: str) -> Link:
    """Raises: Invalid."""
    text = text.strip()
    path, _, asked = text.removeprefix(SCHEME).partition("?")
    found = _PATH.fullmatch(path)
    if not text.startswith(SCHEME) or found is None or len(text) > _LONGEST:
        raise Invalid("This is no link of cloutui.", hint=f"Links look like {SCHEME}unit/12/matrix?day=2026-11-21.")
    return Link(
        unit=None if found["unit"] == _OWN else int(found["unit"]),
        screen=found["screen"],
        kind=found["kind"] or "",
        id=int(found["id"]) if found["id"] else None,
        query=dict(parse_qsl(asked)),
    )
