"""What the set-up says: of a server that was tried, of one that is being read, and of one whose host is not known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from cloutui.errors import CloutuiError
from cloutui.model import formats
from cloutui.model.safe_text import safe
from cloutui.model.set_up import PACES, Collected, Step
from cloutui.model.status import Status
from cloutui.screens.notices import empty_notice
from cloutui.widgets.form_lines import INDENT, LABEL
from cloutui.widgets.look import Look
from cloutui.widgets.paragraph import Paragraph
from cloutui.widgets.text import Piece, pad

if TYPE_CHECKING:
    from cloutui.products.product import Identity

STEP_NAMES = {
    Step.UNIT: "own unit",
    Step.SERVER: "server",
    Step.COLLECT: "collect",
    Step.UNITS: "units",
    Step.DAY: "day",
}

_HINTS = {
    "product-sign-in": "Check who signs in and with what, then test again.",
    "product-unreachable": "Check host and port, and that nothing on the way refuses them; then test again.",
}
"""In place of those of the command line."""

SKEW_ALLOWED = timedelta(minutes=1)
"""A clock that is further off makes times wrong."""
LEAD = " " * (INDENT + LABEL)
"""Under the fields of a form."""


def said_of(error: CloutuiError, look: Look) -> list[Paragraph]:
    """What did not work, and what to do here."""
    palette = look.palette
    hint = _HINTS.get(error.code, error.hint)
    return [
        Paragraph([(f"{LEAD}{look.glyphs.status[Status.ERROR]} ", palette.status(Status.ERROR))], error.what),
        Paragraph([(f"{LEAD}  ", palette.style())], hint, palette.style("muted")),
    ]


def facts_of(identity: Identity, now: datetime, look: Look) -> list[Paragraph]:
    """The three facts that a server is known by: version, nodes, clock."""
    skew = identity.server_time - now
    is_off = abs(skew) > SKEW_ALLOWED
    clock = f"clock {round(skew.total_seconds()):+d} s" + (
        ": set one of the two right, times depend on it" if is_off else ""
    )
    facts = (
        (Status.OK, f"{identity.name}: version {identity.version} on {identity.platform}"),
        (Status.OK, formats.plural(identity.nodes, "node")),
        (Status.WARNING if is_off else Status.OK, f"{clock}, {_offset(identity.clock_utc_offset)}"),
    )
    return [_fact(status, text, look) for status, text in facts]


def _fact(status: Status, text: str, look: Look) -> Paragraph:
    return Paragraph([(f"{LEAD}{look.glyphs.status[status]} ", look.palette.status(status))], safe(text))


def _offset(offset: timedelta) -> str:
    minutes = int(offset.total_seconds() // 60)
    return f"UTC{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"


def collecting(servers: Sequence[Collected], nodes: int | None, look: Look) -> list[Paragraph]:
    """Every server with what it has told so far, and what is to do when it does not."""
    return list(_collecting(servers, nodes, look))


def _collecting(servers: Sequence[Collected], nodes: int | None, look: Look) -> Iterator[Paragraph]:
    palette = look.palette
    plain, bold, muted = palette.style(), palette.style(bold=True), palette.style("muted")
    for server in servers:
        yield Paragraph([("  ", plain), (safe(server.server), bold)])
        for pace, brings in PACES:
            yield Paragraph([("    ", plain), *_pace(server, pace, look)], brings)
        if server.problem:
            yield from (
                Paragraph([("    ", plain)], server.problem, palette.style("error")),
                Paragraph([("    ", plain)], server.hint, muted),
            )
        yield Paragraph()
    if is_complete(servers):
        found = f"{formats.plural(nodes, 'node')} found. " if nodes is not None else ""
        yield Paragraph([("  ", plain)], f"{found}Everything that the server still remembers has been read.", bold)
        yield Paragraph(
            [("  ", plain), (look.glyphs.enter, palette.style("accent", bold=True)), (" ", plain)], "goes on", muted
        )
    elif any(server.problem for server in servers):
        yield Paragraph(
            [("  ", plain), ("K", palette.style("accent", bold=True)), (" ", plain)], "corrects the server", muted
        )
    elif servers:
        yield Paragraph([("  ", plain)], "It goes on while you do something else.", muted)


def _pace(server: Collected, pace: str, look: Look) -> list[Piece]:
    is_done = pace in server.done
    status = Status.OK if is_done else Status.ERROR if server.problem else Status.PENDING
    word = "read" if is_done else "not yet" if server.problem else "asked"
    return [
        (f"{look.glyphs.status[status]} ", look.palette.status(status)),
        (pad(word, 9), look.palette.style("muted")),
    ]


def is_complete(servers: Sequence[Collected]) -> bool:
    """Whether every server has told everything once."""
    return bool(servers) and all(len(server.done) == len(PACES) for server in servers)


def no_proposals(look: Look, nodes: int) -> list[Paragraph]:
    """Why no unit is proposed, and what to do instead."""
    if not nodes:
        return empty_notice(
            look, "Every node that is known has a unit.", ("J", "goes on"), ("K", "looks at collecting")
        )
    said = f"Neither names nor domains tell whose the {formats.plural(nodes, 'node')} without a unit are."
    command = "cloutui act unit.create name=… and cloutui act rule.set unit=… name=…"
    return empty_notice(look, said, (command, "make them by hand"), ("J", "goes on"))
