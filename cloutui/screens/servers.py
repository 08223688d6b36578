"""The screen `5 Servers`: how full the backup servers are, and how old that knowledge is."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any, ClassVar

from textual.binding import Binding, BindingType

from cloutui.model import formats
from cloutui.model.link import Link
from cloutui.model.status import Status
from cloutui.model.table import Answer
from cloutui.screens.desk import Desk
from cloutui.screens.fields import Field, field_lines
from cloutui.screens.moments import aware
from cloutui.screens.peek import Peek
from cloutui.screens.pool_lines import pool_lines
from cloutui.screens.product_names import PRODUCTS
from cloutui.screens.subject import Subject
from cloutui.screens.table_view import Listing, TableView
from cloutui.screens.view import LinkOpened
from cloutui.widgets.lines import MOVE
from cloutui.widgets.paragraph import Paragraph
from cloutui.widgets.parts import Parted
from cloutui.widgets.result_cells import Cell, Writing


def _age(value: Any, status: Status | None, writing: Writing) -> Cell:
    """How long ago. Never loud: a server that has run for weeks is well."""
    del status
    moment = aware(value)
    return Cell(formats.age(moment, writing.now, writing.zone) if moment else "-", "muted")


SERVERS = Listing(
    report="servers",
    key=("server",),
    shown=(
        *("server", "status", "version", "unit", "nodes", "stored", "db", "log", "pool", "pool_used", "db_backup"),
        *("restarted", "platform", "collected"),
    ),
    noun="server",
    writers=dict.fromkeys(("db_backup", "restarted", "collected"), _age),
)

_PARTS = ("pools", "state", "problem")
_POOLS, _STATE, _PROBLEM = range(3)


class PartedPeek(Parted, Peek):
    """A peek with parts."""


class Servers(TableView):
    """Backup servers, those that warn and those that are silent first."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("J", "part(1)", "next part", id="servers.next-part", show=False, group=MOVE),
        Binding("K", "part(-1)", "previous part", id="servers.previous-part", show=False, group=MOVE),
    ]

    def __init__(self, desk: Desk) -> None:
        self._chosen_part: int | None = None
        """None: of a server with a problem the problem, of any other its pools."""
        super().__init__(desk, "Backup servers", SERVERS, PartedPeek(desk.look))
        self.table.least_problem = Status.UNKNOWN  # a silent server is one to look after

    def crumbs(self) -> list[str]:
        """The screen."""
        return ["Servers"]

    def note(self, answer: Answer) -> str:
        """How many, and how many of them are silent."""
        statuses = answer.rows.column("status").to_pylist()
        silent = sum(status == Status.UNKNOWN for status in statuses)
        return formats.plural(answer.total, "server") + (f", {silent} silent" if silent else "")

    def why_empty(self) -> list[Paragraph]:
        """There are none, or none that this unit has to do with."""
        return self.no_servers()

    def subject(self) -> Subject | None:
        """The server."""
        row = self.chosen()
        return Subject(name=row["server"], server=row["server"]) if row else None

    def open(self, row: dict[str, Any]) -> None:
        """Its nodes."""
        from cloutui.model.filter.rendering import render_value

        only = {"filter": f"server={render_value(row['server'])}"}
        self.post_message(LinkOpened(Link(unit=self.desk.unit, screen="nodes", query=only)))

    # The peek.

    def _part_of(self, row: dict[str, Any]) -> int:
        if self._chosen_part is not None:
            return self._chosen_part
        return _PROBLEM if row["problem"] else _POOLS

    def action_part(self, step: int) -> None:
        """Another part of the peek."""
        row = self.table.values()
        if row:
            self._chosen_part = (self._part_of(row) + step) % len(_PARTS)
            self.tell()

    def peek_key(self) -> Hashable:
        """The server and the part."""
        return self.table.key, self._part_of(self.table.values())

    def entitle_peek(self, row: dict[str, Any]) -> None:
        """The server, and what can be told of it."""
        assert isinstance(self.peek, PartedPeek)
        self.peek.entitle(row["server"], "")
        self.peek.name_parts(_PARTS, self._part_of(row))

    def _clear_peek(self) -> None:
        assert isinstance(self.peek, PartedPeek)
        self.peek.name_parts((), 0)
        super()._clear_peek()

    def glance(self, row: dict[str, Any]) -> list[Paragraph]:
        """What the row itself knows."""
        assert self.peek is not None
        part = self._part_of(row)
        if part == _PROBLEM:
            return self._problem(row)
        if part == _STATE:
            return field_lines(self._state(row), self.desk.look, self.peek.inner_width)
        return []

    async def detail(self, row: dict[str, Any]) -> Sequence[Paragraph]:
        """The pools are asked for."""
        if self._part_of(row) != _POOLS or self.desk.session is None:
            return self.glance(row)
        answer = await self.desk.session.ask("server-pools", unit=self.desk.scope, server=row["server"])
        assert self.peek is not None
        return pool_lines(answer, self.desk, self.peek.inner_width)

    def _state(self, row: dict[str, Any]) -> list[Field]:
        silent = row["status"] == Status.UNKNOWN
        now, zone = self.desk.now(), self.desk.zone

        def time(name: str) -> str:
            moment = aware(row[name])
            return formats.time(moment, now, zone) if moment else "?" if silent else "-"

        def percent(name: str) -> str:
            return formats.percent(row[name] / 100) if row[name] is not None else "?" if silent else "-"

        def count(name: str) -> str:
            return formats.count(row[name]) if row[name] is not None else "?" if silent else "-"

        product = PRODUCTS.get(row["product"], row["product"])
        return [
            ("product", f"{product} {row['version'] or '?'}"),
            ("platform", row["platform"] or ""),
            ("unit", row["unit"] or ""),
            ("database", percent("db")),
            ("log", percent("log")),
            ("fullest pool", f"{row['pool']} {percent('pool_used')}" if row["pool"] else "?" if silent else "-"),
            ("data volumes", count("volumes")),
            ("sessions", count("sessions")),
            ("licence", row["licence"] or ("?" if silent else "-")),
            ("last db backup", time("db_backup")),
            ("restarted", time("restarted")),
            ("collected", time("collected")),
        ]

    def _problem(self, row: dict[str, Any]) -> list[Paragraph]:
        palette, glyphs = self.desk.look.palette, self.desk.look.glyphs
        if not row["problem"]:
            style = palette.style("muted")
            return [Paragraph([("    ", style)], f"{row['server']} answers, and all of it can be read.", style)]
        status = Status(row["status"])
        silent = self.silence_of(row["server"])
        since = f"{silent[0].upper()}{silent[1:]}." if silent else ""
        return [
            Paragraph(
                [(f"  {glyphs.status[status]} ", palette.status(status))], row["problem"], palette.status(status)
            ),
            Paragraph([("    ", palette.style())], f"{since} {row['hint']}".strip(), palette.style("muted")),
        ]
