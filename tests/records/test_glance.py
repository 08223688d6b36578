"""What is told at a glance is what SQLAlchemy reads; and the first answers of a console need no more."""

from __future__ import annotations

import getpass
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from cloutui.errors import Broken, NotFound
from cloutui.records import access, dimensions, saved
from cloutui.records.plain import PlainReader
from cloutui.records.store import Records
from tests.actions.site import NOON, Site
from tests.world import World


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with Site(tmp_path) as built:
        yield built


STATES: list[dict[str, Any]] = [
    {"full_name": "A. Person"},
    {"os_user": "dba", "expires_at": NOON + timedelta(days=1), "password_hash": "hash"},
    {"locked_at": NOON, "lock_reason": "left", "totp_secret": "name of a secret"},
    {"archived_at": NOON, "preferences": {"theme": "ink", "keys": "vi"}},
    {"last_sign_in_at": NOON, "last_sign_in_from": "10.2.9.4", "failed_since": 2, "codes_locked_until": NOON},
]


def test_a_user_is_the_same_either_way(site: Site) -> None:
    by = site.user(site.records.root_unit_id, name="op")
    users = [site.user(site.acme, name=f"user{place}") for place in range(len(STATES))]
    for user, state in zip(users, STATES, strict=True):
        site.set_user(user, **state)
    for two_factors in ("no", "yes"):
        said = {"unit": "Fjord Retail", "key": "two_factors", "value": two_factors}
        site.do("unit.set", said, by=by, proof=site.full_proof())
        with site.records.reading() as connection:
            for user in users:
                assert user.user_id is not None
                seen = site.records.glance.user(user.user_id)
                assert seen == access.user(connection, user.user_id)
                assert seen.role.needs_second_factor is (two_factors == "yes")
            assert site.records.glance.user_of_host("dba") == access.user(connection, users[1].user_id or 0)
    with pytest.raises(NotFound):
        site.records.glance.user(4417)


def test_what_was_committed_a_moment_ago_is_seen(site: Site) -> None:
    glance = site.records.glance
    assert (glance.has_users(), glance.setting("theme")) == (False, None)
    before = glance.version()
    op = site.user(site.records.root_unit_id, name="op")
    site.do("setting.set", {"key": "theme", "value": "daybook"}, by=op, proof=site.full_proof())
    site.do("view.save", {"report": "nodes", "columns": ["node", "stored"]}, by=op, proof=site.full_proof())
    site.do("unit.create", {"name": "Holm Bakery"}, by=op, proof=site.full_proof())
    assert (glance.has_users(), glance.setting("theme")) == (True, "daybook")
    with site.records.reading() as connection:
        assert before < glance.version() == dimensions.version(connection)
        assert glance.saved_columns("op") == saved.columns(connection, "op") == {"nodes": ("node", "stored")}
    assert glance.root_unit_id() == site.records.root_unit_id


def test_a_file_that_is_none_of_ours_is_told_in_our_words(tmp_path: Path) -> None:
    (tmp_path / "records.sqlite").write_bytes(b"no database, and longer than the head of one" * 10)
    reader = PlainReader(tmp_path / "records.sqlite")
    with pytest.raises(Broken, match="cannot be used"):
        reader.rows("SELECT 1 FROM unit", ())
    reader.close()
    with pytest.raises(Broken, match="cannot be used"):
        Records.open(tmp_path / "records.sqlite")


_ASK = """
import sys
from pathlib import Path
from cloutui.home import Home
from cloutui.installation import Installation
installation = Installation.open(Home.at(Path(sys.argv[1])))
session = installation.session(installation.principal("terminal"))
rows = {name: session.run(name).rows.num_rows for name in sys.argv[2:]}
print(session.principal.name, rows, *{"sqlalchemy", "alembic"} & sys.modules.keys())
installation.close()
"""


def test_the_first_answers_load_no_sqlalchemy_whoever_asks_and_whatever_was_said(tmp_path: Path) -> None:
    world = World(tmp_path)
    unit, server = world.unit("Acme ApS"), world.server()
    world.nodes(server, "ACME-SQL01")
    (node,) = (row.data_source_id for row in world.records.dimensions().data_sources)
    world.user(
        "op-01",
        unit,
        world.role(privileges=["unit.view", "node.view", "job.view", "user.view"]),
        os_user=getpass.getuser(),
    )
    world.handled(node, unit, day=datetime.now(UTC).date())
    world.cache.copy_dimensions()
    world.close()

    def told(*reports: str) -> str:
        done = subprocess.run(
            [sys.executable, "-c", _ASK, str(tmp_path), *reports],
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        return done.stdout.strip()

    assert told("attention", "job-counts", "units") == "op-01 {'attention': 0, 'job-counts': 0, 'units': 1}"
    assert told("users").endswith("sqlalchemy")
