"""Nodes and whose they are: by hand, and by rules that leave alone what somebody decided."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cloutui.errors import Invalid, NotFound
from tests.actions.site import Site


def test_a_node_is_assigned_by_hand_since_the_beginning(site: Site) -> None:
    outcome = site.do("node.assign", {"nodes": "spa01/acme-sql01", "unit": "Fjord Retail/Acme ApS"})
    assert site.owner("ACME-SQL01") == "Acme ApS"
    assert outcome.sentence == "ACME-SQL01 on SPA01 belongs to “Fjord Retail/Acme ApS”, by hand."
    assert outcome.before == {"unit_ids": {"1": 1}}
    assert [(row.unit_id, row.valid_from) for row in site.records.dimensions().assignments] == [(site.acme, None)]


def test_history_stays_with_the_unit_that_owned_it_then(site: Site) -> None:
    site.do("node.assign", {"nodes": "SPA01/ACME-SQL01", "unit": site.acme})
    site.now += timedelta(days=3)
    site.do("node.assign", {"nodes": "SPA01/ACME-SQL01", "unit": site.skov})
    day = site.now.date()
    rows = [(row.unit_id, row.valid_from, row.valid_to) for row in site.records.dimensions().assignments]
    assert rows == [(site.acme, None, day), (site.skov, day, None)]


def test_a_move_starts_at_the_backup_day_of_the_unit_it_goes_to(site: Site) -> None:
    site.do("node.assign", {"nodes": "SPA01/ACME-SQL01", "unit": site.acme})
    site.do("unit.set", {"unit": site.skov, "key": "time_zone", "value": "Pacific/Auckland"})
    site.now += timedelta(days=1)
    site.do("node.assign", {"nodes": "SPA01/ACME-SQL01", "unit": site.skov})
    assert site.records.dimensions().assignments[-1].valid_from == site.now.date() + timedelta(days=1)


def test_several_nodes_are_one_line_and_each_counts_once(site: Site) -> None:
    nodes = ["SPA01/ACME-SQL01", "SPA01/ACME-WEB04", 1]
    outcome = site.do("node.assign", {"nodes": nodes, "unit": site.acme})
    assert outcome.sentence.startswith("2 nodes belong to")
    assert [site.owner(name) for name in ("ACME-SQL01", "ACME-WEB04", "SKOV-DB01")] == [
        "Acme ApS",
        "Acme ApS",
        "Nordhavn Backup",
    ]


@pytest.mark.parametrize("node", ["SPA01/NOBODY", "NOBODY/ACME-SQL01", "ACME-SQL01", "SPA01/", 99, "99"])
def test_a_node_that_is_not_there_is_not_found(site: Site, node: object) -> None:
    with pytest.raises(NotFound):
        site.do("node.assign", {"nodes": [node], "unit": site.acme})


def test_no_node_at_all_is_a_mistake(site: Site) -> None:
    with pytest.raises(Invalid, match="No node"):
        site.do("node.assign", {"nodes": [], "unit": site.acme})


def test_more_nodes_than_anybody_looked_at_are_refused(site: Site) -> None:
    with pytest.raises(Invalid, match="2,001 nodes are too many"):
        site.do("node.assign", {"nodes": ["SPA01/ACME-SQL01"] * 2_001, "unit": site.acme})


def test_one_wrong_node_among_many_changes_nothing(site: Site) -> None:
    before = site.snapshot()
    with pytest.raises(NotFound):
        site.do("node.assign", {"nodes": ["SPA01/ACME-SQL01", "SPA01/NOBODY"], "unit": site.acme})
    assert site.snapshot() == before


def test_a_rule_moves_what_it_fits_and_says_how_many(site: Site) -> None:
    outcome = site.do("rule.set", {"unit": site.acme, "name": "acme-*"})
    assert (
        outcome.sentence
        == "Made rule 1 (name acme-*) for “Fjord Retail/Acme ApS”; 2 nodes moved from “Nordhavn Backup”."
    )
    assert [site.owner(name) for name in ("ACME-SQL01", "ACME-WEB04", "SKOV-DB01", "FJORD-FS01")] == [
        "Acme ApS",
        "Acme ApS",
        "Nordhavn Backup",
        "Fjord Retail",
    ]
    assert site.do("rule.set", {"unit": site.acme, "rule": 1, "name": "ACME-*"}).after["moved"] == 0


def test_a_rule_leaves_alone_what_somebody_decided(site: Site) -> None:
    site.do("node.assign", {"nodes": "SPA01/ACME-SQL01", "unit": site.skov})
    outcome = site.do("rule.set", {"unit": site.acme, "name": "acme-*"})
    assert outcome.after["moved"] == 1
    assert site.owner("ACME-SQL01") == "Skov Transport"


def test_a_hand_that_says_what_the_rule_said_holds_against_the_next_rule(site: Site) -> None:
    site.do("rule.set", {"unit": site.acme, "name": "acme-*"})
    site.do("node.assign", {"nodes": "SPA01/ACME-SQL01", "unit": site.acme})
    site.now += timedelta(days=1)
    site.do("rule.set", {"unit": site.skov, "rule": 1, "name": "acme-*"})
    assert [site.owner(name) for name in ("ACME-SQL01", "ACME-WEB04")] == ["Acme ApS", "Skov Transport"]


def test_a_node_that_comes_later_falls_under_the_rules(site: Site) -> None:
    site.do("rule.set", {"unit": site.acme, "contact": "*@acme.example", "server": "SPA01"})
    site.report("SPA01", "NEW01", contact="IT@acme.example")
    site.report("SPF01", "NEW02", contact="it@acme.example")
    assert [site.owner("NEW01"), site.owner("NEW02")] == ["Acme ApS", "Fjord Retail"]


def test_rules_stand_in_a_row_and_can_be_put_between(site: Site) -> None:
    for unit, name in ((site.acme, "A*"), (site.skov, "S*")):
        site.do("rule.set", {"unit": unit, "name": name})
    site.do("rule.set", {"unit": site.fjord, "name": "F*", "position": 2})
    assert [(rule.position, rule.name) for rule in site.records.rules()] == [(1, "A*"), (2, "F*"), (3, "S*")]
    site.do("rule.set", {"unit": site.skov, "name": "S*", "rule": 2, "position": 1})
    assert [(rule.position, rule.rule_id) for rule in site.records.rules()] == [(1, 2), (2, 1), (3, 3)]
    site.do("rule.remove", {"rule": 1})
    assert [(rule.position, rule.rule_id) for rule in site.records.rules()] == [(1, 2), (2, 3)]


@pytest.mark.parametrize("position", [0, -1, 3])
def test_a_rule_has_no_place_beyond_the_row(site: Site, position: int) -> None:
    site.do("rule.set", {"unit": site.acme, "name": "A*"})
    with pytest.raises(Invalid, match="no position"):
        site.do("rule.set", {"unit": site.acme, "name": "B*", "position": position})


def test_a_rule_without_a_condition_is_refused(site: Site) -> None:
    with pytest.raises(Invalid, match="needs a condition"):
        site.do("rule.set", {"unit": site.acme, "name": "", "domain": ""})


def test_what_no_rule_claims_any_more_goes_back_to_its_server(site: Site) -> None:
    site.do("rule.set", {"unit": site.acme, "name": "*"})
    site.do("rule.set", {"unit": site.skov, "name": "SKOV*"})
    site.now += timedelta(days=1)
    outcome = site.do("rule.remove", {"rule": 1})
    assert outcome.after["moved"] == 4
    assert [site.owner(name) for name in ("ACME-SQL01", "SKOV-DB01", "FJORD-FS01")] == [
        "Nordhavn Backup",
        "Skov Transport",
        "Fjord Retail",
    ]


def test_a_rule_that_is_gone_is_not_found(site: Site) -> None:
    for action, params in (("rule.remove", {}), ("rule.set", {"unit": site.acme, "name": "x"})):
        with pytest.raises(NotFound):
            site.do(action, {**params, "rule": 9})
