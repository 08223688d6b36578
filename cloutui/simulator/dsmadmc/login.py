"""Getting into a server: who and with what password, and the ways to be turned away.

The real credentials file's format is not public; ours takes lines of client-option style (`id admin`, `-id=admin`,
`password: secret`), which is unverified.
"""

from __future__ import annotations

from dataclasses import dataclass

from cloutui.simulator.dsmadmc import messages
from cloutui.simulator.dsmadmc.host import Files, Stand
from cloutui.simulator.dsmadmc.messages import say
from cloutui.simulator.dsmadmc.options import Invocation, abbreviates
from cloutui.simulator.dsmadmc.screen import Screen

ATTEMPTS = 3
"""Passwords that may be tried at a terminal. Elsewhere nobody is there to try again."""


class SessionRefused(Exception):
    """No session. `codes` are the messages to print, `status` the return code of the program."""

    def __init__(self, status: int, *codes: str) -> None:
        super().__init__(", ".join(codes))
        self.status = status
        self.codes = codes


@dataclass(frozen=True, slots=True)
class Credentials:
    """What was supplied so far; None: to be asked for."""

    administrator: str | None
    password: str | None

    @property
    def are_complete(self) -> bool:
        """Whether nothing has to be asked."""
        return self.administrator is not None and self.password is not None


def supplied(invocation: Invocation, files: Files) -> Credentials:
    """The credentials of the options; a credentials file fills what they leave open. Raises: OSError."""
    path = invocation.value("CREDENTIALSFILE")
    filed = _read_credentials(files.read(path)) if path else Credentials(None, None)
    return Credentials(
        invocation.value("ID") or filed.administrator,
        invocation.value("PASSWORD") or filed.password,
    )


async def log_in(stand: Stand, credentials: Credentials, screen: Screen, *, may_ask: bool) -> str:
    """Open the door of one server. Returns the administrator's name, upper case. Raises: SessionRefused."""
    administrator = credentials.administrator
    if administrator is None:
        administrator = await _asked(screen, "Enter your user id:  ", echo=True)
    password = credentials.password
    for attempt in range(ATTEMPTS):
        if password is None:
            password = await _asked(screen, "Enter your password:  ", echo=False)
            await screen.say("")
        _check_server(stand, administrator)
        if _is_right(stand, password):
            return administrator.upper()
        screen.fault = stand.switch.fault
        await screen.say(say("ANS1051I", screen.fault.locale))
        if not may_ask or attempt == ATTEMPTS - 1:
            break
        password = None
    raise SessionRefused(messages.AUTHENTICATION_FAILED, "ANS8023E")


def _check_server(stand: Stand, administrator: str) -> None:
    fault = stand.switch.fault
    if fault.refuses_connection:
        raise SessionRefused(messages.CONNECTION_FAILED, "ANS1017E", "ANS8023E")
    if fault.has_no_sessions_left:
        raise SessionRefused(messages.NO_RESOURCES, "ANS8055E", "ANS8023E")
    if administrator.upper() != stand.server.administrator.upper():
        raise SessionRefused(messages.UNKNOWN_ADMINISTRATOR, "ANS8034E", "ANS8023E")
    if fault.is_locked:
        raise SessionRefused(messages.ADMINISTRATOR_LOCKED, "ANS8056E", "ANS8023E")


def _is_right(stand: Stand, password: str) -> bool:
    return password == stand.server.password and not stand.switch.fault.refuses_password


async def _asked(screen: Screen, question: str, *, echo: bool) -> str:
    answer = await screen.ask(question, echo=echo)
    if answer is None:
        raise SessionRefused(messages.AUTHENTICATION_FAILED, "ANS8023E")
    return answer.strip() if echo else answer


def _read_credentials(text: str) -> Credentials:
    found: dict[str, str] = {}
    for line in text.splitlines():
        words = line.strip().lstrip("-").replace("=", " ", 1).replace(":", " ", 1).split(maxsplit=1)
        for name in ("ID", "PAssword"):
            if len(words) == 2 and abbreviates(words[0], name):
                found[name] = words[1].strip()
    return Credentials(found.get("ID"), found.get("PAssword"))
