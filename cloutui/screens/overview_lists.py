"""The blocks that are lists: what needs attention, and the backup servers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from textual.binding import Binding, BindingType

from cloutui.model import formats
from cloutui.model.safe_text import safe
from cloutui.model.status import Status
from cloutui.screens.desk import Desk
from cloutui.screens.moments import aware
from cloutui.screens.notices import empty_notice
from cloutui.screens.product_names import PRODUCTS
from cloutui.screens.subject import Subject
from cloutui.widgets.bars import bar
from cloutui.widgets.lines import ACT, MOVE, Lines
from cloutui.widgets.look import Look
from cloutui.widgets.paragraph import Paragraph
from cloutui.widgets.row_list import ListColumn, ListRow, RowList
from cloutui.widgets.text import Piece, cut, length, pad

_MOST_BAR = 60
_LEAST_BAR = 4
_FULL = 90.0
"""Percent of a pool. As the report `attention` has it: it is said again here for the colour of a bar alone."""


class AttentionBlock(RowList):
    """Nodes, servers and pools that need somebody, the worst and oldest first."""

    HEADS: ClassVar[int] = 0
    KEY = ("kind", "name", "server")

    def __init__(self, desk: Desk) -> None:
        columns = (
            ListColumn(head="name", least=12),
            ListColumn(head="what", least=10),
            ListColumn(head="since", is_number=True, priority=3),
            ListColumn(head="unit", least=9, priority=2),
            ListColumn(head="server", least=6, priority=4),
        )
        super().__init__(desk.look, "Needs attention", columns)
        self.desk = desk
        self.found: Sequence[dict[str, Any]] = ()
        """The rows of the report, in the order in which they stand here."""

    def fill(self, found: Sequence[dict[str, Any]], cursor: int | None) -> None:
        """Show these rows of the report `attention`."""
        self.found = found
        self.show([self._row(row) for row in found], cursor)

    @property
    def chosen(self) -> dict[str, Any] | None:
        """The row under the cursor."""
        return self.found[self.cursor] if self.found and not self.notice else None

    @property
    def node(self) -> Subject | None:
        """The node under the cursor, on the day that it stands badly for."""
        row = self.chosen
        if row is None or row["kind"] != "node":
            return None
        since, name = aware(row["since"]), row["name"]
        bad_days = (self.desk.now() - since).days if since is not None else 0
        known = {"node_id": row["node_id"], "server": row["server"], "day": row["day"]}
        return Subject(name=name, node=name, bad_days=bad_days, **known)

    def _row(self, row: dict[str, Any]) -> ListRow:
        since, desk = aware(row["since"]), self.desk
        status = Status(row["status"])
        name, what = row["name"], row["what"]
        if row["kind"] == "server" and since is not None:
            what = f"since {formats.time(since, desk.now(), desk.zone)}"
        if row["kind"] == "pool":
            name = f"pool {name}"
        return ListRow(
            status=status,
            texts=(
                name,
                what,
                formats.age(since, desk.now(), desk.zone) if since else "",
                row["unit"] or "",
                "server" if row["kind"] == "server" else row["server"],
            ),
            roles=("text", status.key, "muted", "muted", "muted"),
        )

    def row(self, index: int) -> list[Piece]:
        """As a list draws it; but the name is what is bold."""
        palette, row = self.look.palette, self.rows[index]
        lit, under = index == self.cursor and self.has_focus, index == self.cursor and not self.has_focus
        on = "cursor-ground" if lit else "background"
        pieces: list[Piece] = [
            self.marker(index, on=on),
            (" ", palette.style(on=on)),
            (self.look.glyphs.status[row.status], palette.status(row.status, on)),
            (" ", palette.style(on=on)),
        ]
        for place, width in self._widths.items():
            text = cut(safe(row.texts[place]), width, self.look.glyphs.cut)
            text = pad(text, width, right=self.columns[place].is_number)
            pieces.append((text, palette.style(row.roles[place], on, bold=place == 0, under=under)))
            pieces.append(("  ", palette.style(on=on)))
        return [*pieces, (" " * (self.inner_width - length(pieces)), palette.style(on=on))]


class ServersBlock(Lines):
    """Each server's database, log and fullest pool, and how old that knowledge is."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "open", id="overview.server", group=ACT),
        Binding("n", "problem(1)", "next problem", id="overview.next-server", group=MOVE),
        Binding("N", "problem(-1)", "previous problem", id="overview.previous-server", show=False, group=MOVE),
    ]

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.look, "Backup servers")
        self.desk = desk
        self.servers: Sequence[dict[str, Any]] = ()

    def fill(self, servers: Sequence[dict[str, Any]], cursor: int | None) -> None:
        """Show these rows of the report `servers`."""
        self.servers, self.waiting, self.notice = servers, False, ()
        self.cursor = self.cursor if cursor is None else cursor
        self.changed()

    def count(self) -> int:
        """One row a server."""
        return len(self.servers)

    @property
    def chosen(self) -> dict[str, Any] | None:
        """The server under the cursor."""
        return self.servers[self.cursor] if self.servers and not self.notice else None

    def row(self, index: int) -> list[Piece]:
        """Sign, name, product, database, log, pool, age."""
        palette, look, row = self.look.palette, self.look, self.servers[index]
        lit, under = index == self.cursor and self.has_focus, index == self.cursor and not self.has_focus
        on = "cursor-ground" if lit else "background"
        status = Status(row["status"])
        name, product = self._names()
        age = self._age(row)
        used = row["pool_used"]
        plain = palette.style(on=on)
        before: list[Piece] = [
            self.marker(index, on=on),
            (" ", plain),
            (look.glyphs.status[status], palette.status(status, on)),
            (" ", plain),
            (
                pad(cut(safe(row["server"]), name, look.glyphs.cut), name),
                palette.style("text", on, bold=True, under=under),
            ),
            ("  ", plain),
            (pad(cut(_product(row), product, look.glyphs.cut), product), palette.style("muted", on, under=under)),
            (f"  {self._percent(row, 'db'):>4}  {self._percent(row, 'log'):>4}  ", plain),
        ]
        after: list[Piece] = [
            (f" {self._percent(row, 'pool_used'):>4}  ", plain),
            (f"{age:>4}", palette.style(Status.UNKNOWN.key if status is Status.UNKNOWN else "muted", on)),
            (" ", plain),
        ]
        room = self.inner_width - length(before) - length(after)
        cells = min(_MOST_BAR, max(_LEAST_BAR, room))
        role = Status.WARNING.key if used is not None and used >= _FULL else "accent"
        drawn = bar(used / 100 if used is not None else None, cells, look, role)
        if lit:
            drawn = [(text, plain) for text, _ in drawn]
        pieces = [*before, *drawn, *after]
        return [*pieces, (" " * max(0, self.inner_width - length(pieces)), plain)]

    def _names(self) -> tuple[int, int]:
        most = max(8, self.inner_width // 4)
        name = max(len(safe(row["server"])) for row in self.servers)
        product = max(len(_product(row)) for row in self.servers)
        return min(name, most), min(product, most)

    def _percent(self, row: dict[str, Any], name: str) -> str:
        if row[name] is None:
            return "?" if row["status"] == Status.UNKNOWN else "-"
        return formats.percent(row[name] / 100)

    def _age(self, row: dict[str, Any]) -> str:
        # How old the facts are is known better by the desk: it is told with every answer.
        known = self.desk.as_of.get(row["server"])
        collected = known.collected_at if known else aware(row["collected"])
        if known is not None and known.is_silent:
            collected = known.failing_since
        return formats.age(collected, self.desk.now(), self.desk.zone) if collected else "-"

    # Keys.

    def action_open(self) -> None:
        """The server on its screen."""
        if self.chosen is not None:
            self.post_message(self.Opened(self))

    def action_problem(self, step: int) -> None:
        """The next server that is not well."""
        places = range(self.cursor + 1, self.count()) if step > 0 else range(self.cursor - 1, -1, -1)
        for place in places:
            if self.servers[place]["status"] >= Status.UNKNOWN:
                self.move_to(place)
                return


def _product(row: dict[str, Any]) -> str:
    """`SP 8.1.27`: the last part of a version that has four is the build, which says nothing here."""
    version = safe(row["version"] or "")
    short = ".".join(version.split(".")[:3])
    return f"{PRODUCTS.get(row['product'], safe(row['product']))} {short}".strip()


def well_notice(look: Look, servers: int, untold: int, checked: int | None) -> list[Paragraph]:
    """What stands where nothing needs attention: whether that is known, and of how much. `checked`: nodes."""
    if not servers:
        said = "No backup server yet, so nothing is known."
        return empty_notice(look, said, (":setup", "connects the first"))
    if untold:
        said = f"{formats.plural(untold, 'server')} of {servers} not collected yet: what is wrong there is not known."
        return empty_notice(look, said)
    nodes = f"{formats.plural(checked, 'node')} on " if checked is not None else ""
    return empty_notice(look, f"Nothing needs attention. Checked {nodes}{formats.plural(servers, 'server')}.")
