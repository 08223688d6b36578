"""All of one node: its file spaces, its schedules, what it holds where, and its last jobs; below them its profile."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from textual.binding import Binding, BindingType

from cloutui.errors import CloutuiError, NotFound
from cloutui.model import formats
from cloutui.model.link import Link
from cloutui.model.status import Status
from cloutui.screens.desk import Desk
from cloutui.screens.fields import field_lines
from cloutui.screens.jobs import subject_of_job
from cloutui.screens.jobs_list import cell_of, job_of, told_in_full
from cloutui.screens.nodes import profile, subject_of
from cloutui.screens.notices import empty_notice
from cloutui.screens.subject import Subject
from cloutui.screens.table_view import Listing, TableView, where
from cloutui.screens.view import JobOpened
from cloutui.widgets.lines import MOVE
from cloutui.widgets.paragraph import Paragraph
from cloutui.widgets.result_cells import Cell, Writing

if TYPE_CHECKING:
    from cloutui.model.table import Answer

_BAR_CELLS = 10


def _fill(value: Any, status: Status | None, writing: Writing) -> Cell:
    """`━━━━──────  41%`: how full the disk behind a file space is."""
    del status
    ascii_only = writing.glyphs.rule.isascii()
    filled = round(min(100.0, max(0.0, float(value))) / 100 * _BAR_CELLS)
    bar = ("=" if ascii_only else "━") * filled + writing.glyphs.rule * (_BAR_CELLS - filled)
    return Cell(f"{bar} {formats.percent(float(value) / 100):>4}", "text")


PARTS: dict[str, Listing] = {
    "file spaces": Listing(
        report="node-filespaces",
        key=("filespace",),
        shown=("filespace", "type", "used", "capacity", "backup_end", "took"),
        noun="file space",
        writers={"used": _fill},
    ),
    "schedules": Listing(
        report="node-schedules",
        key=("domain", "schedule"),
        shown=("schedule", "status", "action", "start", "window", "period", "domain", "last_run"),
        noun="schedule",
    ),
    "occupancy": Listing(
        report="node-occupancy",
        key=("pool", "type"),
        shown=("pool", "type", "stored", "files", "logical", "physical"),
        noun="pool",
    ),
    "last jobs": Listing(
        report="node-jobs",
        key=("job_key",),
        shown=(
            *("schedule", "status", "scheduled_start", "start", "end", "bytes", "files", "examined", "failed"),
            "message",
        ),
        noun="job",
        status_detail="result",
    ),
}
_JOBS = "last jobs"


class NodeDetail(TableView):
    """One node, part by part."""

    TAKES_FILTER = False

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("J", "part(1)", "next part", id="node.next-part", group=MOVE),
        Binding("K", "part(-1)", "previous part", id="node.previous-part", show=False, group=MOVE),
    ]

    def __init__(self, desk: Desk, row: dict[str, Any], part: str = "") -> None:
        """`row` is the node's of the report `nodes`."""
        self.node = row
        self.part = part if part in PARTS else next(iter(PARTS))
        self._totals: dict[str, int] = {}
        super().__init__(desk, row["node"], PARTS[self.part])

    def crumbs(self) -> list[str]:
        """Screen and node."""
        return ["Nodes", self.node["node"]]

    def link(self) -> Link:
        """The node and the part of it that is shown."""
        return Link(unit=self.desk.unit, screen="nodes", kind="node", id=self.node["node_id"], query={"tab": self.part})

    def parameters(self) -> dict[str, object]:
        """This node."""
        return {"node_id": self.node["node_id"]}

    def subject(self) -> Subject:
        """The node; among its jobs, the job."""
        row = self.chosen() if self.part == _JOBS else {}
        return subject_of_job(job_of(row), cell_of(row)) if row else subject_of(self.node)

    # Parts.

    def on_mount(self) -> None:
        """The part that is shown first, and its rows when they come."""
        super().on_mount()
        self.reload(anew=True)

    def prepare(self) -> None:
        """Other columns, and other things that enter may do."""
        super().prepare()
        self.table.can_open = self.part == _JOBS
        self._name_parts()

    def action_part(self, step: int) -> None:
        """Another part of the node."""
        names = list(PARTS)
        self.part = names[(names.index(self.part) + step) % len(names)]
        self.listing = PARTS[self.part]
        self.prepare()
        self.reload(anew=True)

    def entitle(self, note: str) -> None:
        """What was found is said beside the name of the part."""

    def _name_parts(self) -> None:
        names = [f"{name} {formats.count(self._totals[name])}" if name in self._totals else name for name in PARTS]
        self.table.name_parts(names, list(PARTS).index(self.part))

    async def _load(self, *, anew: bool) -> None:
        await super()._load(anew=anew)
        for name, listing in PARTS.items():
            try:
                answer = await self.ask(listing.report, **self.parameters())
            except CloutuiError:
                continue  # said when the part is looked at; here it has no number
            if answer is not None:
                self._totals[name] = answer.total
                self._name_parts()

    def _show(self, answer: Answer, *, anew: bool) -> None:
        self._totals[self.part] = answer.total
        self._name_parts()
        super()._show(answer, anew=anew)

    def why_empty(self) -> list[Paragraph]:
        """What is not there, in words."""
        said = {
            "file spaces": "has no file spaces: nothing has been backed up yet.",
            "schedules": "is associated with no schedule: nothing will be backed up by itself.",
            "occupancy": "holds nothing in any pool.",
            _JOBS: "had no job in the last 30 days.",
        }[self.part]
        keys = [("J", "shows the next part"), ("backspace", "goes back")]
        return empty_notice(self.desk.look, f"{self.node['node']} {said}", *keys)

    # The peek.

    def tell(self) -> None:
        """Of a job the peek tells the job; beside any other part stands the profile, also when that part is empty."""
        if self.part == _JOBS and self.table.count() and not self.table.notice:
            super().tell()
        else:
            self._tell_profile()

    def _clear_peek(self) -> None:
        self._tell_profile()

    def _tell_profile(self) -> None:
        assert self.peek is not None
        self.peek.entitle("Profile", where(self.desk, self.node["unit"], self.node["server"], self.node["domain"]))
        self.peek.look_at("profile", self._profile(), self._profile_later)

    def _profile(self) -> list[Paragraph]:
        assert self.peek is not None
        fields = profile(self.desk, self.node)
        return [*self._stands(), *field_lines(fields, self.desk.look, self.peek.inner_width)]

    async def _profile_later(self) -> Sequence[Paragraph]:
        return self._profile()

    def _stands(self) -> list[Paragraph]:
        palette, glyphs, status = self.desk.look.palette, self.desk.look.glyphs, Status(self.node["status"])
        silent = self.silence_of(self.node["server"])
        said = [Paragraph([(f"  {glyphs.status[status]} {status.word}", palette.status(status))])]
        if silent:
            style = palette.status(Status.UNKNOWN)
            sign = f"  {glyphs.status[Status.UNKNOWN]} "
            said.append(Paragraph([(sign, style)], f"{self.node['server']} has not answered {silent}.", style))
        return said

    def peek_key(self) -> Hashable:
        """The job."""
        return self.part, self.table.key

    def entitle_peek(self, row: dict[str, Any]) -> None:
        """The job and its day."""
        assert self.peek is not None
        enter = self.desk.look.glyphs.enter
        self.peek.entitle(row["schedule"] or "not scheduled", f"{formats.short_day(row['day'])}   {enter} full text")

    def glance(self, row: dict[str, Any]) -> list[Paragraph]:
        """What happened."""
        return list(job_of(row).paragraphs(self.desk))

    async def detail(self, row: dict[str, Any]) -> Sequence[Paragraph]:
        """With the log."""
        return await told_in_full(self, job_of(row))

    def open(self, row: dict[str, Any]) -> None:
        """The job in full."""
        if self.part == _JOBS:
            self.post_message(JobOpened(job_of(row), cell_of(row)))


async def node_of(desk: Desk, link: Link) -> NodeDetail:
    """The view that a link names. Raises: NotFound, in the same words for what is not there and not the reader's."""
    if desk.session is None or link.id is None:
        raise NotFound("node", str(link.id))
    scope = None if link.unit == desk.root else link.unit
    answer = await desk.session.ask("nodes", unit=scope, filter=f"node_id={link.id}")
    rows = answer.rows.to_pylist()
    if not rows:
        raise NotFound("node", str(link.id))
    return NodeDetail(desk, rows[0], link.query.get("tab", ""))
