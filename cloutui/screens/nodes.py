"""The screen `8 Nodes`: every node of the scope, and who the one under the cursor is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from textual.binding import Binding, BindingType

from cloutui.model import formats
from cloutui.model.link import Link
from cloutui.model.privilege import Privilege
from cloutui.model.status import Status
from cloutui.screens.desk import Desk
from cloutui.screens.fields import Field, field_lines
from cloutui.screens.jobs import jobs_of
from cloutui.screens.moments import aware
from cloutui.screens.notices import empty_notice
from cloutui.screens.subject import Subject
from cloutui.screens.table_view import Listing, TableView, where
from cloutui.screens.view import ActionAsked, LinkOpened
from cloutui.widgets.lines import ACT
from cloutui.widgets.paragraph import Paragraph

if TYPE_CHECKING:
    from cloutui.model.table import Answer

NODES = Listing(
    report="nodes",
    key=("node_id",),
    shown=(
        *("node", "status", "unit", "platform", "client_version", "domain", "server", "stored", "files", "schedules"),
        *("last_ok", "state"),
    ),
    noun="node",
)


class Nodes(TableView):
    """Nodes, the worst first."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("M", "assign", "assign to a unit: it, or all that are marked", id="nodes.assign", show=False, group=ACT)
    ]

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "Nodes", NODES)

    def crumbs(self) -> list[str]:
        """The screen."""
        return ["Nodes"]

    def note(self, answer: Answer) -> str:
        """How many, and how many of them are out of use."""
        states = answer.rows.column("state").to_pylist()
        locked = sum(state == "Locked" for state in states)
        leaving = sum(state == "Decommissioning" for state in states)
        said = [f"locked {locked}" if locked else "", f"decommissioning {leaving}" if leaving else ""]
        return "   ".join(text for text in (formats.plural(answer.total, "node"), *said) if text)

    def why_empty(self) -> list[Paragraph]:
        """No servers, or none of their nodes is this unit's."""
        look, name = self.desk.look, self.desk.scope_name()
        if self.filter:
            return empty_notice(look, f"No match for {self.filter}.", ("esc", "clears the filter"))
        if not self.desk.as_of:
            return self.no_servers()
        return empty_notice(
            look,
            f"No nodes in {name} yet.",
            ("cloutui act rule.set", "gives nodes to a unit by their names"),
            ("b", "chooses another unit"),
        )

    def entitle_peek(self, row: dict[str, Any]) -> None:
        """The node, and where it belongs."""
        assert self.peek is not None
        path = where(self.desk, row["unit"], row["server"], row["domain"])
        self.peek.entitle(row["node"], f"{path}   {self.desk.look.glyphs.enter} all of it")

    def glance(self, row: dict[str, Any]) -> list[Paragraph]:
        """How it stands, and its profile."""
        assert self.peek is not None
        fields = field_lines(profile(self.desk, row), self.desk.look, self.peek.inner_width)
        return [*self._silence(row), *fields]

    async def detail(self, row: dict[str, Any]) -> Sequence[Paragraph]:
        """For a node with a problem, the job that it comes from stands first."""
        if not Status(row["status"]).is_problem or self.desk.session is None:
            return self.glance(row)
        answer = await self.desk.session.ask("node-jobs", unit=self.desk.scope, node_id=row["node_id"])
        job = next((job for job in jobs_of(answer) if job.status.is_problem), None)
        return [*(job.paragraphs(self.desk) if job else ()), *self.glance(row)]

    def _silence(self, row: dict[str, Any]) -> list[Paragraph]:
        silent = self.silence_of(row["server"])
        if not silent:
            return []
        style = self.desk.look.palette.status(Status.UNKNOWN)
        sign = f"  {self.desk.look.glyphs.status[Status.UNKNOWN]} "
        said = f"{row['server']} has not answered {silent}: this is what it said before."
        return [Paragraph([(sign, style)], said, style)]

    def subject(self) -> Subject | None:
        """The node."""
        row = self.chosen()
        return subject_of(row) if row else None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Without the right the key is shown, and does nothing."""
        if action != "assign":
            return super().check_action(action, parameters)
        session = self.desk.session
        if not self.chosen() or session is None:
            return False
        return True if session.may(Privilege.NODE_EDIT) else None

    def missing_right(self, binding: Binding) -> str:
        """Which right the key lacks."""
        return Privilege.NODE_EDIT.value if binding.action == "assign" else ""

    def action_assign(self) -> None:
        """Ask to which unit. The dialog tells from where how many would move."""
        row, marked = self.chosen(), sorted(map(int, map(str, self.table.marks)))
        self.post_message(ActionAsked("node.assign", nodes=marked or [f"{row['server']}/{row['node']}"]))

    def open(self, row: dict[str, Any]) -> None:
        """All of the node."""
        self.post_message(LinkOpened(Link(unit=self.desk.unit, screen="nodes", kind="node", id=row["node_id"])))


def subject_of(row: dict[str, Any]) -> Subject:
    """The node that a row of the report `nodes` is about."""
    return Subject(name=row["node"], node_id=row["node_id"], node=row["node"], server=row["server"])


def profile(desk: Desk, row: dict[str, Any]) -> list[Field]:
    """What is known of a node beside what it holds: a row of the report `nodes`."""
    registered, accessed, last_ok = (aware(row[name]) for name in ("registered", "last_access", "last_ok"))
    now, zone = desk.now(), desk.zone
    stored = row["stored"]
    return [
        ("state", row["state"]),
        ("os", row["platform"] or ""),
        ("client", row["client_version"] or ""),
        ("server", row["server"]),
        ("domain", row["domain"] or ""),
        ("contact", row["contact"] or ""),
        ("stored", formats.size(stored) if stored is not None else "-"),
        ("bytes", formats.exact_count(stored) if stored is not None else "-"),
        ("files", formats.exact_count(row["files"]) if row["files"] is not None else "-"),
        ("last ok", formats.time(last_ok, now, zone) if last_ok else "none in 60 days"),
        ("last access", formats.time(accessed, now, zone) if accessed else "never"),
        ("registered", formats.day(registered.astimezone(zone).date(), desk.today()) if registered else ""),
    ]
