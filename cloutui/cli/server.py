"""`cloutui server`: add, list, test and remove backup servers.

A password is asked at the terminal or read from a file or standard input; it is never an argument.
"""

from __future__ import annotations

import getpass
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from cloutui.cli.doing import Beside, do
from cloutui.cli.from_afar import HostCommand
from cloutui.cli.invocation import Invocation
from cloutui.errors import Invalid, ProductError, UnknownHost
from cloutui.model.privilege import Privilege
from cloutui.model.safe_text import safe


@click.group()
def server() -> None:
    """Backup servers."""


@server.command(cls=HostCommand)
@click.argument("name", required=False)
@click.option("--from", "source", type=click.Path(path_type=Path), help="A YAML file with a list of servers.")
@click.option("--host", help="Where dsmadmc runs, over SSH. Without it, dsmadmc runs on this host.")
@click.option("--port", type=int, default=22, show_default=True)
@click.option("--user", help="Who signs in to that host.")
@click.option("--key", type=click.Path(path_type=Path), help="The private key for it. Without it, the SSH agent.")
@click.option("--host-key", help="The host's public key, as in known_hosts. Without it, known_hosts are asked.")
@click.option("--administrator", help="The administrator of the backup server.")
@click.option(
    "--password-file",
    type=click.Path(dir_okay=False, allow_dash=True, path_type=Path),
    help="Holds the administrator's password; - is standard input.",
)
@click.option("--unit", help="The unit it belongs to; the root when absent.")
@click.option("--time-zone", help="The server's zone, as Europe/Copenhagen. Without it, the offset that it tells.")
@click.option("--update", is_flag=True, help="It is there already: change it.")
@click.option("--reason", default="", help="Why, for the activity log. Needed once there are users.")
@click.pass_obj
def add(invocation: Invocation, /, name: str | None, source: Path | None, reason: str, **given: Any) -> None:
    """Add one server, or all of a YAML file."""
    if (name is None) == (source is None):
        raise click.UsageError("give the name of one server, or --from FILE.")
    invocation.require_to_change()
    with invocation.installation() as opened:
        installation, _ = opened
        servers = [_one(invocation, str(name), given)] if source is None else list(map(from_file, read_list(source)))
        line = installation.remember_secrets_backend()
        if line:
            invocation.note(line)
        for parameters in servers:
            if given["update"]:
                parameters["update"] = True
            outcome = do(invocation, opened, "server.add", parameters, Beside(reason=reason))
            invocation.say(safe(outcome.sentence))


@server.command("list", cls=HostCommand)
@click.pass_obj
def list_servers(invocation: Invocation) -> None:
    """Servers with version, freshness and problems."""
    from cloutui.delivery.formats import FORMATS
    from cloutui.delivery.heading import Export

    with invocation.installation() as (installation, principal):
        answer = installation.session(principal).run("servers")
    FORMATS["table"].write(Export(answer=answer), invocation.stdout)


@server.command(cls=HostCommand)
@click.argument("names", nargs=-1)
@click.option("--accept-host-key", metavar="FINGERPRINT", help="Trust the SSH host that shows this fingerprint.")
@click.pass_obj
def test(invocation: Invocation, names: tuple[str, ...], accept_host_key: str | None) -> int:
    """Sign in and read back version, nodes and clock."""
    with invocation.installation() as (installation, principal):
        if accept_host_key is not None:
            principal.require_to_change(Privilege.SERVER_EDIT)
        chosen = [installation.records.server(name) for name in names] or installation.records.servers()
        if not chosen:
            raise Invalid("There is no server to test.", hint="`cloutui server add --help` tells how to add one.")
        failed = 0
        for found in chosen:
            try:
                identity = invocation.wait(_probe(installation, found, accept_host_key))
            except ProductError as error:
                failed += 1
                invocation.say(f"× {safe(found.name)}: {safe(error.what)} {safe(error.hint)}")
                continue
            skew = (identity.server_time - datetime.now(UTC)).total_seconds()
            invocation.say(
                f"● {safe(found.name)}: version {safe(identity.version)} on {safe(identity.platform)}, "
                f"{identity.nodes} nodes, clock {skew:+.0f} s, UTC{_offset(identity.clock_utc_offset)}"
            )
    return 1 if failed else 0


@server.command(cls=HostCommand)
@click.argument("name")
@click.option("--confirm", metavar="NAME", help="The server's name again. Its observations stay.")
@click.option("--reason", default="", help="Why, for the activity log. Needed once there are users.")
@click.option("--code-stdin", is_flag=True, help="Read a code of the second factor from standard input.")
@click.pass_obj
def remove(invocation: Invocation, name: str, *, confirm: str | None, reason: str, code_stdin: bool) -> None:
    """Stop collecting from a server. What it reported stays."""
    invocation.require_to_change()
    if confirm is None and invocation.stdin.isatty():
        invocation.stdout.write(f"Type the name {name} to remove it: ")
        invocation.stdout.flush()
        confirm = invocation.stdin.readline().strip()
    with invocation.installation() as opened:
        beside = Beside(reason=reason, confirm=confirm, code_stdin=code_stdin)
        outcome = do(invocation, opened, "server.remove", {"name": name}, beside)
        invocation.say(safe(outcome.sentence))


def read_list(path: Path) -> list[Mapping[str, Any]]:
    """Servers from a YAML file. Raises: Invalid, naming the file and what is wrong."""
    import yaml

    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise Invalid(f"{path} cannot be read: {error}.", hint="It must be YAML with a list of servers.") from error
    if not isinstance(content, list) or not all(isinstance(entry, dict) and "name" in entry for entry in content):
        raise Invalid(f"{path} is not a list of servers.", hint="Each entry needs a name, doors and an administrator.")
    return content


_KNOWN = ("name", "product", "doors", "administrator", "password", "time_zone", "unit")


def from_file(entry: Mapping[str, Any]) -> dict[str, Any]:
    """What the action takes. Other keys of an entry, such as notes on faults, are for people."""
    return {key: entry[key] for key in _KNOWN if key in entry}


def _one(invocation: Invocation, name: str, given: Mapping[str, Any]) -> dict[str, Any]:
    is_new = not given["update"]
    if is_new and not given["administrator"]:
        raise click.UsageError("--administrator is needed.")
    door = _door(given)
    parameters = {
        "name": name,
        "product": "storage-protect" if is_new else None,
        "doors": [door] if is_new or given["host"] else None,
        "administrator": given["administrator"],
        "unit": given["unit"],
        "time_zone": given["time_zone"],
    }
    parameters = {key: value for key, value in parameters.items() if value is not None}
    # A change is about the password when it brings one, another administrator, or nothing else.
    if is_new or given["password_file"] or given["administrator"] or parameters.keys() == {"name"}:
        parameters["password"] = _password(invocation, given["administrator"] or name, given["password_file"])
    return parameters


def _door(given: Mapping[str, Any]) -> dict[str, Any]:
    if not given["host"]:
        if given["user"] or given["key"] or given["host_key"]:
            raise click.UsageError("--user, --key and --host-key go with --host.")
        return {"kind": "local"}
    if not given["user"]:
        raise click.UsageError("--user is needed with --host.")
    door: dict[str, Any] = {"kind": "ssh", "host": given["host"], "port": given["port"], "user": given["user"]}
    if given["key"]:
        door["key"] = str(given["key"].absolute())
    if given["host_key"]:
        door["host_key"] = given["host_key"]
    return door


def _password(invocation: Invocation, whose: str, file: Path | None) -> str:
    if file is not None:
        return _first_line(invocation, file)
    if not invocation.stdin.isatty():
        raise Invalid(
            "There is no terminal to ask the password at.", hint="Use --password-file FILE, or - for standard input."
        )
    return getpass.getpass(f"Password of {whose}: ", stream=invocation.stderr)


def _first_line(invocation: Invocation, file: Path) -> str:
    """Of a file, or of standard input for `-`. Its words are never shown, also when they cannot be read."""
    try:
        if str(file) == "-":
            line = invocation.stdin.readline()
        else:
            with file.open(encoding="utf-8") as opened:
                line = opened.readline()
    except (OSError, UnicodeDecodeError) as error:
        raise Invalid(f"{file} cannot be read.", hint="Check where it is, whose it is, and that it is text.") from error
    password = line.rstrip("\r\n")
    if not password:
        raise Invalid(
            f"{file} holds no password in its first line.", hint="Write the password there, and nothing else."
        )
    return password


async def _probe(installation: Any, found: Any, accept: str | None) -> Any:
    try:
        return await installation.probe(found)
    except UnknownHost as error:
        if accept is None or error.fingerprint != accept:
            raise
        await installation.accept_host_key(found, accept)
        return await installation.probe(found)


def _offset(offset: Any) -> str:
    minutes = int(offset.total_seconds() // 60)
    return f"{minutes // 60:+03d}:{abs(minutes) % 60:02d}"
