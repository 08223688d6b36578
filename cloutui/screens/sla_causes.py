"""What broke the promise to a unit: its nodes, the most costly first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from cloutui.model import formats
from cloutui.model.link import Link
from cloutui.model.status import Status
from cloutui.screens.desk import Desk
from cloutui.screens.jobs import jobs_of
from cloutui.screens.notices import empty_notice
from cloutui.screens.sla_period import COUNTED, PeriodTable, tenth
from cloutui.screens.subject import Subject
from cloutui.screens.table_view import Listing, field_lines_left_out, where
from cloutui.screens.view import LinkOpened
from cloutui.widgets.paragraph import Paragraph

if TYPE_CHECKING:
    from cloutui.model.table import Answer

CAUSES = Listing(
    report="sla-causes",
    key=("node_id", "unit_id"),
    shown=("node", "cost", "share", "failed", "missed", "warning", "okwarn", "last_bad", "unit", "server"),
    noun="node",
    writers={**COUNTED, "share": tenth},
)


class SlaCauses(PeriodTable):
    """Nodes by how many of their jobs broke the promise, the most costly first."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "What broke it", CAUSES)

    def crumbs(self) -> list[str]:
        """Below the screen of units."""
        return [*super().crumbs(), "What broke it"]

    def note(self, answer: Answer) -> str:
        """The period, and how many."""
        return f"{self.period.words(self.desk.today())}   {formats.plural(answer.total, 'node')}"

    def why_empty(self) -> list[Paragraph]:
        """Nothing did, or the filter hides it."""
        look, name = self.desk.look, self.desk.scope_name()
        if self.filter:
            return empty_notice(look, f"No match for {self.filter}.", ("esc", "clears the filter"))
        if not self.desk.as_of:
            return self.no_servers()
        words = self.period.words(self.desk.today())
        return empty_notice(look, f"Nothing broke the promise to {name}: {words}.", ("w", "looks at another period"))

    def entitle_peek(self, row: dict[str, Any]) -> None:
        """The node, and where it is."""
        assert self.peek is not None
        enter = self.desk.look.glyphs.enter
        self.peek.entitle(row["node"], f"{where(self.desk, row['unit'], row['server'])}   {enter} all of it")

    def glance(self, row: dict[str, Any]) -> list[Paragraph]:
        """Its share of all that broke the promise."""
        muted = self.desk.look.palette.style("muted")
        jobs, last = formats.plural(row["cost"], "job"), formats.short_day(row["last_bad"])
        said = f"{row['share']:.1f}% of what broke it: {jobs}, the last on {last}"
        return [Paragraph([("    ", muted)], said, muted), *field_lines_left_out(self)]

    async def detail(self, row: dict[str, Any]) -> Sequence[Paragraph]:
        """With the last of its jobs that went wrong."""
        if self.desk.session is None:
            return self.glance(row)
        answer = await self.desk.session.ask("node-jobs", unit=self.desk.scope, node_id=row["node_id"])
        job = next((job for job in jobs_of(answer) if Status(job.status).is_problem), None)
        return [*self.glance(row), *(job.paragraphs(self.desk) if job else ())]

    def subject(self) -> Subject | None:
        """The node."""
        row = self.chosen()
        return (
            Subject(name=row["node"], node_id=row["node_id"], node=row["node"], server=row["server"]) if row else None
        )

    def open(self, row: dict[str, Any]) -> None:
        """All of the node."""
        self.post_message(LinkOpened(Link(unit=self.desk.unit, screen="nodes", kind="node", id=row["node_id"])))
