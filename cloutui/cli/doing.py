"""An action of the command line, with what a person gives beside it: a reason, the name of what goes, a code."""

from __future__ import annotations

import getpass
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cloutui.cli.invocation import Invocation
from cloutui.errors import Invalid
from cloutui.model.secret import Secret

if TYPE_CHECKING:
    from cloutui.actions.action import ActionSpec
    from cloutui.actions.perform import Outcome
    from cloutui.installation import Installation
    from cloutui.model.principal import Principal
    from cloutui.writing import Writing


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What the command line says beside the action's own parameters."""

    reason: str = ""
    confirm: str | None = None
    """The name, typed."""
    code_stdin: bool = False
    """A code is to be read from standard input."""


def do(
    invocation: Invocation,
    opened: tuple[Installation, Principal],
    name: str,
    given: Mapping[str, Any],
    beside: Beside,
) -> Outcome:
    """Do it. Raises: CloutuiError."""
    from cloutui.actions.registry import build
    from cloutui.writing import Writing

    installation, principal = opened
    made, writing = build(name, given), Writing(installation.context)
    code = _code(invocation, made.spec, principal, writing, from_stdin=beside.code_stdin)
    proof = writing.proof_of_command(made, principal, reason=beside.reason, typed_name=beside.confirm, code=code)
    return invocation.wait(installation.perform(name, given, principal, proof))


def hidden(invocation: Invocation, question: str) -> Secret:
    """A line that is not shown. Raises: Invalid when there is none."""
    if invocation.stdin.isatty():
        return Secret(getpass.getpass(question))
    line = invocation.stdin.readline().strip()
    if not line:
        raise Invalid("Standard input is empty.", hint="Give one line for each secret, and for the code.")
    return Secret(line)


def _code(
    invocation: Invocation, spec: ActionSpec, principal: Principal, writing: Writing, *, from_stdin: bool
) -> Secret | None:
    """Only where the action asks for one: of whoever sits at a terminal, else when told that there is one to read."""
    from cloutui.model.action_class import ProofPart

    if ProofPart.SECOND_FACTOR not in spec.action_class.needs or principal.is_local:
        return None
    if not from_stdin and not (invocation.stdin.isatty() and writing.has_code(principal)):
        return None
    return hidden(invocation, "Code of your second factor: ")
