"""The server's side of one command: find out what it is, write the audit line, answer it.

Everything here is synchronous and runs in a thread, for the server may think long.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cloutui.simulator.answer import Refused
from cloutui.simulator.dsmadmc.host import Server, Stand
from cloutui.simulator.dsmadmc.reply import Reply
from cloutui.simulator.dsmadmc.sheet import sheet_of_select


@dataclass(frozen=True, slots=True)
class Asker:
    """Who gives the command, and in which session of the server."""

    administrator: str
    session: int


def asks_first(text: str) -> bool:
    """Whether the client must ask before it sends the command."""
    return False


def answer(stands: Mapping[str, Stand], server: Server, text: str, asker: Asker) -> Reply:
    """Run one command on one server, or on those it is routed to."""
    audit = f"ANR2017I Administrator {asker.administrator} issued command: {text}"
    server.log(2017, "I", f"{audit}  (SESSION: {asker.session})", session=asker.session)
    try:
        return Reply([sheet_of_select(server.select(text))])
    except Refused as refused:
        return Reply.refusal(refused)
