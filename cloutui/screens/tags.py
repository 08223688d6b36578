"""The screen of tags: whose they are, what has them, and what asks for them; the unit's own, those in use, and more."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from textual.binding import Binding, BindingType

from cloutui.model import formats
from cloutui.model.filter.rendering import render_value
from cloutui.model.link import Link
from cloutui.model.privilege import Privilege
from cloutui.model.safe_text import safe
from cloutui.model.status import Status
from cloutui.screens.desk import Desk
from cloutui.screens.notices import empty_notice
from cloutui.screens.parted_view import PartedView
from cloutui.screens.table_view import Listing
from cloutui.screens.view import ActionAsked, LinkOpened
from cloutui.widgets.lines import ACT, MOVE
from cloutui.widgets.paragraph import Paragraph
from cloutui.widgets.result_cells import Cell, Writing

if TYPE_CHECKING:
    pass

Row = dict[str, Any]

OWN, ASSIGNED, AVAILABLE = "own", "assigned", "available"
PARTS = (OWN, ASSIGNED, AVAILABLE)
"""What the report `tags` is asked to show."""

_MOST_USES = 40
"""Named in the peek; the list behind enter has all of them."""


def _number(value: Any, status: Status | None, writing: Writing) -> Cell:
    """None of something is quiet."""
    del status, writing
    return Cell(formats.count(value), "text" if value else "faint")


def _owner(value: Any, status: Status | None, writing: Writing) -> Cell:
    """A unit above the reader's own is not named."""
    del status, writing
    return Cell(safe(str(value)), "text") if value else Cell("above yours", "muted")


TAGS = Listing(
    report="tags",
    key=("tag_id",),
    shown=("tag", "owner", "inherit", "units", "nodes", "used_in"),
    noun="tag",
    writers={"units": _number, "nodes": _number, "owner": _owner},
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """What a key does: it opens the dialog of an action, with what the cursor row gives to it."""

    action: str
    given: Callable[[Row], dict[str, object]]
    is_of_owner: bool = True
    """Whether only who sees the tag's owner can do it."""
    needs_row: bool = True


def _tag(row: Row) -> dict[str, object]:
    return {"tag": row["named"]}


def _tags(row: Row) -> dict[str, object]:
    return {"tags": [row["named"]]}


DEEDS: Mapping[str, Deed] = {
    "add": Deed(action="tag.create", given=lambda _row: {}, needs_row=False),
    "edit": Deed(
        action="tag.rename",
        given=lambda row: {**_tag(row), "text": row["tag"], "inheritable": row["inherit"] == "yes"},
    ),
    "remove": Deed(action="tag.remove", given=_tag),
    "put": Deed(action="tag.put", given=_tags, is_of_owner=False),
    "take": Deed(action="tag.take", given=_tags, is_of_owner=False),
}
"""By what the key is called. All of them need the one right to change tags. `named`: see `Tags`."""


class Tags(PartedView):
    """One part at a time."""

    NAME = "Tags"
    FIRST = OWN

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("J,right_square_bracket", "part(1)", "next part", id="tags.next-part", tooltip="part", group=MOVE),
        Binding(
            "K,left_square_bracket", "part(-1)", "part before", id="tags.previous-part", tooltip="part", group=MOVE
        ),
        Binding("a", "deed('add')", "new tag", id="tags.add", group=ACT),
        Binding("E", "deed('edit')", "rename, hand down or keep", id="tags.edit", tooltip="edit", group=ACT),
        Binding("t", "deed('put')", "put it on nodes and units", id="tags.put", tooltip="put on", group=ACT),
        Binding("A", "deed('take')", "take it off", id="tags.take", tooltip="take off", group=ACT),
        Binding("D", "deed('remove')", "remove", id="tags.remove", group=ACT),
    ]

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, TAGS)

    def parameters(self) -> dict[str, object]:
        """The part."""
        return {"show": self.part}

    # Parts.

    def parts(self) -> Sequence[str]:
        """All three: who sees tags sees each."""
        return PARTS

    def turn_to(self, part: str) -> None:
        """The unit's own where there is no such part."""
        self.part = part if part in PARTS else OWN
        self.name_parts()

    async def total_of(self, part: str) -> int:
        """Of the unit that is looked at."""
        assert self.desk.session is not None
        return (await self.desk.session.ask("tags", unit=self.desk.scope, show=part, limit=1)).total

    def action_part(self, step: int) -> None:
        """Another part. A filter means the same there."""
        self.turn_to(PARTS[(PARTS.index(self.part) + step) % len(PARTS)])
        self.scope_changed()

    def why_empty(self) -> list[Paragraph]:
        """What is not there, and the key that helps."""
        look, name = self.desk.look, self.desk.scope_name()
        if self.filter:
            return empty_notice(look, f"No match for {self.filter}.", ("esc", "clears the filter"))
        said = {
            OWN: f"{name} has no tag of its own, and no unit below it has one.",
            ASSIGNED: f"Nothing in {name} has a tag.",
            AVAILABLE: f"There is no tag that could be put on {name}.",
        }
        return empty_notice(look, said[self.part], ("a", "makes one"), ("J", "shows the next part"))

    # What can be done.

    def open(self, row: Row) -> None:
        """The nodes that have it."""
        query = {"filter": f"tag:{render_value(row['tag'])}"}
        self.post_message(LinkOpened(Link(unit=self.desk.unit, screen="nodes", query=query)))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A key is there where it means something; without the right it is shown, and does nothing."""
        if action != "deed":
            return super().check_action(action, parameters)
        deed, row = DEEDS[str(parameters[0])], self.chosen()
        if deed.needs_row and not (row and (row["unit_id"] is not None or not deed.is_of_owner)):
            return False
        session = self.desk.session
        return True if session is not None and session.may(Privilege.TAG_EDIT) else None

    def missing_right(self, binding: Binding) -> str:
        """Which right a key lacks that is shown and does nothing."""
        return Privilege.TAG_EDIT.value if binding.action.startswith("deed") else ""

    def action_deed(self, word: str) -> None:
        """Ask for what the action needs beside the row."""
        deed = DEEDS[word]
        given = deed.given(self._named_row()) if deed.needs_row else {"unit": str(self.desk.unit)}
        self.post_message(ActionAsked(deed.action, **given))

    def _named_row(self) -> Row:
        """The cursor row, with what its tag is called in a dialog: its text, or its id where two have the text."""
        row = self.chosen()
        texts = self.answer.rows.column("tag").to_pylist() if self.answer is not None else []
        return {**row, "named": row["tag"] if texts.count(row["tag"]) == 1 else row["tag_id"]}

    # The peek.

    def peek_key(self) -> Hashable:
        """The tag, in the part."""
        return self.part, self.table.key

    def tell(self) -> None:
        """Other keys are right for a tag of a unit above."""
        super().tell()
        self.refresh_bindings()

    def entitle_peek(self, row: Row) -> None:
        """The tag, and where it may be put."""
        assert self.peek is not None
        owner = safe(row["owner"]) if row["owner"] else "a unit above yours"
        reach = f"{owner} and all below it" if row["inherit"] == "yes" else f"{owner} alone"
        self.peek.entitle(row["tag"], f"for {reach}   {self.desk.look.glyphs.enter} its nodes")

    def glance(self, row: Row) -> list[Paragraph]:
        """What the row itself knows."""
        said = [
            f"put on {formats.plural(row['units'], 'unit')}" if row["units"] else "",
            f"{formats.plural(row['nodes'], 'node')} {'has' if row['nodes'] == 1 else 'have'} it",
            f"asked for by {row['used_in']}" if row["used_in"] else "",
        ]
        return [Paragraph([("    ", self.desk.look.palette.style("muted"))], ", ".join(filter(None, said)))]

    async def detail(self, row: Row) -> Sequence[Paragraph]:
        """Which units and nodes. Raises: CloutuiError."""
        session = self.desk.session
        if session is None:
            return self.glance(row)
        answer = await session.ask("tag-uses", unit=self.desk.scope, tag_id=row["tag_id"], limit=_MOST_USES)
        uses = answer.rows.to_pylist()
        lines = [
            self._named("units", [use["name"] for use in uses if use["kind"] == "unit"]),
            self._named("nodes", [use["name"] for use in uses if use["kind"] == "node" and use["how"] == "put on it"]),
            self._named("by their unit", [use["name"] for use in uses if use["how"] == "from its unit"]),
        ]
        more = answer.total - len(uses)
        left = [self._named("and", [f"{formats.count(more)} more"])] if more > 0 else []
        return [*self.glance(row), *(line for line in (*lines, *left) if line is not None)]

    def _named(self, what: str, names: Sequence[str]) -> Paragraph | None:
        muted = self.desk.look.palette.style("muted")
        return Paragraph([(f"    {what:<15}", muted)], "  ".join(map(safe, names))) if names else None
