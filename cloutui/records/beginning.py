"""The first line of new records, and older ones brought up to date."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, insert

from cloutui.model.action_class import ActionClass
from cloutui.model.principal import system_principal
from cloutui.records import activity, migrations, schema
from cloutui.records.activity import ActivityLine


def bring_up_to_date(connection: Connection, root_name: str, at: datetime) -> None:
    """Within the open transaction of the one writer. Raises: Broken."""
    # Another process may have done it while this one waited for the lock.
    if migrations.is_current(connection):
        return
    is_new = migrations.revision_of(connection) is None
    migrations.upgrade(connection)
    if not is_new:
        return
    connection.execute(insert(schema.state).values(name=schema.DIMENSIONS, value=1))
    made = connection.execute(insert(schema.unit).values(name=root_name, created_at=at))
    assert made.inserted_primary_key is not None
    root_unit_id = int(made.inserted_primary_key[0])
    activity.begin_chain(connection)
    line = ActivityLine(
        action="records.create",
        action_class=ActionClass.CHANGE,
        unit_id=root_unit_id,
        target_kind="unit",
        target_id=root_unit_id,
        target_name=root_name,
        sentence=f"The records were made, with the unit “{root_name}” at the top.",
    )
    activity.append(connection, system_principal("cloutui", root_unit_id), line, at)
