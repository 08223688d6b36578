"""Saved filters and columns: whose they are, who sees them, and what is refused."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cloutui.errors import Invalid, NotAllowed, NotFound
from cloutui.model.filter.problem import BadFilter
from cloutui.model.principal import Principal
from cloutui.model.privilege import Privilege
from tests.actions.site import Site


def save(site: Site, name: str, text: str, unit: int | None = None, by: Principal | None = None) -> str:
    given = {"name": name, "text": text} | ({} if unit is None else {"unit": unit})
    return site.do("filter.save", given, by=by).sentence


def somebody(site: Site, unit: int, *privileges: Privilege) -> Principal:
    everything = frozenset(Privilege)
    return replace(site.operator, name="tenant1", unit_id=unit, privileges=frozenset(privileges) or everything)


def seen(site: Site, unit: int, owner: str = "op") -> dict[str, str]:
    by = replace(site.operator, name=owner)
    return {saved.name: saved.text for saved in site.records.saved_filters(by, unit)}


def test_ones_own_filter_is_seen_by_its_owner_alone_wherever_they_look(site: Site) -> None:
    assert save(site, "@Bad", " status:failed ") == "@bad is status:failed."
    assert seen(site, site.records.root_unit_id) == seen(site, site.acme) == {"bad": "status:failed"}
    assert seen(site, site.acme, "somebody") == {}


def test_a_units_filter_is_seen_from_there_downwards(site: Site) -> None:
    said = save(site, "bad", "status:failed", site.fjord)
    assert said == "@bad is status:failed, for “Fjord Retail” and all below it."
    assert seen(site, site.fjord, "x") == seen(site, site.acme, "x") == {"bad": "status:failed"}
    assert seen(site, site.records.root_unit_id, "x") == seen(site, site.skov, "x") == {}


def test_the_nearest_of_one_name_counts(site: Site) -> None:
    for text, unit in (("node:root", 1), ("node:acme", site.acme), ("node:fjord", site.fjord)):
        save(site, "mine", text, unit)
    assert seen(site, site.acme)["mine"] == "node:acme"
    assert seen(site, site.fjord)["mine"] == "node:fjord"
    assert seen(site, site.skov)["mine"] == "node:root"
    save(site, "mine", "node:own")
    assert {seen(site, unit)["mine"] for unit in (1, site.acme, site.skov)} == {"node:own"}


def test_saving_again_replaces_and_counts_up(site: Site) -> None:
    save(site, "bad", "status:failed")
    save(site, "bad", "status:missed")
    (saved,) = site.records.saved_filters(site.operator)
    assert (saved.text, saved.version) == ("status:missed", 2)
    line = site.records.activity(1)[0]
    assert (line.action, line.action_class, line.target_name) == ("filter.save", 1, "@bad")
    assert (line.before["text"], line.after["text"]) == ("status:failed", "status:missed")


def test_two_people_of_one_unit_have_each_their_own(site: Site) -> None:
    tenant = somebody(site, site.acme)
    save(site, "bad", "status:failed")
    save(site, "bad", "status:missed", by=tenant)
    assert (seen(site, site.acme, "op"), seen(site, site.acme, "tenant1")) == (
        {"bad": "status:failed"},
        {"bad": "status:missed"},
    )


@pytest.mark.parametrize(
    ("name", "text", "what"),
    [
        ("x", "", "no filter to save"),
        ("x", "status:", "has no value"),
        ("x", "node:a\x1b[31m", "cannot be shown"),
        ("two words", "node:a", "cannot name"),
        ("x", "@gone", "No filter is saved as “@gone”"),
        ("x", "@x", "names itself: @x › @x"),
        ("inner", "node:a @outer", "names itself: @outer › @inner › @outer"),
    ],
)
def test_what_could_never_be_asked_is_not_saved(name: str, text: str, what: str, site: Site) -> None:
    save(site, "inner", "node:a")
    save(site, "outer", "@inner")
    before = site.snapshot()
    with pytest.raises(Invalid, match=what.replace("(", r"\(")):
        save(site, name, text)
    assert site.snapshot() == before


def test_a_units_filter_may_not_name_what_is_ones_own(site: Site) -> None:
    save(site, "mine", "node:a")
    with pytest.raises(BadFilter, match="@mine"):
        save(site, "ours", "@mine", site.fjord)
    save(site, "mine", "node:a", site.fjord)
    save(site, "ours", "@mine", site.acme)


def test_forgetting_takes_one_away_and_leaves_its_namesakes(site: Site) -> None:
    save(site, "bad", "status:failed")
    save(site, "bad", "status:missed", site.fjord)
    assert site.do("filter.forget", {"name": "@BAD"}).sentence == "@bad is forgotten."
    assert seen(site, site.acme) == {"bad": "status:missed"}
    with pytest.raises(NotFound, match="@bad"):
        site.do("filter.forget", {"name": "bad"})


def test_a_units_filters_need_the_right_to_change_units(site: Site) -> None:
    reader = somebody(site, site.fjord, Privilege.ACCOUNT_EDIT, Privilege.UNIT_VIEW)
    save(site, "own", "node:a", by=reader)
    save(site, "ours", "node:a", site.fjord)
    for action, given in (("filter.save", {"name": "x", "text": "node:a"}), ("filter.forget", {"name": "ours"})):
        with pytest.raises(NotAllowed, match=r"unit\.edit"):
            site.do(action, {**given, "unit": site.fjord}, by=reader)


def test_outside_of_ones_unit_nothing_saved_is_seen(site: Site) -> None:
    save(site, "theirs", "node:a", site.skov)
    tenant = somebody(site, site.fjord)
    assert site.records.saved_filters(tenant, site.skov) == site.records.saved_filters(tenant, 1) == []
    assert len(site.records.saved_filters(site.operator, site.skov)) == 1


def test_columns_are_kept_for_their_owner_and_taken_back(site: Site) -> None:
    site.do("view.save", {"report": "nodes", "columns": ["stored", "node", "stored"]})
    other = replace(site.operator, name="other")
    site.do("view.save", {"report": "nodes", "columns": '["unit"]'}, by=other)
    assert site.records.saved_columns("op") == {"nodes": ("stored", "node")}
    site.do("view.save", {"report": "nodes"})
    assert (site.records.saved_columns("op"), site.records.saved_columns("other")) == ({}, {"nodes": ("unit",)})
    with pytest.raises(Invalid, match="no column “stoerd”"):
        site.do("view.save", {"report": "nodes", "columns": ["stoerd"]})
    with pytest.raises(NotFound):
        site.do("view.save", {"report": "noodles", "columns": []})
