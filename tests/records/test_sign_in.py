"""The door: passwords, codes that are good once, and what is written down."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyotp
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, select, update

from cloutui.errors import AccessEnded, Invalid
from cloutui.model import one_time_codes
from cloutui.model.privilege import Privilege
from cloutui.model.role import ENROLMENT
from cloutui.model.secret import Secret
from cloutui.model.standing import Standing
from cloutui.records import access, passwords
from cloutui.records.access_tables import invitation, recovery_code, role, user_account
from cloutui.records.secrets import Secrets
from cloutui.records.sign_in import PATIENCE, Door
from cloutui.records.store import Records
from tests.actions.people import changed_user, made_role, made_user, tell

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
SEED = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
PASSWORD = Secret("four words are better")
FROM = "10.2.9.4"


class House:
    """An installation with one user, op-01, who has a password and an app."""

    def __init__(self, folder: Path) -> None:
        self.now = NOON
        self.secrets = Secrets.open("memory", folder)
        self.records = Records.open(folder / "records.sqlite", clock=lambda: self.now)
        self.door = Door(self.records, self.secrets)
        with self.records.begin() as tx:
            self.role_id = made_role(tx, 1, "Operators", [Privilege.JOB_VIEW, Privilege.ACCOUNT_EDIT])
            self.user_id = made_user(tx, 1, self.role_id, "op-01")
            changed_user(tx, self.user_id, password_hash=_HASHED, totp_secret="totp/1")
        self.secrets.set("totp/1", SEED)

    def code(self, *, steps: int = 0) -> str:
        return pyotp.TOTP(SEED).at(self.now + timedelta(seconds=30 * steps))

    def takes(self, code: str) -> bool:
        return self.door.take_code(self.user_id, code, FROM)

    def set(self, **values: object) -> None:
        with self.records.begin() as tx:
            changed_user(tx, self.user_id, **values)

    def lines(self) -> list[str]:
        return [line.sentence for line in self.records.activity(1000)]


_HASHED = passwords.hashed(PASSWORD)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path)
    yield made
    made.records.close()


def test_a_password_fits_itself_alone(house: House) -> None:
    assert house.door.fits_password(house.user_id, PASSWORD)
    assert not house.door.fits_password(house.user_id, Secret("four words are bitter"))
    assert not house.door.fits_password(None, PASSWORD)


@pytest.mark.parametrize("weak", ["short", "x" * 300, "aaaaaaaaaaaaaaa", "op-01 op-01 op-01", ""])
def test_a_weak_password_is_refused(weak: str) -> None:
    with pytest.raises(Invalid):
        passwords.check_password(Secret(weak), name="op-01")


def test_a_code_of_now_or_a_step_beside_opens(house: House) -> None:
    assert house.takes(house.code(steps=-1))
    assert house.takes(house.code())
    assert house.takes(house.code(steps=1))


def test_a_code_opens_once(house: House) -> None:
    assert house.takes(house.code())
    assert not house.takes(house.code())


def test_a_code_of_before_the_last_one_is_too_old(house: House) -> None:
    assert house.takes(house.code())
    assert not house.takes(house.code(steps=-1))


@pytest.mark.parametrize("steps", [-2, 2, -100])
def test_a_code_of_another_time_does_not_open(steps: int, house: House) -> None:
    assert not house.takes(house.code(steps=steps))


def test_digits_of_another_script_are_no_code(house: House) -> None:
    full_width = house.code().translate({ord(str(digit)): 0xFF10 + digit for digit in range(10)})
    assert full_width.isdigit()
    assert not house.takes(full_width)
    assert house.takes(house.code())


@given(st.text(max_size=8))
def test_whatever_is_typed_is_right_or_wrong_and_nothing_else(typed: str) -> None:
    step = one_time_codes.step_of(Secret(SEED), typed, NOON, after=0)
    assert (step is not None) == (typed in {pyotp.TOTP(SEED).at(NOON + timedelta(seconds=s)) for s in (-30, 0, 30)})


def test_of_many_who_show_one_code_at_once_one_comes_in(house: House) -> None:
    code, taken = house.code(), list[bool]()
    barrier = threading.Barrier(12)

    def show() -> None:
        barrier.wait(10)
        taken.append(house.takes(code))

    threads = [threading.Thread(target=show) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(taken) == [False] * 11 + [True]


def test_after_some_wrong_codes_the_right_one_waits_too_and_longer_each_time(house: House) -> None:
    for _ in range(PATIENCE):
        assert not house.takes("000000")
    assert not house.takes(house.code())
    house.now += timedelta(minutes=3)
    assert not house.takes("000000")
    house.now += timedelta(seconds=31)
    assert not house.takes(house.code()), "the wait has grown"
    house.now += timedelta(minutes=16)
    assert house.takes(house.code())


def test_a_right_code_forgives_the_wrong_ones(house: House) -> None:
    for _ in range(3):
        for _ in range(PATIENCE - 1):
            assert not house.takes("000000")
        house.now += timedelta(seconds=30)
        assert house.takes(house.code())


def test_a_recovery_code_opens_once_however_it_is_written(house: House) -> None:
    code = one_time_codes.new_code()
    with house.records.begin() as tx:
        values = {"user_id": house.user_id, "code_hash": one_time_codes.code_hash(code), "made_at": NOON}
        tx.connection.execute(insert(recovery_code).values(**values))
        tell(tx, 1)
    assert house.takes(code.upper().replace("-", " "))
    assert not house.takes(code)
    assert "Used up a recovery code, from 10.2.9.4." in house.lines()


def test_recovery_codes_have_bits_enough_and_are_all_different() -> None:
    codes = {one_time_codes.new_code() for _ in range(1000)}
    assert len(codes) == 1000
    assert all(len(code) == 19 and code.count("-") == 3 for code in codes)


def invited(house: House, *, days: int = 3) -> str:
    code = one_time_codes.new_code()
    with house.records.begin() as tx:
        tx.connection.execute(
            insert(invitation).values(
                user_id=house.user_id,
                code_hash=one_time_codes.code_hash(code),
                made_at=house.now,
                expires_at=house.now + timedelta(days=days),
            )
        )
        changed_user(tx, house.user_id, password_hash=None, totp_secret=None)
    return code


def test_an_invitation_opens_once_and_not_for_ever(house: House) -> None:
    first = invited(house)
    assert house.door.take_invitation(house.user_id, Secret(first), FROM)
    assert not house.door.take_invitation(house.user_id, Secret(first), FROM)
    second = invited(house)
    house.now += timedelta(days=3)
    assert not house.door.take_invitation(house.user_id, Secret(second), FROM)


def test_who_was_invited_may_set_up_their_sign_in_and_nothing_else(house: House) -> None:
    invited(house)
    known = house.door.known("OP-01")
    assert known is not None
    assert known.standing is Standing.INVITED
    entered = house.door.enter(house.user_id, face="ssh", session_id="s1", source=FROM, how="invitation")
    assert entered.principal.privileges == ENROLMENT
    house.set(password_hash=_HASHED)
    assert house.records.refreshed(entered.principal).may(Privilege.JOB_VIEW)


def test_where_the_role_asks_for_two_factors_one_is_not_enough_to_be_enrolled(house: House) -> None:
    with house.records.begin() as tx:
        tx.connection.execute(update(role).where(role.c.role_id == house.role_id).values(needs_second_factor=True))
        changed_user(tx, house.user_id, totp_secret=None)
    known = house.door.known("op-01")
    assert known is not None
    assert (known.standing, known.needs_code) == (Standing.INVITED, True)


def test_entering_tells_of_the_time_before_and_of_tries_that_failed(house: House) -> None:
    house.door.enter(house.user_id, face="ssh", session_id="s1", source="10.0.0.1", how="key and code")
    house.takes("000000")
    house.now += timedelta(hours=1)
    entered = house.door.enter(house.user_id, face="ssh", session_id="s2", source=FROM, how="key and code")
    assert (entered.before_at, entered.before_from, entered.failed_since) == (NOON, "10.0.0.1", 1)
    newest = house.records.activity(1)[0]
    assert (newest.action, newest.actor, newest.session_id) == ("session.open", "op-01", "s2")


@pytest.mark.parametrize(
    ("values", "standing"),
    [
        ({"locked_at": NOON}, "locked"),
        ({"expires_at": NOON}, "expired"),
        ({"archived_at": NOON}, "removed"),
    ],
)
def test_nobody_enters_who_is_locked_expired_or_removed(
    values: dict[str, datetime], standing: str, house: House
) -> None:
    entered = house.door.enter(house.user_id, face="ssh", session_id="s1", source=FROM, how="key")
    house.set(**values)
    with pytest.raises(AccessEnded, match=standing):
        house.door.enter(house.user_id, face="ssh", session_id="s2", source=FROM, how="key")
    with pytest.raises(AccessEnded, match=standing):
        house.records.refreshed(entered.principal)


def test_the_user_of_the_host_is_everything_until_there_are_users_and_then_somebody_or_nobody(tmp_path: Path) -> None:
    with Records.open(tmp_path / "records.sqlite", clock=lambda: NOON) as records:
        assert records.principal_of_host("root", "terminal").is_local
        with records.begin() as tx:
            user_id = made_user(tx, 1, made_role(tx, 1, "Operators", [Privilege.JOB_VIEW]), "op-01")
        with pytest.raises(AccessEnded):
            records.principal_of_host("root", "terminal")
        with records.begin() as tx:
            changed_user(tx, user_id, os_user="root")
        principal = records.principal_of_host("root", "terminal")
        assert (principal.name, principal.privileges) == ("op-01", {Privilege.JOB_VIEW})


def test_no_secret_is_in_the_records(house: House, tmp_path: Path) -> None:
    code = invited(house)
    house.takes(house.code())
    with house.records.reading() as connection:
        told = str(connection.execute(select(user_account)).all()) + str(connection.execute(select(invitation)).all())
    assert not [secret for secret in (SEED, code, PASSWORD.reveal(), house.code()) if secret in told]
    for file in tmp_path.iterdir():
        assert SEED.encode() not in file.read_bytes()


def test_access_reads_what_it_wrote(house: House) -> None:
    with house.records.reading() as connection:
        user = access.user(connection, house.user_id)
    assert (user.name, user.role.name, user.has_password, user.has_second_factor, user.keys) == (
        "op-01",
        "Operators",
        True,
        True,
        0,
    )
