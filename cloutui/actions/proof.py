"""Proof: what a person gives beside an action, so that nothing is destroyed by accident or by somebody else.

A face fills it in from its dialog. Which parts an action asks for follows from its class alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from cloutui.errors import NotConfirmed
from cloutui.model.action_class import ActionClass, ProofPart
from cloutui.model.principal import Principal
from cloutui.model.privilege import Privilege

if TYPE_CHECKING:
    from cloutui.actions.action import ActionSpec

FRESH = timedelta(minutes=2)
"""How long a second factor counts as shown for an action that asks for one: the time to look the plan over again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """Everything that can be given. The approval of a second person will be one more field."""

    reason: str = ""
    """Why, for the activity log."""
    typed_name: str | None = None
    """The target's name as the person typed it."""
    write_mode_until: datetime | None = None
    """The end of the write mode that the session is in; None: it is reading."""
    second_factor_at: datetime | None = None
    """When a second factor was last shown; None: not in this session."""

    def require(self, action_class: ActionClass, target_name: str, principal: Principal, now: datetime) -> None:
        """Raises: NotConfirmed, naming the first part that is missing."""
        for part in ProofPart:
            if part in action_class.needs and not self._has(part, target_name, principal, now):
                raise NotConfirmed(f"This needs {part.value}.", hint=_HINTS[part].format(name=target_name))

    def _has(self, part: ProofPart, target_name: str, principal: Principal, now: datetime) -> bool:
        if part is ProofPart.TYPED_NAME:
            return self.typed_name is not None and self.typed_name.casefold() == target_name.casefold()
        # The local principal has nothing to sign in with: whoever is that user on this host owns the files anyway.
        if principal.is_local:
            return True
        if part is ProofPart.WRITE_MODE:
            return self.write_mode_until is not None and now < self.write_mode_until
        return self.second_factor_at is not None and timedelta() <= now - self.second_factor_at <= FRESH


_HINTS = {
    ProofPart.WRITE_MODE: "Turn write mode on first.",
    ProofPart.TYPED_NAME: "Type the name {name} to confirm.",
    ProofPart.SECOND_FACTOR: "Give a code of your second factor.",
}


def is_own(spec: ActionSpec) -> bool:
    """Whether an action is about one's own account alone: to set that up, nobody has to say why."""
    return spec.needs is Privilege.ACCOUNT_EDIT


def asks_for_write_mode(spec: ActionSpec) -> bool:
    """Whether a session does it in write mode only."""
    return ProofPart.WRITE_MODE in spec.action_class.needs and not is_own(spec)
