"""Who may come in, on the screen: the parts, the rights of a role, and what can be done with a row."""

from __future__ import annotations

import pytest

from cloutui.actions.registry import all_actions
from cloutui.model.privilege import Privilege
from cloutui.model.role import ADMINISTRATOR, BUILTIN_ROLES, ENROLMENT
from cloutui.reports.registry import find_report
from cloutui.screens.access import DEEDS, PARTS, Access, part_of
from cloutui.screens.access_rights import operations, resources, rights_in, rights_lines, sign_of
from cloutui.screens.row_actions import row_actions
from cloutui.screens.subject import Subject
from cloutui.widgets.glyphs import ASCII, FULL
from cloutui.widgets.look import Look
from cloutui.widgets.palette import Depth
from cloutui.widgets.text import length
from tests.screens.console import Console, console
from tests.screens.fake_session import fleet
from tests.screens.fake_views import ViewsSession
from tests.screens.shown import quiet

LOOK = Look.of("nightwatch", Depth.TRUECOLOR, FULL)


# The rights of a role.


def test_each_right_has_one_place_in_the_matrix() -> None:
    places = {f"{resource}.{operation}" for resource in resources() for operation in operations()}
    assert {privilege.value for privilege in set(Privilege) - ENROLMENT} <= places


@pytest.mark.parametrize("role", BUILTIN_ROLES.values(), ids=lambda role: role.key)
def test_rights_are_read_from_the_report_whatever_parts_them(role: object) -> None:
    names = sorted(role.privileges)  # type: ignore[attr-defined]
    assert rights_in(", ".join(names)) == rights_in(" ".join(names)) == set(names)
    assert rights_in("node.viewing, no.such") == frozenset()


def test_what_the_reader_lacks_is_a_dot_whether_the_role_has_it_or_not() -> None:
    held = {"node.view", "user.edit"}

    def sign(right: str, *, lacks: str = "") -> str:
        return sign_of(right, held, lambda privilege: privilege.value != lacks, LOOK)

    assert (sign("node.view"), sign("node.edit"), sign("node.fly")) == ("■", "□", " ")
    assert sign("node.view", lacks="node.view") == sign("node.edit", lacks="node.edit") == "·"


@pytest.mark.parametrize("width", [20, 59, 76, 94, 140, 200])
def test_the_matrix_fits_and_says_every_right(width: int) -> None:
    for look in (LOOK, Look.of("nightwatch", Depth.NONE, ASCII)):
        lines = list(rights_lines(ADMINISTRATOR.privileges, lambda _: True, look, width))
        text = "\n".join("".join(piece for piece, _ in line.lead) for line in lines)
        assert text.count("x" if look.glyphs.rule.isascii() else "■") == len(set(Privilege) - ENROLMENT)
        if width > 40:
            assert max(length(line.lead) for line in lines) <= width + 2, "two blanks at the end do no harm"


# What can be done.


def test_every_deed_is_an_action_with_the_right_that_the_action_asks_for() -> None:
    known = {action.spec.name: action.spec for action in all_actions()}
    for (part, _), deed in DEEDS.items():
        assert part in PARTS
        assert deed.needs is known[deed.action].needs, deed.action


def test_every_parameter_that_a_deed_gives_is_one_of_its_action() -> None:
    known = {action.spec.name: {each.name for each in action.spec.parameters} for action in all_actions()}
    row = dict.fromkeys(("name", "user", "session", "standing", "builtin", "fingerprint"), "a")
    for deed in DEEDS.values():
        assert deed.given(row).keys() <= known[deed.action]


def view_of(it: Console) -> Access:
    view = it.shell.bases["access"]
    assert isinstance(view, Access)
    return view


def asked(monkeypatch: pytest.MonkeyPatch, it: Console) -> list[tuple[str, dict[str, object]]]:
    found: list[tuple[str, dict[str, object]]] = []
    monkeypatch.setattr(type(it.shell), "open_action", lambda _, name, /, **values: found.append((name, values)))
    return found


async def test_keys_ask_for_the_actions_of_the_row(monkeypatch: pytest.MonkeyPatch) -> None:
    async with console(session=ViewsSession(fleet(nodes=12)), start="access") as it:
        await it.sees("lead-02", "sessions 1")
        found = asked(monkeypatch, it)
        await it.press("a", "E", "c", "L", "I", "m", "D")
        view_of(it).table.move_to(4)
        await quiet(it)
        await it.press("L", "A")
        await it.press("J")
        await it.sees("Night shift")
        await it.press("G", "E", "D")
        await it.press("J", "J")
        await it.sees("write mode")
        await it.press("D")
        await it.until(lambda: len(found) >= 11)
        one, locked = {"user": "op-01"}, {"user": "oldsvc"}
        assert found == [
            ("user.create", {"unit": "1"}),
            ("user.edit", one),
            ("user.role", one),
            ("user.lock", one),
            ("user.invite", one),
            ("user.move", one),
            ("user.remove", one),
            ("user.unlock", locked),
            ("role.edit", {"role": "Night shift"}),
            ("role.delete", {"role": "Night shift"}),
            ("session.end", {"session": "a1b2c3d4e5f60718"}),
        ]


async def test_what_is_built_in_can_neither_be_edited_nor_deleted(monkeypatch: pytest.MonkeyPatch) -> None:
    async with console(session=ViewsSession(fleet(nodes=12)), start="access") as it:
        await it.sees("lead-02")
        await it.press("J")
        await it.sees("Role Administrator")
        found = asked(monkeypatch, it)
        await it.press("E", "D", "a")
        await it.until(lambda: found)
        assert found == [("role.create", {"unit": "1"})]


async def test_without_the_right_a_key_is_shown_with_the_right_it_needs_and_does_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    session = ViewsSession(fleet(nodes=12))
    session.denied = {Privilege.USER_EDIT}
    async with console(session=session, start="access") as it:
        await it.sees("lead-02")
        found = asked(monkeypatch, it)
        await it.press("L", "E", "a")
        await it.until(lambda: found)
        assert [name for name, _ in found] == ["user.create"]
        await it.press("question_mark")
        await it.sees("lock (needs user.edit)", "add")


async def test_parts_without_the_right_are_not_there() -> None:
    session = ViewsSession(fleet(nodes=12))
    session.denied = {Privilege.SESSION_VIEW, Privilege.ROLE_VIEW}
    async with console(session=session, start="access") as it:
        await it.sees("users 5")
        assert "sessions" not in it.lines()[2]
        await it.press("J")
        await it.sees("SHA256:")
        await it.press("J")
        await it.sees("lead-02")


async def test_what_a_user_did_is_one_key_away_and_everything_that_can_be_done_another() -> None:
    async with console(session=ViewsSession(fleet(nodes=12)), start="access") as it:
        await it.sees("lead-02")
        await it.press("j", "o")
        await it.sees("lead-02: go to", "What lead-02 did")
        await it.press("2")
        await it.until(lambda: it.shell.view.word == "activity")
        await it.sees("Locked the user", "1 line")
        await it.press("x")
        await it.sees("lead-02: actions", "user.lock", "user.role")
        await it.press("escape")


def test_actions_are_given_the_user_the_role_or_the_session() -> None:
    for kind in ("user", "role", "session"):
        found = row_actions(Subject(name="x", **{kind: "it"}), lambda _: True)
        assert found
        assert all(action.given == {kind: "it"} for action in found)


async def test_a_link_leads_to_the_part() -> None:
    async with console(session=ViewsSession(fleet(nodes=12)), start="access") as it:
        await it.sees("lead-02")
        await it.press("J")
        await it.sees("Night shift")
        link = it.shell.view.link()
        await it.press("K")
        await it.sees("lead-02")
        await it.shell.visit(link)
        await it.sees("Night shift")


def test_a_row_tells_by_itself_of_which_part_it_is() -> None:
    for part, listing in PARTS.items():
        row = dict.fromkeys(column.name for column in find_report(listing.report).columns)
        assert part_of(row) == part, "the peek is asked of it after the reader may have turned to another part"
