"""`cloutui doctor`: what is installed, reachable and configured. The exit status tells whether all is well."""

from __future__ import annotations

import platform
import shutil
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

import click

from cloutui import __version__
from cloutui.cli.from_afar import HostCommand
from cloutui.cli.invocation import Invocation
from cloutui.errors import Busy, CloutuiError, ProductError
from cloutui.model.formats import plural
from cloutui.model.safe_text import safe

if TYPE_CHECKING:
    from cloutui.installation import Installation

_LIBRARIES = ("textual", "asyncssh", "duckdb", "pyarrow", "sqlalchemy", "cryptography")

_LEAST_FREE = 2 * 2**30


@click.command(cls=HostCommand)
@click.pass_obj
def doctor(invocation: Invocation) -> int:
    """What is installed, reachable and configured."""
    try:
        with invocation.installation() as (installation, _):
            findings = [*_of_this_host(invocation), *_of_installation(invocation, installation)]
    except Busy:  # who has the files is asked instead
        raise
    except CloutuiError as error:
        findings = [*_of_this_host(invocation), False]
        invocation.say(f"× {safe(error.what)} {safe(error.hint)}")
    return 0 if all(findings) else 1


def _of_this_host(invocation: Invocation) -> list[bool]:
    return [_versions(invocation), _disk(invocation)]


def _of_installation(invocation: Invocation, installation: Installation) -> Iterator[bool]:
    invocation.say(f"● configuration {invocation.home.config_file}")
    invocation.say(f"● secrets {installation.secrets.describe()}")
    check = installation.records.verify_activity()
    mark, found = ("●", "chain whole") if check.is_ok else ("×", f"broken at {check.bad_seq}: {check.problem}")
    invocation.say(f"{mark} activity log {plural(check.entries, 'line')}, {found}")
    yield check.is_ok
    servers = installation.records.servers()
    if not servers:
        invocation.say("… no server yet: `cloutui server add --help`, or `cloutui demo` to look around")
    for server in servers:
        try:
            identity = invocation.wait(installation.probe(server))
        except ProductError as error:
            invocation.say(f"× {safe(server.name)}: {safe(error.what)} {safe(error.hint)}")
            yield False
        else:
            invocation.say(f"● {safe(server.name)} answers, version {safe(identity.version)}")


def _versions(invocation: Invocation) -> bool:
    parts = []
    missing = []
    for name in _LIBRARIES:
        try:
            parts.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            missing.append(name)
    invocation.say(f"● cloutui {__version__}, Python {platform.python_version()}, {', '.join(parts)}")
    if missing:
        invocation.say(f"× not installed: {', '.join(missing)}. Install cloutui again with pip.")
    return not missing


def _disk(invocation: Invocation) -> bool:
    invocation.home.prepare()
    free = shutil.disk_usage(invocation.home.data_dir).free
    is_enough = free >= _LEAST_FREE
    mark = "●" if is_enough else "▲"
    invocation.say(f"{mark} {free / 2**30:,.1f} GiB free at {invocation.home.data_dir}")
    return is_enough
