"""The server's side of one command: find out what it is, write the audit line, answer it.

Everything here is synchronous and runs in a thread, for the server may think long.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from cloutui.simulator.answer import Refused
from cloutui.simulator.dsmadmc.banner import CLIENT_PLATFORM
from cloutui.simulator.dsmadmc.grammar import Command, masked, parse
from cloutui.simulator.dsmadmc.host import Server, Stand
from cloutui.simulator.dsmadmc.queries import description_of
from cloutui.simulator.dsmadmc.queries.run import run_query
from cloutui.simulator.dsmadmc.reply import RC_UNSUPPORTED, Reply
from cloutui.simulator.dsmadmc.routing import answer_routed, route_of
from cloutui.simulator.dsmadmc.sheet import sheet_of_select

_SELECT = re.compile(r"\s*(?:SELECT|WITH)\b", re.IGNORECASE)

ASKED_FIRST = frozenset(
    {
        "DECOMMISSION NODE",
        "DECOMMISSION VM",
        "DELETE FILESPACE",
        "DELETE VOLHISTORY",
        "DELETE VOLUME",
        "HALT",
        "REMOVE NODE",
        "REMOVE ADMIN",
    }
)
"""Commands that the client sends only after a Yes. Unverified: which ones ask."""


@dataclass(frozen=True, slots=True)
class Asker:
    """Who gives the command, and in which session of the server."""

    administrator: str
    session: int


def open_session(server: Server, administrator: str) -> int:
    """Begin a session. Its line in the activity log is worded from memory."""
    number = server.open_session(administrator, CLIENT_PLATFORM)
    started = f"ANR0407I Session {number} started for administrator {administrator} ({CLIENT_PLATFORM}) (Tcp/Ip)."
    server.log(407, "I", f"{started} (SESSION: {number})", session=number)
    return number


def close_session(server: Server, administrator: str, number: int) -> None:
    """End a session, with its line in the activity log."""
    ended = f"ANR0405I Session {number} ended for administrator {administrator} ({CLIENT_PLATFORM})."
    server.log(405, "I", f"{ended} (SESSION: {number})", session=number)
    server.close_session(number)


def asks_first(text: str) -> bool:
    """Whether the client must ask before it sends the command."""
    if _SELECT.match(text):
        return False
    route = route_of(text)
    try:
        return parse(route.command if route else text).head.name in ASKED_FIRST
    except Refused:
        return False


def answer(stands: Mapping[str, Stand], server: Server, text: str, asker: Asker) -> Reply:
    """Run one command on one server, or on those it is routed to."""
    route = None if _SELECT.match(text) else route_of(text)
    if route is None:
        _audit(server, "", text, asker)
        return _answer_here(server, text)
    _audit(server, route.prefix, route.command, asker)
    return answer_routed(route, stands, _answer_here)


def _answer_here(server: Server, text: str) -> Reply:
    try:
        if _SELECT.match(text):
            return Reply([sheet_of_select(server.select(text))])
        return _obey(server, parse(text))
    except Refused as refused:
        return Reply.refusal(refused)


def _obey(server: Server, command: Command) -> Reply:
    query = description_of(command)
    if query is None:
        # No code of the real server fits: it knows the command, this one does not do it yet.
        raise Refused(RC_UNSUPPORTED, f"This stand-in server does not simulate {command.head.name}.")
    return Reply([run_query(query, command, server)])


def _audit(server: Server, route: str, text: str, asker: Asker) -> None:
    shown = route + (text if _SELECT.match(text) else masked(text))
    message = f"ANR2017I Administrator {asker.administrator} issued command: {shown}  (SESSION: {asker.session})"
    server.log(2017, "I", message, session=asker.session)
