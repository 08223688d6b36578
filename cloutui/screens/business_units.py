"""The screen of business units: the tree as a list, what holds for each unit and why, and what can be done with it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from textual.binding import Binding, BindingType

from cloutui.model import formats
from cloutui.model.link import Link
from cloutui.model.privilege import Privilege
from cloutui.model.status import Status
from cloutui.screens.business_unit_facts import PARTS, Part, paragraphs_of
from cloutui.screens.desk import Desk
from cloutui.screens.fields import field_lines
from cloutui.screens.moments import aware
from cloutui.screens.notices import empty_notice
from cloutui.screens.servers import PartedPeek
from cloutui.screens.subject import Subject
from cloutui.screens.table_view import Listing, TableView
from cloutui.screens.view import ActionAsked, LinkOpened
from cloutui.widgets.lines import ACT, MOVE, VIEW
from cloutui.widgets.paragraph import Paragraph
from cloutui.widgets.result_cells import Cell, Writing

if TYPE_CHECKING:
    from cloutui.model.table import Answer


def _number(value: Any, status: Status | None, writing: Writing) -> Cell:
    """None of something is quiet: what lives on a unit is seen at once."""
    del status, writing
    return Cell(formats.count(value), "text" if value else "faint")


def _problems(value: Any, status: Status | None, writing: Writing) -> Cell:
    """As loud as the worst of them."""
    del writing
    loud = bool(value) and status is not None and status.is_problem
    return Cell(formats.count(value), status.key if loud and status else "faint", bold=loud)


UNITS = Listing(
    report="business-units",
    key=("unit_id",),
    shown=("place", "status", "nodes", "own_nodes", "problems", "servers", "settings", "created"),
    noun="unit",
    writers={**dict.fromkeys(("nodes", "own_nodes", "servers", "settings"), _number), "problems": _problems},
)

Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """What a key does: it opens the dialog of an action, with what the cursor row gives to it."""

    action: str
    needs: Privilege
    given: Callable[[Row], dict[str, object]]
    of_archived: bool = False


def _unit(row: Row) -> dict[str, object]:
    return {"unit": row["unit_id"]}


DEEDS: Mapping[str, Deed] = {
    "add": Deed(action="unit.create", needs=Privilege.UNIT_CREATE, given=lambda row: {"parent": row["unit_id"]}),
    "rename": Deed(
        action="unit.rename",
        needs=Privilege.UNIT_EDIT,
        given=lambda row: {"unit": row["unit_id"], "name": row["unit"]},
    ),
    "move": Deed(action="unit.move", needs=Privilege.UNIT_EDIT, given=_unit),
    "set": Deed(action="unit.set", needs=Privilege.UNIT_EDIT, given=_unit),
    "rule": Deed(action="rule.set", needs=Privilege.RULE_EDIT, given=_unit),
    "assign": Deed(action="node.assign", needs=Privilege.NODE_EDIT, given=_unit),
    "archive": Deed(action="unit.archive", needs=Privilege.UNIT_DELETE, given=_unit),
    "restore": Deed(
        action="unit.restore",
        needs=Privilege.UNIT_DELETE,
        given=lambda row: {"archived": row["unit_id"]},
        of_archived=True,
    ),
}
"""By what the key is called."""


class BusinessUnits(TableView):
    """The tree of units as a list, in its order, and what can be done with each."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("J", "part(1)", "next part", id="units.next-part", show=False, group=MOVE),
        Binding("K", "part(-1)", "previous part", id="units.previous-part", show=False, group=MOVE),
        Binding("a", "deed('add')", "new unit below", id="units.add", tooltip="new below", group=ACT),
        Binding("E", "deed('rename')", "rename", id="units.rename", group=ACT),
        Binding("m", "deed('move')", "move under another unit", id="units.move", tooltip="move", group=ACT),
        Binding("c", "deed('set')", "change a setting", id="units.set", tooltip="setting", group=ACT),
        Binding("w", "deed('rule')", "rule that gives it nodes", id="units.rule", tooltip="rule", group=ACT),
        Binding("t", "deed('assign')", "assign nodes to it", id="units.assign", tooltip="assign", group=ACT),
        Binding("D", "deed('archive')", "archive", id="units.archive", show=False, group=ACT),
        Binding("A", "deed('restore')", "restore", id="units.restore", group=ACT),
        Binding("z", "archived", "archived units too", id="units.archived", tooltip="archived", group=VIEW),
    ]

    def __init__(self, desk: Desk) -> None:
        self._part = 0
        self.with_archived = False
        super().__init__(desk, "Business units", UNITS, PartedPeek(desk.look))

    def crumbs(self) -> list[str]:
        """The screen."""
        return ["Business units"]

    def parameters(self) -> dict[str, object]:
        """With archived units, when they are wanted."""
        return {"archived": True} if self.with_archived else {}

    def wanted_columns(self) -> Sequence[str]:
        """Which are archived is said only where some may be."""
        columns = super().wanted_columns()
        return (*columns, "state") if self.with_archived and "state" not in columns else columns

    def note(self, answer: Answer) -> str:
        """How many, and how many of them are archived."""
        archived = answer.rows.column("state").to_pylist().count("archived")
        return formats.plural(answer.total, "unit") + (f", {archived} archived" if archived else "")

    def why_empty(self) -> list[Paragraph]:
        """The unit itself is always there, so that only a filter can hide all."""
        return empty_notice(self.desk.look, f"No match for {self.filter}.", ("esc", "clears the filter"))

    def subject(self) -> Subject | None:
        """The unit; an archived one is on no other screen."""
        row = self.chosen()
        return Subject(name=row["unit"], unit_id=row["unit_id"]) if row and not _is_archived(row) else None

    def open(self, row: Row) -> None:
        """Its overview."""
        if not _is_archived(row):
            self.post_message(LinkOpened(Link(unit=row["unit_id"], screen="overview")))

    def action_archived(self) -> None:
        """Show archived units, or hide them again. The cursor stays on its unit."""
        place = self.place()
        self.with_archived = not self.with_archived
        self.table.choose_columns(self.wanted_columns())
        self.scope_changed(place)

    # What can be done.

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A key is there where it means something; without the right it is shown, and does nothing."""
        if action != "deed":
            return super().check_action(action, parameters)
        deed, row = DEEDS[str(parameters[0])], self.chosen()
        if not row or _is_archived(row) is not deed.of_archived:
            return False
        session = self.desk.session
        return True if session is not None and session.may(deed.needs) else None

    def missing_right(self, binding: Binding) -> str:
        """Which right a key lacks that is shown and does nothing."""
        word = binding.action.partition("'")[2].partition("'")[0]
        return DEEDS[word].needs.value if word in DEEDS else ""

    def action_deed(self, word: str) -> None:
        """Ask for what the action needs beside the row."""
        deed = DEEDS[word]
        self.post_message(ActionAsked(deed.action, **deed.given(self.chosen())))

    # The peek.

    def _parts(self) -> list[Part]:
        """Those that the reader may see."""
        session = self.desk.session
        return [part for part in PARTS if session is None or session.may(part.needs)]

    def action_part(self, step: int) -> None:
        """Another part of the peek."""
        parts = self._parts()
        if parts:
            self._part = (self._part + step) % len(parts)
            self.tell()

    def _part_now(self) -> Part | None:
        parts = self._parts()
        return parts[min(self._part, len(parts) - 1)] if parts else None

    def peek_key(self) -> Hashable:
        """The unit and the part."""
        part = self._part_now()
        return self.table.key, part and part.name

    def tell(self) -> None:
        """Other keys are right for an archived unit."""
        super().tell()
        self.refresh_bindings()

    def entitle_peek(self, row: Row) -> None:
        """The unit, and what can be told of it."""
        assert isinstance(self.peek, PartedPeek)
        self.peek.entitle(row["unit"], "")
        names = [part.name for part in self._parts()]
        self.peek.name_parts(names, min(self._part, max(0, len(names) - 1)))

    def _clear_peek(self) -> None:
        assert isinstance(self.peek, PartedPeek)
        self.peek.name_parts((), 0)
        super()._clear_peek()

    def glance(self, row: Row) -> list[Paragraph]:
        """What the row itself knows, until the part is there."""
        assert self.peek is not None
        created = aware(row["created"])
        known = [
            ("id", str(row["unit_id"])),
            ("state", row["state"]),
            ("created", formats.time(created, self.desk.now(), self.desk.zone) if created else ""),
        ]
        return field_lines(known, self.desk.look, self.peek.inner_width)

    async def detail(self, row: Row) -> Sequence[Paragraph]:
        """The part is asked for within the unit. Raises: CloutuiError."""
        part, session = self._part_now(), self.desk.session
        if part is None or session is None:
            return self.glance(row)
        answer = await session.ask(part.report, unit=row["unit_id"], **part.asked)
        assert self.peek is not None
        return paragraphs_of(part, answer.rows.to_pylist(), row, self.desk, self.peek.inner_width)


def _is_archived(row: Row) -> bool:
    return bool(row["state"] == "archived")
