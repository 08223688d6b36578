"""The set-up's form for a server: tried first, with the key of its host confirmed by a person, and only then added."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType

from cloutui.errors import CloutuiError, Conflict, Invalid, UnknownHost
from cloutui.model.safe_text import safe
from cloutui.screens.background import ask_in_background
from cloutui.screens.boxes import BoxScreen, Line
from cloutui.screens.desk import Desk
from cloutui.screens.setup_forms import candidate_of, server_fields, server_values
from cloutui.screens.setup_words import facts_of, said_of
from cloutui.screens.setup_writing import store_in_write_mode
from cloutui.widgets.form import Form
from cloutui.widgets.form_state import SUBMIT
from cloutui.widgets.paragraph import Paragraph, lay_out

if TYPE_CHECKING:
    from cloutui.first_run import Candidate, FirstRun
    from cloutui.records.rows import ServerRecord

_TEST = "Test the server"
_TEST_GROUP = "test"


class ServerForm(Form):
    """Submitting tests; submitting again what has been tested adds it."""

    @dataclass
    class Added(Form.Sent):
        """The server is in the records now."""

        note: str

    def __init__(self, desk: Desk, run: FirstRun, kept: ServerRecord | None) -> None:
        """`kept`: the server that is corrected; None for a new one."""
        values = server_values(kept) if kept else None
        super().__init__(desk.look, "Set up: the first server", server_fields(is_known=bool(kept)), submit=_TEST)
        if values:
            self.state.put({name: value for name, value in values.items() if name in self.state.edits})
            self.state.kept()
        self._desk = desk
        self._run = run
        self._kept = kept
        self._host_keys: dict[tuple[object, object], str] = {}
        """Keys that the reader has said yes to, by host and port."""
        if kept and kept.doors and "host_key" in kept.doors[0]:
            self._host_keys[_address(kept.doors[0])] = str(kept.doors[0]["host_key"])
        self._tested: Candidate | None = None

    def _candidate(self) -> Candidate:
        candidate = candidate_of(self.state)
        if key := self._host_keys.get(_address(candidate.door)):
            candidate = replace(candidate, door={**candidate.door, "host_key": key})
        return replace(candidate, name=self._kept.name) if self._kept else candidate

    @on(Form.Changed)
    def _forget_test(self) -> None:
        if self._tested is not None:
            self._tested = None
            self.submit_words = _TEST
            self.explain(below=())

    @on(Form.Submitted)
    def _go(self, message: Form.Submitted) -> None:
        message.stop()
        if self._tested is None:
            ask_in_background(self, self._test, _TEST_GROUP)
        else:
            store_in_write_mode(self, self._desk, self._run, self._add, self._left_as_it_was)

    @on(Form.Left)
    def _stop(self, message: Form.Left) -> None:
        if self.busy:
            message.stop()
            self.workers.cancel_group(self, _TEST_GROUP)

    # Testing.

    async def _test(self) -> None:
        candidate = self._candidate()
        self.explain(below=())
        self.work(f"asking {safe(candidate.name)}, esc stops")
        try:
            identity = await self._run.try_out(candidate, kept=self._kept)
        except UnknownHost as error:
            box = HostKeyBox(self._desk, error)
            self.app.push_screen(box, partial(self._trust, candidate, error.fingerprint))
        except CloutuiError as error:
            self.explain(below=said_of(error, self.look))
        else:
            self._tested = replace(candidate, name=identity.name) if self._is_unnamed() else candidate
            self.submit_words = f"Add {safe(self._tested.name)}" if self._kept is None else f"Change {self._kept.name}"
            self.state.go_to(SUBMIT)
            self.explain(below=facts_of(identity, self._desk.now(), self.look))
        finally:
            self.work("")

    def _is_unnamed(self) -> bool:
        return self._kept is None and not self.state.values.get("name")

    def _trust(self, candidate: Candidate, fingerprint: str, yes: bool | None) -> None:
        if yes:
            ask_in_background(self, partial(self._take_key, candidate, fingerprint), _TEST_GROUP)

    async def _take_key(self, candidate: Candidate, fingerprint: str) -> None:
        try:
            key = await self._run.host_key(candidate.door, fingerprint)
        except OSError as error:
            refused = Invalid(f"The host's key could not be read again: {error}.", hint="Test the server again.")
            self.explain(below=said_of(refused, self.look))
        except CloutuiError as error:
            self.explain(below=said_of(error, self.look))
        else:
            self._host_keys[_address(candidate.door)] = key
            await self._test()

    # Adding.

    def _left_as_it_was(self, error: CloutuiError | None) -> None:
        self.work("")
        if error is not None:
            self.explain(below=said_of(error, self.look))

    async def _add(self) -> None:
        assert self._tested is not None
        try:
            note = await self._run.add(self._tested, update=self._kept is not None)
        except Conflict as error:
            self.refuse("name", error.what)
        except CloutuiError as error:
            self._left_as_it_was(error)
        else:
            self.state.kept()
            self.post_message(self.Added(self, note))
        finally:
            self.work("")


def _address(door: object) -> tuple[object, object]:
    assert isinstance(door, dict)
    return door.get("host"), door.get("port")


class HostKeyBox(BoxScreen):
    """Whether this is the host. Nothing has been told to it yet; `enter` does not say yes."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("y", "trust", "trust this key", id="host-key.trust")]

    def __init__(self, desk: Desk, error: UnknownHost) -> None:
        super().__init__(desk, "Trust the key of this host", "esc: do not")
        self._error = error

    def lines(self, width: int) -> list[Line]:
        """What it shows, how to compare it, and the two ways on."""
        palette = self.desk.look.palette
        plain, muted = palette.style(on="panel"), palette.style("muted", "panel")
        accent = palette.style("accent", "panel", bold=True)
        said = [
            Paragraph(),
            Paragraph([(" ", plain)], self._error.what, plain),
            Paragraph(),
            Paragraph([(" ", plain)], "Compare it with what the host says of itself, at its own console:", muted),
            Paragraph([(" ", plain)], "ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub", plain),
            Paragraph(),
        ]
        keys = [(" y", accent), (" trust this key", plain), ("    esc", accent), (" go back", plain)]
        return [*(laid.pieces for laid in lay_out(said, width, plain)), keys, []]

    def action_trust(self) -> None:
        """It is the host."""
        self.dismiss(True)
