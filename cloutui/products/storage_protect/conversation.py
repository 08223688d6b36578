"""One login, many questions: answers as tables, refusals as problems, a broken-off answer as what was read of it."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence, Set
from dataclasses import replace
from datetime import timedelta, timezone
from typing import Any

import pyarrow as pa

from cloutui.errors import CommandFailed, Garbled, NotOffered
from cloutui.products.observation import Observation, ObservationKind, Window
from cloutui.products.product import Identity
from cloutui.products.storage_protect import messages, selects
from cloutui.products.storage_protect.asking import Answer, Bounds, ServerClock
from cloutui.products.storage_protect.parser import Field, Parsed, parse
from cloutui.products.storage_protect.readers import READERS
from cloutui.products.storage_protect.selects import Select
from cloutui.products.storage_protect.terminal import AdminTerminal, Reply


class StorageProtectConversation:
    """A conversation with a server that has let us in. One question at a time."""

    def __init__(self, server: str, terminal: AdminTerminal) -> None:
        self._server = server
        self._terminal = terminal
        self._listed: Mapping[str, Set[str]] = {}
        self._clock: ServerClock | None = None
        self._notes = list(messages.notes(terminal.greeting))

    async def begin(self) -> None:
        """Learn the server's columns and its clock. Raises: ProductError."""
        listed = defaultdict(set)
        for row in (await self._ask(selects.CATALOGUE)).table.to_pylist():
            listed[row["TABNAME"]].add(row["COLNAME"])
        self._listed = listed
        said = await self._first_row(selects.CLOCK)
        self._clock = ServerClock(local=said["CURRENT TIMESTAMP"], offset=offset_of(said["CURRENT TIMEZONE"]))

    async def identify(self) -> Identity:
        """Who answers. Raises: ProductError."""
        said = await self._first_row(selects.STATUS)
        counted = await self._first_row(selects.NODE_COUNT)
        clock = self._asked_clock
        return Identity(
            name=said["SERVER_NAME"],
            version=".".join(str(said[part] or 0) for part in ("VERSION", "RELEASE", "LEVEL", "SUBLEVEL")),
            platform=said["PLATFORM"] or "",
            nodes=counted["NODES"],
            clock_utc_offset=clock.offset,
            server_time=clock.local.replace(tzinfo=timezone(clock.offset)),
        )

    async def observe(self, kinds: Sequence[ObservationKind], window: Window) -> AsyncIterator[Observation]:
        """One observation a kind, in this order. Raises: NotOffered; Garbled after an answer that broke off."""
        for kind in kinds:
            if kind.name not in READERS:
                raise NotOffered("Storage Protect", kind.name)
            if self._terminal.broke_off:
                raise Garbled(self._server, f"an answer broke off, {self._terminal.broke_off}")
            observation = await READERS[kind.name](self._ask, self._asked_clock, window)
            notes, self._notes = tuple(dict.fromkeys(self._notes)), []
            yield replace(observation, notes=notes)

    @property
    def _asked_clock(self) -> ServerClock:
        assert self._clock is not None, "begin() comes first"
        return self._clock

    async def _first_row(self, select: Select) -> dict[str, Any]:
        answer = await self._ask(select)
        if answer.table.num_rows:
            return answer.table.slice(0, 1).to_pylist()[0]
        problem = "; ".join(answer.problems) or f"{select.table} is empty"
        if answer.return_code:
            raise CommandFailed(self._server, answer.return_code, problem)
        raise Garbled(self._server, problem)

    async def _ask(self, select: Select, bounds: Bounds | None = None) -> Answer:
        moments = {"since": bounds.since, "until": bounds.until} if bounds else {}
        listed = self._listed.get(select.table, frozenset())
        if not select.is_offered(listed):
            return Answer(table=_with_all_columns(pa.table({}), select))
        fields = [Field(column.name, column.type) for column in select.asked(listed)]
        if self._terminal.broke_off:
            reply = Reply(b"", self._terminal.broke_off)
        else:
            reply = await self._terminal.ask(select.statement(listed, **moments))
        parsed = await asyncio.to_thread(parse, reply.body, fields, is_complete=not reply.broke_off)
        return self._answer(select, parsed, reply.broke_off)

    def _answer(self, select: Select, parsed: Parsed, broke_off: str) -> Answer:
        code = messages.return_code(parsed.messages)
        complaint = messages.complaint(parsed.messages)
        has_failed = code not in {messages.RC_OK, messages.RC_NOTFOUND}
        if not has_failed:
            self._notes += messages.notes(parsed.messages)
        # A refused SELECT is shown with the place of its fault, which is no row.
        bad_rows = 0 if has_failed and not parsed.table.num_rows else parsed.bad_rows
        problems = [
            f"{complaint or select.table} (return code {code})" if has_failed else "",
            f"the answer broke off, {broke_off}" if broke_off else "",
            f"{bad_rows} rows of {select.table} could not be read" if bad_rows else "",
        ]
        return Answer(
            table=_with_all_columns(parsed.table, select),
            bad_rows=bad_rows,
            return_code=code,
            is_complete=not broke_off and not has_failed,
            problems=[problem for problem in problems if problem],
        )


def _nulls(count: int, of_type: Any) -> Any:
    return pa.nulls(count, of_type)


def offset_of(timezone_number: int) -> timedelta:
    """The offset that `CURRENT TIMEZONE` means: hours, minutes and seconds as one decimal, -53000 is -5:30."""
    number = abs(timezone_number)
    offset = timedelta(hours=number // 10_000, minutes=number // 100 % 100, seconds=number % 100)
    return -offset if timezone_number < 0 else offset


def _with_all_columns(table: pa.Table, select: Select) -> pa.Table:
    """The table with a null column for each that the server lacks."""
    has = set(table.column_names)
    columns = [
        table[column.name] if column.name in has else _nulls(table.num_rows, column.type) for column in select.columns
    ]
    return pa.table(columns, names=[column.name for column in select.columns])
