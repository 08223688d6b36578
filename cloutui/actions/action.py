"""What an action is: typed parameters, a description, the units it touches, and an effect of one of two shapes."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

from msgspec import Meta

from cloutui.actions.desk import Desk
from cloutui.model.action_class import ActionClass
from cloutui.model.privilege import Privilege
from cloutui.model.question import Question
from cloutui.model.secret import Secret
from cloutui.model.table import Answer
from cloutui.records.rows import JsonMapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One parameter of an action, as faces show it."""

    name: str
    type: Any
    """The Python type that values are checked against."""
    help: str
    required: bool
    default: object = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionSpec:
    """An action described: dialogs, help, documents and the authorisation tests are made from it."""

    name: str
    """`noun.verb`."""
    needs: Privilege
    action_class: ActionClass
    summary: str
    parameters: Sequence[Parameter]


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What an action is about, and every unit it touches."""

    kind: str
    """`unit`, `node`, `server`, `rule`, `setting`."""
    name: str
    id: int | None = None
    """None: does not exist yet, or has no number."""
    unit_ids: Sequence[int]
    """All must be in the principal's scope. The activity line stands in the first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What an effect did."""

    sentence: str
    """For the activity log and the person: who did it is not in it."""
    target_id: int | None = None
    """The id of what was made; None when the target had one."""
    before: JsonMapping = field(default_factory=dict)
    after: JsonMapping = field(default_factory=dict)
    shown: Mapping[str, Secret] = field(default_factory=dict)
    """What the person gets to see this once, such as the code of an invitation: logged nowhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Foresight:
    """A report that tells what a change would lead to, and its answer in a sentence."""

    question: Question
    words: Callable[[Answer], str]


class Action(ABC):
    """Frozen dataclasses: each field is a parameter. Made by `registry.build`, carried out by `perform`."""

    __slots__ = ()
    spec: ClassVar[ActionSpec]
    """Set by `registry.register`."""

    @abstractmethod
    def target(self, desk: Desk) -> Target:
        """Find out what it is about, within the principal's sight. Raises: NotFound, Invalid."""


class Change(Action):
    """An action on the records alone. Its activity line is in the same transaction."""

    __slots__ = ()

    @abstractmethod
    def change(self, desk: Desk) -> Done:
        """Make the change. Raises: Conflict, Invalid; then nothing is changed."""

    def password_to_hash(self) -> Secret | None:
        """What `desk.password_hash` is to be of: hashing takes long, and all writers would wait for the transaction."""
        return None

    def foresight(self, desk: Desk) -> Foresight | None:
        """What it would lead to beyond the records. None: nothing that has to be asked for."""
        return None


class Command(Action):
    """An action on a backup server. The intent is committed before, the outcome after, and no transaction is held."""

    __slots__ = ()

    @abstractmethod
    async def command(self, products: Any) -> Done:
        """Carry it out. Raises: ProductError, which becomes the outcome."""


class Parsed(ABC):
    """A type of our own for parameters. No dataclass: msgspec would build that by itself, and not ask."""

    __slots__ = ()

    @classmethod
    @abstractmethod
    def from_json(cls, value: object) -> Self:
        """The value from JSON. Raises: ValueError, whose words may be shown."""

    @abstractmethod
    def logged(self) -> JsonMapping:
        """How it stands in the activity log: without its secrets."""


def about(text: str) -> Meta:
    """Says what a parameter is, for help, dialogs and the JSON Schema. Stands in the field's `Annotated` type."""
    return Meta(description=text)
