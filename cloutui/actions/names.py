"""Names that people give: units, servers."""

from __future__ import annotations

from cloutui.errors import Invalid
from cloutui.model.safe_text import safe

LONGEST = 80


def checked_name(kind: str, name: str, *, refused: str = "") -> str:
    """The name without blanks around it. Raises: Invalid when it is empty, too long, or holds what nobody can see."""
    name = name.strip()
    if not name:
        raise Invalid(f"A {kind} needs a name.", hint="Give at least one letter.")
    if len(name) > LONGEST:
        raise Invalid(f"{len(name)} characters, the name of a {kind} has at most {LONGEST}.", hint="Shorten it.")
    if safe(name) != name:
        raise Invalid(f"The name of a {kind} holds characters that cannot be shown.", hint="Type it by hand.")
    for char in refused:
        if char in name:
            raise Invalid(f"The name of a {kind} may not hold “{char}”.", hint="Leave it out.")
    return name
