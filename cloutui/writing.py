"""The write mode of one session, and the proof that its actions bring along.

Blocking: it reads the records, and a code is taken in a transaction of its own.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from cloutui.errors import Invalid, NotConfirmed
from cloutui.model import write_mode
from cloutui.model.action_class import ActionClass, ProofPart
from cloutui.model.principal import Principal
from cloutui.model.secret import Secret
from cloutui.model.write_mode import FACTOR_LASTS, WriteMode

if TYPE_CHECKING:
    from cloutui.actions.action import Action
    from cloutui.actions.perform import Context
    from cloutui.actions.proof import Proof

_MOST_WRONG = 5
"""Wrong codes that end write mode."""
_ONE_COMMAND = timedelta(minutes=1)
"""How long the write mode lasts that a single command is."""


class Writing:
    """Of one session. Which customer is looked at, and when a key is pressed, it is told."""

    def __init__(self, context: Context, *, second_factor_at: datetime | None = None) -> None:
        """`second_factor_at`: when the person showed one, if they did on coming in."""
        self._context = context
        self.second_factor_at = second_factor_at
        self.mode: WriteMode | None = None
        self._wrong_codes = 0

    @property
    def is_on(self) -> bool:
        """Whether the session may change things now."""
        return self.mode is not None and self.mode.is_on(self._now())

    def touch(self) -> None:
        """Its person is there."""
        if self.mode is not None:
            self.mode = self.mode.touched(self._now())

    def customer_of(self, unit_id: int) -> int | None:
        """The unit right below the top that this one belongs to; None at the top."""
        path = self._context.records.tree().ancestors(unit_id)
        return path[-2].unit_id if len(path) > 1 else None

    def begin(self, principal: Principal, reason: str, minutes: int, *, code: Secret | None, unit_id: int) -> WriteMode:
        """The mode that would begin now; it does when it is put into `mode`.

        Raises: Invalid without a reason or for a wrong code; NotConfirmed when a code is asked for.
        """
        began = write_mode.begin(reason, minutes, self._now(), customer=self.customer_of(unit_id))
        if code is not None:
            self.show_code(principal, code)
        elif self.asks_for_code(principal):
            raise NotConfirmed("This needs a second factor.", hint="Give a code of your second factor.")
        return began

    def asks_for_code(self, principal: Principal) -> bool:
        """Whether a code is asked for before write mode begins: who has none, shows none."""
        shown, now = self.second_factor_at, self._now()
        return self.has_code(principal) and (shown is None or now - shown > FACTOR_LASTS)

    def has_code(self, principal: Principal) -> bool:
        """Whether the person has set up a second factor."""
        from cloutui.records import access

        if principal.user_id is None:
            return False
        with self._context.records.reading() as connection:
            return access.user(connection, principal.user_id).has_second_factor

    def is_fresh(self, principal: Principal) -> bool:
        """Whether a destroying action asks for no code now: one was shown a moment ago, or nobody has a name yet."""
        from cloutui.actions.proof import FRESH

        shown = self.second_factor_at
        return principal.is_local or (shown is not None and self._now() - shown <= FRESH)

    def show_code(self, principal: Principal, code: Secret) -> None:
        """Take a code of the person's app, or a recovery code. Raises: Invalid for a wrong one."""
        from cloutui.records.sign_in import Door

        door = Door(self._context.records, self._context.secrets)
        if principal.user_id is None or not door.take_code(principal.user_id, code.reveal().strip(), "the session"):
            self._wrong_codes += 1
            if self._wrong_codes >= _MOST_WRONG:
                self.mode = None
            raise Invalid("The code is wrong, or was given before.", hint="Wait for the next one.")
        self._wrong_codes = 0
        self.second_factor_at = self._now()

    # Proof.

    def proof(
        self, action: Action, principal: Principal, *, typed_name: str | None = None, code: Secret | None = None
    ) -> Proof:
        """What the session gives beside an action. Raises: NotConfirmed; Invalid for a wrong code."""
        from cloutui.actions.proof import Proof, is_own

        spec, mode = action.spec, self.mode if self.is_on else None
        # Before there are users write mode guards against accidents alone, and the set-up needs none: it is a form.
        if spec.action_class >= ActionClass.SERVICE and mode is None and not is_own(spec):
            raise NotConfirmed("This needs write mode.", hint="Turn write mode on first: W.")
        self._take_code_for(action, principal, typed_name, code)
        return Proof(
            reason=mode.reason if mode else "",
            typed_name=typed_name,
            write_mode_until=mode.until if mode else self._now() + _ONE_COMMAND if is_own(spec) else None,
            second_factor_at=self.second_factor_at,
        )

    def proof_of_command(
        self,
        action: Action,
        principal: Principal,
        *,
        reason: str,
        typed_name: str | None = None,
        code: Secret | None = None,
    ) -> Proof:
        """What a command gives: it says outright what it does, and so is write mode for that one action.

        Raises: NotConfirmed without a reason where one is asked for; Invalid for a wrong code.
        """
        from cloutui.actions.proof import Proof, asks_for_write_mode

        reason, spec = " ".join(reason.split()), action.spec
        if asks_for_write_mode(spec) and not reason and not principal.is_local:
            raise NotConfirmed("This needs a reason.", hint="Say why: --reason, a ticket or a few words.")
        self._take_code_for(action, principal, typed_name, code)
        return Proof(
            reason=reason,
            typed_name=typed_name,
            write_mode_until=self._now() + _ONE_COMMAND,
            second_factor_at=self.second_factor_at,
        )

    def _take_code_for(self, action: Action, principal: Principal, typed_name: str | None, code: Secret | None) -> None:
        """A code is good once, so it is not used up for an action that would be refused for something else."""
        from cloutui.actions.plan import planned

        if code is None or ProofPart.SECOND_FACTOR not in action.spec.action_class.needs:
            return
        name = planned(action, principal, self._context).target.name
        if (typed_name or "").casefold() != name.casefold():
            raise NotConfirmed("This needs the name, typed.", hint=f"Type the name {name} to confirm.")
        self.show_code(principal, code)

    def _now(self) -> datetime:
        return self._context.records.clock()
