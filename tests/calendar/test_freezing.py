"""A day that has closed is told as it was, byte for byte, whatever is decided later; what comes late is numbered."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, update

from cloutui.calendar.freezing import Freezer
from cloutui.calendar.keeping import Keeper
from cloutui.delivery.formats import FORMATS
from cloutui.delivery.headed import as_it_was, heading_of
from cloutui.delivery.heading import Export
from cloutui.errors import Conflict
from cloutui.model.privilege import Privilege
from cloutui.model.question import Question
from cloutui.model.severity import RuleValue, stored_value
from cloutui.model.status import Status
from cloutui.model.table import Answer
from cloutui.records import schema
from cloutui.records.daily_tables import severity_rule
from cloutui.records.history_check import check
from cloutui.records.transaction import UnloggedChange
from tests.world import NOON, World, a_job, a_node, jobs, nodes

DAY = date(2026, 11, 21)
CLOSED = NOON + timedelta(hours=1)
FORMATS_OF_TEXT = ("csv", "json", "ndjson", "html", "table")


class Story:
    """Fjord Retail has Acme ApS below it; a node each, one of them failed."""

    def __init__(self, folder: Path) -> None:
        self.world = world = World(folder)
        self.server = world.server()
        self.fjord = world.unit("Fjord Retail")
        self.acme = world.unit("Acme ApS", self.fjord)
        world.nodes(self.server, "ACME-SQL01", "FJORD-FS01")
        world.assign("ACME-SQL01", self.acme)
        world.assign("FJORD-FS01", self.fjord)
        world.cache.store(self.server, nodes(a_node("ACME-SQL01"), a_node("FJORD-FS01")), NOON)
        world.cache.store(self.server, jobs(a_job(said="Failed", result=12), a_job("FJORD-FS01")), NOON)
        world.swept(self.server)
        self.freezer: Freezer = world.freezer(CLOSED)

    def close(self, at: datetime = CLOSED) -> bool:
        self.world.records.clock = lambda: at
        return self.freezer.close_days(at)

    def look_back(self, at: datetime) -> bool:
        self.world.records.clock = lambda: at
        return self.freezer.look_back(at)

    def daily(self, unit: int | None = None, *, now: datetime = CLOSED, **given: object) -> Answer:
        return self.world.run("daily", unit, now=now, **{"day": DAY, **given})

    def statuses(self, unit: int | None = None, **given: object) -> dict[str, tuple[Status, int]]:
        """By node: how it stood, and in which revision."""
        rows = self.daily(unit, **given).rows.to_pylist()
        return {row["node"]: (Status(row["status"]), row["revision"]) for row in rows}

    def exported(self, how: str, unit: int, *, now: datetime) -> str:
        """What an export of the day writes, as the faces make it."""
        question = Question(report="daily", parameters={"day": DAY}, unit=unit)
        answer = self.daily(unit, now=now)
        heading = as_it_was(heading_of(question, self.world.principal(unit), self.world.records.tree()), answer)
        out = StringIO()
        FORMATS[how].write(Export(answer=answer, heading=heading), out)
        return out.getvalue()

    def decide_otherwise(self) -> None:
        """Names, units, assignments, settings and severity rules become others."""
        world = self.world
        world._change(update(schema.unit).where(schema.unit.c.unit_id == self.fjord).values(name="Fjord Group"))
        other = world.unit("Skov Transport")
        world.move_unit(self.acme, other)
        world.unit_setting(self.fjord, "time_zone", "America/Los_Angeles", date(2026, 11, 22))
        world._change(
            update(schema.assignment)
            .where(schema.assignment.c.unit_id == self.fjord)
            .values(unit_id=other, valid_from=None)
        )
        world._change(update(schema.server).values(name="SPA99"))
        always = stored_value(RuleValue(Status.ERROR, None, None))
        rule = {"unit_id": self.fjord, "product": "", "key": "status:ok", "value": always}
        world._change(insert(severity_rule).values(**rule, set_at=NOON, set_by="op"))

    def problems(self) -> list[str]:
        with self.world.records.reading() as connection:
            return list(check(connection, self.world.history).problems)


@pytest.fixture
def story(tmp_path: Path) -> Iterator[Story]:
    made = Story(tmp_path)
    yield made
    made.world.close()


def test_a_day_is_frozen_once_it_is_closed_and_only_then(story: Story) -> None:
    assert not story.close(NOON - timedelta(seconds=1))
    assert story.daily().frozen is None
    assert story.close(NOON)
    assert not story.close(NOON + timedelta(minutes=1)), "nothing is left to do"
    answer = story.daily()
    assert answer.notes == ("Frozen 22 Nov 2026 12:00 UTC, revision 1.",)
    assert story.statuses() == {"ACME-SQL01": (Status.ERROR, 1), "FJORD-FS01": (Status.OK, 1)}
    line = story.world.records.activity(1)[0]
    assert (line.action, line.target_name, line.after["units"]) == ("history.freeze", "2026-11-21", 2)
    assert list(story.world.history.names()) == [line.after["file"]]


def test_a_day_without_facts_is_never_frozen(story: Story) -> None:
    story.close()
    assert [row["day"] for row in story.world.run("history", first=DAY - timedelta(days=9)).rows.to_pylist()] == [DAY]


@pytest.mark.parametrize("how", FORMATS_OF_TEXT)
def test_an_export_of_a_frozen_day_is_the_same_byte_for_byte_whatever_is_decided_later(story: Story, how: str) -> None:
    live = story.exported(how, story.fjord, now=CLOSED)
    story.close()
    before = story.exported(how, story.fjord, now=CLOSED)
    story.decide_otherwise()
    # Acme ApS is elsewhere by now, and its day stays its own; Fjord's has Fjord's node alone.
    story.world.move_unit(story.acme, story.fjord)
    after = story.exported(how, story.fjord, now=CLOSED + timedelta(days=30))
    assert after == before
    assert before != live, "the negative control: an export of the live day tells when it was made"
    assert "Fjord Group" not in after


def test_the_live_day_does_change(story: Story) -> None:
    """The negative control of the test above."""
    before = story.exported("csv", story.fjord, now=CLOSED)
    story.decide_otherwise()
    story.world.move_unit(story.acme, story.fjord)
    assert story.exported("csv", story.fjord, now=CLOSED) != before


def test_who_gets_a_node_later_does_not_get_its_past(story: Story) -> None:
    story.close()
    story.decide_otherwise()
    assert story.statuses(story.fjord) == {"FJORD-FS01": (Status.OK, 1)}
    assert set(story.statuses()) == {"ACME-SQL01", "FJORD-FS01"}, "each node once"


def test_facts_that_come_late_make_a_revision_of_their_unit_alone(story: Story) -> None:
    story.close()
    story.world.cache.store(story.server, jobs(a_job(said="Completed", result=0)), CLOSED)
    assert story.statuses() == {"ACME-SQL01": (Status.ERROR, 1), "FJORD-FS01": (Status.OK, 1)}, "not silently"
    assert story.look_back(CLOSED + timedelta(hours=1))
    assert story.statuses() == {"ACME-SQL01": (Status.OK, 2), "FJORD-FS01": (Status.OK, 1)}
    assert story.daily(story.acme).notes == ("Frozen 22 Nov 2026 14:00 UTC, revision 2.",)
    assert story.statuses(revision=1) == {"ACME-SQL01": (Status.ERROR, 1), "FJORD-FS01": (Status.OK, 1)}
    assert story.statuses(revision=0) == {"ACME-SQL01": (Status.OK, 0), "FJORD-FS01": (Status.OK, 0)}
    assert not story.look_back(CLOSED + timedelta(hours=2)), "once"
    assert story.problems() == []


def test_a_node_that_came_late_comes_into_the_revision(story: Story) -> None:
    story.close()
    world = story.world
    world.nodes(story.server, "ACME-WEB04")
    world.assign("ACME-WEB04", story.acme)
    world.cache.store(story.server, jobs(a_job("ACME-WEB04", said="Missed")), CLOSED)
    world.cache.store(story.server, nodes(*map(a_node, ("ACME-SQL01", "FJORD-FS01", "ACME-WEB04"))), CLOSED)
    assert "ACME-WEB04" not in story.statuses()
    assert story.look_back(CLOSED + timedelta(hours=1))
    assert story.statuses(story.acme) == {"ACME-SQL01": (Status.ERROR, 2), "ACME-WEB04": (Status.MISSED, 2)}


def test_a_unit_whose_first_facts_come_late_is_frozen_then(story: Story) -> None:
    world = story.world
    skov = world.unit("Skov Transport")
    story.close()
    world.nodes(story.server, "SKOV-DB01")
    world.assign("SKOV-DB01", skov)
    world.cache.store(story.server, jobs(a_job("SKOV-DB01")), CLOSED)
    assert not story.close(CLOSED + timedelta(minutes=1)), "it was looked at, and had nothing"
    assert story.daily().frozen is None, "part of it is as of now, and it says so"
    assert "1 unit without a frozen day as of now" in story.daily().notes[0]
    assert not story.look_back(CLOSED + timedelta(hours=1))
    assert story.close(CLOSED + timedelta(hours=1))
    assert story.statuses(skov) == {"SKOV-DB01": (Status.OK, 1)}
    assert story.daily().frozen is not None


def test_what_is_decided_makes_no_revision(story: Story) -> None:
    story.close()
    story.decide_otherwise()
    assert not story.look_back(CLOSED + timedelta(hours=1))


def test_who_may_not_read_comments_reads_none_of_a_frozen_day(story: Story) -> None:
    world = story.world
    [node] = [
        source.data_source_id for source in world.records.dimensions().data_sources if source.name == "ACME-SQL01"
    ]
    rows = story.daily().rows
    told = rows.set_column(rows.column_names.index("comment"), "comment", [["ring the customer"] * rows.num_rows])
    story.freezer._ask = lambda _day: told
    story.close()
    reader = world.principal(story.acme, Privilege.JOB_VIEW)
    runner = world.runner(now=lambda: CLOSED)
    given = {"day": DAY}
    assert runner.run("daily", world.principal(), given).rows.column("comment").to_pylist()[0] == "ring the customer"
    assert runner.run("daily", reader, given).rows.column("comment").to_pylist() == [""]
    assert node


def test_a_unit_above_that_said_what_counts_is_not_named_below_it(story: Story) -> None:
    rows = story.daily().rows
    told = rows.set_column(rows.column_names.index("source"), "source", [["Fjord Retail"] * rows.num_rows])
    story.freezer._ask = lambda _day: told
    story.close()
    assert set(story.daily(story.fjord).rows.column("source").to_pylist()) == {"Fjord Retail"}
    runner = story.world.runner(now=lambda: CLOSED)
    own = runner.run("daily", story.world.principal(story.acme), {"day": DAY})
    assert own.rows.column("source").to_pylist() == ["above"]


def test_tags_that_a_unit_above_keeps_for_itself_are_not_frozen(story: Story) -> None:
    world = story.world
    for text, inheritable in (("vip", True), ("slow payer", False)):
        world.put(world.tag(text, story.fjord, inheritable=inheritable), node="ACME-SQL01")
    story.close()
    for unit in (None, story.acme):
        assert "vip" in story.daily(unit).rows.column("tags").to_pylist()


def test_by_hand_a_day_is_frozen_once(story: Story) -> None:
    story.world.freeze(DAY, now=CLOSED)
    with pytest.raises(Conflict):
        story.world.freeze(DAY, now=CLOSED)
    assert not story.close()
    assert story.problems() == []


def test_nothing_stays_of_a_freezing_that_the_records_did_not_take(story: Story) -> None:
    with pytest.raises(UnloggedChange), story.world.records.begin() as tx:
        assert story.freezer.freeze(tx, DAY, {story.fjord, story.acme})["rows"] == 2
    assert list(story.world.history.names()) == []


def test_what_was_kept_long_enough_goes_and_the_log_says_so(story: Story) -> None:
    story.close()
    keeper = Keeper(story.world.records, story.world.history)
    assert not keeper.drop_old(NOON + timedelta(days=900)), "for ever, unless the top says otherwise"
    with story.world.records.begin() as tx:
        tx.connection.execute(insert(schema.setting).values(key="history.keep_days", value="30"))
        story.world._log(tx)
    assert not keeper.drop_old(NOON + timedelta(days=30) - timedelta(days=1))
    assert keeper.drop_old(NOON + timedelta(days=30))
    assert list(story.world.history.names()) == []
    assert story.world.records.activity(1)[0].action == "history.drop"
    [row] = story.world.run("history", first=DAY).rows.to_pylist()
    assert row["kept"] == "dropped"
    assert story.problems() == []


# What verifying finds: each of these must be found, and nothing where nothing was done.


def _bend(story: Story) -> None:
    [name] = story.world.history.names()
    path = story.world.history.path(name)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))


def _lose(story: Story) -> None:
    story.world.history.remove(*story.world.history.names())


def _sql(statement: str) -> Callable[[Story], None]:
    def do(story: Story) -> None:
        with story.world.records.begin() as tx:
            tx.connection.exec_driver_sql(statement)
            story.world._log(tx)

    return do


@pytest.mark.parametrize(
    ("harm", "found"),
    [
        (_bend, "is not what it was"),
        (_lose, "is not there"),
        (_sql("DELETE FROM frozen_day WHERE unit_id = 3"), "not what the activity log says"),
        (_sql("DELETE FROM frozen_day"), "are gone"),
        (_sql("UPDATE frozen_day SET content = replace(content, 'a', 'b')"), "not what the"),
        (_sql("UPDATE frozen_day SET worst = 2"), "not what the activity log says"),
        (_sql("UPDATE frozen_day SET dropped_at = frozen_at"), "the activity log does not say so"),
    ],
)
def test_what_was_changed_behind_the_history_is_found(story: Story, harm: Callable[[Story], Any], found: str) -> None:
    story.close()
    assert story.problems() == []
    harm(story)
    problems = story.problems()
    assert problems
    assert any(found in problem for problem in problems), problems


def test_a_file_that_is_not_what_it_was_is_not_shown(story: Story) -> None:
    from cloutui.errors import Broken

    story.close()
    _bend(story)
    with pytest.raises(Broken, match="not what it was"):
        story.daily()


def test_a_frozen_day_is_seen_by_its_own_units_alone(story: Story) -> None:
    story.close()
    assert set(story.statuses(story.acme)) == {"ACME-SQL01"}
    assert [row["unit"] for row in story.world.run("history-day", story.acme, day=DAY).rows.to_pylist()] == ["Acme ApS"]
    assert story.world.run("history", story.acme, first=DAY).rows.to_pylist()[0]["nodes"] == 1
    assert replace(story.daily(story.acme)).as_of["SPA01"].collected_at == NOON
