"""A user, a role, a key or a session in the words of the peek. Rows of the reports of the same names. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cloutui.model import formats
from cloutui.model.standing import Standing
from cloutui.model.status import Status
from cloutui.screens.desk import Desk
from cloutui.screens.fields import Field
from cloutui.screens.moments import aware
from cloutui.widgets.glyphs import Glyphs
from cloutui.widgets.paragraph import Paragraph

Row = Mapping[str, Any]


def user_fields(row: Row, desk: Desk) -> list[Field]:
    """What is known of a user."""
    source = f" from {row['from']}" if row["from"] else ""
    last = _time(row["last_sign_in"], desk)
    return [
        ("name", row["full_name"] or ""),
        ("role", row["role"]),
        ("password", row["password"]),
        ("2FA", row["second_factor"]),
        ("ssh keys", formats.count(row["keys"])),
        ("sessions", formats.count(row["sessions"])),
        ("last sign-in", f"{last}{source}" if last else "never"),
        ("failed tries", f"{row['failed']} since" if row["failed"] else ""),
        ("expires", _time(row["expires"], desk)),
        ("mail", row["email"] or ""),
        ("user of this host", row["os_user"] or ""),
        ("made", _time(row["created"], desk)),
    ]


def standing_words(row: Row, desk: Desk) -> list[Paragraph]:
    """Why somebody cannot come in, or not yet; nothing for who can."""
    palette, status = desk.look.palette, Status(row["status"])
    said = {
        Standing.LOCKED: f"Locked{_at(row['locked'], desk)}{_because(row['lock_reason'])}. A unlocks.",
        Standing.EXPIRED: f"Expired{_at(row['expires'], desk)}. E gives another day.",
        Standing.INVITED: "Invited: may come in to set up the sign-in, and nothing else until that is done.",
    }.get(row["standing"], "")
    if not said:
        return []
    sign = f"  {desk.look.glyphs.status[status]} "
    return [Paragraph([(sign, palette.status(status))], said, palette.status(status), is_problem=status.is_problem)]


def role_words(row: Row, glyphs: Glyphs) -> str:
    """From where it comes, what it asks for, and what the dots mean; three blanks part what may be left out."""
    kind = "built in" if row["builtin"] == "yes" else "made by people"
    factors = "   two factors" if row["second_factor"] == "needed" else ""
    return f"{kind}{factors}   {glyphs.nothing} not yours to give"


def key_fields(row: Row, desk: Desk) -> list[Field]:
    """A key, with all of its fingerprint."""
    return [
        ("key", row["comment"] or "without a name"),
        ("kind", row["kind"]),
        ("added", _time(row["added"], desk)),
        ("last used", _time(row["last_used"], desk) or "never"),
        ("fingerprint", row["fingerprint"]),
    ]


def session_fields(row: Row, desk: Desk) -> list[Field]:
    """A session that is open now."""
    return [
        ("since", _time(row["since"], desk)),
        ("from", row["from"] or "this host"),
        ("came by", row["face"]),
        ("idle", formats.duration(row["idle"]) if row["idle"] is not None else ""),
        ("terminal", row["size"] or "none"),
        ("write mode", row["write_mode"]),
        ("session", row["session"]),
    ]


def _time(value: Any, desk: Desk) -> str:
    moment = aware(value)
    return formats.time(moment, desk.now(), desk.zone) if moment else ""


def _at(value: Any, desk: Desk) -> str:
    said = _time(value, desk)
    return f" {said}" if said else ""


def _because(reason: str | None) -> str:
    return f": {reason}" if reason else ""
