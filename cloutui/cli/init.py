"""`cloutui init`: the first administrator. Nothing has a default password, and nobody is without a name afterwards."""

from __future__ import annotations

import asyncio
import getpass
from typing import Any

import click

from cloutui.cli.invocation import Invocation
from cloutui.errors import Conflict, Invalid
from cloutui.model.safe_text import safe
from cloutui.model.secret import Secret


@click.command()
@click.option("--name", help="The name to sign in with. Without it, that of the user of this host.")
@click.option("--full-name", default="", help="Their name, for people.")
@click.option("--email", default="", help="Where mail reaches them.")
@click.option("--invite", is_flag=True, help="Ask nothing: print an invitation, with which they set up the rest.")
@click.pass_obj
def init(invocation: Invocation, name: str | None, full_name: str, email: str, invite: bool) -> None:
    """Make the first administrator. The user of this host is that administrator from then on."""
    invocation.require_to_change()
    os_user = getpass.getuser()
    asked: dict[str, Any] = {
        "name": name or os_user.lower(),
        "os_user": os_user,
        "full_name": full_name,
        "email": email,
    }
    with invocation.installation() as (installation, principal):
        if installation.has_users:  # before anything is asked
            raise Conflict("There are users already.", hint="Ask an administrator to make you one.")
        line = installation.remember_secrets_backend()
        if line:
            invocation.note(line)
        if not invite:
            if not invocation.stdin.isatty():
                raise Invalid("There is no terminal to ask at.", hint="`cloutui init --invite` asks nothing.")
            asked |= _ask(invocation, asked["name"], installation.records.tree())
        outcome = asyncio.run(installation.perform("user.first", asked, principal))
    invocation.say(safe(outcome.sentence))
    for what, secret in outcome.shown.items():
        for told in _TOLD[what]:
            invocation.say(told.format(secret=secret.reveal()))


def _ask(invocation: Invocation, name: str, tree: Any) -> dict[str, Any]:
    """A second factor, which an administrator must have, and a password, which they may have."""
    from cloutui.model.one_time_codes import enrolment_uri, new_secret

    secret = new_secret()
    invocation.say("An administrator shows two factors. Scan this with an authenticator app:\n")
    invocation.say(qr_code(enrolment_uri(secret, name, next(iter(tree)).name)))
    invocation.say(f"Or type this into it: {secret.reveal()}\n")
    code = _prompt(invocation, "The code that it shows: ")
    password = getpass.getpass("A password, or nothing if a key or this host is enough: ")
    return {"secret": secret, "code": code, "password": Secret(password) if password else None}


def _prompt(invocation: Invocation, question: str) -> str:
    invocation.stdout.write(question)
    invocation.stdout.flush()
    return invocation.stdin.readline().strip()


def qr_code(text: str) -> str:
    """As half blocks, two rows of the code in a line, dark on light."""
    import io

    import segno

    out = io.StringIO()
    segno.make(text, error="l", micro=False).terminal(out, border=2, compact=True)
    return out.getvalue()


_TOLD = {
    "recovery_codes": (
        "Recovery codes, each good once, for the day the phone is lost. They are not shown again:\n",
        "{secret}\n",
        "Next: `cloutui` opens the console, `cloutui serve` lets others in over SSH.",
    ),
    "invitation": (
        "Invitation, good once and for three days: {secret}",
        "They sign in over SSH with it as password, or open `cloutui` on this host, and set up a second factor there.",
    ),
}
