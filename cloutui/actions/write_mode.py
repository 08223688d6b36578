"""Write mode begins and ends: two lines in the activity log. The mode itself belongs to the session that asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from cloutui.actions.action import Change, Done, Target, about
from cloutui.actions.desk import Desk
from cloutui.actions.registry import register
from cloutui.errors import Invalid
from cloutui.model import write_mode
from cloutui.model.action_class import ActionClass
from cloutui.model.privilege import Privilege
from cloutui.model.safe_text import safe

BEGIN, END = "session.write", "session.read"


class _OwnSession(Change):
    """An action that is about the session it is done in."""

    __slots__ = ()

    def target(self, desk: Desk) -> Target:
        """Nobody else's session has it."""
        return Target(kind="session", name=desk.principal.name, unit_ids=(desk.principal.unit_id,))


@register(name=BEGIN, needs=Privilege.ACCOUNT_EDIT, action_class=ActionClass.NOTE)
@dataclass(frozen=True, slots=True, kw_only=True)
class BeginWriting(_OwnSession):
    """Begin write mode, or make it last longer: the session may change things until it ends."""

    reason: Annotated[str, about("Why: a ticket, or a few words. It stands beside every change.")]
    minutes: Annotated[int | None, about("How long it lasts: 15, 30 or 60; else 15.")] = None

    def change(self, desk: Desk) -> Done:
        """Raises: Invalid without a reason, for another time, and where no session goes on."""
        if desk.principal.face == "command-line":
            raise Invalid("A command has no write mode.", hint="Give the reason with each: `--reason`.")
        if safe(self.reason) != self.reason:
            raise Invalid("The reason holds characters that cannot be shown.", hint="Type it by hand.")
        minutes = write_mode.MINUTES[0] if self.minutes is None else self.minutes
        began = write_mode.begin(self.reason, minutes, desk.tx.at)
        return Done(
            sentence=f"Began write mode for {minutes} minutes: {began.reason}.",
            after={"minutes": minutes, "until": began.until.isoformat()},
        )


@register(name=END, needs=Privilege.ACCOUNT_EDIT, action_class=ActionClass.NOTE)
@dataclass(frozen=True, slots=True, kw_only=True)
class EndWriting(_OwnSession):
    """End write mode: the session only reads again."""

    why: Annotated[str, about("What ended it, when its person did not.")] = ""

    def change(self, desk: Desk) -> Done:
        """A session that reads goes on reading."""
        del desk
        return Done(sentence=f"Ended write mode: {self.why}." if self.why else "Ended write mode.")
