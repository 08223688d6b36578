"""Why a node's day stands as it does: the rules that it hit, each with what was found, what it says, and who set it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from rich.cells import cell_len
from textual.binding import Binding, BindingType

from cloutui.model.safe_text import safe
from cloutui.model.status import Status
from cloutui.screens.boxes import BoxScreen, Line, button
from cloutui.screens.desk import Desk
from cloutui.screens.freshness import ages
from cloutui.screens.product_names import PRODUCTS
from cloutui.widgets.paragraph import Paragraph, lay_out
from cloutui.widgets.text import Piece, cut, pad

_MOST = {"reason": 26, "found": 10, "says": 34}

Row = Mapping[str, Any]


def reasons(rows: Iterable[Row], desk: Desk, on: str = "background") -> list[Paragraph]:
    """Rows of the report `node-grades`: what decided stands first, and bold."""
    palette, glyphs = desk.look.palette, desk.look.glyphs
    told = [(row, {"reason": safe(row["reason"]), "found": found(row), "says": _says(row)}) for row in rows]
    widths = {
        name: min(most, max((cell_len(each[name]) for _, each in told), default=0)) for name, most in _MOST.items()
    }
    lines = []
    for row, texts in told:
        status, decided = Status(row["status"]), bool(row["decided"])
        roles = {"reason": palette.status(status, on, bold=decided), "found": palette.style("text", on, bold=decided)}
        lead: list[Piece] = [(f"  {glyphs.status[status]} ", palette.status(status, on))]
        for name, text in texts.items():
            shown = pad(cut(text, widths[name], glyphs.cut), widths[name], right=name == "found")
            lead.append((f"{shown}  " if widths[name] else "", roles.get(name, palette.style("muted", on))))
        lines.append(Paragraph(lead, said_by(row["source"]), palette.style("muted", on), is_problem=status.is_problem))
    return lines


def found(row: Row) -> str:
    """The figure: `+18.2%`, `4d 2h`, `never`; nothing of a job."""
    return safe(row["found"] or "")


def _says(row: Row) -> str:
    """`growth: warning 10%`, and of which product where it is not of all."""
    of = f" of {PRODUCTS.get(row['product'], row['product'])}" if row["product"] else ""
    return f"{safe(row['rule'])}: {safe(row['value'] or '')}{of}"


def said_by(source: str | None) -> str:
    """Where a rule stands, in words."""
    words = {"site": "holds by itself", "node": "set on the node", "above": "set above your unit"}
    return words.get(source or "", f"set on {safe(source)}" if source else "")


class ReasonsBox(BoxScreen):
    """Why one row of the daily report stands as it does."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("i", "close", "close", id="reasons.close"),
        Binding("E", "rules", "all rules", id="reasons.rules"),
    ]
    MOST_WIDTH: ClassVar[int] = 110

    def __init__(self, desk: Desk, row: Row, rows: Sequence[Row], *, may_see_rules: bool) -> None:
        """`row` is that of `daily`, `rows` those of `node-grades`. The answer is whether to go on to all rules."""
        super().__init__(desk, f"Why {row['node']} stands so", "esc closes")
        self._row, self._rows, self._may_see_rules = row, rows, may_see_rules

    def lines(self, width: int) -> list[Line]:
        """The rules behind it, how old that is, and the keys."""
        desk, palette = self.desk, self.desk.look.palette
        plain, muted = palette.style(on="panel"), palette.style("muted", "panel")
        said: list[Paragraph] = []
        if self._rows:
            said += reasons(self._rows, desk, "panel")
        else:
            said.append(Paragraph([("    ", plain)], self._why_nothing(), muted))
        said += [Paragraph(), *self._age(), *self._ways()]
        return [[], *(laid.pieces for laid in lay_out(said, width, plain))]

    def _why_nothing(self) -> str:
        if self._row["revision"]:
            return "The day is closed: this is how it stood then, by the rules of then."
        return "No rule has anything to say about this day: nothing ran, and nothing was due."

    def _age(self) -> list[Paragraph]:
        """How old the facts of the node's server are."""
        desk, palette = self.desk, self.desk.look.palette
        age = next((age for age in ages(desk.as_of, desk.now()) if age.server == self._row["server"]), None)
        if age is None:
            return []
        words = age.words(desk.now(), desk.zone)
        said = "has not answered" if age.status is Status.UNKNOWN else "was collected"
        ago = " ago" if age.status is Status.OK and words != "now" else ""
        words = f"{self._row['server']} {said} {words}{ago}."
        return [Paragraph([("    ", palette.style(on="panel"))], words, palette.status(age.status, "panel"))]

    def _ways(self) -> list[Paragraph]:
        if not self._may_see_rules:
            return []
        palette = self.desk.look.palette
        key, plain = palette.style("accent", "panel", bold=True), palette.style("text", "panel")
        return [Paragraph(), Paragraph([button("    E", key, "rules"), button(" shows all rules", plain, "rules")])]

    def action_rules(self) -> None:
        """On to all rules of the node."""
        if self._may_see_rules:
            self.dismiss(True)
