"""Months close once they are over everywhere: once, for all units, with the hash of what is kept in the log."""
# ruff: noqa: DTZ001 - a server's times have no zone

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from cloutui.actions.perform import Context, perform_change
from cloutui.actions.plan import planned
from cloutui.actions.proof import Proof
from cloutui.actions.sla import Recalculate
from cloutui.actions.unit_archive import ArchiveUnit
from cloutui.calendar.months import Months, digest
from cloutui.errors import Conflict, Invalid
from cloutui.model.principal import local_principal
from cloutui.records import sla
from cloutui.records.secrets import Secrets
from tests.world import World, a_job, jobs

FIRST_OF_NOVEMBER = datetime(2026, 11, 1, 12, tzinfo=UTC)


@pytest.fixture
def fjord(world: World) -> int:
    """With a unit in Los Angeles below it, where the month ends eight hours later; jobs of August and October."""
    unit = world.unit("Fjord Retail")
    vineyard = world.unit("Vineyard", unit)
    world.unit_setting(vineyard, "time_zone", "America/Los_Angeles")
    server = world.server()
    world.nodes(server, "F1", "V1")
    world.assign_all([("F1", unit, None, None), ("V1", vineyard, None, None)])
    at = [datetime(2026, 8, 3, 12), *(datetime(2026, 10, day, 12) for day in range(1, 11))]
    said = ["Failed", *["Completed"] * 10]
    told = [a_job(name, when, word) for name in ("F1", "V1") for when, word in zip(at, said, strict=True)]
    world.cache.store(server, jobs(*told), FIRST_OF_NOVEMBER)
    return unit


def close(world: World, now: datetime) -> bool:
    world.records.clock = lambda: now
    did = Months(world.records, world.runner(now=lambda: now)).close_months(now)
    world.cache.copy_dimensions()
    return did


def closed(world: World) -> list[tuple[Any, ...]]:
    return world.rows("SELECT month, unit_id, ok, failed, goal FROM sla_month ORDER BY month, unit_id")


def test_a_month_closes_when_it_is_over_in_the_last_of_all_zones_and_late_facts_have_come(
    world: World, fjord: int
) -> None:
    # In Los Angeles it is over at 07:00 UTC; twelve hours are waited.
    early = datetime(2026, 11, 1, 18, 59, tzinfo=UTC)
    assert close(world, early)  # August
    assert [row[0] for row in closed(world)] == [date(2026, 8, 1)] * 3
    late = datetime(2026, 11, 1, 19, 0, tzinfo=UTC)
    assert close(world, late)
    october = date(2026, 10, 1)
    assert closed(world)[3:] == [
        (october, 1, 20, 0, 980),
        (october, fjord, 20, 0, 980),
        (october, fjord + 1, 10, 0, 980),
    ]
    assert not close(world, late), "a month closes once"


def test_what_is_kept_is_told_to_the_log_by_its_hash(world: World, fjord: int) -> None:
    now = datetime(2026, 11, 2, 12, tzinfo=UTC)
    close(world, now)
    lines = [line for line in world.records.activity(9) if line.action == "sla.close"]
    assert [line.target_name for line in lines] == ["2026-10", "2026-08"]
    with world.records.reading() as connection:
        kept = [sla.closed(connection, unit, date(2026, 10, 1)) for unit in (1, fjord, fjord + 1)]
    assert lines[0].after == {"units": 3, "sha256": digest([month for month in kept if month])}
    assert lines[0].sentence.startswith("October 2026 was closed for 3 units")


def test_what_changes_later_does_not_change_a_month_that_was_closed(world: World, fjord: int) -> None:
    now = datetime(2026, 11, 2, 12, tzinfo=UTC)
    close(world, now)
    before = world.run("sla-months", fjord, now=now).rows.to_pylist()
    world.unit_setting(fjord, "sla_goal_percent", 99.9)
    world.cache.store(1, jobs(a_job("F1", datetime(2026, 10, 20, 12), "Failed")), now)
    world.move_unit(fjord + 1, 1)
    assert world.run("sla-months", fjord, now=now).rows.to_pylist() == before
    assert world.run("sla", fjord, now=now, period="last-month").rows.to_pylist()[0]["goal"] == 98


def test_a_month_is_counted_again_when_somebody_asks_and_both_are_told(world: World, fjord: int) -> None:
    now = datetime(2026, 11, 2, 12, tzinfo=UTC)
    close(world, now)
    runner = world.runner(now=lambda: now)
    context = Context(records=world.records, secrets=Secrets.open("memory", world.home), reports=lambda: runner)
    who, again = local_principal("op", world.records.root_unit_id, "terminal"), Recalculate(unit=fjord, month="2026-10")
    with pytest.raises(Conflict, match="would be the same"):
        perform_change(again, who, Proof(), context)
    world.cache.store(1, jobs(a_job("F1", datetime(2026, 10, 20, 12), "Failed")), now)
    world.unit_setting(fjord, "sla_goal_percent", 90, date(2026, 10, 5))
    plan = planned(again, who, context)
    assert (plan.before["result"], plan.after["result"]) == ("100.0%", "95.2%")
    assert (plan.before["goal"], plan.after["goal"]) == ("98.0%", "90.0%")
    done = perform_change(again, who, Proof(), context)
    assert done.sentence == (
        "October 2026 of “Fjord Retail” is 95.2% of 21 jobs (goal 90.0%); it was 100.0% of 20 jobs (goal 98.0%)."
    )
    world.cache.copy_dimensions()
    row = world.run("sla-months", fjord, now=now).rows.to_pylist()[0]
    assert (row["revision"], row["failed"], row["goal"]) == (2, 1, 90)
    for month, problem in (("2026-11", Conflict), ("2025-01", Conflict), ("autumn", Invalid)):
        with pytest.raises(problem):
            perform_change(Recalculate(unit=fjord, month=month), who, Proof(), context)
    old = world.unit("Old")
    world.cache.copy_dimensions()
    perform_change(ArchiveUnit(unit=old), who, Proof(), context)
    world.cache.copy_dimensions()
    with pytest.raises(Conflict, match="no jobs"):
        perform_change(Recalculate(unit=old, month="2026-10"), who, Proof(), context)
