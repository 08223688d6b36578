"""Units that are proposed, and what making them would do."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cloutui.model.unit_proposal import FoundNode, preview, propose, renamed, switched

ACME = [FoundNode(f"ACME-SQL{number:02}", "PD_SQL") for number in range(5)]
KS = [FoundNode(f"ks_file{number}", "PD_WIN") for number in range(3)]
ALONE = [FoundNode("BUILDHOST", "PD_LX"), FoundNode("FYR-WEB1", "PD_LX")]
NODES = [*ACME, *KS, *ALONE]


def test_names_that_begin_alike_are_proposed_the_largest_first() -> None:
    found = [(one.unit, one.words, one.nodes) for one in propose(NODES) if one.prefix is not None]
    assert found == [("Acme", "nodes ACME-*", 5), ("KS", "nodes KS_*", 3)]


def test_the_way_that_places_more_nodes_is_switched_on_and_the_other_is_not() -> None:
    proposals = propose(NODES)
    assert {one.words: one.is_on for one in proposals} == {
        "domain PD_SQL": True,
        "domain PD_WIN": True,
        "domain PD_LX": True,
        "nodes ACME-*": False,
        "nodes KS_*": False,
    }


def test_a_domain_that_holds_nearly_everything_divides_nothing() -> None:
    proposals = propose([FoundNode(node.name, "STANDARD") for node in NODES])
    assert {one.words: one.is_on for one in proposals} == {
        "nodes ACME-*": True,
        "nodes KS_*": True,
        "domain STANDARD": False,
    }


def test_the_preview_counts_a_node_for_the_first_rule_that_it_fits() -> None:
    proposals = propose(NODES)
    assert preview(proposals, NODES).words == "would make 3 units, assign 10 of 10 nodes"
    every = [switched(proposals, place)[place] if not one.is_on else one for place, one in enumerate(proposals)]
    assert preview(every, NODES).assigned == len(NODES), "and not twice"


def test_two_proposals_of_one_name_make_one_unit() -> None:
    proposals = renamed(renamed(propose(NODES), 0, "Fjord Retail"), 1, "fjord retail ")
    assert preview(proposals, NODES).units == 2


def test_who_names_a_unit_wants_it() -> None:
    proposals = renamed(propose(NODES), 3, "Acme ApS")
    assert (proposals[3].unit, proposals[3].is_on) == ("Acme ApS", True)


def test_nothing_is_proposed_for_nothing() -> None:
    assert propose([]) == []
    assert preview([], []).words == "would make 0 units, assign 0 of 0 nodes"


_names = st.text(st.sampled_from("ABab1-_.* ?"), min_size=1, max_size=8)
_nodes = st.lists(st.builds(FoundNode, _names, st.none() | st.sampled_from(["PD_A", "PD_B"])), max_size=30)


@given(_nodes)
def test_every_proposal_fits_as_many_nodes_as_it_says(nodes: list[FoundNode]) -> None:
    for place, one in enumerate(propose(nodes)):
        only = [each for at, each in enumerate(propose(nodes)) if at == place]
        alone = only if one.is_on else switched(only, 0)
        assert preview(alone, nodes).assigned == one.nodes
