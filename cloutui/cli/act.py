"""`cloutui act NAME KEY=VALUE ...`: any action, headless, through the same rules as every other face.

A command says outright what it does, so it is write mode for that one action: with a reason from class 2 on, and for
what destroys something with the name and a code.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import click

from cloutui.cli.doing import Beside, do, hidden
from cloutui.cli.from_afar import RemoteCommand
from cloutui.cli.invocation import Invocation
from cloutui.errors import Invalid
from cloutui.model.safe_text import safe
from cloutui.model.secret import Secret

if TYPE_CHECKING:
    from cloutui.actions.action import ActionSpec

FROM_STDIN = "-"
"""In place of a secret's value: it is asked for, or read from standard input, and stands on no command line."""


@click.command(cls=RemoteCommand)
@click.argument("name", required=False)
@click.argument("values", nargs=-1, metavar="[KEY=VALUE]...")
@click.option("--reason", default="", help="Why, for the activity log.")
@click.option("--confirm", metavar="NAME", help="The name of what is destroyed, for actions that ask for it.")
@click.option("--code-stdin", is_flag=True, help="Read a code of the second factor from standard input.")
@click.pass_obj
def act(
    invocation: Invocation,
    name: str | None,
    values: tuple[str, ...],
    *,
    reason: str,
    confirm: str | None,
    code_stdin: bool,
) -> None:
    """Do any action. Without a name: list them; with a name alone: what it takes.

    A secret is given as KEY=-, and in no other way: it is asked for, or read from standard input.
    """
    if name is None:
        _list(invocation)
        return
    from cloutui.actions.registry import action_named

    given: dict[str, object] = dict(_pair(value) for value in values)
    if not given and _takes_something(name):
        _describe(invocation, name)
        return
    invocation.require_to_change()
    spec = action_named(name).spec
    _refuse_written(spec, given)
    with invocation.installation() as (installation, principal):
        # Not before: where another process has the files, it is that one that reads them.
        given |= _secrets(invocation, spec, given)
        beside = Beside(reason=reason, confirm=confirm, code_stdin=code_stdin)
        outcome = do(invocation, (installation, principal), name, given, beside)
    invocation.say(safe(outcome.sentence))
    for what, secret in outcome.shown.items():
        invocation.say(f"{what.replace('_', ' ')}, shown this once:")
        for line in secret.reveal().splitlines():
            invocation.say(f"  {safe(line)}")


def _secrets(invocation: Invocation, spec: ActionSpec, given: Mapping[str, object]) -> dict[str, Secret]:
    """Those that are not on the command line."""
    asked = [name for name in _secret_names(spec) if given.get(name) == FROM_STDIN]
    return {name: hidden(invocation, f"{name}: ") for name in asked}


def _refuse_written(spec: ActionSpec, given: Mapping[str, object]) -> None:
    """Others on the host may list the words of a process, and shells keep them. Raises: Invalid; it tells no value."""
    for name in _secret_names(spec):
        if given.get(name, FROM_STDIN) != FROM_STDIN:
            hint = f"Write {name}=-: it is asked for, or read from standard input."
            raise Invalid(f"“{name}” is a secret, and others may read a command line.", hint=hint)


def _secret_names(spec: ActionSpec) -> list[str]:
    from cloutui.actions.registry import bare_type

    return [each.name for each in spec.parameters if bare_type(each.type) is Secret]


def _pair(value: str) -> tuple[str, str]:
    key, equals, text = value.partition("=")
    if not equals or not key:
        raise Invalid(f"“{value}” is not KEY=VALUE.", hint='Quote values with blanks: name="Acme ApS".')
    return key, text


def _takes_something(name: str) -> bool:
    from cloutui.actions.registry import action_named

    return any(parameter.required for parameter in action_named(name).spec.parameters)


def _list(invocation: Invocation) -> None:
    from cloutui.actions.registry import all_actions

    specs = [action.spec for action in all_actions()]
    width = max(len(spec.name) for spec in specs)
    for spec in specs:
        invocation.say(f"{spec.name:{width}}  {spec.summary}")


def _describe(invocation: Invocation, name: str) -> None:
    from cloutui.actions.registry import action_named

    spec = action_named(name).spec
    invocation.say(f"{spec.name}: {spec.summary}\nNeeds the right {spec.needs}{_asks(spec)}.")
    width = max((len(parameter.name) for parameter in spec.parameters), default=0)
    for parameter in spec.parameters:
        must = "" if parameter.required else " (may be left out)"
        invocation.say(f"  {parameter.name:{width}}  {parameter.help}{must}")


def _asks(spec: ActionSpec) -> str:
    """What is to be given beside the parameters, once there are users."""
    from cloutui.actions.proof import asks_for_write_mode
    from cloutui.model.action_class import ActionClass

    if not asks_for_write_mode(spec):
        return ""
    destroys = spec.action_class is ActionClass.DESTROY
    return ", --reason, --confirm NAME and a code" if destroys else ", and --reason"
