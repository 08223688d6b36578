"""Why a client ended instead of letting us in, told from its codes and its exit status.

Source: IBM's client message manual for the codes; exit status 137 is documented for a refused sign-in, 206 follows
from the documented -50 (a shell keeps the lowest eight bits).
"""

from __future__ import annotations

from collections.abc import Sequence

from cloutui.errors import ProductError, SignInRefused, Unreachable
from cloutui.products.storage_protect.messages import Message, complaint

_CANNOT_CONNECT = {
    "ANS1017E": "the server refuses connections",
    "ANS1033E": "its address is not valid",
    "ANS1217E": "the client's options file has no such server",
    "ANS1592E": "TLS could not be set up",
    "ANS1695E": "its TLS certificate is not trusted",
    "ANS8041E": "the connection was lost",
    "ANS8055E": "it has no session left",
    "ANS8064E": "it was silent for too long",
}
_NOT_LET_IN = {
    "ANS1051I": "administrator or password is wrong",
    "ANS1353E": "the administrator is not known there",
    "ANS8019E": "administrator and password are missing",
    "ANS8034E": "the administrator is not known there",
    "ANS8056E": "the administrator is locked",
}
_NOT_FOUND = 127
_CONNECTION_FAILED = 206
_AUTHENTICATION_FAILED = 137
# It stands beside each of the codes above. Alone it counts as a refusal: to try again might lock the administrator.
_NO_SESSION = "ANS8023E"


def why_ended(
    server: str, address: str, messages: Sequence[Message], status: int | None, *, otherwise: str = ""
) -> ProductError:
    """The failure that messages and exit status describe; `otherwise` is the reason when they say nothing."""
    codes = {message.code for message in messages}
    said = complaint(messages)
    for code, reason in _CANNOT_CONNECT.items():
        if code in codes:
            return Unreachable(server, address, f"{reason}, {code}")
    for code, reason in _NOT_LET_IN.items():
        if code in codes:
            return SignInRefused(server, f"{reason}, {code}")
    if status == _AUTHENTICATION_FAILED or (status != _CONNECTION_FAILED and _NO_SESSION in codes):
        return SignInRefused(server, said or f"exit status {status}")
    if status == _NOT_FOUND:
        return Unreachable(server, address, "dsmadmc was not found there")
    ended = otherwise or ("the connection was cut" if status is None else f"dsmadmc ended with status {status}")
    return Unreachable(server, address, f"{said}; {ended}" if said else ended)
