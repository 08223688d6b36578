"""The client's own messages, each by its code, and the exit status that goes with a failed start.

Wording is that of IBM's client message manual where the reference quotes it. Statuses 51, 53, 61 and 153 are taken over
from the client API's return codes for the same refusals and were never observed at `dsmadmc`: unverified.
"""

from __future__ import annotations

from types import MappingProxyType

from cloutui.simulator.dsmadmc.locale import Locale

AUTHENTICATION_FAILED = 137
CONNECTION_FAILED = -50
NO_RESOURCES = 51
UNKNOWN_ADMINISTRATOR = 53
ADMINISTRATOR_LOCKED = 61
UNKNOWN_STANZA = 409
INCOMPLETE_LOGIN = 255
"""Id or password missing in batch mode. Unverified."""

ENGLISH = MappingProxyType(
    {
        "ANS1017E": "ANS1017E Session rejected: TCP/IP connection failure.",
        "ANS1051I": "ANS1051I Invalid user id or password",
        "ANS1217E": "ANS1217E Server name not found in System Options File",
        "ANS8000I": "ANS8000I Server command: '{command}'",
        "ANS8001I": "ANS8001I Return code {code}.",
        "ANS8002I": "ANS8002I Highest return code was {code}.",
        "ANS8004W": "ANS8004W Your password will expire within {days} day(s).",
        "ANS8019E": "ANS8019E Id and password must be supplied in Batch mode.",
        "ANS8020E": "ANS8020E Unable to open file '{file}' for output.",
        "ANS8023E": "ANS8023E Unable to establish session with server.",
        "ANS8026E": "ANS8026E The input line is too long.",
        "ANS8034E": "ANS8034E Your administrator ID is not recognized by this server.",
        "ANS8041E": "ANS8041E The connection with the server is lost and cannot be established again.",
        "ANS8055E": "ANS8055E The server has insufficient resources to start the session.",
        "ANS8056E": "ANS8056E Your administrator ID is locked.",
    }
)


def say(code: str, locale: Locale, /, **facts: object) -> str:
    """The message in the client's language, its facts filled in."""
    return locale.sentences.get(code, ENGLISH[code]).format(**facts)
