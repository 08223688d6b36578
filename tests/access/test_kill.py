"""Killed at any moment: what was acknowledged is there, and every change has its line and every line its change."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from cloutui.records import access
from cloutui.records.checkpoints import Head, Signer, heads_in
from cloutui.records.secrets import Secrets
from cloutui.records.store import Records
from tests.access.house import staff
from tests.actions.rehearsal import rehearsed
from tests.actions.site import Site
from tests.rounds import rounds

ROUNDS = rounds(8, soak=50)


class Killed(NamedTuple):
    """What one that was killed had said."""

    acknowledged: set[tuple[int, str, str]]
    heads: list[Head]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("site")
    with Site(made) as site:
        staff(site, 1)
    return made


@pytest.fixture(scope="module")
def actor(folder: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "tests.access.doing", str(folder)]
    root = Path(__file__).parents[2]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=root) as process:
        yield process
        assert process.stdin is not None
        process.stdin.close()
        process.wait(timeout=20)


def killed(actor: subprocess.Popen[str], mark: str, after: int) -> Killed:
    """One more actor is killed when it has said so many lines, or a moment later."""
    assert actor.stdin is not None
    assert actor.stdout is not None
    actor.stdin.write(f"{mark}\n")
    actor.stdin.flush()
    child = int(actor.stdout.readline())
    said = [actor.stdout.readline() for _ in range(after)]
    os.kill(child, signal.SIGKILL)
    said += iter(actor.stdout.readline, "dead\n")
    parts = [line.split() for line in said if line.startswith("done")]
    acknowledged = {(int(seq), action, name) for _, seq, action, name in parts}
    return Killed(acknowledged, list(heads_in(line for line in said if line.startswith("head"))))


def by_line(records: Records) -> dict[str, set[str]]:
    """By action: what the activity log tells of."""
    told: dict[str, set[str]] = {"unit.create": set(), "role.create": set(), "user.create": set(), "user.lock": set()}
    for line in records.activity(1_000_000):
        if line.session_id.startswith("round"):
            told[line.action].add(line.target_name)
    return told


def by_record(records: Records) -> dict[str, set[str]]:
    """The same, by what is there."""
    with records.reading() as connection:
        users, roles = access.users(connection), access.roles(connection)
    found = {
        "unit.create": {unit.name for unit in records.dimensions().units},
        "role.create": {role.name for role in roles},
        "user.create": {user.name for user in users},
        "user.lock": {user.name for user in users if user.locked_at is not None},
    }
    return {action: {name for name in names if name.startswith("round")} for action, names in found.items()}


def test_no_change_is_without_its_line_and_no_line_without_its_change(
    folder: Path, actor: subprocess.Popen[str]
) -> None:
    chance = random.Random(4417)
    heads: list[Head] = []
    acknowledged: set[tuple[int, str, str]] = set()
    with Records.open(folder / "records.sqlite") as records:
        for number in range(ROUNDS):
            found = killed(actor, f"round{number}", after=chance.randrange(1, 25))
            heads += found.heads
            acknowledged |= found.acknowledged
            lines = {(line.seq, line.action, line.target_name) for line in records.activity(1_000_000)}
            assert acknowledged <= lines
            assert by_line(records) == by_record(records)
        records.sign_with(Signer(Secrets.open("sealed", folder)))
        verified = records.verify_activity(heads)
        assert (verified.problem, verified.entries) == ("", len(lines))
        assert len(heads) >= ROUNDS // 3
        assert len(acknowledged) >= 4 * ROUNDS


def test_a_change_that_lost_its_line_is_found(folder: Path, actor: subprocess.Popen[str]) -> None:
    """The negative control."""
    killed(actor, "round", after=12)
    with Records.open(folder / "records.sqlite") as records, rehearsed(records) as tried:
        assert by_line(tried) == by_record(tried)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("cloutui.records.transaction.Tx.require_logged", lambda _: None)
            with tried.begin() as tx:
                tx.connection.exec_driver_sql("UPDATE user_account SET locked_at = NULL")
        assert by_line(tried) != by_record(tried)
