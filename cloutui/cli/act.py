"""`cloutui act NAME KEY=VALUE ...`: any action, headless, through the same rules as every other face."""

from __future__ import annotations

import asyncio

import click

from cloutui.cli.invocation import Invocation
from cloutui.errors import Invalid
from cloutui.model.safe_text import safe


@click.command()
@click.argument("name", required=False)
@click.argument("values", nargs=-1, metavar="[KEY=VALUE]...")
@click.option("--reason", default="", help="Why, for the activity log.")
@click.option("--confirm", metavar="NAME", help="The name of what is destroyed, for actions that ask for it.")
@click.pass_obj
def act(invocation: Invocation, name: str | None, values: tuple[str, ...], reason: str, confirm: str | None) -> None:
    """Do any action. Without a name: list them; with a name alone: what it takes."""
    if name is None:
        _list(invocation)
        return
    from cloutui.actions.proof import Proof

    given = dict(_pair(value) for value in values)
    if not given and _takes_something(name):
        _describe(invocation, name)
        return
    with invocation.installation() as (installation, principal):
        proof = Proof(reason=reason, typed_name=confirm)
        outcome = asyncio.run(installation.perform(name, given, principal, proof))
    invocation.say(safe(outcome.sentence))


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

    for action in all_actions():
        invocation.say(f"{action.spec.name:16}  {action.spec.summary}")


def _describe(invocation: Invocation, name: str) -> None:
    from cloutui.actions.registry import action_named

    spec = action_named(name).spec
    invocation.say(f"{spec.name}: {spec.summary}\nNeeds the right {spec.needs}.")
    for parameter in spec.parameters:
        must = "" if parameter.required else " (may be left out)"
        invocation.say(f"  {parameter.name:14} {parameter.help}{must}")
