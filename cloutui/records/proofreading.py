"""The activity log of an installation read again from its file, beside whoever owns it. Writes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection

from cloutui.errors import Invalid
from cloutui.records import activity, engine, migrations
from cloutui.records.checkpoints import Head, Signer, verify_checkpoints, verify_witness
from cloutui.records.rows import Verification
from cloutui.records.secrets import Secrets


def proofread(records_file: Path, backend: str, secrets_folder: Path, heads: Iterable[Head] = ()) -> Verification:
    """Chain, checkpoints, and the heads that a witness kept.

    Raises: Invalid when there are no records, or those of another release; Broken; SecretsRefused.
    """
    with reading(records_file) as connection:
        found = activity.verify(connection)
        if found.is_ok and backend != "memory":  # whose keys are gone, and which signs nothing
            signer = Signer(Secrets.open(backend, secrets_folder))
            found = verify_checkpoints(connection, found, signer)
        return verify_witness(connection, found, heads) if found.is_ok else found


@contextmanager
def reading(records_file: Path) -> Iterator[Connection]:
    """A snapshot of records that somebody else may own. Raises: Invalid, Broken."""
    if not records_file.exists():
        raise Invalid(f"There are no records in {records_file.parent}.", hint="Give the --home of an installation.")
    sql_engine = engine.open_engine(records_file)
    try:
        with engine.reading(sql_engine, records_file) as connection:
            if not migrations.is_current(connection):
                raise Invalid("The records are of another release.", hint="Open them once with this one.")
            yield connection
    finally:
        sql_engine.dispose()
