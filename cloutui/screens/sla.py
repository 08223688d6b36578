"""The screen `7 SLA`: what was promised to each unit, and whether it is kept."""

from __future__ import annotations

import re
from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from textual.binding import Binding, BindingType

from cloutui.model import formats
from cloutui.model.link import Link
from cloutui.model.privilege import Privilege
from cloutui.model.sla import Period
from cloutui.model.status import Status
from cloutui.model.step import Step
from cloutui.screens.desk import Desk
from cloutui.screens.notices import empty_notice
from cloutui.screens.sla_period import COUNTED, PeriodTable, tenth
from cloutui.screens.subject import Subject
from cloutui.screens.table_view import Listing
from cloutui.screens.view import ActionAsked, LinkOpened
from cloutui.widgets.lines import ACT
from cloutui.widgets.paragraph import Paragraph
from cloutui.widgets.result_cells import Cell, Writing
from cloutui.widgets.sparkline import sparkline

if TYPE_CHECKING:
    from cloutui.model.table import Answer

_COSTLIEST = 5
_MOST_MONTHS = 6
_NUMBER = re.compile(r"\d{1,3}\.\d", re.ASCII)


def _result(value: Any, status: Status | None, writing: Writing) -> Cell:
    """Coloured as the unit stands."""
    cell = tenth(value, status, writing)
    return cell._replace(role=status.key, bold=status.is_problem) if status else cell


def _left(value: Any, status: Status | None, writing: Writing) -> Cell:
    """What may still go wrong; below nothing, `none`."""
    del status, writing
    return Cell(formats.count(int(value))) if value >= 0 else Cell("none", "error")


def _months(value: Any, status: Status | None, writing: Writing) -> Cell:
    """The shape of the last months, the newest at the right."""
    del status
    results = results_of(str(value))
    return Cell(sparkline(results, writing.glyphs, len(results)), "muted")


def results_of(months: str) -> list[float | None]:
    """`· 97.6 98.0` as numbers; None where a month has none."""
    return [float(text) if _NUMBER.fullmatch(text) else None for text in months.split()[-_MOST_MONTHS:]]


SLA = Listing(
    report="sla",
    key=("unit_id",),
    shown=(*("unit", "goal", "jobs", "ok", "okwarn", "warning", "failed", "missed", "result", "left", "months"),),
    noun="unit",
    writers={**COUNTED, "goal": tenth, "result": _result, "left": _left, "months": _months},
)


class Sla(PeriodTable):
    """Whether each unit keeps what was promised to it, those that do not first."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("E", "promise", "promise another share", id="sla.promise", tooltip="goal", group=ACT)
    ]

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "SLA compliance", SLA)

    def note(self, answer: Answer) -> str:
        """The period, and the goal of the unit that is looked at."""
        rows = answer.rows.slice(0, 1).to_pylist()
        goal = f"   goal {rows[0]['goal']:.1f}%" if rows and rows[0]["unit_id"] == self.desk.unit else ""
        return f"{self.period.words(self.desk.today())}{goal}"

    def why_empty(self) -> list[Paragraph]:
        """There is always the unit itself, unless the filter hides it."""
        if self.filter:
            return empty_notice(self.desk.look, f"No match for {self.filter}.", ("esc", "clears the filter"))
        return empty_notice(self.desk.look, f"No units in {self.desk.scope_name()}.", ("b", "chooses another unit"))

    # The peek.

    def peek_key(self) -> Hashable:
        """The unit and the period."""
        return self.table.key, self.period

    def entitle_peek(self, row: dict[str, Any]) -> None:
        """The unit, and how far it is from its goal."""
        assert self.peek is not None
        self.peek.entitle(row["unit"], f"{self.desk.look.glyphs.enter} what broke it")

    def glance(self, row: dict[str, Any]) -> list[Paragraph]:
        """From where the goal is, which jobs count, and the last months."""
        muted = self.desk.look.palette.style("muted")
        said = [self._standing(row), f"{self._goal(row)} {self.desk.look.glyphs.nothing} {row['counts']}"]
        lines = [Paragraph([("    ", muted)], text, muted) for text in said if text]
        return [*lines, Paragraph([("    ", muted), *self._history(row)])]

    async def detail(self, row: dict[str, Any]) -> Sequence[Paragraph]:
        """With the nodes that cost most."""
        if self.desk.session is None or not row["jobs"] or row["good"] == row["jobs"]:
            return self.glance(row)
        asked = {**self.parameters(), "limit": _COSTLIEST}
        answer = await self.desk.session.ask("sla-causes", unit=row["unit_id"], **asked)
        costs = [f"{node['node']} {node['cost']:,}" for node in answer.rows.to_pylist()]
        more = f" and {formats.plural(answer.total - len(costs), 'other node')}" if answer.total > len(costs) else ""
        plain, muted = self.desk.look.palette.style(), self.desk.look.palette.style("muted")
        costliest = Paragraph([("    ", plain), ("costs most: ", muted)], ", ".join(costs) + more, plain)
        return [costliest, *self.glance(row)] if costs else self.glance(row)

    def _goal(self, row: dict[str, Any]) -> str:
        goal = f"goal {row['goal']:.1f}%"
        match row["source"]:
            case "own":
                return f"{goal}, its own"
            case "inherited":
                return f"{goal}, inherited from {row['set_on']}" if row["set_on"] else f"{goal}, from above"
            case "closed":
                revision = f", counted again {row['revision'] - 1} times" if row["revision"] > 1 else ""
                return f"{goal}, as the month was closed{revision}"
        return f"{goal}, as nobody said another"

    def _standing(self, row: dict[str, Any]) -> str:
        if row["left"] is None:
            return "No job that counts has ended."
        is_over = self.period.last < self.desk.today()
        if row["left"] < 0:
            short = formats.plural(-row["left"], "job")
            return f"Missed by {short}." if is_over else f"The goal is out of reach by {short}."
        if is_over:
            return f"Kept, with {formats.plural(row['left'], 'job')} to spare."
        return f"{formats.plural(row['left'], 'more job')} may go wrong."

    def _history(self, row: dict[str, Any]) -> list[tuple[str, Any]]:
        palette = self.desk.look.palette
        results = results_of(row["months"])
        last = Step.MONTH.first_of(Period.judged_on(self.period, self.desk.today()))
        pieces: list[tuple[str, Any]] = []
        for place, result in enumerate(results):
            month = Step.MONTH.moved(last, place + 1 - len(results))
            shown = self.desk.look.glyphs.nothing if result is None else f"{result:.1f}%"
            is_short = result is not None and result < row["goal"]
            pieces += [(f"{formats.month(month)} ", palette.style("muted"))]
            pieces += [(f"{shown}   ", palette.style("warning" if is_short else "text"))]
        return pieces

    # Keys.

    def subject(self) -> Subject | None:
        """The unit."""
        row = self.chosen()
        return Subject(name=row["unit"], unit_id=row["unit_id"]) if row else None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Without the right the key is shown, and does nothing."""
        if action != "promise":
            return super().check_action(action, parameters)
        session = self.desk.session
        if not self.chosen() or session is None:
            return False
        return True if session.may(Privilege.SLA_EDIT) else None

    def missing_right(self, binding: Binding) -> str:
        """Which right the key lacks."""
        return Privilege.SLA_EDIT.value if binding.action == "promise" else ""

    def action_promise(self) -> None:
        """Ask for the goal."""
        self.post_message(ActionAsked("sla.promise", unit=str(self.chosen()["unit_id"])))

    def open(self, row: dict[str, Any]) -> None:
        """What broke it."""
        query = {name: value for name, value in self.link_query().items() if name != "filter"}
        self.post_message(LinkOpened(Link(unit=row["unit_id"], screen="sla-causes", query=query)))
