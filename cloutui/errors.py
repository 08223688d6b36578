"""Every failure the product explains to a person. Imports nothing from cloutui.

CloutuiError
├── NotAllowed         the caller lacks a privilege
├── ReadOnly           nothing may be changed from where the caller is
├── AccessEnded        the caller is not signed in, or not any more
├── NotFound           absent, or outside the caller's scope: deliberately the same words
├── Conflict           the records say no: a name is taken, a move would make a cycle
├── Invalid            a parameter, a setting or a file is wrong
├── NotConfirmed       the action asks for more proof than was given
├── Busy               another process owns the files
├── Broken             our own files cannot be read
├── SecretsRefused     passwords cannot be kept or read safely
└── ProductError       a backup server said no, or nothing
    ├── Unreachable    it stayed silent
    ├── UnknownHost    its host key is not the one we know, or none is known
    ├── SignInRefused  it refused the administrator
    ├── CommandFailed  it answered with an error code
    ├── Garbled        its answer could not be read to the end
    └── NotOffered     this product has nothing of that kind
"""

from __future__ import annotations

from typing import ClassVar


class CloutuiError(Exception):
    """What went wrong, in the reader's words, and `hint`: what to do next."""

    code: ClassVar[str] = "internal"
    """Stable, in the REST body, the log and the docs. Never reused."""

    def __init__(self, what: str, *, hint: str) -> None:
        super().__init__(what)
        self.hint = hint

    @property
    def what(self) -> str:
        """The first line, without the next step."""
        return str(self)


class NotAllowed(CloutuiError):
    """The principal lacks the privilege that a report or an action needs."""

    code = "not-allowed"

    def __init__(self, privilege: str, *, is_set_up: bool = True) -> None:
        """`is_set_up`: the account has what its role asks for; before that it lacks every other privilege too."""
        if is_set_up:
            super().__init__(f"This needs the right “{privilege}”.", hint="Ask an administrator of your unit for it.")
        else:
            super().__init__("Your account is not set up yet.", hint="The console opens at what it still needs.")


class ReadOnly(CloutuiError):
    """Something would be changed from where things are only looked at, whoever asks."""

    code = "read-only"

    def __init__(self) -> None:
        super().__init__(
            "Nothing is changed from here: this was started with --read-only.",
            hint="Do it from a cloutui that was started without.",
        )


class AccessEnded(CloutuiError):
    """Who was signed in is locked, expired or gone by now; or nobody is signed in."""

    code = "access-ended"

    def __init__(self, why: str) -> None:
        super().__init__(f"You may not go on: {why}.", hint="Sign in again, or ask an administrator of your unit.")


class NotFound(CloutuiError):
    """Nothing of that name in scope. The words do not tell whether it exists elsewhere."""

    code = "not-found"

    def __init__(self, kind: str, name: str, *, hint: str = "Check the spelling, or ask whose it is.") -> None:
        super().__init__(f"No {kind} “{name}” here, or not yours.", hint=hint)


class Conflict(CloutuiError):
    """The records as they stand do not allow this change."""

    code = "conflict"


class Invalid(CloutuiError):
    """A value from outside is wrong: a parameter, a setting, a file."""

    code = "invalid"


class NotConfirmed(CloutuiError):
    """An action of this class asks for something that did not come with it."""

    code = "not-confirmed"


class Busy(CloutuiError):
    """Another process owns the files of this installation."""

    code = "busy"

    def __init__(self, home: str, pid: int | None) -> None:
        owner = f"process {pid}" if pid else "another process"
        super().__init__(f"{home} is open in {owner}.", hint="Close that one first, or use another --home.")


class Broken(CloutuiError):
    """One of our own files cannot be read."""

    code = "broken"


class SecretsRefused(CloutuiError):
    """The keyring, or its key, is not there or not safe to use. Never tells a secret."""

    code = "secrets"


class ProductError(CloutuiError):
    """A backup server said no, or nothing. Collectors go on with the other servers."""

    code = "product"


class Unreachable(ProductError):
    """The server, or the host on the way to it, did not answer."""

    code = "product-unreachable"

    def __init__(self, server: str, address: str, reason: str) -> None:
        super().__init__(
            f"{server} did not answer: {reason} ({address}).",
            hint=f"Check the route to {address}, then run `cloutui server test {server}`.",
        )


class UnknownHost(ProductError):
    """The SSH host's key is not known, or is not the one we know."""

    code = "product-host-key"

    def __init__(self, server: str, address: str, fingerprint: str, *, changed: bool) -> None:
        what = "has another key than the one we know" if changed else "is not known yet"
        super().__init__(
            f"{address} {what}: {fingerprint}.",
            hint=f"If this fingerprint is right: `cloutui server test {server} --accept-host-key {fingerprint}`.",
        )
        self.fingerprint = fingerprint


class SignInRefused(ProductError):
    """The server refused the administrator or the password, or its host refused the SSH user."""

    code = "product-sign-in"

    def __init__(self, server: str, reason: str) -> None:
        super().__init__(
            f"{server} refused the sign-in: {reason}.",
            hint=f"Check the administrator, then `cloutui server add {server} --update` with the right password.",
        )


class CommandFailed(ProductError):
    """The server answered with an error. `return_code` and `message_code` are its own."""

    code = "product-command"

    def __init__(self, server: str, return_code: int, message: str) -> None:
        super().__init__(f"{server}: {message}", hint=f"Return code {return_code}; the message is the server's own.")
        self.return_code = return_code


class Garbled(ProductError):
    """Part of an answer could not be read. What could be read was kept."""

    code = "product-garbled"

    def __init__(self, server: str, what: str) -> None:
        super().__init__(
            f"{server}: {what}.", hint="What could be read was kept; the next sweep asks again for the rest."
        )


class NotOffered(ProductError):
    """This product has nothing of that kind. Faces say so instead of showing an empty list."""

    code = "product-not-offered"

    def __init__(self, product: str, kind: str) -> None:
        super().__init__(f"{product} does not offer {kind}.", hint="Nothing to do: this product has none.")
