"""A day that has closed is told as it was, byte for byte, whatever is decided later; what comes late is numbered."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import insert

from cloutui.calendar.keeping import Keeper
from cloutui.errors import Conflict
from cloutui.model.privilege import Privilege
from cloutui.model.status import Status
from cloutui.records import schema
from cloutui.records.transaction import UnloggedChange
from tests.calendar.story import CLOSED, DAY, FORMATS_OF_TEXT, Story
from tests.world import NOON, a_job, a_node, jobs, nodes


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


def test_a_day_without_facts_is_never_frozen(closed: Story) -> None:
    assert [row["day"] for row in closed.ask("history", first=DAY - timedelta(days=9)).rows.to_pylist()] == [DAY]


def test_exports_of_a_frozen_day_are_the_same_byte_for_byte_whatever_is_decided_later(story: Story) -> None:
    live = story.exported(story.fjord)
    story.close()
    before = story.exported(story.fjord)
    story.decide_otherwise()
    story.world.move_unit(story.acme, story.fjord)
    story.now = CLOSED + timedelta(days=30)
    after = story.exported(story.fjord)
    for how in FORMATS_OF_TEXT:
        assert after[how] == before[how], how
        assert "Fjord Group" not in after[how], how
    assert before["json"] != live["json"], "the negative control: a live day tells when it was exported"


def test_the_live_day_does_change(story: Story) -> None:
    """The negative control of the test above."""
    before = story.exported(story.fjord)["csv"]
    story.decide_otherwise()
    story.world.move_unit(story.acme, story.fjord)
    assert story.exported(story.fjord)["csv"] != before


def test_who_gets_a_node_later_does_not_get_its_past(closed: Story) -> None:
    closed.decide_otherwise()
    assert closed.statuses(closed.fjord) == {"FJORD-FS01": (Status.OK, 1)}
    assert set(closed.statuses()) == {"ACME-SQL01", "FJORD-FS01"}, "each node once"


def test_facts_that_come_late_make_a_revision_of_their_unit_alone(closed: Story) -> None:
    closed.world.cache.store(closed.server, jobs(a_job(said="Completed", result=0)), CLOSED)
    assert closed.statuses() == {"ACME-SQL01": (Status.ERROR, 1), "FJORD-FS01": (Status.OK, 1)}, "not silently"
    assert closed.look_back(CLOSED + timedelta(hours=1))
    assert closed.statuses() == {"ACME-SQL01": (Status.OK, 2), "FJORD-FS01": (Status.OK, 1)}
    assert closed.daily(closed.acme).notes == ("Frozen 22 Nov 2026 14:00 UTC, revision 2.",)
    assert closed.statuses(revision=1) == {"ACME-SQL01": (Status.ERROR, 1), "FJORD-FS01": (Status.OK, 1)}
    assert closed.statuses(revision=0) == {"ACME-SQL01": (Status.OK, 0), "FJORD-FS01": (Status.OK, 0)}
    assert not closed.look_back(CLOSED + timedelta(hours=2)), "once"
    assert closed.problems() == []


def test_a_node_that_came_late_comes_into_the_revision(closed: Story) -> None:
    world = closed.world
    world.nodes(closed.server, "ACME-WEB04")
    world.assign("ACME-WEB04", closed.acme)
    world.cache.store(closed.server, jobs(a_job("ACME-WEB04", said="Missed")), CLOSED)
    world.cache.store(closed.server, nodes(*map(a_node, ("ACME-SQL01", "FJORD-FS01", "ACME-WEB04"))), CLOSED)
    assert "ACME-WEB04" not in closed.statuses()
    assert closed.look_back(CLOSED + timedelta(hours=1))
    assert closed.statuses(closed.acme) == {"ACME-SQL01": (Status.ERROR, 2), "ACME-WEB04": (Status.MISSED, 2)}


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


def test_what_is_decided_makes_no_revision(closed: Story) -> None:
    closed.decide_otherwise()
    assert not closed.look_back(CLOSED + timedelta(hours=1))


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
    runner, given = story.runner, {"day": DAY}
    assert runner.run("daily", world.principal(), given).rows.column("comment").to_pylist()[0] == "ring the customer"
    assert runner.run("daily", reader, given).rows.column("comment").to_pylist() == [""]
    assert node


def test_a_unit_above_that_said_what_counts_is_not_named_below_it(story: Story) -> None:
    rows = story.daily().rows
    told = rows.set_column(rows.column_names.index("source"), "source", [["Fjord Retail"] * rows.num_rows])
    story.freezer._ask = lambda _day: told
    story.close()
    assert set(story.daily(story.fjord).rows.column("source").to_pylist()) == {"Fjord Retail"}
    own = story.runner.run("daily", story.world.principal(story.acme), {"day": DAY})
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
    story.world.records.clock = lambda: CLOSED
    assert not story.close()
    assert story.problems() == []


def test_nothing_stays_of_a_freezing_that_the_records_did_not_take(story: Story) -> None:
    with pytest.raises(UnloggedChange), story.world.records.begin() as tx:
        assert story.freezer.freeze(tx, DAY, {story.fjord, story.acme})["rows"] == 2
    assert list(story.world.history.names()) == []


def test_what_was_kept_long_enough_goes_and_the_log_says_so(closed: Story) -> None:
    keeper = Keeper(closed.world.records, closed.world.history)
    assert not keeper.drop_old(NOON + timedelta(days=900)), "for ever, unless the top says otherwise"
    with closed.world.records.begin() as tx:
        tx.connection.execute(insert(schema.setting).values(key="history.keep_days", value="30"))
        closed.world._log(tx)
    assert not keeper.drop_old(NOON + timedelta(days=30) - timedelta(days=1))
    assert keeper.drop_old(NOON + timedelta(days=30))
    assert list(closed.world.history.names()) == []
    assert closed.world.records.activity(1)[0].action == "history.drop"
    [row] = closed.ask("history", first=DAY).rows.to_pylist()
    assert row["kept"] == "dropped"
    assert closed.problems() == []


def test_a_frozen_day_is_seen_by_its_own_units_alone(closed: Story) -> None:
    assert set(closed.statuses(closed.acme)) == {"ACME-SQL01"}
    assert [row["unit"] for row in closed.ask("history-day", closed.acme, day=DAY).rows.to_pylist()] == ["Acme ApS"]
    assert closed.ask("history", closed.acme, first=DAY).rows.to_pylist()[0]["nodes"] == 1
    answer = closed.daily(closed.acme)
    assert answer.as_of["SPA01"].collected_at == NOON
    assert answer.frozen is not None
    assert list(answer.frozen.path) == ["Acme ApS"], "and of what is above them not the names"
