"""Commands for other servers: `(SRV1,SRV2) cmd` and `SRV1: cmd`, and the messages their answers are wrapped in.

The wrapping was seen for success; ANR1695W and ANR1696E are worded after it, and what an unknown server gets (ANR1651E)
is from memory.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from cloutui.simulator.answer import Refused
from cloutui.simulator.dsmadmc.grammar import masked
from cloutui.simulator.dsmadmc.host import Server, Stand
from cloutui.simulator.dsmadmc.reply import Reply
from cloutui.simulator.dsmadmc.sheet import Sheet

RC_BAD_ROUTE = 3
WARNINGS = frozenset({11, 35, 38})
"""Return codes of severity W."""

_ROUTED = re.compile(r"\s*(?:\((?P<several>[\w,\s.-]+)\)|(?P<one>[\w.,-]+)\s*:)\s*(?P<command>.+)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Route:
    """Where a command goes."""

    servers: Sequence[str]
    """Upper case."""
    prefix: str
    """The route as it was written."""
    command: str


def route_of(text: str) -> Route | None:
    """The route a command begins with; None when it is for the server it is given to."""
    routed = _ROUTED.fullmatch(text)
    if routed is None:
        return None
    names = (routed["several"] or routed["one"]).upper().replace(",", " ").split()
    return Route(names, text[: routed.start("command")], routed["command"].strip())


def answer_routed(route: Route, stands: Mapping[str, Stand], answer: Callable[[Server, str], Reply]) -> Reply:
    """Have each server answer, and wrap what they say. The return code is the highest of theirs."""
    unknown = [name for name in route.servers if name not in stands]
    if unknown:
        return Reply.refusal(Refused(RC_BAD_ROUTE, f"ANR1651E Server information for {unknown[0]} is not available."))
    command, names = masked(route.command), ",".join(route.servers)
    parts: list[str | Sheet] = [
        f"ANR1699I Resolved {names} to {len(route.servers)} server(s) - issuing command {command} against server(s)."
    ]
    codes = []
    for name in route.servers:
        reply = answer(stands[name].server, route.command)
        parts.append(f"ANR1687I Output for command '{command}' issued against server {name} follows:")
        parts.extend(reply.parts)
        parts.append(f"ANR1688I Output for command '{command}' issued against server {name} completed.")
        parts.append(_verdict(name, command, reply.return_code))
        codes.append(reply.return_code)
    warned = sum(code in WARNINGS for code in codes)
    fine = codes.count(0)
    parts.append(
        f"ANR1697I Command '{command}' processed by {len(codes)} server(s):  {fine} successful, "
        f"{warned} with warnings, and {len(codes) - fine - warned} with errors."
    )
    return Reply(parts, max(codes))


def _verdict(server: str, command: str, return_code: int) -> str:
    if return_code == 0:
        return f"ANR1694I Server {server} processed command '{command}' and completed successfully."
    if return_code in WARNINGS:
        return f"ANR1695W Server {server} processed command '{command}' but completed with warnings."
    return f"ANR1696E Server {server} attempted to process command '{command}' but encountered errors."
