"""Performing: one transaction for a change and its line; for a command, intent before and outcome after."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from cloutui.actions import registry
from cloutui.actions.action import Command, Done, Target, about
from cloutui.actions.desk import Desk
from cloutui.actions.perform import Context, perform
from cloutui.actions.proof import Proof
from cloutui.actions.registry import build, register
from cloutui.errors import NotAllowed, NotConfirmed, NotFound, SignInRefused
from cloutui.model.action_class import ActionClass
from cloutui.model.privilege import Privilege
from cloutui.model.secret import Secret
from cloutui.records.rows import ActivityEntry
from tests.actions.site import Site


class Products:
    """Stands for the backup servers: remembers what it was told."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.failure: BaseException | None = None
        self.log_when_told: list[str] = []


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch) -> type[Command]:
    """An action on a backup server, registered for one test."""
    registry.all_actions()
    monkeypatch.setattr(registry, "_REGISTERED", dict(registry._REGISTERED))

    @register(name="node.lock", needs=Privilege.NODE_EDIT, action_class=ActionClass.SERVICE)
    @dataclass(frozen=True, slots=True, kw_only=True)
    class LockNode(Command):
        """Stop a node from backing up."""

        node: Annotated[str, about("The node: SERVER/NODE.")]
        code: Annotated[Secret, about("Something that must not be seen.")]

        def target(self, desk: Desk) -> Target:
            node = desk.node(self.node)
            return Target(kind="node", name=node.name, id=node.data_source_id, unit_ids=(node.unit_id,))

        async def command(self, products: Products) -> Done:
            products.told.append(self.node)
            await asyncio.sleep(0)
            if products.failure is not None:
                raise products.failure
            return Done(sentence=f"Locked {self.node}.", after={"locked": True})

    return LockNode


@pytest.fixture
def products(site: Site) -> Products:
    products = Products()
    site.context = Context(records=site.records, secrets=site.secrets, products=products)
    return products


def outcomes(site: Site) -> list[tuple[str, str]]:
    return [(line.action, line.outcome) for line in reversed(site.records.activity(1000)) if line.action == "node.lock"]


async def lock(site: Site, **differing: Any) -> Any:
    action = build("node.lock", {"node": "SPA01/ACME-SQL01", "code": "hunter2"})
    by = differing.pop("by", site.operator)
    return await perform(action, by, differing.pop("proof", site.full_proof()), site.context)


async def test_a_change_is_performed_off_the_event_loop(site: Site) -> None:
    outcome = await perform(build("unit.create", {"name": "Havn Butik"}), site.operator, Proof(), site.context)
    assert outcome.sentence == "Made the unit “Havn Butik” below “Nordhavn Backup”."


@pytest.mark.usefixtures("command")
async def test_a_command_tells_the_intent_before_and_the_outcome_after(site: Site, products: Products) -> None:
    outcome = await lock(site)
    done, intent = site.records.activity(2)
    assert [(intent.outcome, intent.intent_seq), (done.outcome, done.intent_seq)] == [
        ("intent", None),
        ("done", intent.seq),
    ]
    assert (outcome.sentence, outcome.activity_seq) == ("Locked SPA01/ACME-SQL01.", done.seq)
    assert (done.target_name, done.after, done.reason) == ("ACME-SQL01", {"locked": True}, "ticket 4417")
    assert done.params == {"node": "SPA01/ACME-SQL01", "code": "•••"}
    assert products.told == ["SPA01/ACME-SQL01"]


async def test_the_intent_is_on_disk_when_the_server_is_told(
    site: Site, products: Products, command: type[Command], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[list[tuple[str, str]]] = []

    async def look(self: Any, products: Products) -> Done:
        seen.append(outcomes(site))
        with site.records.begin():  # and nobody holds the lock
            pass
        return Done(sentence="Looked.")

    monkeypatch.setattr(command, "command", look)
    await lock(site)
    assert seen == [[("node.lock", "intent")]]


@pytest.mark.usefixtures("command")
async def test_a_refusal_of_the_server_is_the_outcome(site: Site, products: Products) -> None:
    products.failure = SignInRefused("SPA01", "wrong password")
    with pytest.raises(SignInRefused):
        await lock(site)
    assert outcomes(site) == [("node.lock", "intent"), ("node.lock", "failed")]
    line: ActivityEntry = site.records.activity(1)[0]
    assert line.after == {"error": "product-sign-in"}
    assert "wrong password" in line.sentence


@pytest.mark.usefixtures("command")
@pytest.mark.parametrize("failure", [ZeroDivisionError("ours"), asyncio.CancelledError()])
async def test_what_broke_off_is_said_to_be_unknown(site: Site, products: Products, failure: BaseException) -> None:
    products.failure = failure
    with pytest.raises(type(failure)):
        await lock(site)
    assert outcomes(site) == [("node.lock", "intent"), ("node.lock", "broken off")]
    assert "effect is not known" in site.records.activity(1)[0].sentence


@pytest.mark.usefixtures("command")
async def test_a_command_is_refused_before_the_server_is_told(site: Site, products: Products) -> None:
    with pytest.raises(NotAllowed):
        await lock(site, by=site.user(site.fjord, []))
    with pytest.raises(NotFound):
        await lock(site, by=site.user(site.fjord))
    with pytest.raises(NotConfirmed):
        await lock(site, by=site.user(1), proof=Proof())
    assert products.told == []
    assert outcomes(site) == []


@pytest.mark.usefixtures("command")
async def test_when_the_log_cannot_be_written_no_server_is_told(site: Site, products: Products) -> None:
    with site.records.begin() as tx:
        tx.connection.execute(
            text("CREATE TRIGGER full BEFORE INSERT ON activity BEGIN SELECT RAISE(ABORT, 'no room'); END")
        )
    before = site.snapshot()
    with pytest.raises(IntegrityError):
        await lock(site)
    with pytest.raises(IntegrityError):
        site.do("unit.create", {"name": "Havn Butik"})
    assert (products.told, site.snapshot()) == ([], before)
    with site.records.begin() as tx:
        tx.connection.execute(text("DROP TRIGGER full"))
    await lock(site)
    site.do("unit.create", {"name": "Havn Butik"})
    assert products.told, "without the obstacle both are done"
    assert site.snapshot() != before


def test_the_setting_of_the_installation_has_a_default_to_go_back_to(site: Site) -> None:
    assert site.records.setting("theme") == "nightwatch"
    site.do("setting.set", {"key": "theme", "value": "daybook"})
    assert site.records.setting("theme") == "daybook"
    site.do("setting.set", {"key": "theme"})
    assert site.records.setting("theme") == "nightwatch"


def test_actions_load_neither_the_keyring_nor_alembic_nor_the_terminal(tmp_path: Path) -> None:
    program = (
        "import sys; from cloutui.actions.registry import all_actions; all_actions();"
        "loaded = {'alembic', 'keyring', 'cryptography', 'textual', 'duckdb'} & sys.modules.keys();"
        "assert not loaded, loaded"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=30, cwd=Path(__file__).parents[2])
