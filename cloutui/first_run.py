"""What a first run asks of an installation: how far it is set up, and whether a server answers before it is added.

Nothing is written here. What the wizard writes are actions like any other.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cloutui.model.privilege import Privilege
from cloutui.model.secret import Secret
from cloutui.model.set_up import PACES, Collected, SetUp, Step
from cloutui.model.unit_proposal import FoundNode, Proposal
from cloutui.model.unit_setting import BACKUP_DAY_START, TIME_ZONE, value_on

if TYPE_CHECKING:
    from cloutui.actions.perform import Outcome
    from cloutui.products.product import Identity
    from cloutui.records.rows import ServerRecord
    from cloutui.session import Session

NEEDS = frozenset(
    {Privilege.UNIT_VIEW, Privilege.UNIT_CREATE, Privilege.UNIT_EDIT, Privilege.NODE_VIEW, Privilege.SERVER_VIEW}
    | {Privilege.SERVER_CREATE, Privilege.SERVER_EDIT, Privilege.RULE_EDIT}
)
"""Whoever lacks one of them would not get through."""

_DOOR, _ADMINISTRATOR = "door", "administrator"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A server as it would be added. Its secrets are beside it, and stay in memory."""

    name: str
    door: Mapping[str, Any]
    administrator: str
    password: Secret | None = None
    door_password: Secret | None = None
    product: str = "storage-protect"
    secret: str | None = field(default=_ADMINISTRATOR, init=False)

    @property
    def doors(self) -> Sequence[Mapping[str, Any]]:
        """The one door, with the name of its password."""
        return [dict(self.door) if self.door_password is None else {**self.door, "secret": _DOOR}]

    def action(self, *, update: bool) -> dict[str, Any]:
        """What `server.add` takes."""
        door = dict(self.door)
        if self.door_password is not None:
            door["password"] = self.door_password.reveal()
        given: dict[str, Any] = {"name": self.name, "administrator": self.administrator, "doors": [door]}
        if self.password is not None:
            given["password"] = self.password.reveal()
        return given | ({"update": True} if update else {"product": self.product})


def first_run_of(session: object) -> FirstRun | None:
    """None for whoever would not get through: without all rights, below the top of the tree, or only looking.

    `session` is what a screen has. One that stands on no installation, as in tests, has none to set up.
    """
    from cloutui.session import Session

    if not isinstance(session, Session):
        return None
    asks = session.principal
    may = asks.unit_id == session.installation.records.root_unit_id and not asks.is_read_only
    return FirstRun(session) if may and asks.privileges >= NEEDS else None


class FirstRun:
    """For one who may set everything up. See `first_run_of`."""

    def __init__(self, session: Session) -> None:
        self._installation = session.installation
        self._session = session

    @property
    def lacks_write_mode(self) -> bool:
        """Whether it must be begun before anything is stored. Before there are users nobody asks why."""
        return not self._session.principal.is_local and not self._session.writing.is_on

    async def act(self, action: str, given: Mapping[str, Any]) -> Outcome:
        """Do an action as the reader. Raises: CloutuiError."""
        return await self._session.act(action, given)

    async def state(self) -> SetUp:
        """How far it is."""
        return await asyncio.to_thread(self._state)

    def _state(self) -> SetUp:
        from cloutui.records import dimensions

        records = self._installation.records
        with records.reading() as connection:
            tree, settings = dimensions.read_tree(connection), dimensions.setting_rows(connection)
        root = tree[records.root_unit_id]
        own = settings.get(root.unit_id, [])
        today = records.clock().date()
        said = {row.key for row in own if row.value is not None}
        collected = self._collected()
        facts = {
            Step.UNIT: TIME_ZONE.name in said,
            Step.SERVER: bool(collected),
            Step.COLLECT: bool(collected) and all(len(one.done) == len(PACES) for one in collected),
            Step.UNITS: len(tree) > 1,
            Step.DAY: BACKUP_DAY_START.name in said,
        }
        return SetUp(
            done=frozenset(step for step, is_done in facts.items() if is_done),
            own_name=root.name,
            time_zone=str(value_on(today, [root], TIME_ZONE, settings)),
            day_start=str(value_on(today, [root], BACKUP_DAY_START, settings)),
        )

    async def collected(self) -> list[Collected]:
        """Every server, by name, with how far its first look is."""
        return await asyncio.to_thread(self._collected)

    def _collected(self) -> list[Collected]:
        with self._installation.cache.database.reader() as snapshot:
            rows = snapshot.execute("SELECT server_id, pace, collected_at, problem, hint FROM sweep").fetchall()
        done: defaultdict[int, set[str]] = defaultdict(set)
        problems: dict[int, tuple[str, str]] = {}
        for server_id, pace, collected_at, problem, hint in rows:
            if collected_at is not None:
                done[server_id].add(pace)
            if problem:
                problems[server_id] = (problem, hint)
        known = frozenset(pace for pace, _ in PACES)
        return [
            Collected(
                server=server.name,
                done=known & done[server.server_id],
                problem=problems.get(server.server_id, ("", ""))[0],
                hint=problems.get(server.server_id, ("", ""))[1],
            )
            for server in self._installation.records.servers()
        ]

    async def first_server(self) -> ServerRecord | None:
        """The one that was added first, to be corrected; None when there is none."""
        servers = await asyncio.to_thread(self._installation.records.servers)
        return min(servers, key=lambda server: server.added_at, default=None)

    async def try_out(self, candidate: Candidate, *, kept: ServerRecord | None = None) -> Identity:
        """Sign in and read back who it is. Passwords that were not given are those of `kept`.

        Raises: ProductError; UnknownHost, with the fingerprint that its SSH host shows.
        """
        from cloutui.products.catalogue import make_product

        installation = self._installation
        old_door = (kept.doors[0].get("secret") if kept.doors else None) if kept else None
        names = {_ADMINISTRATOR: kept.secret if kept else None, _DOOR: old_door}
        given = {_ADMINISTRATOR: candidate.password, _DOOR: candidate.door_password}

        def secret(name: str) -> str | None:
            typed, old = given.get(name), names.get(name)
            return typed.reveal() if typed is not None else installation.secrets.get(old) if old else None

        product = await asyncio.to_thread(
            make_product,
            candidate,
            secret=secret,
            known_hosts=installation.home.known_hosts,
            answer_timeout_s=installation.settings.collect.answer_timeout_s,
        )
        async with product.converse() as conversation:
            return await conversation.identify()

    async def host_key(self, door: Mapping[str, Any], fingerprint: str) -> str:
        """The key behind a fingerprint that somebody has compared. Raises: Invalid, OSError."""
        from cloutui.products.catalogue import shown_host_key

        return await shown_host_key(door, fingerprint)

    async def add(self, candidate: Candidate, *, update: bool) -> str:
        """Add it, or change the one of its name. Returns what is to be told of where passwords go, if anything."""
        await self.act("server.add", candidate.action(update=update))
        return await asyncio.to_thread(self._installation.remember_secrets_backend) or ""

    async def make_unit(self, proposal: Proposal) -> None:
        """Make the unit, unless there is one of that name, and its rule. Raises: CloutuiError."""
        name = proposal.unit.strip()
        unit_id = self._units_below().get(name.casefold())
        if unit_id is None:
            unit_id = (await self.act("unit.create", {"name": name})).target.id
        condition = {"name": proposal.pattern} if proposal.pattern is not None else {"domain": proposal.domain}
        await self.act("rule.set", {"unit": unit_id, **condition})

    async def count_nodes(self) -> int:
        """All nodes that are known."""
        return (await self._session.ask("nodes", limit=1)).total

    async def found_nodes(self) -> list[FoundNode]:
        """The nodes that belong to the own unit itself, which is to say to nobody yet."""
        answer = await self._session.ask("nodes")
        own = self._installation.records.tree()[self._installation.records.root_unit_id].name
        rows = answer.rows.select(["node", "unit", "domain", "contact"]).to_pylist()
        return [FoundNode(row["node"], row["domain"], row["contact"]) for row in rows if row["unit"] == own]

    def _units_below(self) -> Mapping[str, int]:
        """The ids of the units right below the own one, by name in small letters."""
        records = self._installation.records
        return {place.name.casefold(): place.unit_id for place in records.tree().children(records.root_unit_id)}
