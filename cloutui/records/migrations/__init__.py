"""Migrations: how the records of an older release become those of this one.

They run at open, inside the transaction of the caller, so that a crash leaves the old records or the new ones.
Alembic and SQLAlchemy take long to load, so they are loaded only when there is something to do.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from cloutui.errors import Broken

if TYPE_CHECKING:
    from sqlalchemy import Connection

HEAD = "0004"
"""The newest revision. A test holds it equal to Alembic's own view."""


def revision_of(connection: Connection) -> str | None:
    """The revision of the records; None when the file is still empty. Raises: Broken for anything else."""
    from sqlalchemy import inspect, text

    tables = set(inspect(connection).get_table_names())
    if not tables:
        return None
    if "alembic_version" not in tables:
        raise Broken("This file is a database, but not records of cloutui.", hint="Name another file, or move it away.")
    return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one())


def is_current(connection: Connection) -> bool:
    """Whether nothing is to be migrated. Raises: Broken."""
    return revision_of(connection) == HEAD


def upgrade(connection: Connection) -> None:
    """Bring the records to HEAD within the open transaction. Raises: Broken when a newer release made them."""
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    found = revision_of(connection)
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if found is not None and found not in known:
        raise Broken(
            f"These records are of a newer release of cloutui (revision {found}).",
            hint="Upgrade cloutui, then try again.",
        )
    command.upgrade(config, "head")
