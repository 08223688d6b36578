"""One's own account: what is still to be done, what one prefers, and setting up a second factor."""

from __future__ import annotations

from typing import Any

import pytest

from cloutui.errors import AccessEnded, NotAllowed
from cloutui.model import one_time_codes
from cloutui.model.privilege import Privilege
from cloutui.model.secret import Secret
from cloutui.model.status import Status
from cloutui.screens.account import MyAccount
from cloutui.screens.account_enrol import grouped
from cloutui.screens.account_facts import Account, Key, Shown, rows_of
from cloutui.screens.view import ActionAsked
from cloutui.widgets.glyphs import ASCII, FULL
from tests.screens.console import ZONE, Console, console
from tests.screens.fake_session import NOW, fleet
from tests.screens.fake_views import ViewsSession
from tests.screens.shown import Compare, cells, quiet, same_as_kept, signs

__all__ = ["same_as_kept"]

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
INVITED: dict[str, Any] = {
    "name": "ten-1",
    "unit": "Acme ApS",
    "role": "Tenant administrator",
    "password": "none",
    "second_factor": "due",
    "recovery_codes": 0,
}


@pytest.fixture(autouse=True)
def _known_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(one_time_codes, "new_secret", lambda: Secret(SECRET))


def session_of(**account: Any) -> ViewsSession:
    session = ViewsSession(fleet(nodes=12))
    session.account = account
    session.own_keys = ()
    return session


def invited() -> ViewsSession:
    """May nothing but set up the account."""
    session = session_of(**INVITED)
    session.denied = set(Privilege) - {Privilege.ACCOUNT_EDIT}
    return session


def view_of(it: Console) -> MyAccount:
    view = it.shell.bases["account"]
    assert isinstance(view, MyAccount)
    return view


def asked(monkeypatch: pytest.MonkeyPatch, it: Console) -> list[tuple[str, dict[str, object]]]:
    """The dialogs that would open."""
    found: list[tuple[str, dict[str, object]]] = []
    monkeypatch.setattr(type(it.shell), "open_action", lambda _, name, /, **values: found.append((name, values)))
    return found


# As values.


def an_account(**known: Any) -> Account:
    usual: dict[str, Any] = {
        "name": "anna",
        "role": "Operator",
        "unit": "Acme ApS",
        "has_password": True,
        "has_second_factor": True,
        "needs_second_factor": True,
        "recovery_codes": 8,
    }
    return Account(**{**usual, **known})


@pytest.mark.parametrize(
    ("known", "progress"),
    [
        ({}, "2 of 2 done"),
        ({"has_password": False}, "1 of 2 done"),
        ({"has_password": False, "keys": (Key("SHA256:x", "laptop"),)}, "2 of 2 done"),
        ({"has_password": False, "is_of_host": True, "has_second_factor": False}, "1 of 2 done"),
        ({"has_password": False, "has_second_factor": False}, "0 of 2 done"),
        ({"has_password": False, "has_second_factor": False, "needs_second_factor": False}, "0 of 1 done"),
    ],
    ids=str,
)
def test_what_is_to_be_done_is_a_first_factor_and_what_the_role_asks_for(known: dict[str, Any], progress: str) -> None:
    account = an_account(**known)
    assert account.progress == progress
    assert account.is_complete == (progress[0] == progress[5])


def test_what_is_missing_warns_and_what_nobody_asks_for_does_not() -> None:
    shown = Shown(now=NOW, zone=ZONE)
    missing = an_account(has_password=False, has_second_factor=False)
    assert [row.label for row in rows_of(missing, shown) if row.status.is_problem] == ["Password", "Second factor"]
    free = an_account(has_second_factor=False, needs_second_factor=False)
    assert not [row for row in rows_of(free, shown) if row.status.is_problem]


def test_few_recovery_codes_warn() -> None:
    def status(left: int) -> Status:
        rows = rows_of(an_account(recovery_codes=left), Shown(now=NOW, zone=ZONE))
        return next(row.status for row in rows if row.is_second_factor)

    assert (status(4), status(3), status(0)) == (Status.OK, Status.WARNING, Status.WARNING)


def test_a_secret_is_typed_in_groups() -> None:
    assert grouped("ABCDEFGHJKLMNPQRSTUVWXYZ") == ["ABCD EFGH JKLM NPQR", "STUV WXYZ"]


# On the screen.


async def test_who_was_invited_sees_the_account_alone_and_the_rest_when_all_is_done() -> None:
    session = invited()
    session.failing["units"] = NotAllowed(Privilege.UNIT_VIEW, is_set_up=False)
    async with console((120, 36), session=session, start="overview") as it:
        await it.sees("My account", "0 of 2 done", "the rest opens when all is", "Your account is not", "set up yet.")
        assert "tries again" not in it.text()
        assert [spec.word for spec in it.shell.screens()] == ["account"]
        assert "Overview" not in it.text()
        session.account = {**INVITED, "password": "set", "second_factor": "on", "recovery_codes": 10}
        session.denied, session.failing = set(), {}
        session.tell()
        await it.sees("Tenant administrator of Acme ApS", "Over")
        await it.press("1")
        await it.sees("Needs attention")


async def test_enter_asks_for_what_the_row_is_about(monkeypatch: pytest.MonkeyPatch) -> None:
    async with console(session=ViewsSession(fleet(nodes=12)), start="account") as it:
        await it.sees("8 recovery codes left")
        found = asked(monkeypatch, it)
        await it.press("enter", "j", "j", "D", "j", "j", "enter")
        await it.until(lambda: len(found) == 3)
        key = view_of(it).rows[2].key
        assert key is not None
        assert found == [
            ("account.password", {}),
            ("account.remove-key", {"fingerprint": key.fingerprint}),
            ("account.add-key", {}),
        ]


async def test_only_a_key_can_be_removed(monkeypatch: pytest.MonkeyPatch) -> None:
    async with console(session=ViewsSession(fleet(nodes=12)), start="account") as it:
        await it.sees("8 recovery codes left")
        found = asked(monkeypatch, it)
        await it.press("D")
        await quiet(it)
        assert found == []


@pytest.mark.parametrize(("size", "has_code"), [((80, 24), True), ((59, 24), False)], ids=["80", "59"])
async def test_a_second_factor_is_scanned_or_typed_and_then_shown_to_work(
    size: tuple[int, int], has_code: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    size = size if size[0] >= 60 else (60, 24)
    async with console(size, session=session_of(**INVITED), start="account") as it:
        if not has_code:
            monkeypatch.setattr("cloutui.screens.account_enrol._QR_FROM", 61)
        await it.sees("0 of 2 done")
        found = asked(monkeypatch, it)
        await it.press("j", "enter")
        await it.sees("JBSW Y3DP EHPK 3PXP")
        assert ("▀▀▀▀▀▀▀" in it.text()) is has_code
        await it.press("enter")
        await it.until(lambda: found)
        ((name, given),) = found
        assert name == "account.second-factor"
        assert given["secret"].reveal() == SECRET  # type: ignore[attr-defined]
        assert SECRET not in repr(ActionAsked(name, **given))
        it.session.account = {**INVITED, "second_factor": "on"}  # type: ignore[attr-defined]
        it.session.tell()
        await it.sees("1 of 2 done")
        assert it.shell.view is view_of(it), "it goes back by itself"


# Preferences.


async def chosen(it: Console, row: str) -> None:
    """Open the list of a preference."""
    await it.until(lambda: view_of(it).rows)
    view = view_of(it)
    view.list.move_to(next(at for at, each in enumerate(view.rows) if each.label == row))
    await it.press("enter")


async def test_a_theme_is_seen_while_it_is_chosen_and_kept_by_enter() -> None:
    session = session_of(name="anna", unit="Acme ApS", role="Reader", password="set", second_factor="off")
    async with console(session=session, start="account") as it:
        await chosen(it, "Theme")
        await it.sees("to choose from")
        await it.press(*"daybook")
        await it.until(lambda: it.app.desk.look.palette.theme.name == "daybook", "the theme at once")
        assert session.acted == []
        await it.press("enter")
        await it.until(lambda: session.acted)
        assert session.acted == [("account.prefer", {"key": "theme", "value": "daybook"})]
        assert it.app.desk.look.palette.theme.name == "daybook"


async def test_esc_goes_back_to_what_was_before() -> None:
    async with console(session=ViewsSession(fleet(nodes=12)), start="account") as it:
        await chosen(it, "Signs")
        await it.sees("to choose from")
        await it.press(*"ascii")
        await it.until(lambda: it.app.desk.look.glyphs is ASCII)
        await it.press("escape")
        await it.until(lambda: it.app.desk.look.glyphs is FULL)
        assert it.session.acted == []


async def test_what_is_preferred_is_worn_from_the_beginning() -> None:
    session = session_of(
        **{**INVITED, "prefers_theme": "beacon", "prefers_glyphs": "ascii", "prefers_start": "servers"},
        prefers_time_zone="Asia/Tokyo",
    )
    async with console(session=session, start="overview") as it:
        await it.until(lambda: it.shell.view.word == "servers")
        await it.until(lambda: it.app.desk.look.palette.theme.name == "beacon")
        assert it.app.desk.look.glyphs is ASCII
        await it.sees("22:52 JST")


async def test_what_was_said_for_this_console_alone_stays() -> None:
    session = session_of(**{**INVITED, "prefers_theme": "beacon", "prefers_start": "servers"})
    async with console(session=session, start="overview") as it:
        it.app.desk.decided = frozenset({"theme", "start"})
        await quiet(it)
        assert it.app.desk.look.palette.theme.name == "nightwatch"
        assert it.shell.view.word == "overview"


async def test_a_preference_that_does_not_exist_any_more_keeps_nobody_out() -> None:
    async with console(session=session_of(**{**INVITED, "prefers_theme": "gone"}), start="account") as it:
        await it.sees("0 of 2 done")
        assert it.app.desk.look.palette.theme.name == "nightwatch"


async def test_before_there_are_users_one_has_no_account_and_a_choice_holds_till_one_leaves() -> None:
    session = session_of()
    session.failing["account.prefer"] = AccessEnded("you have no account here")
    async with console(session=session, start="account") as it:
        await it.sees("no account: cloutui init makes the first one")
        await chosen(it, "Theme")
        await it.press(*"daybook", "enter")
        await it.sees("It holds until you leave.")
        assert it.app.desk.look.palette.theme.name == "daybook"


@pytest.mark.parametrize(("size", "glyphs"), [((80, 24), "full"), ((120, 36), "ascii")], ids=["80x24", "ascii"])
async def test_how_a_second_factor_is_set_up(size: tuple[int, int], glyphs: str, same_as_kept: Compare) -> None:
    async with console(size, session=session_of(**INVITED), start="account", glyphs=glyphs) as it:
        await it.sees("0 of 2 done")
        await it.press("j", "enter")
        await it.sees("JBSW Y3DP EHPK 3PXP")
        await quiet(it)
        same_as_kept({f"second-factor-{glyphs}": signs(cells(it))})
