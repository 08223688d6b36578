"""The write side of a session: actions, what they would do, and the write mode that they are done in."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime
from time import monotonic
from typing import TYPE_CHECKING, Any

from cloutui.model.privilege import Privilege
from cloutui.model.secret import Secret
from cloutui.model.write_mode import MINUTES, WriteMode

if TYPE_CHECKING:
    from cloutui.actions.perform import Outcome
    from cloutui.actions.plan import Plan
    from cloutui.installation import Installation
    from cloutui.model.principal import Principal
    from cloutui.writing import Writing


class Acting:
    """What a `Session` does beside reading."""

    def __init__(
        self, installation: Installation, principal: Principal, *, second_factor_at: datetime | None = None
    ) -> None:
        """`second_factor_at`: when the reader showed one on coming in; None when they did not."""
        self.installation = installation
        self.principal = principal
        self._second_factor_at = second_factor_at
        self._writing: Writing | None = None
        self.touched_at = monotonic()
        """When a key was pressed last, of the clock that only goes on."""

    # Actions.

    async def act(
        self, action: str, given: Mapping[str, Any], *, typed_name: str | None = None, code: Secret | None = None
    ) -> Outcome:
        """Do an action, with the reason of the write mode it is done in.

        `typed_name` and `code` confirm what destroys something. Raises: CloutuiError.
        """
        from cloutui.actions.registry import build
        from cloutui.actions.write_mode import BEGIN, END

        made = build(action, given)
        self.principal.require_to_change(made.spec.needs)  # before a code is used up for it
        if action == BEGIN:
            return await self.begin_write(given["reason"], given.get("minutes") or MINUTES[0], code)
        proof = await asyncio.to_thread(self.writing.proof, made, self.principal, typed_name=typed_name, code=code)
        outcome = await self.installation.perform(action, given, self.principal, proof)
        if action == END:
            self.writing.mode = None
        return outcome

    async def plan(self, action: str, given: Mapping[str, Any]) -> Plan:
        """What an action would do. Nothing is changed by asking. Raises: CloutuiError, as the action would."""
        from cloutui.actions.plan import planned
        from cloutui.actions.registry import build

        context = self.installation.context
        return await asyncio.to_thread(lambda: planned(build(action, given), self.principal, context))

    # Write mode.

    @property
    def writing(self) -> Writing:
        """Made when it is first asked for: who only reads loads nothing of it."""
        if self._writing is None:
            from cloutui.writing import Writing

            self._writing = Writing(self.installation.context, second_factor_at=self._second_factor_at)
        return self._writing

    @property
    def write_mode(self) -> WriteMode | None:
        """The one that was begun last and not ended; it may be over."""
        return self._writing.mode if self._writing else None

    @property
    def may_write(self) -> bool:
        """Whether there is anything that the reader may change beside their own account."""
        own, rights = Privilege.ACCOUNT_EDIT, self.principal.privileges
        return not self.is_read_only and any(right.operation != "view" and right is not own for right in rights)

    @property
    def is_read_only(self) -> bool:
        """Whether nothing is changed from here, whatever the reader's role allows."""
        return self.principal.is_read_only

    async def begin_write(
        self, reason: str, minutes: int | str, code: Secret | None = None, *, unit: int | None = None
    ) -> Outcome:
        """Begin write mode, or make it last longer. `unit`: the one that is looked at.

        Raises: ReadOnly, NotAllowed, Invalid, NotConfirmed; then it is as it was.
        """
        from cloutui.actions.write_mode import BEGIN

        self.principal.require_to_change(Privilege.ACCOUNT_EDIT)
        where = self.principal.unit_id if unit is None else unit
        begin = self.writing.begin
        began = await asyncio.to_thread(begin, self.principal, reason, int(minutes), code=code, unit_id=where)
        given = {"reason": began.reason, "minutes": int(minutes)}
        outcome = await self._tell(BEGIN, given, reason=began.reason)
        self.writing.mode = began
        return outcome

    async def end_write(self, why: str = "") -> None:
        """End write mode: at once, whatever becomes of its line in the activity log. Raises: CloutuiError."""
        from cloutui.actions.write_mode import END

        mode, self.writing.mode = self.writing.mode, None
        if mode is not None:
            await self._tell(END, {"why": why}, reason=mode.reason)

    async def _tell(self, action: str, given: Mapping[str, Any], *, reason: str) -> Outcome:
        """Write mode stands in the activity log alone: nobody waits for the cache, which may be loading for minutes."""
        from cloutui.actions.perform import perform
        from cloutui.actions.proof import Proof
        from cloutui.actions.registry import build

        return await perform(build(action, given), self.principal, Proof(reason=reason), self.installation.context)

    async def turn_to(self, unit: int) -> bool:
        """Another unit is looked at. Returns whether write mode has ended by that. Raises: CloutuiError."""
        if not self._writing or self._writing.mode is None:
            return False
        customer = await asyncio.to_thread(self._writing.customer_of, unit)
        mode = self._writing.mode
        if mode is None or mode.allows(customer):
            return False
        await self.end_write("another customer was turned to")
        return True

    def touch(self) -> None:
        """A key was pressed."""
        self.touched_at = monotonic()
        if self._writing:
            self._writing.touch()

    async def asks_for_code(self, *, to_destroy: bool = False) -> bool:
        """Whether a code must be given now: to begin write mode, or with `to_destroy` beside such an action."""
        if to_destroy:
            return not self.writing.is_fresh(self.principal)
        return await asyncio.to_thread(self.writing.asks_for_code, self.principal)
