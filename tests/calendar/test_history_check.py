"""What is done to the history behind its back is found, told with its day and units, and goes no further."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cloutui.errors import Broken
from cloutui.model.status import Status
from cloutui.records.frozen_files import contents
from tests.calendar.story import CLOSED, DAY, Story
from tests.world import NOON, a_job, jobs

Harm = Callable[[Story], object]


def the_file(closed: Story) -> Path:
    [name] = closed.world.history.names()
    return closed.world.history.path(name)


def flip(place: Callable[[int], int]) -> Harm:
    """One bit of one byte."""

    def do(closed: Story) -> None:
        content = bytearray(the_file(closed).read_bytes())
        content[place(len(content))] ^= 1
        the_file(closed).write_bytes(bytes(content))

    return do


def lose(closed: Story) -> None:
    the_file(closed).unlink()


def truncate(closed: Story) -> None:
    the_file(closed).write_bytes(the_file(closed).read_bytes()[:-100])


def sql(*statements: str) -> Harm:
    def do(closed: Story) -> None:
        with closed.world.records.begin() as tx:
            for statement in statements:
                tx.connection.exec_driver_sql(statement)
            closed.world._log(tx)

    return do


def forge(closed: Story) -> str:
    """The file as if the failed node had been fine, under the same name. Returns the hash of its unit's rows."""
    path = the_file(closed)
    rows = pq.ParquetFile(path).read()
    status = rows.schema.field("status")
    fine = pa.array([int(Status.OK)] * rows.num_rows, status.type)
    rows = rows.set_column(rows.column_names.index("status"), status, fine)
    pq.write_table(rows, path, compression="zstd")
    return contents(rows)[closed.acme].hash


def forge_and_name(closed: Story) -> tuple[str, str]:
    """The same, with a name that fits it, and records that fit both. Returns the names: what it was, what it is."""
    old = the_file(closed).stem
    content = forge(closed)
    new = closed.world.history.write(pq.ParquetFile(the_file(closed)).read())
    closed.world.history.remove(old)
    fits = f"UPDATE frozen_day SET file = '{new}'"
    sql(fits, f"UPDATE frozen_day SET content = '{content}', worst = 2 WHERE unit_id = {closed.acme}")(closed)
    return old, new


def forge_the_log_too(closed: Story) -> None:
    """And a line of the activity log that fits all of it, which takes somebody who can write to the database."""
    from cloutui.records import history

    _, new = forge_and_name(closed)
    with closed.world.records.reading() as connection:
        after = json.dumps(history.told_of(history.on_day(connection, DAY)))
    changed = f"UPDATE activity SET after = '{after}' WHERE action = 'history.freeze'"
    sql("DROP TRIGGER activity_no_update", changed)(closed)
    assert new in after


BOTH = "“Fjord Retail”, “Acme ApS”"


@pytest.mark.parametrize(
    ("harm", "found"),
    [
        (flip(lambda size: size // 2), "The file of 2026-11-21 ("),
        (flip(lambda size: 4), "The file of 2026-11-21 ("),
        (flip(lambda size: size - 1), f"cannot be read any more: it had the rows of {BOTH}."),
        (truncate, f"cannot be read any more: it had the rows of {BOTH}."),
        (lose, f"is not there: it had the rows of {BOTH}."),
        (forge, "is not what it was: it has other rows of “Acme ApS”."),
        (forge_and_name, "The activity log does not know of 2026-11-21"),
        (forge_and_name, "are gone: the activity log knows of them."),
        (sql("DELETE FROM frozen_day WHERE unit_id = 3"), "not what the activity log says"),
        (sql("DELETE FROM frozen_day"), "are gone"),
        (sql("UPDATE frozen_day SET content = replace(content, 'a', 'b')"), "not what the"),
        (sql("UPDATE frozen_day SET worst = 2"), "not what the activity log says"),
        (sql("UPDATE frozen_day SET dropped_at = frozen_at"), "the activity log does not say so"),
    ],
)
def test_what_was_changed_behind_the_history_is_found(closed: Story, harm: Harm, found: str) -> None:
    assert closed.problems() == []
    harm(closed)
    problems = closed.problems()
    assert any(found in problem for problem in problems), problems
    assert all("2026-11-21" in problem for problem in problems), problems


def test_who_forges_the_log_too_is_found_by_its_chain(closed: Story) -> None:
    assert closed.world.records.verify_activity().is_ok
    forge_the_log_too(closed)
    assert closed.problems() == [], "that all of it fits together says no more than the log is worth"
    assert closed.world.records.verify_activity().problem == "not as it was written"


@pytest.mark.parametrize(
    ("harm", "told"),
    [(flip(lambda size: size // 2), "is not what it was"), (forge, "is not what it was"), (lose, "cannot be read")],
)
def test_a_day_whose_file_is_not_what_it_was_is_an_error_and_no_empty_page(
    closed: Story, harm: Harm, told: str
) -> None:
    name = the_file(closed).stem
    harm(closed)
    both = "Acme ApS, Fjord Retail"
    for unit, whose in ((None, both), (closed.fjord, both), (closed.acme, "Acme ApS")):
        with pytest.raises(Broken, match=f"^21 Nov 2026 of {whose}: The frozen report {name[:12]} {told}") as shown:
            closed.daily(unit)
        assert shown.value.hint.startswith(f"Restore history/{name}.parquet from a backup")
    assert closed.statuses(revision=0)["ACME-SQL01"] == (Status.ERROR, 0), "as of now it can still be asked for"


def test_a_lost_file_is_an_error_for_those_alone_whose_day_is_in_it(story: Story) -> None:
    world = story.world
    bolt = world.unit("Bolt Logistik")
    world.unit_setting(bolt, "time_zone", "America/Los_Angeles")
    world.nodes(story.server, "BOLT-LX12")
    world.assign("BOLT-LX12", bolt)
    world.cache.store(story.server, jobs(a_job("BOLT-LX12", a_job()["scheduled_local"] + timedelta(hours=12))), NOON)
    assert story.close()
    file = the_file(story)
    assert story.close(CLOSED + timedelta(hours=9)), "their day ends later, in a file of its own"
    file.unlink()
    assert story.statuses(bolt)["BOLT-LX12"][1] == 1
    for unit, whose in ((None, "Acme ApS, Fjord Retail"), (story.acme, "Acme ApS")):
        for revision in (None, 1):
            with pytest.raises(Broken, match=f"^21 Nov 2026 of {whose}: "):
                story.daily(unit, revision=revision)


DAY_BEFORE = DAY - timedelta(days=1)
EARLY = datetime(2026, 11, 20, 1)  # noqa: DTZ001 - a server's times have no zone


@pytest.mark.parametrize("harm", [forge, truncate])
def test_a_day_whose_file_is_torn_or_forged_gets_no_revision_and_the_others_do(story: Story, harm: Harm) -> None:
    """A revision has the rows that stay as they were: it would vouch for those that are forged."""
    world = story.world
    world.nodes(story.server, "ACME-FS02")
    world.assign("ACME-FS02", story.acme)
    both = ("ACME-SQL01", "ACME-FS02")
    world.cache.store(story.server, jobs(*(a_job(node, EARLY, "Failed") for node in both)), NOON)
    world.freeze(DAY_BEFORE)
    harm(story)
    assert story.close()
    world.cache.store(story.server, jobs(a_job(scheduled=EARLY), a_job()), CLOSED)
    assert story.look_back(CLOSED + timedelta(hours=1))
    assert story.statuses()["ACME-SQL01"] == (Status.OK, 2)
    frozen = [line.target_name for line in world.records.activity(40) if line.action == "history.freeze"]
    assert sorted(frozen) == [DAY_BEFORE.isoformat(), DAY.isoformat(), DAY.isoformat()]


def test_a_day_that_cannot_be_closed_keeps_no_other_from_closing(story: Story) -> None:
    world = story.world
    both = ("ACME-SQL01", "FJORD-FS01")
    world.cache.store(story.server, jobs(*(a_job(node, EARLY) for node in both)), NOON)
    with world.records.begin() as tx:
        story.freezer.freeze(tx, DAY_BEFORE, {story.fjord})
        world._log(tx)
    lose(story)
    assert story.close()
    assert story.statuses() == {"ACME-SQL01": (Status.ERROR, 1), "FJORD-FS01": (Status.OK, 1)}
