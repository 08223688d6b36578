"""The screen of who may come in: users, roles, keys and sessions, part by part, and what can be done with each."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from textual.binding import Binding, BindingType

from cloutui.model.privilege import Privilege
from cloutui.model.safe_text import safe
from cloutui.model.standing import Standing
from cloutui.model.status import Status
from cloutui.screens.access_facts import key_fields, role_words, session_fields, standing_words, user_fields
from cloutui.screens.access_rights import rights_in, rights_lines
from cloutui.screens.desk import Desk
from cloutui.screens.fields import field_lines
from cloutui.screens.notices import empty_notice
from cloutui.screens.parted_view import PartedView
from cloutui.screens.subject import Subject
from cloutui.screens.table_view import Listing, field_lines_left_out
from cloutui.screens.view import ActionAsked
from cloutui.widgets.lines import ACT, MOVE
from cloutui.widgets.paragraph import Paragraph
from cloutui.widgets.result_cells import Cell, Writing

if TYPE_CHECKING:
    pass


def _factor(value: Any, status: Status | None, writing: Writing) -> Cell:
    """What is due is said aloud."""
    del status, writing
    return Cell(safe(str(value)), "warning" if value == "due" else "muted", bold=value == "due")


USERS, ROLES, KEYS, SESSIONS = "users", "roles", "keys", "sessions"

PARTS: Mapping[str, Listing] = {
    USERS: Listing(
        report="users",
        key=("user_id",),
        shown=(
            *("name", "status", "unit", "role", "second_factor", "keys", "last_sign_in", "sessions", "from"),
            *("full_name", "expires"),
        ),
        noun="user",
        status_detail="standing",
        writers={"second_factor": _factor},
    ),
    ROLES: Listing(
        report="roles",
        key=("role_id",),
        shown=("name", "unit", "builtin", "users", "second_factor", "inheritable", "description"),
        noun="role",
    ),
    KEYS: Listing(
        report="user-keys",
        key=("user_id", "fingerprint"),
        shown=("user", "comment", "kind", "fingerprint", "added", "last_used"),
        noun="key",
    ),
    SESSIONS: Listing(
        report="sessions",
        key=("session",),
        shown=("user", "unit", "since", "from", "face", "idle", "size", "write_mode"),
        noun="session",
    ),
}

Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """What a key does in a part: an action, with what the cursor row gives to it."""

    action: str
    needs: Privilege
    given: Callable[[Row], dict[str, object]] = lambda _row: {}
    fits: Callable[[Row], bool] = lambda _row: True
    """Whether there is anything to do with such a row."""
    needs_row: bool = True


def _user(row: Row) -> dict[str, object]:
    return {"user": row["name"]}


def _role(row: Row) -> dict[str, object]:
    return {"role": row["name"]}


def _is_locked(row: Row) -> bool:
    return bool(row["standing"] == Standing.LOCKED)


def _is_made_by_people(row: Row) -> bool:
    return bool(row["builtin"] != "yes")


def part_of(row: Row) -> str:
    """The part that a row is of: before the peek has told of it, the reader may have turned to another one."""
    return next(part for part, listing in PARTS.items() if row.keys() >= set(listing.shown))


DEEDS: Mapping[tuple[str, str], Deed] = {
    (USERS, "add"): Deed(action="user.create", needs=Privilege.USER_CREATE, needs_row=False),
    (USERS, "edit"): Deed(action="user.edit", needs=Privilege.USER_EDIT, given=_user),
    (USERS, "role"): Deed(action="user.role", needs=Privilege.USER_EDIT, given=_user),
    (USERS, "move"): Deed(action="user.move", needs=Privilege.USER_EDIT, given=_user),
    (USERS, "invite"): Deed(action="user.invite", needs=Privilege.USER_EDIT, given=_user),
    (USERS, "lock"): Deed(
        action="user.lock", needs=Privilege.USER_EDIT, given=_user, fits=lambda row: not _is_locked(row)
    ),
    (USERS, "unlock"): Deed(action="user.unlock", needs=Privilege.USER_EDIT, given=_user, fits=_is_locked),
    (USERS, "remove"): Deed(action="user.remove", needs=Privilege.USER_DELETE, given=_user),
    (ROLES, "add"): Deed(action="role.create", needs=Privilege.ROLE_CREATE, needs_row=False),
    (ROLES, "edit"): Deed(action="role.edit", needs=Privilege.ROLE_EDIT, given=_role, fits=_is_made_by_people),
    (ROLES, "remove"): Deed(action="role.delete", needs=Privilege.ROLE_DELETE, given=_role, fits=_is_made_by_people),
    (KEYS, "remove"): Deed(
        action="user.remove-key",
        needs=Privilege.USER_EDIT,
        given=lambda row: {"user": row["user"], "fingerprint": row["fingerprint"]},
    ),
    (SESSIONS, "remove"): Deed(
        action="session.end", needs=Privilege.SESSION_DELETE, given=lambda row: {"session": row["session"]}
    ),
}
"""By part and by what the key is called. Every one of them opens the dialog of its action, and does nothing itself."""


class Access(PartedView):
    """One part at a time; what is right for the part is among its keys."""

    NAME = "Access"
    FIRST = USERS

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("J,right_square_bracket", "part(1)", "next part", id="access.next-part", tooltip="part", group=MOVE),
        Binding(
            "K,left_square_bracket", "part(-1)", "part before", id="access.previous-part", tooltip="part", group=MOVE
        ),
        Binding("a", "deed('add')", "add", id="access.add", group=ACT),
        Binding("E", "deed('edit')", "edit", id="access.edit", group=ACT),
        Binding("c", "deed('role')", "give a role", id="access.role", tooltip="role", group=ACT),
        Binding("L", "deed('lock')", "lock", id="access.lock", group=ACT),
        Binding("A", "deed('unlock')", "unlock", id="access.unlock", group=ACT),
        Binding("I", "deed('invite')", "invite anew", id="access.invite", tooltip="invite", group=ACT),
        Binding("m", "deed('move')", "move to a unit", id="access.move", tooltip="move", group=ACT),
        Binding("D", "deed('remove')", "remove, end", id="access.remove", tooltip="remove", group=ACT),
    ]

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, PARTS[USERS])

    # Parts.

    def parts(self) -> list[str]:
        """Those that the reader may see."""
        from cloutui.reports.registry import find_report

        session = self.desk.session
        return [name for name in PARTS if session is None or session.may(find_report(PARTS[name].report).needs)]

    def prepare(self) -> None:
        """Other columns; there is nothing more to open of a row."""
        super().prepare()
        self.table.can_open = False

    def action_part(self, step: int) -> None:
        """Another part. What was looked for in this one means nothing there."""
        names = self.parts()
        if self.part in names:
            self.filter = ""
            self.turn_to(names[(names.index(self.part) + step) % len(names)])
            self.scope_changed()

    def turn_to(self, part: str) -> None:
        """Each part has a report of its own."""
        if part in PARTS and part != self.part:
            self.part, self.listing = part, PARTS[part]
            self.prepare()

    async def total_of(self, part: str) -> int:
        """Of the unit that is looked at."""
        assert self.desk.session is not None
        return (await self.desk.session.ask(PARTS[part].report, unit=self.desk.scope, limit=1)).total

    def why_empty(self) -> list[Paragraph]:
        """What is not there, in words."""
        look, name = self.desk.look, self.desk.scope_name()
        if self.filter:
            return empty_notice(look, f"No match for {self.filter}.", ("esc", "clears the filter"))
        said = {
            USERS: f"Nobody lives in {name} or below it.",
            ROLES: f"No role can be given in {name}.",
            KEYS: f"No user of {name} has an SSH key.",
            SESSIONS: f"Nobody of {name} is signed in.",
        }[self.part]
        keys = [("a", "adds one")] if (self.part, "add") in DEEDS else []
        return empty_notice(look, said, *keys, ("J", "shows the next part"))

    # What can be done.

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A key is there where it means something; without the right it is shown, and does nothing."""
        if action != "deed":
            return super().check_action(action, parameters)
        deed = DEEDS.get((self.part, str(parameters[0])))
        if deed is None or (deed.needs_row and not ((row := self.chosen()) and deed.fits(row))):
            return False
        session = self.desk.session
        return True if session is not None and session.may(deed.needs) else None

    def missing_right(self, binding: Binding) -> str:
        """Which right a key lacks that is shown and does nothing."""
        word = binding.action.partition("'")[2].partition("'")[0]
        deed = DEEDS.get((self.part, word))
        return deed.needs.value if deed else ""

    def action_deed(self, word: str) -> None:
        """Ask for what the action needs beside the row."""
        deed = DEEDS[self.part, word]
        given = deed.given(self.chosen()) if deed.needs_row else {"unit": str(self.desk.unit)}
        self.post_message(ActionAsked(deed.action, **given))

    def subject(self) -> Subject | None:
        """The user, the role, or the session."""
        row = self.chosen()
        if not row:
            return None
        match part_of(row):
            case "users":
                return Subject(name=row["name"], user=row["name"])
            case "roles":
                return Subject(name=row["name"], role=row["name"])
            case "keys":
                return Subject(name=row["user"], user=row["user"])
        return Subject(name=row["user"], user=row["user"], session=row["session"])

    # The peek.

    def peek_key(self) -> Hashable:
        """The row of the part."""
        return self.part, self.table.key

    def tell(self) -> None:
        """Other keys are right for another row."""
        super().tell()
        self.refresh_bindings()

    def entitle_peek(self, row: Row) -> None:
        """Who or what it is."""
        assert self.peek is not None
        match part_of(row):
            case "users":
                self.peek.entitle(row["name"], row["unit"] or "")
            case "roles":
                self.peek.entitle(f"Role {row['name']}", role_words(row, self.desk.look.glyphs))
            case _:
                self.peek.entitle(row["user"], "")

    def glance(self, row: Row) -> list[Paragraph]:
        """All that the row knows."""
        assert self.peek is not None
        desk, width = self.desk, self.peek.inner_width
        match part_of(row):
            case "users":
                return [*standing_words(row, desk), *field_lines(user_fields(row, desk), desk.look, width)]
            case "roles":
                return [*self._rights(row, width), *field_lines_left_out(self)]
            case "keys":
                return field_lines(key_fields(row, desk), desk.look, width)
        return field_lines(session_fields(row, desk), desk.look, width)

    def _rights(self, row: Row, width: int) -> Sequence[Paragraph]:
        session = self.desk.session
        return list(rights_lines(rights_in(row["rights"]), session.may, self.desk.look, width)) if session else []
