"""Tags as people write them: whatever is one, a filter takes without quotes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cloutui.errors import Invalid
from cloutui.model.filter.completion import complete
from cloutui.model.filter.grammar import parse
from cloutui.model.filter.rendering import render_value
from cloutui.model.filter.saved import tags_named_in
from cloutui.model.filter.tree import Compare, Op, Text
from cloutui.model.table import Column, Kind
from cloutui.model.tag import Tag, checked_tag
from cloutui.model.unit_tree import build_tree

NODES = (Column(name="node", kind=Kind.TEXT), Column(name="node_id", kind=Kind.COUNT))
TREE = build_tree([(1, None, "Top"), (2, 1, "Fjord"), (3, 2, "Acme"), (4, 1, "Skov")])


@given(st.text(max_size=12) | st.from_regex(r"[A-Za-z0-9][\w.-]{0,8}", fullmatch=True))
def test_whatever_is_a_tag_is_a_bare_word_of_a_filter(text: str) -> None:
    try:
        kept = checked_tag(text)
    except Invalid:
        return
    assert checked_tag(kept) == kept
    assert render_value(kept) == kept
    assert parse(f"tag:{kept}").condition == Compare("tag", Op.IS, (Text(kept),))
    assert tags_named_in(f"-(name:x OR tag:{kept}|other)") == {kept, "other"}


def test_a_tag_reaches_its_owner_and_handed_down_all_below() -> None:
    own, handed = (Tag(tag_id=1, unit_id=2, text="vip", is_inheritable=down) for down in (False, True))
    assert [unit for unit in (1, 2, 3, 4) if own.reaches(unit, TREE)] == [2]
    assert [unit for unit in (1, 2, 3, 4) if handed.reaches(unit, TREE)] == [2, 3]


def test_tags_are_offered_where_a_report_names_nodes_and_nowhere_else() -> None:
    counted = {"vip": 61, "test": 12, "vip-old": 1}

    def offered(text: str, columns: tuple[Column, ...] = NODES) -> list[tuple[str, int | None]]:
        found = complete(text, len(text), columns, lambda column, _begun: counted if column == "tag" else {})
        return [(each.text, each.rows) for each in found]

    assert ("tag:", None) in offered("-t")
    assert offered("status:failed tag:vi") == [("vip", 61), ("vip-old", 1)]
    assert offered("tag:") == [("vip", 61), ("test", 12), ("vip-old", 1)]
    assert offered("ta", NODES[:1]) == []
    assert offered("tag:", NODES[:1]) == []
