"""Who comes in, through the real OpenSSH client and a client that does not play by the rules."""

from __future__ import annotations

from typing import Any

import asyncssh
import pytest

from cloutui.gateway.sign_in import Claim, Factor, Outcome, SignIn
from tests.gateway.conftest import House

pytestmark = pytest.mark.ssh


async def test_a_key_and_a_code_let_in_and_the_code_only_once(house: House) -> None:
    await house.open()
    code = house.people.code("bob")
    async with house.dialler.dial("bob", key=house.key) as ssh:
        await ssh.answers("Code: ", code)
        await ssh.sees("ready")
        assert b"Password" not in ssh.raw
        (session,) = house.gateway.sessions
        assert session.who.factors == {Factor.KEY, Factor.CODE}
        assert session.who.key == asyncssh.read_private_key(house.key).public_data
    async with house.dialler.dial("bob", key=house.key) as ssh:
        await ssh.answers("Code: ", code)
        await ssh.says("Wrong code, 4 tries left (new code in ")
        await ssh.answers("Code: ", house.people.code("bob", 1), time=2)
        await ssh.sees("ready")
    assert house.people.outcomes("bob") == [Outcome.ACCEPTED, Outcome.REFUSED, Outcome.ACCEPTED]


async def test_a_password_and_a_code_let_in(house: House) -> None:
    await house.open()
    async with house.dialler.dial("alice") as ssh:
        await ssh.answers("Password: ", "wrong horse")
        await ssh.answers("Code: ", house.people.code("alice"))
        await ssh.says("Wrong password or code, 4 tries left (new code in ")
        await ssh.answers("Password: ", "correct horse", time=2)
        await ssh.answers("Code: ", "000000", time=2)
        await ssh.says("Wrong password or code, 3 tries left")
        await ssh.answers("Password: ", "correct horse", time=3)
        await ssh.answers("Code: ", house.people.code("alice"), time=3)
        await ssh.sees("ready")


class Raw(asyncssh.SSHClient):
    """Answers what is asked with what it was given."""

    def __init__(self, *answers: str) -> None:
        self._answers = list(answers)
        self.seen: list[tuple[str, list[str]]] = []

    def kbdint_auth_requested(self) -> str:
        return ""

    def kbdint_challenge_received(self, name: str, instructions: str, lang: str, prompts: Any) -> list[str]:
        self.seen.append((instructions, [prompt for prompt, _ in prompts]))
        return [self._answers.pop(0) if self._answers else "000000" for _ in prompts]


async def enter(house: House, user: str, *answers: str, key: bool = False, **options: Any) -> tuple[bool, Raw]:
    """Whether that lets them in."""
    client = Raw(*answers)
    try:
        connection, _ = await asyncssh.create_connection(
            lambda: client,
            "127.0.0.1",
            house.gateway.port,
            username=user,
            client_keys=[str(house.key)] if key else None,
            known_hosts=None,
            config=None,
            agent_path=None,
            **options,
        )
    except (asyncssh.PermissionDenied, asyncssh.ConnectionLost, asyncssh.DisconnectError):
        return False, client
    connection.close()
    return True, client


@pytest.mark.parametrize(
    ("user", "has_key", "answers", "is_in"),
    [
        ("bob", True, ["{bob:0}"], True),
        ("bob", True, ["{bob:-1}"], True),
        ("bob", True, ["{bob:1}"], True),
        ("bob", True, ["{bob:-3}"], False),
        ("bob", True, ["{bob:3}"], False),
        ("bob", True, ["{alice:0}"], False),
        ("bob", True, ["１２３４５６"], False),
        ("bob", True, [], False),
        ("bob", False, ["", "{bob:0}"], False),
        ("alice", True, ["correct horse", "{alice:0}"], True),  # the key is not hers, and does no harm
        ("alice", False, ["correct horse", ""], False),
        ("alice", False, ["battery staple", "{alice:0}"], False),
        ("kim", True, [], True),
        ("kim", False, ["", ""], False),
        ("pat", False, ["battery staple"], True),
        ("nobody", True, ["correct horse", "{alice:0}"], False),
    ],
)
async def test_only_what_is_required_lets_in(
    house: House, user: str, has_key: bool, answers: list[str], is_in: bool
) -> None:
    await house.open(tries=1)
    codes = {"alice": Codes(house, "alice"), "bob": Codes(house, "bob")}
    given = [answer.format(**codes) for answer in answers]
    assert (await enter(house, user, *given, key=has_key))[0] is is_in


class Codes:
    """`{bob:-1}` is bob's code of one step ago."""

    def __init__(self, house: House, user: str) -> None:
        self.house = house
        self.user = user

    def __format__(self, steps: str) -> str:
        return self.house.people.code(self.user, int(steps))


async def test_an_unknown_user_is_asked_the_same_as_a_known_one(house: House) -> None:
    await house.open(tries=3)
    _, known = await enter(house, "alice", "wrong", "wrong")
    _, unknown = await enter(house, "nobody", "wrong", "wrong")
    assert [without_seconds(seen) for seen in known.seen] == [without_seconds(seen) for seen in unknown.seen]
    assert known.seen[0] == ("", ["Password: ", "Code: "])
    assert len(known.seen) == 3


def without_seconds(seen: tuple[str, list[str]]) -> tuple[str, list[str]]:
    return seen[0].partition(" (new code")[0], seen[1]


class Changing(asyncssh.SSHClient):
    """Shows a key as one user, and then goes on as another."""

    def __init__(self, other: str, *answers: str) -> None:
        self._other = other
        self._raw = Raw(*answers)
        self._connection: Any = None

    def connection_made(self, conn: asyncssh.SSHClientConnection) -> None:
        self._connection = conn

    def kbdint_auth_requested(self) -> str:
        self._connection._username = self._other
        return ""

    def kbdint_challenge_received(self, *asked: Any) -> list[str]:
        return self._raw.kbdint_challenge_received(*asked)


async def become(house: House, other: str, *answers: str) -> str | None:
    """Bob's key, and then that name: who is it that is in?"""
    try:
        connection, _ = await asyncssh.create_connection(
            lambda: Changing(other, *answers),
            "127.0.0.1",
            house.gateway.port,
            username="bob",
            client_keys=[str(house.key)],
            known_hosts=None,
            config=None,
            agent_path=None,
        )
    except (asyncssh.PermissionDenied, asyncssh.ConnectionLost, asyncssh.DisconnectError):
        return None
    async with connection:
        accepted = [attempt for attempt in house.people.attempts if attempt.outcome is Outcome.ACCEPTED]
        return accepted[-1].user


async def test_what_was_shown_for_one_name_does_not_count_for_another(house: House) -> None:
    await house.open(tries=1)
    code = house.people.code("alice")
    assert await become(house, "alice", code, code) is None
    assert await become(house, "bob", house.people.code("bob")) == "bob"


async def test_without_forgetting_at_a_change_of_name_somebody_elses_key_would_do(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control."""

    def careless(self: SignIn, user: str) -> None:
        self.claim = Claim(user, shown=self.claim.shown)

    monkeypatch.setattr(SignIn, "begin", careless)
    await house.open(tries=1)
    assert await become(house, "alice", house.people.code("alice")) == "alice"


async def test_guessing_is_throttled_for_who_guesses(house: House) -> None:
    await house.open(tries=3)
    for _ in range(2):
        await enter(house, "alice", *["wrong", "123456"] * 3)
    looked_at = house.people.checks
    assert looked_at == 5
    is_in, client = await enter(house, "alice", "correct horse", house.people.code("alice"))
    assert not is_in
    assert client.seen[1][0].startswith("Too many wrong tries. Wait ")
    assert house.people.checks == looked_at
    assert Outcome.THROTTLED in house.people.outcomes("alice")
    assert (await enter(house, "pat", "battery staple"))[0]


async def test_an_authenticator_that_fails_lets_nobody_in(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_: object) -> None:
        raise OSError("the records are gone")

    await house.open()
    monkeypatch.setattr(house.people, "record", broken)
    assert not (await enter(house, "kim", key=True))[0]


async def test_a_password_without_the_rest_is_no_way_in(house: House) -> None:
    await house.open(tries=1)
    is_in, client = await enter(house, "pat", "battery staple", preferred_auth="password", password="battery staple")
    assert not is_in
    assert not client.seen
