"""A transaction: a change and its line, both or neither."""

from __future__ import annotations

import pytest
from sqlalchemy import insert, text
from sqlalchemy.exc import IntegrityError

from cloutui.errors import Broken
from cloutui.records import schema
from cloutui.records.store import Records
from cloutui.records.transaction import Tx, UnloggedChange
from tests.records.building import NOON, OPERATOR, a_line, logged


def make_unit(tx: Tx, name: str = "Fjord Retail") -> None:
    tx.connection.execute(insert(schema.unit).values(name=name, parent_id=1, created_at=NOON))


def names(records: Records) -> list[str]:
    return [unit.name for unit in records.dimensions().units][1:]


def test_a_change_without_a_line_is_rolled_back(records: Records) -> None:
    with pytest.raises(UnloggedChange), records.begin() as tx:
        make_unit(tx)
    assert names(records) == []
    with logged(records) as tx:
        make_unit(tx)
    assert names(records) == ["Fjord Retail"], "with its line the same change is made"


def test_looking_needs_no_line(records: Records) -> None:
    with records.begin() as tx:
        tx.connection.execute(text("SELECT count(*) FROM unit")).scalar_one()
    assert len(records.activity()) == 1


def test_a_failure_after_the_line_takes_both_back(records: Records) -> None:
    def make_and_fail() -> None:
        with records.begin() as tx:
            make_unit(tx)
            tx.append_activity(OPERATOR, a_line())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        make_and_fail()
    assert names(records) == []
    assert len(records.activity()) == 1
    assert records.verify_activity().is_ok


def test_when_the_log_cannot_be_written_the_change_does_not_happen(records: Records) -> None:
    with records.begin() as tx:
        tx.connection.execute(
            text("CREATE TRIGGER full BEFORE INSERT ON activity BEGIN SELECT RAISE(ABORT, 'no room'); END")
        )
    with pytest.raises(IntegrityError, match="no room"), logged(records) as tx:
        make_unit(tx)
    assert names(records) == []
    with records.begin() as tx:
        tx.connection.execute(text("DROP TRIGGER full"))
    with logged(records) as tx:
        make_unit(tx)
    assert names(records) == ["Fjord Retail"], "without the obstacle the same change is made"


def test_a_full_disk_is_explained_and_changes_nothing(records: Records) -> None:
    def fill() -> None:
        with logged(records) as tx:
            pages = tx.connection.execute(text("PRAGMA page_count")).scalar_one()
            tx.connection.execute(text(f"PRAGMA max_page_count = {pages}"))
            make_unit(tx, "x" * 100_000)

    with pytest.raises(Broken, match="full") as broken:
        fill()
    assert "Nothing was changed" in broken.value.hint
    assert names(records) == []


def test_what_follows_a_commit_and_what_undoes_a_rollback_happen_once_each(records: Records) -> None:
    done: list[str] = []
    with logged(records) as tx:
        tx.after_commit(lambda: done.append("committed"))
        tx.after_rollback(lambda: done.append("undone"))
        assert done == []
    assert done == ["committed"]

    def fail() -> None:
        with logged(records) as tx:
            tx.after_commit(lambda: done.append("committed again"))
            tx.after_rollback(lambda: done.append("undone"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert done == ["committed", "undone"]
