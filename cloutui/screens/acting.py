"""Changing things from the console: write mode on `W`, and the dialog of an action."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from cloutui.errors import CloutuiError, Invalid, NotAllowed, ReadOnly
from cloutui.model.link import Link
from cloutui.model.status import Status
from cloutui.model.write_mode import LAST_WORDS, WriteMode
from cloutui.screens.background import ask_in_background
from cloutui.screens.commanding import Commanding
from cloutui.screens.desk import Desk
from cloutui.widgets.lines import ACT

if TYPE_CHECKING:
    from cloutui.actions.action import ActionSpec
    from cloutui.screens.action_box import ActionBox
    from cloutui.screens.session import Session

_WATCH_S = 5.0
_BOXES: Mapping[str, str] = {"severity.set": "cloutui.screens.severity_box:RuleBox"}
"""Actions that have a form of their own: `module:class` of an `ActionBox`."""


class Acting(Commanding):
    """Nothing is done here that is not asked in a box first."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("W", "write", "write mode", id="shell.write", show=False, group=ACT),
    ]

    def __init__(self, desk: Desk, start: str) -> None:
        super().__init__(desk, start)
        self._warned_of: datetime | None = None
        """The end of write mode that was told of."""

    def on_mount(self) -> None:
        """Write mode ends by itself, and says so."""
        self.set_interval(_WATCH_S, self.watch_write_mode)

    def _session(self) -> Session:
        if self.desk.session is None:
            raise Invalid("There is nothing to act on yet.", hint="Wait until the first rows are there.")
        return self.desk.session

    # Write mode.

    def touched(self) -> None:
        """A key was pressed, or the mouse."""
        if self.desk.session is not None:
            self.desk.session.touch()

    def watch_write_mode(self) -> None:
        """Say that it will end soon, or that it has."""
        session, now = self.desk.session, self.desk.now()
        mode = session.write_mode if session is not None else None
        if mode is None:
            return
        if not mode.is_on(now):
            why = "its time is over" if now >= mode.until else "no key was pressed"
            ask_in_background(self, partial(self._end, why), "write mode")
        elif mode.remaining(now) <= LAST_WORDS and self._warned_of != mode.until:
            self._warned_of = mode.until
            self.tell("Write mode ends in 2 minutes: W extends it.", Status.WARNING)
        self.draw_bars()

    def action_write(self) -> None:
        """Begin write mode; in it, ask whether to end or to extend it."""
        session = self.desk.session
        if session is None:
            return
        mode = session.write_mode
        if mode is None or not mode.is_on(self.desk.now()):
            if not session.may_write:
                self.complain(_nothing_to_write(session))
                return
            ask_in_background(self, partial(self._begin, None), "write mode")
            return

        from cloutui.screens.menu import Entry, Menu

        def chosen(place: int | None) -> None:
            if place is not None:
                work = partial(self._end, "") if place == 0 else partial(self._begin, mode)
                ask_in_background(self, work, "write mode")

        entries = [
            Entry(name="End it", detail="nothing can be changed then"),
            Entry(name="Extend it", detail=mode.reason),
        ]
        self.app.push_screen(Menu(self.desk, "Write mode", entries), chosen)

    async def _begin(self, now: WriteMode | None) -> None:
        from cloutui.screens.write_box import ask_for_write_mode

        try:
            await ask_for_write_mode(self.app, self.desk, self._write_mode_asked, now=now)
        except CloutuiError as error:
            self.complain(error)

    def _write_mode_asked(self, has_begun: bool | None) -> None:
        mode = self._session().write_mode
        if has_begun and mode is not None:
            minutes = round(mode.remaining(self.desk.now()).total_seconds() / 60)
            self.tell(f"Write mode for {minutes} minutes: {mode.reason}.")
        self.draw_bars()

    async def _end(self, why: str) -> None:
        try:
            await self._session().end_write(why)
        except CloutuiError as error:
            self.complain(error)
        self.tell(
            f"Write mode has ended: {why}." if why else "Write mode has ended.", Status.WARNING if why else Status.OK
        )
        self.draw_bars()

    async def visit(self, link: Link) -> None:
        """Who turns to another customer does not take write mode along."""
        await super().visit(link)
        session, unit = self.desk.session, self.desk.unit
        if session is not None and session.write_mode is not None and unit is not None and await session.turn_to(unit):
            self.tell("Write mode has ended: this is another customer.", Status.WARNING)
            self.draw_bars()

    async def command_write(self, rest: str, _word: str) -> None:
        """`write 15m SRQ-8812`; without anything the box asks."""
        first, _, reason = rest.partition(" ")
        minutes = first.removesuffix("m")
        if not rest:
            self.action_write()
            return
        if not minutes.isdecimal():
            minutes, reason = "15", rest
        session = self._session()
        if not session.may_write:
            raise _nothing_to_write(session)
        if await session.asks_for_code():
            raise Invalid("A code is asked for first.", hint="Press W: its box takes the code.")
        await session.begin_write(reason, minutes, unit=self.desk.unit)
        self._write_mode_asked(True)

    # Actions.

    def open_action(self, name: str, /, **values: object) -> None:
        """Ask for what an action needs beside these values, and do it."""
        ask_in_background(self, partial(self._open_action, name, values), "action")

    async def command_act(self, rest: str, _word: str) -> None:
        """`act node.assign nodes=SPA01/ACME-SQL01 unit="Fjord Retail"`: its dialog, with these values."""
        from cloutui.actions.registry import action_named
        from cloutui.screens.row_actions import read_action

        self._session()
        name, values = read_action(rest)
        known = {parameter.name for parameter in action_named(name).spec.parameters}
        for key in values:
            if key not in known:
                raise Invalid(f"{name} has no parameter “{key}”.", hint=f"It has {', '.join(sorted(known)) or 'none'}.")
        self.open_action(name, **values)

    async def _open_action(self, name: str, values: Mapping[str, object]) -> None:
        from cloutui.actions.registry import action_named
        from cloutui.screens.action_box import lacks_write_mode
        from cloutui.screens.action_fields import prefilled
        from cloutui.screens.action_words import title_of
        from cloutui.screens.write_box import ask_for_write_mode

        try:
            session, spec = self._session(), action_named(name).spec
            if session.is_read_only:
                raise ReadOnly
            if not session.may(spec.needs):
                raise NotAllowed(spec.needs)
            texts = prefilled(spec, values, self.desk)
            if lacks_write_mode(self.desk, spec):
                again = partial(self._open_if_begun, name, values)
                await ask_for_write_mode(self.app, self.desk, again, what_for=title_of(spec))
            else:
                box = await self._action_box(session, spec, texts)
                self.app.push_screen(box, lambda _: self._acted(box))
        except CloutuiError as error:
            self.complain(error)

    def _open_if_begun(self, name: str, values: Mapping[str, object], has_begun: bool | None) -> None:
        self.draw_bars()
        if has_begun:
            self.open_action(name, **values)

    def _acted(self, box: ActionBox) -> None:
        self.draw_bars()
        outcome = box.outcome
        if outcome is None:
            return
        self.tell(outcome.sentence)
        if outcome.shown:
            from cloutui.screens.shown_box import ShownBox

            self.app.push_screen(ShownBox(self.desk, outcome.sentence, outcome.shown, self.hand_out))

    async def _action_box(self, session: Session, spec: ActionSpec, texts: Mapping[str, str]) -> ActionBox:
        """Made once write mode is on: the code that was given for that may be fresh enough."""
        from cloutui.model.action_class import ProofPart
        from cloutui.screens.action_fields import lists_for

        lists = await lists_for(spec, self.desk)
        asks = ProofPart.SECOND_FACTOR in spec.action_class.needs and await session.asks_for_code(to_destroy=True)
        module, _, name = _BOXES.get(spec.name, "cloutui.screens.action_box:ActionBox").partition(":")
        box: ActionBox = getattr(import_module(module), name)(self.desk, spec, texts, lists, asks_for_code=asks)
        return box


def _nothing_to_write(session: Session) -> CloutuiError:
    """Why there is no write mode for this reader."""
    if session.is_read_only:
        return ReadOnly()
    return Invalid("Your role changes nothing but your own account.", hint="That needs no write mode.")
