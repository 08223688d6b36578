"""How nodes stood on days that are frozen is in the cache as it is in the files, and goes with them."""
# ruff: noqa: DTZ001 - a server's times have no zone

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, update

from cloutui.cache.cache import open_cache
from cloutui.cache.rebuild import rebuild
from cloutui.model.severity import RuleValue, stored_value
from cloutui.model.status import Status
from cloutui.records import history
from cloutui.records.daily_tables import severity_rule
from tests.world import NOON, World, a_job, jobs

DAY, NEXT = date(2026, 11, 20), date(2026, 11, 21)
ERROR, OKWARN = Status.ERROR, Status.OKWARN
AS_JOBS = {DAY: (ERROR, ERROR, ""), NEXT: (ERROR, ERROR, "")}
CLOSED = {DAY: (OKWARN, ERROR, "yes"), NEXT: (OKWARN, ERROR, "no")}


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 1)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A node that failed on two days, of which the first closed while a rule said that this is but a warning."""
    world = World(tmp_path_factory.mktemp("home"))
    server = world.server()
    world.nodes(server, "ACME-SQL01")
    ran = (("DAILY", "Failed"), ("LOGS", "Completed"))
    told = [a_job("ACME-SQL01", at(day), said, schedule=name) for day in (DAY, NEXT) for name, said in ran]
    world.cache.store(server, jobs(*told), NOON)
    said = {"unit_id": 1, "product": "", "key": "status:error", "value": stored_value(RuleValue(OKWARN))}
    world._change(insert(severity_rule).values(**said, set_at=NOON, set_by="op"))
    world.freeze(DAY)
    world.close()
    return world.home


@pytest.fixture
def failed(home: Path, tmp_path: Path) -> Iterator[World]:
    """A copy of it."""
    world = World(shutil.copytree(home, tmp_path / "home"))
    yield world
    world.close()


def rebuilt(world: World) -> None:
    world.cache.close()
    rebuild(world.home, world.records)
    world.cache = open_cache(world.home, world.records)


def reopened(world: World) -> None:
    world.cache.close()
    world.cache = open_cache(world.home, world.records)


def weeks(world: World, unit: int | None = None, **given: Any) -> dict[date, tuple[int, int, str]]:
    """By day: how it is shown, the worst job, and whether it is as it closed."""
    asked = {"node_id": 1, "first": DAY, "last": NEXT, **given}
    rows = world.run("weeks", unit, **asked).rows.to_pylist()
    return {row["day"]: (row["status"], row["worst"], row["closed"]) for row in rows}


def daily(world: World, day: date) -> tuple[int, int]:
    (row,) = world.run("daily", day=day).rows.to_pylist()
    return row["status"], row["revision"]


def rule_becomes(world: World, grade: Status) -> None:
    world._change(update(severity_rule).values(value=stored_value(RuleValue(grade))))


def test_a_closed_day_is_shown_as_the_daily_report_has_it_whatever_the_rules_become(failed: World) -> None:
    assert (weeks(failed), daily(failed, DAY)) == (CLOSED, (OKWARN, 1))
    assert weeks(failed, schedule="DAILY") == AS_JOBS, "a schedule was never graded"
    assert not weeks(failed, failed.unit("Acme ApS")), "the node is not theirs"
    rule_becomes(failed, ERROR)
    later = {**CLOSED, NEXT: (ERROR, ERROR, "no")}
    assert (weeks(failed), daily(failed, DAY)) == (later, (OKWARN, 1))
    rebuilt(failed)
    assert weeks(failed) == later


def test_of_a_day_that_was_frozen_again_the_newest_revision_is_shown(failed: World) -> None:
    rule_becomes(failed, Status.OK)
    failed.cache.store(1, jobs(a_job("ACME-SQL01", at(DAY), "Failed", schedule="LATE")), NOON)
    assert weeks(failed)[DAY] == CLOSED[DAY]
    later = NOON + timedelta(hours=2)
    assert failed.freezer(later).look_back(later)
    failed.cache.copy_dimensions()
    assert (weeks(failed)[DAY], daily(failed, DAY)) == ((Status.OK, ERROR, "yes"), (Status.OK, 2))


def test_what_is_kept_no_longer_is_shown_by_its_jobs_again(failed: World) -> None:
    failed.freeze(NEXT)
    with failed.records.reading() as connection:
        files = history.files_of(connection, DAY)
    with failed.records.begin() as tx:
        history.drop(tx, files)
        failed._log(tx)
    failed.history.remove(*files)
    failed.cache.copy_dimensions()
    assert weeks(failed) == {DAY: AS_JOBS[DAY], NEXT: (OKWARN, ERROR, "yes")}


@pytest.mark.parametrize("how", ["gone", "damaged"])
def test_a_day_whose_file_is_lost_is_unknown_and_the_others_are_told(
    failed: World, caplog: pytest.LogCaptureFixture, how: str
) -> None:
    (name,) = failed.history.names()
    path = failed.history.path(name)
    kept = path.read_bytes()
    path.unlink() if how == "gone" else path.write_bytes(b"something else")
    assert weeks(failed) == CLOSED, "what is known already stays known"
    rebuilt(failed)
    assert weeks(failed) == {**CLOSED, DAY: (Status.UNKNOWN, ERROR, "lost")}
    assert weeks(failed, schedule="DAILY") == AS_JOBS
    assert [line.getMessage()[:31] for line in caplog.records] == [f"The frozen report {name[:12]} "]
    path.unlink(missing_ok=True)
    path.write_bytes(kept)
    reopened(failed)
    assert weeks(failed) == CLOSED


def test_a_lost_file_is_no_matter_once_there_is_a_later_revision(failed: World) -> None:
    (name,) = failed.history.names()
    kept = failed.history.path(name).read_bytes()
    failed.history.remove(name)
    rebuilt(failed)
    rule_becomes(failed, Status.OK)
    failed.cache.store(1, jobs(a_job("ACME-SQL01", at(DAY), "Failed", schedule="LATE")), NOON)
    later = NOON + timedelta(hours=2)
    failed.history.path(name).write_bytes(kept)
    assert failed.freezer(later).look_back(later)
    failed.cache.copy_dimensions()
    assert weeks(failed)[DAY] == (Status.OK, ERROR, "yes")
    reopened(failed)
    assert weeks(failed)[DAY] == (Status.OK, ERROR, "yes"), "the older one does not come back"
