"""Comments and handling: what is written, what it says of who did it, and whose day it is."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from cloutui.errors import Conflict, Invalid, NotFound
from cloutui.model.handling import HandlingState
from cloutui.records import daily_tables
from tests.actions.site import Site

DAY = date(2026, 11, 20)
FJORD_FS01, ACME_SQL01 = 4, 1


def stands(site: Site, node: str = "SPF01/FJORD-FS01", **differing: Any) -> str:
    """What the newest line of the day, or of the job, says."""
    wanted = {"day": DAY, "job_key": None, **differing}
    with site.records.reading() as connection:
        rows = connection.execute(daily_tables.handling.select().order_by(daily_tables.handling.c.handling_id)).all()
    name = {"SPF01/FJORD-FS01": FJORD_FS01, "SPA01/ACME-SQL01": ACME_SQL01}[node]
    found = [row for row in rows if (row.data_source_id, row.day, row.job_key) == (name, *wanted.values())]
    return found[-1].state if found else "open"


def handle(site: Site, state: str, *nodes: str, by: Any = None, **differing: Any) -> str:
    params = {"nodes": list(nodes) or ["SPF01/FJORD-FS01"], "day": "2026-11-20", "state": state, **differing}
    return site.do("problem.handle", params, by=by).sentence


def test_a_day_is_handled_and_taken_back_and_every_word_stays(site: Site) -> None:
    assert handle(site, "acknowledged") == "Acknowledged FJORD-FS01 on 2026-11-20."
    assert stands(site) == "acknowledged"
    assert handle(site, "open") == "Opened again FJORD-FS01 on 2026-11-20."
    assert stands(site) == "open"
    with site.records.reading() as connection:
        assert len(connection.execute(daily_tables.handling.select()).all()) == 2


def test_who_comes_second_is_told_who_was_first(site: Site) -> None:
    handle(site, "acknowledged", by=site.user(site.fjord, name="op2"))
    with pytest.raises(Conflict, match="FJORD-FS01 on 2026-11-20 is acknowledged already, by op2"):
        handle(site, "acknowledged", by=site.user(site.fjord))


def test_of_many_those_that_stand_so_already_are_left_alone(site: Site) -> None:
    handle(site, "acknowledged", by=site.user(site.fjord, name="op2"))
    top = site.user(site.records.root_unit_id, name="op1")
    said = handle(site, "acknowledged", "SPF01/FJORD-FS01", "SPA01/ACME-SQL01", by=top)
    assert said == "Acknowledged ACME-SQL01 on 2026-11-20."
    with site.records.reading() as connection:
        assert [row.actor for row in connection.execute(daily_tables.handling.select())] == ["op2", "op1"]


def test_a_job_stands_for_itself(site: Site) -> None:
    assert handle(site, "ignored", job="DAILY|FJORD-FS01") == "Ignored a job of FJORD-FS01 on 2026-11-20."
    assert (stands(site), stands(site, job_key="DAILY|FJORD-FS01")) == ("open", "ignored")


@pytest.mark.parametrize(
    ("differing", "says"),
    [
        ({"nodes": []}, "No node was named"),
        ({"day": "2026-11-23"}, "has not come yet"),
        ({"nodes": ["SPF01/FJORD-FS01", "SPA01/ACME-SQL01"], "job": "X"}, "one node, on one day"),
        ({"state": "forgotten"}, "the value of “state” is nothing that state can be"),
        ({"nodes": ["SPF01/FJORD-FS01"] * 2_001}, "too many"),
    ],
)
def test_what_cannot_be_meant_is_refused(site: Site, differing: dict[str, Any], says: str) -> None:
    with pytest.raises(Invalid, match=says):
        site.do("problem.handle", {"nodes": ["SPF01/FJORD-FS01"], "day": "2026-11-20", "state": "resolved"} | differing)


def test_a_day_is_the_units_that_owned_the_node_then(site: Site) -> None:
    """Whoever has the node now says nothing of the days before, and whoever had it still may."""
    site.do("node.assign", {"nodes": "SPF01/FJORD-FS01", "unit": "Fjord Retail"})
    site.now = datetime(2026, 11, 25, 12, tzinfo=UTC)
    site.do("node.assign", {"nodes": "SPF01/FJORD-FS01", "unit": "Skov Transport"})
    handle(site, "resolved", by=site.user(site.fjord, name="op2"))
    for day, owner in (("2026-11-20", site.skov), ("2026-11-25", site.fjord)):
        with pytest.raises(NotFound):
            handle(site, "ignored", day=day, by=site.user(owner))
    assert stands(site) == "resolved"


def test_which_states_leave_the_open_counts() -> None:
    assert [state for state in HandlingState if state.is_open] == ["open", "active"]


# Comments.


def written(site: Site) -> list[tuple[Any, ...]]:
    with site.records.reading() as connection:
        rows = connection.execute(daily_tables.comment.select().order_by(daily_tables.comment.c.comment_id))
        return [
            (row.data_source_id, row.unit_id, row.day, row.type, row.text) for row in rows if row.removed_at is None
        ]


def test_one_comment_is_written_on_many_nodes_each_in_its_unit(site: Site) -> None:
    nodes = ["SPF01/FJORD-FS01", "SPA01/ACME-SQL01"]
    done = site.do("comment.add", {"nodes": nodes, "text": " Disk\nfull ", "type": "cause", "day": "2026-11-20"})
    assert done.sentence == "Cause on 2 nodes on 2026-11-20: Disk full"
    told = (DAY, "cause", "Disk full")
    assert written(site) == [(FJORD_FS01, site.fjord, *told), (ACME_SQL01, site.records.root_unit_id, *told)]


def test_what_nobody_can_read_is_no_comment(site: Site) -> None:
    for text in ("", " \n ", "x" * 2_001, "steers \x1b[2J"):
        with pytest.raises(Invalid):
            site.do("comment.add", {"nodes": 4, "text": text})
    assert written(site) == []


def test_a_comment_is_changed_by_who_wrote_it_and_at_the_top(site: Site) -> None:
    author, other, top = site.user(site.fjord), site.user(site.fjord), site.user(site.records.root_unit_id)
    made = {"comment": site.do("comment.add", {"nodes": 4, "text": "It reboots."}, by=author).after["comments"][0]}
    site.do("comment.edit", {**made, "text": "It rebooted."}, by=author)
    with pytest.raises(Conflict, match=f"The comment is {author.name}'s"):
        site.do("comment.edit", {**made, "text": "No."}, by=other)
    with pytest.raises(Conflict):
        site.do("comment.remove", made, by=other)
    with pytest.raises(Conflict, match="says that already"):
        site.do("comment.edit", made, by=author)
    assert [row[-1] for row in written(site)] == ["It rebooted."]
    site.do("comment.remove", made, by=top)
    assert written(site) == []
    with pytest.raises(NotFound):
        site.do("comment.edit", {**made, "text": "Again."}, by=author)
