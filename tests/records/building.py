"""Builders of records for tests: written to directly, each change with a line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from cloutui.model.action_class import ActionClass
from cloutui.model.principal import local_principal
from cloutui.records import schema
from cloutui.records.activity import ActivityLine
from cloutui.records.rows import DataSourceFacts
from cloutui.records.store import Records
from cloutui.records.transaction import Tx

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
OPERATOR = local_principal("op", 1, "terminal")


def opened(folder: Path, **differing: Any) -> Records:
    return Records.open(folder / "records.sqlite", root_name="Nordhavn Backup", clock=lambda: NOON, **differing)


def a_line(sentence: str = "Something was done.", **differing: Any) -> ActivityLine:
    told: dict[str, Any] = {"action": "test.do", "action_class": ActionClass.NOTE, "unit_id": 1}
    told |= {"target_kind": "test", "target_id": None, "target_name": "it", "sentence": sentence}
    return ActivityLine(**{**told, **differing})


@contextmanager
def logged(records: Records) -> Iterator[Tx]:
    """A transaction with a line in it."""
    with records.begin() as tx:
        yield tx
        tx.append_activity(OPERATOR, a_line())


def insert_row(records: Records, table: Any, **values: Any) -> int:
    with logged(records) as tx:
        return int(tx.connection.execute(insert(table).values(**values)).inserted_primary_key[0])


def a_unit(records: Records, name: str, parent_id: int = 1) -> int:
    return insert_row(records, schema.unit, name=name, parent_id=parent_id, created_at=NOON)


def a_server(records: Records, name: str = "SPA01", unit_id: int = 1) -> int:
    told: dict[str, Any] = {"product": "storage-protect", "doors": [], "administrator": "CLOUTUI", "added_at": NOON}
    return insert_row(records, schema.server, name=name, unit_id=unit_id, **told)


def a_rule(records: Records, unit_id: int, position: int = 1, **conditions: Any) -> int:
    return insert_row(records, schema.assignment_rule, unit_id=unit_id, position=position, **conditions)


def facts(*names: str, **differing: Any) -> list[DataSourceFacts]:
    return [DataSourceFacts(kind="node", native_key=name, name=name, **differing) for name in names]
