"""Who comes in by the records: the table of what is tried, without SSH. With it: `tests/journeys/test_ssh_users.py`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncssh
import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from cloutui.errors import AccessEnded
from cloutui.gateway.sign_in import Factor, Prompts, SignedIn, SignIn
from cloutui.gateway.throttle import Throttle
from cloutui.gateway.users import Users, greeting
from cloutui.model.principal import local_principal
from cloutui.model.role import ENROLMENT
from cloutui.model.secret import Secret
from cloutui.records import passwords
from cloutui.records.access_tables import user_account, user_key
from cloutui.records.secrets import Secrets
from cloutui.records.sign_in import Door
from cloutui.records.store import Records
from tests.gateway.real_users import PASSWORD, add_user, app_code, change, give_recovery_code, invite

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
KEY, OTHER_KEY = (asyncssh.generate_private_key("ssh-ed25519") for _ in range(2))


class House:
    """alice has everything and must show two; pat has a password and a key, and one is enough."""

    def __init__(self, folder: Path) -> None:
        self.now = NOON
        self.records = Records.open(folder / "records.sqlite", clock=lambda: self.now, root_name="Nordhavn Backup")
        self.secrets = Secrets.open("memory", folder)
        self.alice = add_user(self.records, self.secrets, "alice", key=KEY)
        self.pat = add_user(self.records, self.secrets, "pat", key=KEY, app=False, needs_code=False)
        self.users = Users(Door(self.records, self.secrets))
        self.throttle, self.checks = Throttle(now=lambda: 0.0), asyncio.Semaphore(4)

    def knock(self, user: str) -> SignIn:
        made = SignIn(self.users, self.throttle, self.checks, source="10.2.9.4", tries=5, now=lambda: self.now)
        made.begin(user)
        return made

    def code(self, steps: int = 0) -> str:
        return app_code(steps=steps, now=self.now)

    async def actions(self) -> list[str]:
        """Newest first, when all is written down."""
        await self.users.written()
        return [line.action for line in self.records.activity(20)]


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    made = House(tmp_path)
    yield made
    await made.users.close()
    made.records.close()


async def with_key(knock: SignIn, key: asyncssh.SSHKey, code: str | None = None) -> SignedIn | None:
    if not await knock.knows_key(key.public_data):
        return None
    who = await knock.conclude()
    if who is not None or code is None:
        return who
    await knock.ask()
    return await knock.conclude() if await knock.answer([code]) is True else None


async def with_password(knock: SignIn, password: str, code: str | None = None) -> SignedIn | None:
    asked = (await knock.ask()).asked
    answers = [password] if Factor.CODE not in asked else [password, code or ""]
    return await knock.conclude() if await knock.answer(answers) is True else None


LETS_IN = {
    "a key and a code": lambda house: with_key(house.knock("alice"), KEY, house.code()),
    "a password and a code": lambda house: with_password(house.knock("alice"), PASSWORD, house.code()),
    "the code of a step before": lambda house: with_key(house.knock("alice"), KEY, house.code(-1)),
    "a name in capitals": lambda house: with_key(house.knock("ALICE"), KEY, house.code()),
    "a key where one is enough": lambda house: with_key(house.knock("pat"), KEY),
    "a password where one is enough": lambda house: with_password(house.knock("pat"), PASSWORD),
}
REFUSED = {
    "a key alone": lambda house: with_key(house.knock("alice"), KEY),
    "a password alone": lambda house: with_password(house.knock("alice"), PASSWORD),
    "a key and a wrong code": lambda house: with_key(house.knock("alice"), KEY, "000000"),
    "the code of two steps before": lambda house: with_key(house.knock("alice"), KEY, house.code(-2)),
    "digits of another script": lambda house: with_key(house.knock("alice"), KEY, full_width(house.code())),
    "another key and the right code": lambda house: with_key(house.knock("alice"), OTHER_KEY, house.code()),
    "a wrong password and the right code": lambda house: with_password(house.knock("alice"), "wrong", house.code()),
    "a name that nobody has": lambda house: with_password(house.knock("mallory"), PASSWORD, house.code()),
    "a key for a name that nobody has": lambda house: with_key(house.knock("mallory"), KEY, house.code()),
}


def full_width(code: str) -> str:
    return code.translate({ord(str(digit)): 0xFF10 + digit for digit in range(10)})


@pytest.mark.parametrize("what", LETS_IN)
async def test_lets_in(what: str, house: House) -> None:
    who = await LETS_IN[what](house)
    assert who is not None
    assert (await house.actions())[0] == "session.open"
    principal = await house.users.principal_of(who)
    assert (principal.name, principal.face, principal.session_id) == (who.user.lower(), "ssh", who.session_id)
    await house.users.left(who)
    assert (await house.actions())[0] == "session.close"
    with pytest.raises(AccessEnded):
        await house.users.principal_of(who)


@pytest.mark.parametrize("what", REFUSED)
async def test_refuses(what: str, house: House) -> None:
    assert await REFUSED[what](house) is None
    assert "session.open" not in (await house.actions())


async def test_a_code_lets_in_once_also_across_connections(house: House) -> None:
    code = house.code()
    assert await with_key(house.knock("alice"), KEY, code)
    assert not await with_key(house.knock("alice"), KEY, code)
    house.throttle = Throttle(now=lambda: 0.0)
    assert not await with_key(house.knock("alice"), KEY, code), "a restart does not forget it either"


async def test_a_recovery_code_lets_in_once(house: House) -> None:
    code = give_recovery_code(house.records, house.alice)
    assert await with_key(house.knock("alice"), KEY, code)
    assert not await with_key(house.knock("alice"), KEY, code)


async def test_a_wrong_password_uses_up_no_code(house: House) -> None:
    assert not await with_password(house.knock("alice"), "wrong", house.code())
    assert await with_password(house.knock("alice"), PASSWORD, house.code())


async def test_wrong_passwords_of_anybody_lock_no_codes(house: House) -> None:
    for _ in range(6):
        house.throttle = Throttle(now=lambda: 0.0)
        assert not await with_password(house.knock("alice"), "wrong", "000000")
    assert (await house.actions())[:6] == ["session.refuse"] * 6
    assert await with_key(house.knock("alice"), KEY, house.code())


async def test_tries_that_are_not_looked_at_do_not_fill_the_activity_log(house: House) -> None:
    for _ in range(3):
        knock = house.knock("pat")
        await knock.ask()
        for _ in range(5):
            await knock.answer(["wrong"])
    assert (await house.actions()).count("session.refuse") == 5


@pytest.mark.parametrize(
    ("values", "bar"),
    [
        ({"locked_at": NOON}, "Locked at 22 Nov 12:00 UTC. Administrators of Nordhavn Backup can unlock."),
        ({"expires_at": NOON}, "Expired at 22 Nov 12:00 UTC. Administrators of Nordhavn Backup can prolong."),
    ],
)
async def test_who_is_locked_or_expired_is_told_so_after_a_right_first_factor_and_not_before(
    values: dict[str, datetime], bar: str, house: House
) -> None:
    change(house.records, house.alice, **values)
    wrong, nobody = house.knock("alice"), house.knock("mallory")
    asked = [await wrong.ask(), await nobody.ask()]
    assert asked[0] == asked[1]
    refused = [await knock.answer(["wrong", "000000"]) for knock in (wrong, nobody)]
    assert isinstance(refused[0], Prompts)
    assert refused[0] == refused[1]
    assert wrong.claim.bar == ""
    for shows in (lambda knock: with_key(knock, KEY, house.code()), lambda k: with_password(k, PASSWORD, house.code())):
        knock = house.knock("alice")
        assert await shows(knock) is None
        assert knock.claim.bar == bar
    change(house.records, house.alice, locked_at=None, expires_at=None)
    assert await with_key(house.knock("alice"), KEY, house.code()), "and the code was not used up"


async def test_an_invitation_is_a_password_once_and_lets_set_up_the_sign_in(house: House) -> None:
    code = invite(house.records, house.alice)
    assert not await with_key(house.knock("alice"), KEY)
    assert not await with_password(house.knock("alice"), PASSWORD)
    who = await with_password(house.knock("alice"), code)
    assert who is not None
    principal = await house.users.principal_of(who)
    assert (principal.privileges, principal.is_set_up) == (ENROLMENT, False)
    assert not await with_password(house.knock("alice"), code)


async def test_a_password_is_no_way_in_for_who_lacks_the_second_factor_of_their_role(house: House) -> None:
    change(house.records, house.alice, totp_secret=None)
    assert not await with_password(house.knock("alice"), PASSWORD)


async def test_what_nobody_is_asked_is_what_most_users_are(house: House) -> None:
    assert (await house.knock("mallory").ask()).asked == (Factor.PASSWORD, Factor.CODE)
    change(house.records, house.alice, archived_at=NOON)
    assert (await house.knock("mallory").ask()).asked == (Factor.PASSWORD,)


async def test_who_is_locked_meanwhile_is_nobody_from_then_on(house: House) -> None:
    who = await with_key(house.knock("pat"), KEY)
    assert who is not None
    change(house.records, house.pat, locked_at=NOON)
    with pytest.raises(AccessEnded):
        await house.users.principal_of(who)


async def test_it_is_known_when_a_key_was_used_last(house: House) -> None:
    def last_used() -> list[datetime | None]:
        with house.records.reading() as connection:
            return list(connection.execute(select(user_key.c.last_used_at).order_by(user_key.c.user_id)).scalars())

    assert last_used() == [None, None]
    assert await with_password(house.knock("pat"), PASSWORD)
    assert last_used() == [None, None]
    assert await with_key(house.knock("pat"), KEY)
    assert last_used() == [None, NOON]


async def test_greets_with_the_time_before(house: House) -> None:
    first = await with_key(house.knock("pat"), KEY)
    assert first is not None
    assert house.users.greeting_of(first) == ""
    await with_password(house.knock("pat"), "wrong")
    assert (await house.actions())[0] == "session.refuse"
    house.now += timedelta(hours=1)
    second = await with_key(house.knock("pat"), KEY)
    assert second is not None
    told = house.users.greeting_of(second)
    assert told == "Last sign-in Sun 22 Nov 12:00 UTC from 10.2.9.4. 1 failed try since."


@pytest.mark.parametrize("broken", ["known", "present", "enter", "most_need_code"])
async def test_whatever_breaks_lets_nobody_in(broken: str, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(house.users._door, broken, fail)
    shows: Callable[[], object] = lambda: with_key(house.knock("alice"), KEY, house.code())  # noqa: E731
    if broken == "present":
        who = await shows()  # type: ignore[misc]
        with pytest.raises(OSError, match="disk"):
            await house.users.principal_of(who)
    else:
        with pytest.raises(OSError, match="disk"):
            await shows()  # type: ignore[misc]


# A password whose hash is of other days.

WEAK = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash(PASSWORD)


def hash_of(house: House, user_id: int) -> str:
    with house.records.reading() as connection:
        return str(
            connection.execute(
                select(user_account.c.password_hash).where(user_account.c.user_id == user_id)
            ).scalar_one()
        )


async def test_an_outdated_hash_is_made_anew_with_the_sign_in(house: House) -> None:
    change(house.records, house.pat, password_hash=WEAK)
    assert await with_password(house.knock("pat"), PASSWORD)
    renewed, line = hash_of(house, house.pat), house.records.activity(1)[0]
    assert renewed != WEAK
    assert not passwords.is_outdated(renewed)
    assert passwords.fits(renewed, Secret(PASSWORD))
    assert (line.action, line.sentence[-29:]) == ("session.open", "The password was hashed anew.")
    assert await with_password(house.knock("pat"), PASSWORD)
    assert hash_of(house, house.pat) == renewed, "once"


async def test_who_does_not_come_in_leaves_the_hash_and_no_password_behind(house: House) -> None:
    change(house.records, house.alice, password_hash=WEAK)
    assert not await with_password(house.knock("alice"), PASSWORD, "000000")
    assert not await with_password(house.knock("alice"), "wrong", house.code())
    assert hash_of(house, house.alice) == WEAK
    assert house.users._to_renew == {}


async def test_a_password_that_was_set_meanwhile_is_not_taken_back(house: House) -> None:
    door = Door(house.records, house.secrets)
    change(house.records, house.pat, password_hash=WEAK)
    renewal = door.renewal(house.pat, Secret(PASSWORD))
    assert renewal is not None
    change(house.records, house.pat, password_hash="another by now")
    told = {"session_id": "s1", "source": "10.2.9.4", "how": "password"}
    door.enter(house.pat, face="ssh", renewal=renewal, **told)  # type: ignore[arg-type]
    assert hash_of(house, house.pat) == "another by now"
    assert "anew" not in house.records.activity(1)[0].sentence


async def test_where_one_only_looks_nobody_changes_anything(house: House) -> None:
    looking = Users(Door(house.records, house.secrets), is_read_only=True)
    for users, is_read_only in ((house.users, False), (looking, True)):
        house.users = users
        who = await with_key(house.knock("pat"), KEY)
        assert who is not None
        assert (await users.principal_of(who)).is_read_only is is_read_only
        await users.close()


# On the host itself.


@pytest.mark.parametrize("is_user", [False, True], ids=["before there are users", "as a user"])
async def test_who_joins_on_the_host_is_in_the_activity_log_from_beginning_to_end(is_user: bool, house: House) -> None:
    door, local = Door(house.records, house.secrets), local_principal("op", house.records.root_unit_id, "terminal")
    who = replace(local, user_id=house.pat, name="pat", role="Role of pat") if is_user else local
    entered = door.join(who, "op")
    door.leave(entered.principal, "the connection was closed")
    closed, opened = house.records.activity(2)
    assert (opened.action, opened.sentence) == ("session.open", "Came in on this host, as its user op.")
    assert (closed.action, closed.sentence) == ("session.close", "Left: the connection was closed.")
    for line in (opened, closed):
        assert (line.actor, line.user_id, line.face) == (who.name, who.user_id, "terminal")
        assert (line.session_id, line.target_name) == (who.session_id, who.name)
    assert greeting(entered) == ""
    if is_user:
        assert greeting(door.join(who, "op")) == "Last sign-in Sun 22 Nov 12:00 UTC from this host."
