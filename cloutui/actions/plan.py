"""What an action would do, found out by doing it and taking it back.

So a dialog tells the same as the activity log will, and is refused what the action will be refused, without a second
description of every action that could differ from the first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from cloutui.actions.action import Action, Change, Done, Foresight, Parsed, Target
from cloutui.actions.desk import Desk
from cloutui.actions.perform import Context, admit
from cloutui.errors import NotAllowed
from cloutui.model.principal import Principal
from cloutui.model.secret import Secret
from cloutui.records.access import refreshed
from cloutui.records.rows import JsonMapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """For the person who is about to do it."""

    target: Target
    units: Sequence[str]
    """The paths of the units it touches, as the person sees them."""
    sentence: str = ""
    """What the activity log would say; nothing where that cannot be told before."""
    before: JsonMapping = field(default_factory=dict)
    after: JsonMapping = field(default_factory=dict)
    outlook: str = ""
    """What it would lead to in the reports; nothing where nobody has to be told."""


class _TakenBack(Exception):
    """Ends the transaction, so that nothing of it stays."""


def planned(action: Action, principal: Principal, context: Context) -> Plan:
    """Blocking. Raises: AccessEnded, ReadOnly, NotAllowed, NotFound, and what the action itself would.

    Of a command to a backup server, and of an action that is given a secret, only what it is about is told: the one
    cannot be taken back, the other would put the secret into the keyring.
    """
    principal.require_to_change(action.spec.needs)
    found: list[tuple[Plan, Foresight | None]] = []
    try:
        with context.records.begin() as tx:
            present = refreshed(tx.connection, principal, tx.at)
            present.require_to_change(action.spec.needs)
            desk = Desk(tx, present, context.secrets, context.sessions, **context.told)
            target = admit(action, desk)
            done, foresight = Done(sentence=""), None
            if isinstance(action, Change) and not _holds_secrets(action):
                foresight = action.foresight(desk)
                done = action.change(desk)
            units = [desk.path(unit_id) for unit_id in dict.fromkeys(target.unit_ids)]
            plan = Plan(target=target, units=units, sentence=done.sentence, before=done.before, after=done.after)
            found.append((plan, foresight))
            raise _TakenBack
    except _TakenBack:
        plan, foresight = found[0]
    return replace(plan, outlook=_outlook(foresight, present, context))


def _outlook(foresight: Foresight | None, principal: Principal, context: Context) -> str:
    """Asked when the records are as they were: the report itself knows what would be otherwise."""
    if foresight is None or context.reports is None:
        return ""
    asked = foresight.question
    assert asked.unit is not None
    try:
        answer = context.reports().run(asked.report, principal, asked.parameters, unit=asked.unit)
    except NotAllowed:  # who may change it, and not see it
        return ""
    return foresight.words(answer)


def _holds_secrets(action: Action) -> bool:
    return any(_is_secret(getattr(action, parameter.name)) for parameter in action.spec.parameters)


def _is_secret(value: object) -> bool:
    if isinstance(value, Mapping):
        return any(map(_is_secret, value.values()))
    if isinstance(value, tuple | list | frozenset | set):
        return any(map(_is_secret, value))
    return isinstance(value, Secret | Parsed)
