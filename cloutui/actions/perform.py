"""Carrying an action out. Every face calls this and nothing else.

In this order: the privilege, the target within the principal's scope, the proof, the effect and its activity line.
A `Change` has all of that in one transaction. A `Command` has its intent committed before, and its outcome after; no
transaction is held while a server is spoken to.
"""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Self

from cloutui.actions.action import Action, Change, Command, Done, Parsed, Target
from cloutui.actions.desk import Desk, Freezes, Reports
from cloutui.actions.proof import Proof
from cloutui.errors import CloutuiError, NotFound
from cloutui.model.open_session import OpenSessions
from cloutui.model.principal import Principal
from cloutui.model.secret import SHOWN, Secret
from cloutui.records import passwords
from cloutui.records.access import refreshed
from cloutui.records.activity import ActivityLine
from cloutui.records.rows import JsonMapping
from cloutui.records.secrets import Secrets
from cloutui.records.store import Records
from cloutui.records.transaction import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What actions work on: one installation's."""

    records: Records
    secrets: Secrets
    sessions: OpenSessions = field(default_factory=OpenSessions)
    reports: Callable[[], Reports] | None = None
    """What answers reports, for actions that keep what one says. None where there is nothing to ask."""
    history: Freezes | None = None
    """What freezes days. None where there is no cache to read them from."""
    products: Any = None
    """The backup servers, for commands. None where there are none to speak to."""

    @property
    def told(self) -> dict[str, Any]:
        """What desks have besides, for actions that keep what a report says."""
        return {"reports": self.reports, "history": self.history}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What an action did, for the face that submitted it."""

    sentence: str
    target: Target
    before: JsonMapping
    after: JsonMapping
    activity_seq: int
    """Its line in the activity log."""
    shown: Mapping[str, Secret] = field(default_factory=dict)
    """What the person gets to see this once: no face keeps it."""


async def perform(action: Action, principal: Principal, proof: Proof, context: Context) -> Outcome:
    """Carry the action out for the principal.

    Raises: AccessEnded, ReadOnly, NotAllowed, NotFound, NotConfirmed, Invalid, Conflict; ProductError from a command.
    Busy or Broken when the records, and so the activity log, cannot be written: then nothing is done.
    """
    if isinstance(action, Change):
        return await asyncio.to_thread(perform_change, action, principal, proof, context)
    assert isinstance(action, Command)
    return await _perform_command(action, _Request(action, principal, proof, context))


def perform_change(action: Change, principal: Principal, proof: Proof, context: Context) -> Outcome:
    """As `perform`, for an action on the records alone, on the caller's thread."""
    request = _Request(action, principal, proof, context)
    principal.require_to_change(action.spec.needs)
    password = action.password_to_hash()
    told = context.told | {"password_hash": None if password is None else passwords.hashed(password)}
    with context.records.begin() as tx:
        request = request.of_now(tx)
        desk = Desk(tx, request.principal, context.secrets, context.sessions, **told)
        target = request.admitted(desk)
        return request.record(tx, target, action.change(desk), "done")


async def _perform_command(action: Command, request: _Request) -> Outcome:
    target, intent_seq = await asyncio.to_thread(request.announce)

    def conclude(done: Done, outcome: str) -> Outcome:
        with request.context.records.begin() as tx:
            return request.record(tx, target, done, outcome, intent_seq)

    try:
        done = await action.command(request.context.products)
    except CloutuiError as error:
        conclude(Done(sentence=f"{action.spec.name} failed: {error.what}", after={"error": error.code}), "failed")
        raise
    except BaseException as error:
        # Cancelled, or a mistake of ours: what the server did is not known, and the log says so. Not awaited, because
        # a cancelled task may be cancelled again.
        word = type(error).__name__
        conclude(Done(sentence=f"{action.spec.name} broke off ({word}): its effect is not known."), "broken off")
        raise
    # Shielded: once the server has done it, the log must say so, even when nobody waits for the answer any more.
    return await asyncio.shield(asyncio.to_thread(conclude, done, "done"))


class _Request(NamedTuple):
    """Who asks for what, with which proof, and on what it works."""

    action: Action
    principal: Principal
    proof: Proof
    context: Context

    def admitted(self, desk: Desk) -> Target:
        """What it is about, once scope and proof allow it."""
        target = admit(self.action, desk)
        self.proof.require(self.action.spec.action_class, target.name, self.principal, desk.tx.at)
        return target

    def of_now(self, tx: Tx) -> Self:
        """The same, with what the principal may do at this moment. Raises: AccessEnded, ReadOnly, NotAllowed."""
        present = refreshed(tx.connection, self.principal, tx.at)
        present.require_to_change(self.action.spec.needs)
        return self._replace(principal=present)

    def announce(self) -> tuple[Target, int]:
        """Write the intent of a command."""
        self.principal.require_to_change(self.action.spec.needs)
        with self.context.records.begin() as tx:
            request = self.of_now(tx)
            context = self.context
            desk = Desk(tx, request.principal, context.secrets, context.sessions, **context.told)
            target = request.admitted(desk)
            intent = Done(sentence=f"{self.action.spec.name} is about to be done to {target.name}.")
            return target, request.record(tx, target, intent, "intent").activity_seq

    def record(self, tx: Tx, target: Target, done: Done, outcome: str, intent_seq: int | None = None) -> Outcome:
        """Write the activity line."""
        told = dataclasses.replace(target, id=target.id if done.target_id is None else done.target_id)
        line = ActivityLine(
            action=self.action.spec.name,
            action_class=self.action.spec.action_class,
            unit_id=target.unit_ids[0],
            target_kind=told.kind,
            target_id=told.id,
            target_name=told.name,
            sentence=done.sentence,
            outcome=outcome,
            reason=self.proof.reason,
            params=logged_params(self.action),
            before=done.before,
            after=done.after,
            intent_seq=intent_seq,
        )
        seq = tx.append_activity(self.principal, line)
        return Outcome(
            sentence=done.sentence,
            target=told,
            before=done.before,
            after=done.after,
            activity_seq=seq,
            shown=done.shown,
        )


def admit(action: Action, desk: Desk) -> Target:
    """The one place where scope is enforced on actions, whatever an action looked up by itself. Raises: NotFound."""
    target = action.target(desk)
    if not target.unit_ids or not all(desk.sees(unit_id) for unit_id in target.unit_ids):
        raise NotFound(target.kind, target.name)
    return target


def logged_params(action: Action) -> JsonMapping:
    """An action's parameters as the log keeps them: plain values, and never a secret."""
    return {
        parameter.name: _plain(getattr(action, parameter.name))
        for parameter in action.spec.parameters
        if getattr(action, parameter.name) is not None
    }


def _plain(value: object) -> object:
    if value is None or isinstance(value, str | int | float | bool):
        return value
    if isinstance(value, Secret):
        return SHOWN
    if isinstance(value, Parsed):
        return value.logged()
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, Sequence | frozenset | set):
        return [_plain(inner) for inner in value]
    return str(value)
