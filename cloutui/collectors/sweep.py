"""One sweep: one conversation with one server, each observation stored as it arrives, and what came of it.

A garbled part loses no good row: what could be read is stored, and the outcome says what could not.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from cloutui.cache import dimensions, sweeps
from cloutui.cache.sweeps import SweepOutcome
from cloutui.collectors.pace import Pace, window
from cloutui.errors import CloutuiError, ProductError
from cloutui.products.observation import NODES, Observation
from cloutui.records.rows import DataSourceFacts, ServerRecord

if TYPE_CHECKING:
    from cloutui.cache.cache import Cache
    from cloutui.products.product import Conversation, Product
    from cloutui.records.store import Records


log = logging.getLogger(__name__)


class SweepBroke(ProductError):
    """A mistake of ours while one server was read."""

    code = "internal"

    def __init__(self, server: str) -> None:
        super().__init__(
            f"{server}: its answer met a mistake of ours.", hint="The log file has the details; report it."
        )


@dataclass(slots=True)
class Swept:
    """What one sweep brought, over all its paces."""

    server: str
    observed: int = 0
    changed: int = 0
    bad_rows: int = 0
    outcomes: list[SweepOutcome] = field(default_factory=list)
    notes: set[str] = field(default_factory=set)
    """What the server said beside its answers, such as that the password will expire."""

    @property
    def problem(self) -> SweepOutcome | None:
        """The first outcome with a problem; None when all went well."""
        return next((outcome for outcome in self.outcomes if outcome.code), None)


class Sweeper:
    """Asks servers and stores what they say. Knows no clockwork: `Collector` says when."""

    def __init__(self, cache: Cache, records: Records, *, stored: Callable[[], None] = lambda: None) -> None:
        """`stored` is called, on the event loop, whenever there is something new to show."""
        self._cache = cache
        self._records = records
        self._stored = stored

    async def sweep(
        self, server: ServerRecord, product_of: Callable[[ServerRecord], Product], paces: Sequence[Pace]
    ) -> Swept:
        """Ask one server for the kinds of some paces, in one login. Never raises: what goes wrong is its outcome."""
        swept = Swept(server.name)
        remaining = list(paces)
        try:
            # In a thread: the first product loads its libraries.
            product = await asyncio.to_thread(product_of, server)
            async with product.converse() as conversation:
                while remaining:
                    await self._pace(server, conversation, remaining[0], swept)
                    remaining.pop(0)
        except CloutuiError as error:
            # The server said no, its door makes no sense, or its password cannot be read. Whatever had not been
            # answered by then is as old as it was.
            await self._fail(server, remaining, error, swept)
        except Exception:
            # A product is a guest: what it gets wrong with one server's words must not end the others' sweeps.
            log.exception("sweep of %s", server.name)
            await self._fail(server, remaining, SweepBroke(server.name), swept)
        return swept

    def store_past(self, server: ServerRecord, told: Sequence[tuple[datetime, Observation]]) -> None:
        """Keep lists of one kind from before the first sweep. Raises: ValueError."""
        for asked_at, observation in told:
            self._register_nodes(server, observation, asked_at)
        self._cache.store_past(server.server_id, told)
        self._stored()

    async def tidy(self, server: ServerRecord) -> None:
        """Put the archived days that are over together. Worth doing once a day; never raises."""
        try:
            await asyncio.to_thread(self._cache.compact, server.server_id, datetime.now(UTC))
        except Exception:
            # Room on the disk may be short, or a file damaged: the server is asked all the same, and this tomorrow.
            log.exception("the archive of %s was not tidied", server.name)

    async def _pace(self, server: ServerRecord, conversation: Conversation, pace: Pace, swept: Swept) -> None:
        asked_at = datetime.now(UTC)
        open_work = await asyncio.to_thread(self._open_work, server.server_id, pace.name)
        span = window(asked_at, last_sweep=open_work.last_sweep, oldest_open=open_work.oldest_open)
        problems: list[Observation] = []
        async for observation in conversation.observe(pace.kinds, span):
            stored = await asyncio.to_thread(self._store, server, observation, asked_at)
            swept.observed += observation.batch.num_rows
            swept.changed += stored
            swept.bad_rows += observation.bad_rows
            swept.notes.update(observation.notes)
            if observation.problem or observation.bad_rows or not observation.is_complete:
                problems.append(observation)
        await self._record(swept, _answered(server, pace, asked_at, problems))

    def _store(self, server: ServerRecord, observation: Observation, asked_at: datetime) -> int:
        self._register_nodes(server, observation, asked_at)
        stored = self._cache.store(server.server_id, observation, asked_at)
        return stored.changed + stored.gone

    def _register_nodes(self, server: ServerRecord, observation: Observation, asked_at: datetime) -> None:
        """Every node that is named has an id in the records, and an owner, before anything of it is stored."""
        if "node" not in observation.kind.schema.names:
            return
        if observation.kind is NODES:
            rows = observation.batch.select(["node", "domain", "contact"]).to_pylist()
            facts = [
                DataSourceFacts(
                    kind="node",
                    native_key=row["node"],
                    name=row["node"],
                    domain=row["domain"],
                    contact=row["contact"],
                )
                for row in rows
                if row["node"]
            ]
        else:
            with self._cache.database.reader() as snapshot:
                known = dimensions.node_keys(snapshot, server.server_id)
            facts = [
                DataSourceFacts(kind="node", native_key=name, name=name)
                for name in sorted(dimensions.named_nodes(observation.batch))
                if name not in known
            ]
        if facts:
            self._records.register_data_sources(server.server_id, facts, asked_at)
        self._cache.copy_dimensions()

    def _open_work(self, server_id: int, pace: str) -> sweeps.OpenWork:
        with self._cache.database.reader() as snapshot:
            return sweeps.open_work(snapshot, server_id, pace)

    async def _fail(self, server: ServerRecord, paces: Sequence[Pace], error: CloutuiError, swept: Swept) -> None:
        """Nothing came of these paces. Where not even that can be written, as on a full disk, the log file has it."""
        for pace in paces:
            try:
                await self._record(swept, _failed(server, pace, error))
            except Exception:
                log.exception("what came of %s was not written down", server.name)

    async def _record(self, swept: Swept, outcome: SweepOutcome) -> None:
        swept.outcomes.append(outcome)
        await asyncio.to_thread(self._cache.database.write, lambda con: sweeps.record(con, outcome))
        self._stored()


def _answered(server: ServerRecord, pace: Pace, asked_at: datetime, problems: Sequence[Observation]) -> SweepOutcome:
    if not problems:
        return SweepOutcome(server_id=server.server_id, pace=pace.name, tried_at=asked_at)
    parts = []
    for observation in problems:
        bad = f"{observation.bad_rows} unreadable rows" if observation.bad_rows else ""
        said = "; ".join(part for part in (bad, observation.problem) if part) or "broke off"
        parts.append(f"{observation.kind.name.replace('_', ' ')}: {said}")
    return SweepOutcome(
        server_id=server.server_id,
        pace=pace.name,
        tried_at=asked_at,
        code="product-garbled",
        problem=". ".join(parts),
        hint="What could be read was kept; the next sweep asks again.",
        has_data=all(observation.is_complete for observation in problems),
    )


def _failed(server: ServerRecord, pace: Pace, error: CloutuiError) -> SweepOutcome:
    return SweepOutcome(
        server_id=server.server_id,
        pace=pace.name,
        tried_at=datetime.now(UTC),
        code=error.code,
        problem=error.what,
        hint=error.hint,
        has_data=False,
    )
