"""Tags: whose they are, what they may be put on, and what becomes of them."""

from __future__ import annotations

from typing import Any

import pytest

from cloutui.actions.plan import planned
from cloutui.actions.registry import build
from cloutui.errors import Conflict, Invalid, NotFound
from tests.actions.cases import acme_has_its_node
from tests.actions.site import Site

NODE = "SPA01/ACME-SQL01"


def on(site: Site) -> list[tuple[str, str]]:
    """Each tag with what it is on, as the cache will copy it."""
    found = site.records.dimensions()
    texts = {tag.tag_id: tag.text for tag in found.tags}
    names: dict[Any, str] = {unit.unit_id: unit.name for unit in found.units}
    names |= {("node", source.data_source_id): source.name for source in found.data_sources}
    return sorted((texts[row.tag_id], names[row.unit_id or ("node", row.data_source_id)]) for row in found.taggings)


def test_a_tag_is_put_on_many_things_at_once_and_again_without_harm(site: Site) -> None:
    for text in ("vip", "db"):
        site.made("tag.create", text=text)
    site.do("tag.put", {"tags": "vip", "nodes": NODE})
    everything = {"tags": ["VIP", "db"], "nodes": [NODE, "SPA01/SKOV-DB01"], "units": ["Fjord Retail"]}
    version = site.records.version()
    assert site.do("tag.put", everything).sentence == "Put “vip”, “db” on 2 nodes and 1 unit."
    assert site.records.version() > version
    assert on(site) == [
        *(("db", name) for name in ("ACME-SQL01", "Fjord Retail", "SKOV-DB01")),
        *(("vip", name) for name in ("ACME-SQL01", "Fjord Retail", "SKOV-DB01")),
    ]
    assert site.do("tag.put", everything).sentence == "Put “vip”, “db” on 2 nodes and 1 unit; had that."
    assert site.do("tag.take", {"tags": "db", "nodes": NODE}).sentence == "Took “db” off ACME-SQL01 on SPA01."
    assert ("db", "ACME-SQL01") not in on(site)


def test_what_a_node_is_called_stays_as_it_is_in_the_sentence(site: Site) -> None:
    site.report("SPA01", "TAGS-SQL01")
    site.made("tag.create", text="vip")
    done = site.do("tag.put", {"tags": "vip", "nodes": "SPA01/TAGS-SQL01"})
    assert done.sentence == "Put “vip” on TAGS-SQL01 on SPA01."


def test_of_two_tags_with_one_text_the_nearest_above_is_meant(site: Site) -> None:
    acme_has_its_node(site)
    of_all = site.made("tag.create", text="vip")
    of_fjord = site.made("tag.create", text="vip", unit="Fjord Retail")
    site.do("tag.put", {"tags": "vip", "nodes": [NODE, "SPA01/SKOV-DB01"]})
    assert {row.tag_id for row in site.records.dimensions().taggings} == {of_all, of_fjord}
    with pytest.raises(Invalid, match="fits 2 tags"):
        site.do("tag.remove", {"tag": "vip"})
    site.do("tag.remove", {"tag": of_fjord})
    assert on(site) == [("vip", "SKOV-DB01")]


def test_what_is_not_handed_down_is_refused_below_until_it_is(site: Site) -> None:
    site.made("tag.create", text="own", inheritable=False)
    site.do("tag.put", {"tags": "own", "units": ["."]})
    with pytest.raises(Invalid, match="not for “Fjord Retail”"):
        site.do("tag.put", {"tags": "own", "units": ["Fjord Retail"]})
    done = site.do("tag.rename", {"tag": "own", "text": "all", "inheritable": True})
    assert done.sentence == "The tag “own” is “all” now and is handed down."
    site.do("tag.put", {"tags": "all", "units": ["Fjord Retail"]})
    assert on(site) == [("all", "Fjord Retail"), ("all", "Nordhavn Backup")]


def test_a_tenant_uses_what_is_handed_down_and_sees_no_tag_of_a_sibling(site: Site) -> None:
    site.made("tag.create", text="vip")
    site.made("tag.create", text="kept", inheritable=False)
    site.made("tag.create", text="of-skov", unit=site.skov)
    tenant, proof = site.user(site.fjord), site.full_proof()
    site.do("tag.put", {"tags": "vip", "nodes": "SPF01/FJORD-FS01"}, by=tenant, proof=proof)
    words = []
    for text in ("kept", "of-skov", "nothing"):
        with pytest.raises(NotFound) as refused:
            site.do("tag.put", {"tags": text, "nodes": "SPF01/FJORD-FS01"}, by=tenant, proof=proof)
        words.append((refused.value.what.replace(text, "it"), refused.value.hint))
    assert len(set(words)) == 1


def test_removing_a_tag_shows_every_use_before_it_is_done(site: Site) -> None:
    tag = site.made("tag.create", text="vip")
    site.do("tag.put", {"tags": "vip", "nodes": [NODE, "SPF01/FJORD-FS01"], "units": ["Fjord Retail"]})
    site.do("filter.save", {"name": "calm", "text": "status:failed -tag:VIP", "unit": site.acme})
    site.do("filter.save", {"name": "mine", "text": "(tag:db|vip OR locked:yes)"})
    site.do("filter.save", {"name": "other", "text": "name:vip"})
    site.do("unit.set", {"unit": site.fjord, "key": "sla_tags_without", "value": "test vip"})
    plan = planned(build("tag.remove", {"tag": "vip"}), site.operator, site.context)
    assert plan.sentence == "Removed the tag “vip”, which was on 2 nodes and 1 unit; 2 saved filters still named it."
    assert plan.before["units"] == ["Fjord Retail"]
    assert plan.before["nodes"] == ["ACME-SQL01", "FJORD-FS01"]
    assert plan.before["filters"] == ["@calm", "@mine"]
    assert plan.before["settings"] == ["sla_tags_without of Fjord Retail"]
    assert len(on(site)) == 3, "it was only asked"
    site.do("tag.remove", {"tag": "vip"})
    assert on(site) == []
    assert site.made("tag.create", text="vip") > tag, "an id is never used again"


@pytest.mark.parametrize("text", ["", "two words", "-minus", "+plus", "a..b", "end.", "a:b", "x" * 61, "a|b", "@x"])
def test_what_a_filter_could_not_take_is_no_tag(site: Site, text: str) -> None:
    with pytest.raises(Invalid):
        site.made("tag.create", text=text)


@pytest.mark.parametrize(("given", "problem"), [({}, "Nothing was named"), ({"tags": [], "units": 2}, "No tag")])
def test_nothing_on_something_is_refused(site: Site, given: dict[str, Any], problem: str) -> None:
    site.made("tag.create", text="vip")
    with pytest.raises(Invalid, match=problem):
        site.do("tag.put", {"tags": "vip", **given})


def test_a_unit_owns_a_text_once(site: Site) -> None:
    site.made("tag.create", text="vip")
    site.made("tag.create", text="db")
    with pytest.raises(Conflict):
        site.made("tag.create", text=" VIP ")
    with pytest.raises(Conflict):
        site.do("tag.rename", {"tag": "db", "text": "vip"})
    with pytest.raises(Invalid, match="Nothing would be changed"):
        site.do("tag.rename", {"tag": "db", "text": "DB"})
