"""What a role allows, as a matrix of things and of what may be done with them. Pure.

A right that the reader lacks is `·`: nobody hands out what they do not hold, so it is neither offered nor told apart.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import zip_longest

from cloutui.model.privilege import Privilege
from cloutui.model.role import ENROLMENT
from cloutui.widgets.look import Look
from cloutui.widgets.paragraph import Paragraph
from cloutui.widgets.text import Piece, pad

_ORDER = ("view", "create", "edit", "delete", "approve", "run")
_RESOURCE = 10
_MOST_BLOCKS = 3


def operations() -> list[str]:
    """Those that any right is about, in the order in which people think of them."""
    known = {privilege.operation for privilege in Privilege}
    return [*(name for name in _ORDER if name in known), *sorted(known - set(_ORDER))]


def resources() -> list[str]:
    """What rights are about, in the order of the privileges. One's own account is everybody's, and so not told."""
    everywhere = {privilege.resource for privilege in ENROLMENT}
    return [name for name in dict.fromkeys(privilege.resource for privilege in Privilege) if name not in everywhere]


def rights_in(text: str) -> frozenset[str]:
    """The rights that a report names, whatever stands between them."""
    known = {privilege.value for privilege in Privilege}
    return frozenset(known.intersection(text.replace(",", " ").split()))


def sign_of(right: str, held: Collection[str], may: Callable[[Privilege], bool], look: Look) -> str:
    """`■` allowed, `□` not, `·` not the reader's to give; a blank where there is no such right."""
    try:
        privilege = Privilege(right)
    except ValueError:
        return " "
    if not may(privilege):
        return look.glyphs.nothing
    is_ascii = look.glyphs.rule.isascii()
    if privilege in held:
        return "x" if is_ascii else "■"
    return "-" if is_ascii else "□"


def rights_lines(
    held: Collection[str], may: Callable[[Privilege], bool], look: Look, width: int
) -> Iterator[Paragraph]:
    """The matrix, in as many blocks side by side as there is room for."""
    palette, names, columns = look.palette, resources(), operations()
    block = _RESOURCE + sum(len(name) + 1 for name in columns) + 2
    blocks = max(1, min(_MOST_BLOCKS, (width - 4) // block))
    rows = -(-len(names) // blocks)
    muted = palette.style("muted")
    head: Piece = (pad("", _RESOURCE) + "".join(f"{name} " for name in columns) + "  ", muted)
    lead: Piece = ("    ", palette.style())
    yield Paragraph([lead, *[head] * blocks])
    for of_row in zip_longest(*(names[at : at + rows] for at in range(0, len(names), rows))):
        pieces: list[Piece] = [lead]
        for name in of_row:
            if name is not None:
                pieces += _row(name, columns, held, may, look)
        yield Paragraph(pieces)


def _row(
    resource: str, columns: Sequence[str], held: Collection[str], may: Callable[[Privilege], bool], look: Look
) -> Iterator[Piece]:
    palette = look.palette
    yield pad(resource, _RESOURCE), palette.style("text")
    for operation in columns:
        right = f"{resource}.{operation}"
        is_held = right in held
        text = pad(sign_of(right, held, may, look), len(operation) + 1)
        yield text, palette.style("accent" if is_held else "faint", bold=is_held)
    yield "  ", palette.style()
