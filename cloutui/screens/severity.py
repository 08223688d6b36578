"""What counts as a warning: the severity rules in force for a unit or one node, and where each of them is set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

from textual.binding import Binding, BindingType

from cloutui.errors import CloutuiError
from cloutui.model import formats
from cloutui.model.filter.rendering import render_value
from cloutui.model.privilege import Privilege
from cloutui.model.safe_text import safe
from cloutui.model.status import Status
from cloutui.screens.daily_reasons import said_by
from cloutui.screens.desk import Desk
from cloutui.screens.notices import empty_notice
from cloutui.screens.product_names import PRODUCTS
from cloutui.screens.table_view import Listing, TableView, field_lines_left_out
from cloutui.screens.view import ActionAsked, LinkOpened
from cloutui.widgets.lines import ACT, GO
from cloutui.widgets.paragraph import Paragraph
from cloutui.widgets.result_cells import Cell, Writing
from cloutui.widgets.result_rows import keys_of

if TYPE_CHECKING:
    from cloutui.model.link import Link
    from cloutui.model.table import Answer

_NAMED = 6
"""Nodes that stand as they do by a rule and are named in the peek."""

_EDITS = frozenset({"add", "clear"})


def _value(value: str, status: Status | None, writing: Writing) -> Cell:
    """What the rule says, in the colour of what it makes of a day."""
    del writing
    if status is None or status is Status.NONE:
        return Cell(safe(value), "faint")
    return Cell(safe(value), status.key, bold=status.is_problem)


def _product(value: str, status: Status | None, writing: Writing) -> Cell:
    """`SP`; nothing where it holds for every product."""
    del status, writing
    return Cell(PRODUCTS.get(value, safe(value)), "muted")


def looks_at(help_text: str) -> str:
    """What a kind of rule looks at, without the example of how to write one."""
    return f"{help_text.partition(':')[0].rstrip('.')}."


def _help(value: str, status: Status | None, writing: Writing) -> Cell:
    del status, writing
    return Cell(looks_at(value), "muted")


RULES = Listing(
    report="severity-rules",
    key=("key", "product"),
    shown=("key", "value", "source", "product", "help"),
    noun="rule",
    writers={"value": _value, "product": _product, "help": _help},
)


class SeverityRules(TableView):
    """What counts as a warning, and who said so."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "add", "add a rule", id="severity.add", tooltip="add", group=ACT),
        Binding("D", "clear", "take back: inherit", id="severity.clear", tooltip="inherit", group=ACT),
        Binding("d", "reports", "today's reports that stand by it", id="severity.reports", show=False, group=GO),
    ]

    def __init__(self, desk: Desk) -> None:
        self.node_id: int | None = None
        """Whose rules are shown; None: the unit's."""
        self._node = ""
        super().__init__(desk, "Severity rules", replace(RULES, writers={**RULES.writers, "source": self._source}))

    def _source(self, value: str, status: Status | None, writing: Writing) -> Cell:
        """Who said it; loud where that is what is looked at, because it can be taken back here."""
        del status, writing
        is_here = value == ("node" if self.node_id is not None else self.desk.scope_name())
        return Cell("here" if is_here else said_by(value), "accent" if is_here else "muted")

    def crumbs(self) -> list[str]:
        """The screen, and the node."""
        return ["Rules", *([self._node or "one node"] if self.node_id is not None else [])]

    # Whose.

    def parameters(self) -> dict[str, object]:
        """Of the unit, or of one node."""
        return {} if self.node_id is None else {"node_id": self.node_id}

    def link_query(self) -> dict[str, str]:
        """With the node."""
        return {**super().link_query(), **({} if self.node_id is None else {"node": str(self.node_id)})}

    def show(self, link: Link, place: Any = None) -> None:
        """A link may name a node, and with `at` a rule."""
        named = link.query.get("node", "")
        node_id = int(named) if named.isdecimal() else None
        if node_id != self.node_id:
            self.node_id, self._node = node_id, ""
            self.is_answered = False
        super().show(link, place)

    def _show(self, answer: Answer, *, anew: bool) -> None:
        """A link names a rule by its key alone; the first that has it is meant."""
        if isinstance(self._wanted, str):
            keys = keys_of(answer.rows, RULES.key)
            self._wanted = next((key for key in keys if isinstance(key, tuple) and key[0] == self._wanted), None)
        super()._show(answer, anew=anew)

    async def _load(self, *, anew: bool) -> None:
        if self.node_id is not None and not self._node:
            await self._ask_name()
        await super()._load(anew=anew)

    async def _ask_name(self) -> None:
        assert self.desk.session is not None
        try:
            answer = await self.desk.session.ask("nodes", unit=self.desk.scope, filter=f"node_id={self.node_id}")
        except CloutuiError:
            return  # the rules are there without it
        self._node = str(next(iter(answer.rows.column("node").to_pylist()), ""))

    # What is said.

    def note(self, answer: Answer) -> str:
        """Whose they are, and how many of them are set here."""
        whose = (self._node or "one node") if self.node_id is not None else self.desk.scope_name()
        own = sum(bool(each) for each in answer.rows.column("own").to_pylist())
        said = f"{formats.count(own)} set here" if own else "all inherited"
        return f"for {whose}   {said}   {formats.plural(answer.total, 'rule')}"

    def why_empty(self) -> list[Paragraph]:
        """A filter hides them; there is no unit without rules."""
        look = self.desk.look
        if self.filter:
            return empty_notice(look, f"No rule matches {self.filter}.", ("esc", "clears the filter"))
        return empty_notice(look, "No rules here: the node is gone, or not yours.", ("backspace", "goes back"))

    def entitle_peek(self, row: dict[str, Any]) -> None:
        """The rule, and whose it is."""
        assert self.peek is not None
        may = self.check_action("add", ())
        opens = f"   {self.desk.look.glyphs.enter} changes it" if may else ""
        self.peek.entitle(row["key"], f"{said_by(row['source'])}{opens}")

    def glance(self, row: dict[str, Any]) -> list[Paragraph]:
        """What it looks at, and what it says."""
        palette, glyphs, grade = self.desk.look.palette, self.desk.look.glyphs, Status(row["grade"])
        of = f" of {row['product']}" if row["product"] else ""
        said = f"  {glyphs.status[grade]} {safe(row['value'])}"
        return [
            Paragraph([(said, palette.status(grade)), (f"  {said_by(row['source'])}{of}", palette.style("muted"))]),
            Paragraph([("    ", palette.style())], looks_at(row["help"]), palette.style("muted")),
            *field_lines_left_out(self),
        ]

    async def detail(self, row: dict[str, Any]) -> Sequence[Paragraph]:
        """With the reports of today that stand as they do by it."""
        session, palette, glyphs = self.desk.session, self.desk.look.palette, self.desk.look.glyphs
        assert session is not None
        told = self.glance(row)
        if not session.may(Privilege.JOB_VIEW):
            return told
        asked: dict[str, object] = {"day": self.desk.today().isoformat(), "filter": self._decided_by(row)}
        answer = await session.ask("daily", unit=self.desk.scope, limit=_NAMED, **asked)
        if not answer.total:
            return [*told, Paragraph([("    ", palette.style())], "No report of today stands by it.")]
        told.append(Paragraph([("    ", palette.style())], f"{formats.plural(answer.total, 'report')} of today by it:"))
        for report in answer.rows.to_pylist():
            status = Status(report["status"])
            sign = (f"      {glyphs.status[status]} {safe(report['node'])}  ", palette.status(status))
            told.append(Paragraph([sign], report["reason"] or "", palette.style("muted")))
        return told

    def _decided_by(self, row: dict[str, Any]) -> str:
        node = "" if self.node_id is None else f" node_id={self.node_id}"
        return f"rule={render_value(row['key'])}{node}"

    # What can be done.

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Without the right the keys are shown, and do nothing; only what is set here can be taken back."""
        if action == "reports":
            return bool(self.chosen())
        if action not in _EDITS:
            return super().check_action(action, parameters)
        if action == "clear" and not self.chosen().get("own"):
            return False
        session = self.desk.session
        return True if session is not None and session.may(Privilege.SEVERITY_EDIT) else None

    def missing_right(self, binding: Binding) -> str:
        """Which right a key lacks."""
        return Privilege.SEVERITY_EDIT.value if binding.action in _EDITS else super().missing_right(binding)

    def tell(self) -> None:
        """Other keys are right for another row."""
        super().tell()
        self.refresh_bindings()

    def _whose(self) -> dict[str, object]:
        return {"unit": self.desk.unit} if self.node_id is None else {"node": self.node_id}

    def open(self, row: dict[str, Any]) -> None:
        """Change it here; without the right, its reports."""
        if self.check_action("add", ()):
            said = {name: row[name] for name in ("key", "value", "product") if row[name]}
            self.post_message(ActionAsked("severity.set", **self._whose(), **said))
        else:
            self.action_reports()

    def action_add(self) -> None:
        """A rule for something else: a message, words, a result code."""
        self.post_message(ActionAsked("severity.set", **self._whose()))

    def action_clear(self) -> None:
        """Nothing is said here any more: what is said above holds."""
        row = self.chosen()
        said = {name: row[name] for name in ("key", "product") if row[name]}
        self.post_message(ActionAsked("severity.clear", **self._whose(), **said))

    def action_reports(self) -> None:
        """The daily status, with what stands by this rule alone."""
        from cloutui.model.link import Link

        query = {"filter": self._decided_by(self.chosen())}
        self.post_message(LinkOpened(Link(unit=self.desk.unit, screen="daily", query=query)))
