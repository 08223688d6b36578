"""`cloutui doctor`: what is installed, reachable and configured. The exit status tells whether all is well."""

from __future__ import annotations

import asyncio
import platform
import shutil
from importlib.metadata import PackageNotFoundError, version

import click

from cloutui import __version__
from cloutui.cli.invocation import Invocation
from cloutui.errors import CloutuiError, ProductError
from cloutui.model.safe_text import safe

_LIBRARIES = ("textual", "asyncssh", "duckdb", "pyarrow", "sqlalchemy", "cryptography")

_LEAST_FREE = 2 * 2**30


@click.command()
@click.pass_obj
def doctor(invocation: Invocation) -> int:
    """What is installed, reachable and configured."""
    findings = [_versions(invocation), _disk(invocation)]
    try:
        with invocation.installation() as (installation, _):
            invocation.say(f"● configuration {invocation.home.config_file}")
            invocation.say(f"● secrets {installation.secrets.describe()}")
            check = installation.records.verify_activity()
            invocation.say(
                f"{'●' if check.is_ok else '×'} activity log {check.entries} entries, "
                + ("chain whole" if check.is_ok else f"broken at {check.bad_seq}: {check.problem}")
            )
            findings.append(check.is_ok)
            servers = installation.records.servers()
            if not servers:
                invocation.say("… no server yet: `cloutui server add --help`, or `cloutui demo` to look around")
            for found in servers:
                try:
                    identity = asyncio.run(installation.probe(found))
                    invocation.say(f"● {safe(found.name)} answers, version {safe(identity.version)}")
                except ProductError as error:
                    findings.append(False)
                    invocation.say(f"× {safe(found.name)}: {safe(error.what)} {safe(error.hint)}")
    except CloutuiError as error:
        findings.append(False)
        invocation.say(f"× {safe(error.what)} {safe(error.hint)}")
    return 0 if all(findings) else 1


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
