"""The forms of the set-up, as data: the own unit, the first server, the backup day. And what their values mean."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import available_timezones

from cloutui.model.backup_day import backup_day
from cloutui.model.typed_path import is_file_there, typed_path
from cloutui.model.unit_setting import BACKUP_DAY_START, checked_time_zone, seconds_of
from cloutui.widgets.form_fields import Choice, FieldKind, FormField, Values, refused_by
from cloutui.widgets.form_state import FormState

if TYPE_CHECKING:
    from cloutui.first_run import Candidate
    from cloutui.model.set_up import SetUp
    from cloutui.records.rows import ServerRecord

_DSMADMC = "dsmadmc"
_SSH_PORT = 22
_LAST_MINUTE = 24 * 60 - 1


def _zones() -> Sequence[Choice]:
    return [Choice(name) for name in sorted(available_timezones()) if "/" in name or name == "UTC"]


UNIT = (
    FormField(name="name", label="Name", required=True, hint="yours, as customers know you"),
    FormField(
        name="time_zone",
        label="Time zone",
        required=True,
        choices=_zones,
        check=refused_by(checked_time_zone),
        hint="in which your days are counted",
    ),
)

_PLACES = (
    Choice("ssh", "on another host, over SSH", "its own or a jump host"),
    Choice("local", "on this host", "dsmadmc is installed here"),
)
_SIGN_INS = (Choice("key", "a key file"), Choice("agent", "the SSH agent"), Choice("password", "a password"))


def _port(text: str) -> str:
    return "" if text.isdecimal() and 0 < int(text) < 65_536 else "no port: write 1 to 65535"


def _key_file(text: str) -> str:
    return "" if is_file_there(typed_path(text)) else "no such file here"


def _is_ssh(values: Values) -> bool:
    return values.get("place") == "ssh"


def _with(sign_in: str) -> Any:
    return lambda values: _is_ssh(values) and values.get("sign_in") == sign_in


_SERVER = (
    FormField(
        name="place",
        label="dsmadmc runs",
        kind=FieldKind.CHOICE,
        required=True,
        default="ssh",
        choices=lambda: _PLACES,
        hint="where the client is installed",
    ),
    FormField(name="host", label="SSH host", required=True, hint="name or address", shown=_is_ssh),
    FormField(
        name="port", label="SSH port", required=True, default=str(_SSH_PORT), check=_port, hint="", shown=_is_ssh
    ),
    FormField(name="user", label="SSH user", required=True, hint="who signs in to that host", shown=_is_ssh),
    FormField(
        name="sign_in",
        label="Signs in with",
        kind=FieldKind.CHOICE,
        required=True,
        default="key",
        choices=lambda: _SIGN_INS,
        shown=_is_ssh,
    ),
    FormField(
        name="key",
        label="Key file",
        required=True,
        default="~/.ssh/id_ed25519",
        check=_key_file,
        hint="private, without a passphrase",
        shown=_with("key"),
    ),
    FormField(
        name="door_password",
        label="SSH password",
        kind=FieldKind.SECRET,
        required=True,
        hint="kept in the keyring",
        shown=_with("password"),
    ),
    FormField(name="command", label="Command", required=True, default=_DSMADMC, hint="or the whole path of it"),
    FormField(name="stanza", label="Server stanza", hint="of dsm.sys; empty takes the first"),
    FormField(name="administrator", label="Administrator", required=True, hint="of the backup server"),
    FormField(
        name="password",
        label="Password",
        kind=FieldKind.SECRET,
        required=True,
        hint="kept in the keyring",
    ),
    FormField(name="name", label="Call it", hint="empty: as it calls itself"),
)


def server_fields(*, is_known: bool) -> Sequence[FormField]:
    """Of a new server, or of one that is corrected: that keeps its name, and its password unless another is given."""
    if not is_known:
        return _SERVER
    fields = {field.name: field for field in _SERVER if field.name != "name"}
    fields["password"] = replace(fields["password"], required=False, hint="empty: the one that is kept")
    return list(fields.values())


def _clock_time(text: str) -> str:
    return refused_by(BACKUP_DAY_START.checked)(text)


DAY = (
    FormField(
        name="day_start",
        label="Day begins at",
        required=True,
        check=_clock_time,
        choices=lambda: [Choice(f"{hour:02}:00") for hour in (0, 6, 8, 12, 16, 17, 18, 20)],
        hint="HH:MM in your time zone",
    ),
)


def local_time_zone(environ: Mapping[str, str] = os.environ, link: Path = Path("/etc/localtime")) -> str:
    """The zone of this host, as a proposal; UTC when it cannot be told."""
    named = environ.get("TZ", "").lstrip(":")
    _, _, linked = str(link.resolve()).partition("zoneinfo/")
    for name in (named, linked):
        if name and not refused_by(checked_time_zone)(name):
            return name.removeprefix("Etc/") if name == "Etc/UTC" else name
    return "UTC"


def unit_values(state: SetUp, *, is_chosen: bool) -> Values:
    """What stands in the form of the own unit."""
    return {"name": state.own_name, "time_zone": state.time_zone if is_chosen else local_time_zone()}


def server_values(server: ServerRecord) -> Values:
    """What stands in the form of a server that is to be corrected: everything but its passwords."""
    door = dict(server.doors[0]) if server.doors else {}
    sign_in = "key" if "key" in door else "password" if "secret" in door else "agent"
    values = {
        "place": str(door.get("kind", "ssh")),
        "host": door.get("host", ""),
        "port": door.get("port", _SSH_PORT),
        "user": door.get("user", ""),
        "sign_in": sign_in,
        "key": door.get("key", ""),
        "command": door.get("command", _DSMADMC),
        "stanza": door.get("server", ""),
        "administrator": server.administrator,
    }
    return {name: str(value) for name, value in values.items()}


def candidate_of(state: FormState, *, host_key: str = "") -> Candidate:
    """The server that the form describes."""
    from cloutui.first_run import Candidate

    values = state.values
    return Candidate(
        name=values.get("name") or values.get("host") or "server",
        door=_door(values, host_key),
        administrator=values["administrator"],
        password=state.secret("password"),
        door_password=state.secret("door_password"),
    )


def _door(values: Values, host_key: str) -> dict[str, Any]:
    door: dict[str, Any] = {"kind": values["place"]}
    if values["place"] == "ssh":
        door |= {"host": values["host"], "port": int(values["port"]), "user": values["user"]}
        if values["sign_in"] == "key":
            door["key"] = str(typed_path(values["key"]))
        elif values["sign_in"] == "agent":
            door["use_agent"] = True
        if host_key:
            door["host_key"] = host_key
    if values["command"] != _DSMADMC:
        door["command"] = values["command"]
    if values["stanza"]:
        door["server"] = values["stanza"]
    return door


def day_preview(start: str, zone: str) -> Sequence[str]:
    """What a beginning of the day means, told with two jobs of one night; nothing while it is none."""
    if _clock_time(start):
        return ()
    seconds = seconds_of(start)
    if not seconds:
        return ("A job counts for the day on which it is due.",)
    due = datetime(2026, 11, 23, tzinfo=UTC)  # a Monday; only the wall clock matters
    said = []
    for minutes in (seconds // 60 - 30, seconds // 60 + 30):
        at = due + timedelta(minutes=min(max(0, minutes), _LAST_MINUTE))
        said.append(f"A job that is due on Monday at {at:%H:%M} counts for {backup_day(at, 'UTC', seconds):%A}.")
    return (*said, f"Clock times are those of {zone}.")
