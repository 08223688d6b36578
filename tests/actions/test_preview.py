"""A look before it is done: which nodes a rule or a hand would move, from where, and the same numbers afterwards."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cloutui.actions.plan import planned
from cloutui.actions.registry import build
from cloutui.model.principal import Principal
from cloutui.model.reassignment import Reassigned, tally
from tests.actions.site import Site


def look(site: Site, action: str, params: dict[str, Any], by: Principal | None = None) -> dict[str, Any]:
    return dict(planned(build(action, params), by or site.operator, site.context).after)


def owners(site: Site) -> dict[str, str]:
    return {source.name: site.owner(source.name) for source in site.records.dimensions().data_sources}


def test_a_rule_tells_what_it_would_move_before_it_is_set(site: Site) -> None:
    site.do("rule.set", {"unit": site.skov, "name": "*WEB*"})
    before = site.snapshot()
    rule = {"unit": site.acme, "name": "ACME-*", "position": 1}
    told = look(site, "rule.set", rule)
    assert (told["moved"], told["from"], told["to"], told["such_as"]) == (
        2,
        {"Nordhavn Backup": 1, "Skov Transport": 1},
        {"Fjord Retail/Acme ApS": 2},
        ["ACME-SQL01", "ACME-WEB04"],
    )
    assert site.snapshot() == before
    done = site.do("rule.set", rule)
    assert dict(done.after) == told
    assert done.sentence.endswith("2 nodes moved: 1 from “Nordhavn Backup”, 1 from “Skov Transport”.")


def test_who_does_not_see_a_unit_is_not_told_its_name(site: Site) -> None:
    """A node of Fjord's server that was assigned elsewhere by a rule of the top comes back: from elsewhere."""
    site.made("rule.set", unit=site.skov, name="FJORD*")
    site.made("rule.set", unit=site.acme, server="SPF01", name="F*")
    by = site.user(site.fjord)
    told = look(site, "rule.set", {"unit": site.acme, "server": "SPF01", "name": "F*", "position": 1}, by)
    assert (told["moved"], told["from"]) == (1, {"elsewhere": 1})


def test_what_else_is_due_by_then_and_is_none_of_theirs_is_not_told(site: Site) -> None:
    site.made("rule.set", unit=site.skov, domain="PD_SKOV")
    site.report("SPA01", "SKOV-DB01", domain="PD_SKOV")  # the node tells another domain now: its rule is due
    by = site.user(site.fjord)
    told = look(site, "rule.set", {"unit": site.acme, "server": "SPF01", "name": "F*"}, by)
    assert (told["moved"], told["such_as"]) == (1, ["FJORD-FS01"])


NAMES = ("ACME-SQL01", "ACME-WEB04", "SKOV-DB01", "FJORD-FS01")
patterns = st.sampled_from(["ACME*", "*01", "SKOV*", "*", "NOTHING"])
units = st.integers(1, 4)
some = st.sets(st.integers(1, 4), min_size=1).map(sorted)
rules_set = st.builds(lambda unit, name: ("rule.set", {"unit": unit, "name": name, "position": 1}), units, patterns)
assigned = st.builds(lambda unit, nodes: ("node.assign", {"unit": unit, "nodes": nodes}), units, some)
removed: st.SearchStrategy[tuple[str, dict[str, Any]]] = st.just(("rule.remove", {}))


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.one_of(rules_set, assigned, removed), max_size=5))
def test_what_is_told_before_is_what_is_done(site: Site, plan: list[tuple[str, dict[str, Any]]]) -> None:
    for action, wanted in plan:
        site.now += timedelta(days=1)
        rules = [rule.rule_id for rule in site.records.rules()]
        if action == "rule.remove" and not rules:
            continue
        params = wanted or {"rule": rules[0]}
        told, before = look(site, action, params), owners(site)
        assert owners(site) == before
        assert dict(site.do(action, params).after) == told
        after = owners(site)
        changed = sorted(name for name in NAMES if before[name] != after[name])
        assert (told["moved"], told["such_as"]) == (len(changed), changed)
        assert sum(told["from"].values()) == sum(told["to"].values()) == len(changed)


def test_units_that_read_the_same_are_two(site: Site) -> None:
    """“Vest/A” below the top, and “A” below “Vest”."""
    one = site.made("unit.create", name="Vest/A")
    other = site.made("unit.create", name="A", parent=site.made("unit.create", name="Vest"))
    site.do("node.assign", {"nodes": 1, "unit": one})
    assert look(site, "node.assign", {"nodes": [1, 2], "unit": other})["moved"] == 2
    assert look(site, "node.assign", {"nodes": 1, "unit": one})["moved"] == 0


def test_many_units_are_told_shortly() -> None:
    assert tally([]).words == "no node moved"
    many = tally(Reassigned(f"N{number}", f"U{number % 5}", "Acme") for number in range(12))
    assert many.words == "12 nodes moved: 3 from “U0”, 3 from “U1”, 2 from “U2”, the others from 2 other units"
    assert many.such_as == ["N0", "N1", "N10", "N11", "N2"]
