"""What every screen works with: where the facts come from, whose they are, what time it is, and how it looks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from typing import TYPE_CHECKING

from cloutui.screens.session import Session
from cloutui.screens.tasks import TaskBoard
from cloutui.widgets.look import Look
from cloutui.widgets.units import Forest

if TYPE_CHECKING:
    from cloutui.model.table import Freshness
    from cloutui.screens.clipboard import Way


@dataclass(slots=True, kw_only=True)
class Desk:
    """One console's. Shared by its screens, changed only by the shell."""

    look: Look
    now: Callable[[], datetime]
    """Aware UTC. Given, so that a picture can be taken at a chosen moment."""
    zone: tzinfo
    demo: bool = False
    copies_by: Way = "osc52"
    """How a copy gets to the reader."""
    session: Session | None = None
    """None until it is open."""
    scope: int | None = None
    """The unit that is looked at; None is the reader's own root."""
    forest: Forest = field(default_factory=Forest)
    as_of: Mapping[str, Freshness] = field(default_factory=dict)
    columns: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """By report: which columns the reader chose to see; none, the usual ones."""
    listed_nodes: Sequence[int] = ()
    """Of the list that was left last, in its order: a screen about one node goes along it."""
    keys: Mapping[str, str] = field(default_factory=dict)
    """Keys of the reader's own, by the id of the binding: above every preset."""
    decided: frozenset[str] = frozenset()
    """Preferences that were said for this console alone, on its command line or in its configuration."""
    tasks: TaskBoard = field(default_factory=TaskBoard)
    """The long work of this session."""

    def today(self) -> date:
        """The day it is in the zone shown."""
        return self.now().astimezone(self.zone).date()

    def scope_name(self) -> str:
        """The name of the unit looked at, as somebody wrote it."""
        path = self.forest.path(self.unit) if self.unit is not None else []
        return path[-1].name if path else "this unit"

    @property
    def guests(self) -> int:
        """Consoles and commands of others that would end with this console."""
        return self.session.guests if self.session is not None else 0

    @property
    def unit(self) -> int | None:
        """The unit looked at, the reader's own included; None until that is known."""
        return self.scope if self.scope is not None else self.root

    @property
    def root(self) -> int | None:
        """The reader's own unit, once it is known."""
        return self.forest.units[0].unit_id if len(self.forest) else None
