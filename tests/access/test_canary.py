"""What lets somebody in stands in no file, log, answer or traceback, but where it is sealed or hashed.

The id of a session is no secret: it lets nobody in, and stands in the activity log so that what was done together is
found together.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyotp
import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from cloutui.actions.registry import build
from cloutui.errors import CloutuiError, Invalid, NotConfirmed
from cloutui.home import Home
from cloutui.installation import Installation, Session
from cloutui.model.secret import Secret
from cloutui.settings import Settings
from tests.actions.site import SSH, Site

PASSWORD = "canary among four words"
WEAK = "canary2"
OF_SERVER = "canary-of-the-server"
SEED = "JBSWY3DPEHPK3PXPCANARYCANARY2345"


@pytest.fixture
def installation(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> Iterator[Installation]:
    """With everything logged that can be, and secrets kept in a file."""
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, "sqlalchemy.engine")
    with Site(tmp_path) as site:
        site.user(1, name="op-01")
    with closing(Installation(Home.at(tmp_path), Settings())) as made:
        yield made


def a_session(installation: Installation) -> Session:
    from cloutui.records import access

    with installation.records.reading() as connection:
        user = access.user_named(connection, "op-01")
    assert user is not None
    return installation.session(user.principal("ssh", "s1", installation.records.clock()))


async def everything_with_a_secret(installation: Installation, told: list[str]) -> list[str]:
    """Does all of it; the secrets that came of it. `told` gets what anybody could have seen."""
    session, now = a_session(installation), installation.records.clock()
    found = [PASSWORD, WEAK, OF_SERVER, SEED]

    async def act(name: str, given: dict[str, Any], code: str | None = None, typed: str | None = None) -> None:
        try:
            told.extend(map(repr, (build(name, given), await session.plan(name, given))))
            outcome = await session.act(name, given, typed_name=typed, code=Secret(code) if code else None)
        except CloutuiError as error:
            told.append("".join(traceback.format_exception(error)) + error.hint)
            raise
        told.append(repr(outcome))
        found.extend(word for shown in outcome.shown.values() for word in shown.reveal().split())

    await session.begin_write("ticket 4417", 15)
    await act("server.add", {"name": "SPX09", "doors": [SSH], "administrator": "A", "password": OF_SERVER})
    await act("user.create", {"name": "acme1", "role": "role 1"})
    with pytest.raises(Invalid):
        await act("account.password", {"password": WEAK})
    await act("account.password", {"password": PASSWORD})
    await act("account.second-factor", {"secret": SEED, "code": pyotp.TOTP(SEED).at(now)})
    await act("account.recovery-codes", {})
    later = now + timedelta(minutes=1)
    installation.records.clock = lambda: later
    with pytest.raises(NotConfirmed):
        await act("user.invite", {"user": "acme1"}, typed="acme1")
    await act("user.invite", {"user": "acme1"}, typed="acme1", code=pyotp.TOTP(SEED).at(later))
    with installation.records.begin() as tx:
        fails = "CREATE TRIGGER full BEFORE INSERT ON activity BEGIN SELECT RAISE(ABORT, 'no room'); END"
        tx.connection.execute(text(fails))
    with pytest.raises(IntegrityError) as broken:
        await act("account.password", {"password": PASSWORD})
    told.append("".join(traceback.format_exception(broken.value)))
    for report in ("users", "my-account", "my-keys", "user-keys"):
        told += [repr((await session.ask(report)).rows.to_pylist())]
    told += map(repr, installation.records.activity(1000))
    told.append(repr((session, session.principal, installation.context)))
    return found


def places_of(secret: str, folder: Path, told: list[str]) -> list[str]:
    """Where it stands, in any case of letters."""
    wanted = secret.casefold()
    files = [path for path in folder.rglob("*") if path.is_file()]
    found = [path.name for path in files if wanted.encode() in path.read_bytes().lower()]
    return found + [text[:80] for text in told if wanted in text.casefold()]


async def test_nothing_that_lets_somebody_in_stands_anywhere(
    installation: Installation, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    told: list[str] = []
    secrets = await everything_with_a_secret(installation, told)
    assert len(secrets) > 4 + 2 + 2 * 5, "passwords, invitations, recovery codes twice"
    assert "INSERT INTO activity" in caplog.text, "what is logged was looked at"
    told.append(caplog.text)
    assert {secret: places for secret in secrets if (places := places_of(secret, tmp_path, told))} == {}
    # The negative control: what is there is found.
    (tmp_path / "cloutui.log").write_text(f"signed in with {PASSWORD.upper()}\n")
    assert places_of(PASSWORD, tmp_path, [*told, repr(PASSWORD)]) == ["cloutui.log", repr(PASSWORD)]
    assert "records.sqlite" in "".join(places_of("Acme ApS", tmp_path, []))
