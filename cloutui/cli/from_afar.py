"""Which commands somebody else's process may ask for: each says so by its class."""

from __future__ import annotations

import click


class RemoteCommand(click.Command):
    """May also be run from afar, `ssh HOST NAME ...`: for who asks, and without the parameters that are paths."""


class HostCommand(RemoteCommand):
    """May be run by another process of this host that asks the owner of the files; not from afar."""
