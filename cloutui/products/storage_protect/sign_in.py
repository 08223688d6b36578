"""Getting into a client: the password goes in at its prompt, once, and nowhere else."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cloutui.errors import Invalid, ProductError, SignInRefused
from cloutui.products.storage_protect import prompts
from cloutui.products.storage_protect.doors.door import Channel, Door
from cloutui.products.storage_protect.lines import messages_of
from cloutui.products.storage_protect.messages import Message
from cloutui.products.storage_protect.patience import Patience, read
from cloutui.products.storage_protect.quoting import As, argument
from cloutui.products.storage_protect.refusals import why_ended

_MOST_SEEN = 1 << 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """Who signs in. The secret is fetched when it is asked for, and kept by nobody."""

    administrator: str
    password: Callable[[], str | None]
    """Gives None when none is kept."""


def client_arguments(door: Door, administrator: str) -> list[str]:
    """The client's options. A password is never among them. Raises: Invalid."""
    arguments = ["-dataonly=yes", "-commadelimited", "-outfile", "-noconfirm"]
    if door.server_stanza:
        arguments.append(f"-se={argument(door.server_stanza, As.NAME, what='server stanza')}")
    if door.credentials_file:
        return [*arguments, f"-credentialsfile={door.credentials_file}"]
    return [*arguments, f"-id={argument(administrator, As.NAME, what='administrator')}"]


async def sign_in(
    channel: Channel, server: str, address: str, password: Callable[[], str | None] | None, patience: Patience
) -> Sequence[Message]:
    """Answer the password prompt, wait for the command prompt, return what was said. Raises: ProductError, Invalid.

    `password` is fetched when it is asked for; None: a credentials file has it, and a question is a refusal.
    A second question means that the password was wrong. It is not answered: three wrong ones may lock the
    administrator. Whether a client shows its command prompt with `-dataonly` is not published, so one that is silent
    for long after the password counts as signed in.
    """
    seen = b""
    is_sent = False
    while not prompts.is_at_prompt(seen):
        is_question = prompts.is_question(seen)
        piece = await read(channel, patience.quiet_s if is_question else patience.promptless_s)
        if piece == b"":
            raise why_ended(server, address, messages_of(seen), await channel.wait())
        if piece:
            seen = (seen + piece)[-_MOST_SEEN:]
        elif is_question and (is_sent or password is None):
            raise _asked_again(server, address, seen, is_sent=is_sent)
        elif is_question and password is not None:
            await channel.write(_line(server, await asyncio.to_thread(password)))
            is_sent = True
            seen += b"\n"
        elif is_sent or password is None:
            break
    return messages_of(seen)


def _asked_again(server: str, address: str, seen: bytes, *, is_sent: bool) -> ProductError:
    if is_sent:
        return why_ended(server, address, [*messages_of(seen), Message.of("ANS1051I asked again")], None)
    return SignInRefused(server, "it asks for a password, and the credentials file was to have it")


def _line(server: str, password: str | None) -> bytes:
    if not password:
        raise SignInRefused(server, "it asks for a password, and none is kept")
    if not password.isprintable():
        # Nothing is told of it, not even its length.
        raise Invalid(f"The password for {server} holds a control character.", hint="Set another one.")
    return password.encode() + b"\n"
