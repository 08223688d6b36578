"""The five classes of actions, and what each asks of the person before it is done."""

from __future__ import annotations

from enum import Enum, IntEnum


class ProofPart(Enum):
    """Something a person gives beside the action itself, so that it is not done by accident or by somebody else."""

    WRITE_MODE = "write mode"
    TYPED_NAME = "the name, typed"
    SECOND_FACTOR = "a second factor"


class ActionClass(IntEnum):
    """How much an action can break. The number is written to the activity log."""

    VIEW = 0
    NOTE = 1
    """Acknowledge, comment, own filters: undone by an edit."""
    CHANGE = 2
    """Tags, schedules, contacts, the tree."""
    SERVICE = 3
    """Cancel, disable, lock, move: somebody may notice."""
    DESTROY = 4
    """Delete, remove, expire: it does not come back."""

    @property
    def needs(self) -> frozenset[ProofPart]:
        """What a person must give. A second person's approval is a matter of policy, not of the class."""
        return _NEEDS[self]


_NEEDS: dict[ActionClass, frozenset[ProofPart]] = {
    ActionClass.VIEW: frozenset(),
    ActionClass.NOTE: frozenset(),
    ActionClass.CHANGE: frozenset({ProofPart.WRITE_MODE}),
    ActionClass.SERVICE: frozenset({ProofPart.WRITE_MODE}),
    ActionClass.DESTROY: frozenset({ProofPart.WRITE_MODE, ProofPart.TYPED_NAME, ProofPart.SECOND_FACTOR}),
}
