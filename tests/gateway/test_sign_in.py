"""The rules of signing in, without SSH."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloutui.gateway.sign_in import WITH_CODE, Factor, Prompts, Requirement, SignIn, ways
from cloutui.gateway.throttle import Throttle
from tests.gateway.people import KEY_ALONE, PASSWORD_ALONE, People, Person

NOW = 1_795_000_010.0  # 20 s into a step
KEY = b"the key"


@pytest.fixture
def people() -> People:
    return People(
        {
            "alice": Person(password="correct horse", keys=[KEY], secret=b"alice's secret"),
            "kim": Person(keys=[KEY], requirement=KEY_ALONE),
            "pat": Person(password="battery staple", requirement=PASSWORD_ALONE),
        },
        now=lambda: NOW,
    )


SignsIn = Callable[..., SignIn]


@pytest.fixture
def at(people: People) -> SignsIn:
    """A connection from an address; all share one throttle."""
    throttle, checks = Throttle(now=lambda: 0.0), asyncio.Semaphore(2)

    def connect(user: str, source: str = "192.0.2.1", tries: int = 5) -> SignIn:
        made = SignIn(
            people, throttle, checks, source=source, tries=tries, now=lambda: datetime.fromtimestamp(NOW, UTC)
        )
        made.begin(user)
        return made

    return connect


async def answer(sign_in: SignIn, *answers: str) -> Prompts | bool:
    await sign_in.ask()
    return await sign_in.answer(answers)


async def test_what_is_said_after_a_wrong_answer(at: SignsIn) -> None:
    sign_in = at("alice", tries=3)
    refused = await answer(sign_in, "wrong", "000000")
    assert refused == Prompts("Wrong password or code, 2 tries left (new code in 10s)", (Factor.PASSWORD, Factor.CODE))
    assert await sign_in.answer(["wrong", "000000"]) == Prompts(
        "Wrong password or code, 1 try left (new code in 10s)", (Factor.PASSWORD, Factor.CODE)
    )
    assert await sign_in.answer(["wrong", "000000"]) is False
    pat = at("pat")
    assert await answer(pat, "wrong") == Prompts("Wrong password, 4 tries left", (Factor.PASSWORD,))


async def test_a_question_about_a_key_is_not_its_signature(at: SignsIn) -> None:
    sign_in = at("kim")
    assert await sign_in.knows_key(KEY)
    await sign_in.ask()
    assert await sign_in.conclude() is None
    assert await sign_in.knows_key(KEY)
    assert not await sign_in.knows_key(b"another")
    assert await sign_in.conclude() is None
    assert await sign_in.knows_key(KEY)
    who = await sign_in.conclude()
    assert who is not None
    assert (who.user, who.key, who.factors) == ("kim", KEY, {Factor.KEY})


async def test_a_wrong_password_does_not_use_up_the_code(at: SignsIn, people: People) -> None:
    sign_in, code = at("alice"), people.code("alice")
    await answer(sign_in, "wrong", code)
    assert await sign_in.answer(["correct horse", code]) is True


async def test_a_code_is_good_for_one_of_many_at_the_same_time(at: SignsIn, people: People) -> None:
    code = people.code("alice")
    tries = [at("alice", f"192.0.2.{number}") for number in range(50)]
    results = await asyncio.gather(*(answer(each, "correct horse", code) for each in tries))
    assert results.count(True) == 1


async def test_wrong_passwords_elsewhere_keep_nobody_out(at: SignsIn, people: People) -> None:
    for number in range(40):
        await answer(at("alice", f"198.51.100.{number % 4}"), "wrong", "000000")
    assert await answer(at("alice"), "correct horse", people.code("alice")) is True


async def test_a_name_that_is_written_otherwise_gets_no_more_tries(at: SignsIn, people: People) -> None:
    for written in ("alice", "Alice", "ALICE", " alice", "aLice "):
        await answer(at(written), "wrong", "000000")
    refused = await answer(at("alicE"), "wrong", "000000")
    assert isinstance(refused, Prompts)
    assert refused.instruction.startswith("Too many")
    assert people.checks == 5


async def test_codes_are_counted_for_the_account_once_the_first_factor_is_right(at: SignsIn, people: People) -> None:
    for number in range(5):
        thief = at("alice", f"198.51.100.{number}")
        await thief.knows_key(KEY)
        assert await thief.conclude() is None
        await answer(thief, "000000")
    owner = at("alice")
    await owner.knows_key(KEY)
    await owner.conclude()
    refused = await answer(owner, people.code("alice"))
    assert isinstance(refused, Prompts)
    assert refused.instruction == "Too many wrong tries. Wait 30 s."


async def test_a_locked_account_is_not_told_beside_a_password(at: SignsIn) -> None:
    """It would tell that the password is right."""
    for number in range(5):
        await answer(at("alice", f"198.51.100.{number}"), "correct horse", "000000")
    right, wrong = at("alice"), at("alice", "192.0.2.2")
    assert await answer(right, "correct horse", "000000") == await answer(wrong, "wrong", "000000")


async def test_a_change_of_name_forgets_everything(at: SignsIn, people: People) -> None:
    sign_in = at("kim")
    await sign_in.knows_key(KEY)
    sign_in.begin("alice")
    assert await sign_in.conclude() is None
    assert (await sign_in.ask()).asked == (Factor.PASSWORD, Factor.CODE)
    assert await sign_in.answer([people.code("alice")]) is False


async def test_an_answer_to_the_question_before_counts_for_the_name_before(at: SignsIn, people: People) -> None:
    """The client changes the name while its answer is being checked."""
    sign_in = at("pat")
    await sign_in.ask()
    checking = asyncio.create_task(sign_in.answer(["battery staple"]))
    await asyncio.sleep(0)
    sign_in.begin("kim")
    assert await checking is True
    assert await sign_in.conclude() is None


@given(st.sets(st.sampled_from(Factor)), st.lists(st.sets(st.sampled_from(Factor), min_size=1), max_size=4))
def test_more_is_never_less(shown: set[Factor], alternatives: list[set[Factor]]) -> None:
    requirement = ways(*alternatives)
    assert requirement.is_met_by(shown) == any(all(factor in shown for factor in way) for way in alternatives)
    if requirement.is_met_by(shown):
        assert requirement.is_met_by(set(Factor))


def test_nothing_is_enough_when_nothing_is_required() -> None:
    assert not Requirement(()).is_met_by(set(Factor))
    assert not WITH_CODE.is_met_by({Factor.KEY, Factor.PASSWORD})
    assert not WITH_CODE.is_met_by({Factor.CODE})
