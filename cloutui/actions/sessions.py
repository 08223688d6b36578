"""Sessions that are open: ended by who looks after their users."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from cloutui.actions.action import Change, Done, Target, about
from cloutui.actions.desk import Desk
from cloutui.actions.registry import register
from cloutui.errors import NotFound
from cloutui.model.action_class import ActionClass
from cloutui.model.open_session import Live
from cloutui.model.privilege import Privilege
from cloutui.model.safe_text import safe


@register(name="session.end", needs=Privilege.SESSION_DELETE, action_class=ActionClass.SERVICE)
@dataclass(frozen=True, slots=True, kw_only=True)
class EndSession(Change):
    """End a session. Its user is told who did it, and may come again: to keep them out, lock the user."""

    session: Annotated[str, about("The session's id, as the report `sessions` has it.")]
    why: Annotated[str, about("Shown to its user.")] = ""

    def target(self, desk: Desk) -> Target:
        """The user whose session it is."""
        told = self._found(desk).told()
        return Target(kind="session", name=told.user, id=told.user_id, unit_ids=(told.unit_id,))

    def change(self, desk: Desk) -> Done:
        """Raises: NotFound, also when it has just ended by itself."""
        live = self._found(desk)
        told = live.told()
        why = f": {safe(self.why)}" if self.why else ""
        farewell = f"Your session was ended by {desk.principal.name}{why}."
        desk.tx.after_commit(lambda: live.end(farewell))
        came_from = told.came_from or "this host"
        return Done(sentence=f"Ended the session of “{told.user}” from {came_from}{why}.")

    def _found(self, desk: Desk) -> Live:
        live = desk.sessions.find(self.session)
        if live is None or not desk.sees(live.told().unit_id):
            raise NotFound("session", self.session, hint="The report `sessions` tells which there are.")
        return live
