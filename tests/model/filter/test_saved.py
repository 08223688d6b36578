"""Saved filters: what `@name` stands for, and what it may not."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloutui.errors import Invalid
from cloutui.model.filter.grammar import parse
from cloutui.model.filter.problem import BadFilter, Place
from cloutui.model.filter.rendering import render
from cloutui.model.filter.saved import DEEPEST_SAVED, checked_name, names_in, resolve
from cloutui.model.filter.tree import AllOf, AnyOf, Compare, Filter, Node, Not, Pattern, Word
from tests.model.filter import trees

KNOWN = {
    "bad": "status:failed|missed",
    "big": "bytes>10GB sort:-bytes",
    "week": "last:7d",
    "night": "@bad @big",
    "either": "server:SPA01 OR server:SPA02",
    "order": "sort:node",
    "fortnight": "@bad last:2w sort:unit",
}


def written(text: str, known: Mapping[str, str] = KNOWN) -> str:
    return render(resolve(parse(text), known))


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("@bad", "status:failed|missed"),
        ("@BAD", "status:failed|missed"),
        ("node:sql @bad", "node:sql status:failed|missed"),
        ("-@bad", "-status:failed|missed"),
        ("@bad OR node:sql", "status:failed|missed OR node:sql"),
        ("@bad node:sql OR @bad", "status:failed|missed node:sql OR status:failed|missed"),
        # An OR that comes with a name stays together.
        ("node:sql @either", "node:sql (server:SPA01 OR server:SPA02)"),
        ("-@either", "-(server:SPA01 OR server:SPA02)"),
        # Names in names.
        ("@night", "status:failed|missed bytes>10GB sort:-bytes"),
        # An order comes along, behind what is typed.
        ("@big", "bytes>10GB sort:-bytes"),
        ("@big sort:node", "bytes>10GB sort:node sort:-bytes"),
        ("@order", "sort:node"),
        ("@order node:sql", "node:sql sort:node"),
        # Deeper it has no order to say.
        ("-@big", "-bytes>10GB"),
        ("node:sql (@big OR @bad)", "node:sql (bytes>10GB OR status:failed|missed)"),
        # Days come along too, unless others are typed.
        ("@week", "last:7d"),
        ("@bad @week", "status:failed|missed last:7d"),
        ("@week last:30d", "last:30d"),
        ("@fortnight @week", "status:failed|missed last:14d sort:unit"),
        ("@fortnight OR node:sql", "status:failed|missed OR node:sql last:14d sort:unit"),
    ],
)
def test_a_name_means_what_it_stands_for(text: str, meaning: str) -> None:
    assert written(text) == meaning


def test_what_names_nothing_is_left_as_it_is() -> None:
    tree = parse("node:sql sort:-bytes")
    assert resolve(tree, {}) is tree


@pytest.mark.parametrize(
    ("text", "known", "what", "at"),
    [
        ("node:sql @bda", KNOWN, "No filter is saved as “@bda”.", (9, 13)),
        ("@a", {"a": "@gone"}, "No filter is saved as “@gone”, which “@a” names.", (0, 2)),
        ("@a", {"a": "node:x @a"}, "“@a” names itself: @a › @a.", (0, 2)),
        ("x @b", {"a": "@b", "b": "@c", "c": "-(@a y)"}, "“@b” names itself: @b › @c › @a › @b.", (2, 4)),
        ("@x", {"x": "@a", "a": "@b", "b": "@a"}, "“@a” names itself: @a › @b › @a.", (0, 2)),
        ("x (@week OR y)", KNOWN, "“@week” says which days are meant.", (3, 8)),
        ("-@fortnight", KNOWN, "“@fortnight” says which days are meant.", (1, 11)),
        ("-@order", KNOWN, "A saved filter stands here that is no condition.", (1, 7)),
        ("@order OR x", KNOWN, "A saved filter stands here that is no condition.", (0, 6)),
        ("@old", {"old": "status:"}, "“@old” cannot be read: “status:” has no value.", (0, 4)),
    ],
)
def test_what_cannot_be_meant_is_refused_where_it_stands(
    text: str, known: Mapping[str, str], what: str, at: tuple[int, int]
) -> None:
    with pytest.raises(BadFilter) as refused:
        resolve(parse(text), known)
    assert refused.value.what == what
    assert refused.value.at == Place(*at)
    assert refused.value.hint


def test_an_unknown_name_is_answered_with_the_nearest() -> None:
    with pytest.raises(BadFilter) as refused:
        written("@nigth")
    assert refused.value.nearest == "@night"
    assert refused.value.hint.startswith("Did you mean “@night”? Saved: @bad, @big,")
    with pytest.raises(BadFilter) as refused:
        written("@night", {})
    assert ":save NAME" in refused.value.hint


def test_names_in_names_come_to_an_end() -> None:
    chain = {f"n{depth}": f"@n{depth + 1}" for depth in range(50)} | {"n50": "node:x"}
    assert written(f"@n{50 - DEEPEST_SAVED + 1}", chain) == "node:x"
    with pytest.raises(BadFilter, match="name filters"):
        written(f"@n{50 - DEEPEST_SAVED}", chain)


def test_names_that_double_are_stopped_before_they_fill_the_memory() -> None:
    doubling = {f"n{depth}": f"@n{depth + 1} " * 20 for depth in range(6)} | {"n6": "node:x"}
    with pytest.raises(BadFilter, match="more than 1000 conditions"):
        written("@n0", doubling)
    assert written("@n5", doubling) == " ".join(["node:x"] * 20)


def test_patterns_are_counted_across_names() -> None:
    known = {"five": " ".join(f"/a{n}/" for n in range(5))}
    assert written("@five", known)
    with pytest.raises(BadFilter, match="more than 8 patterns"):
        written("@five @five", known)


def places(node: Node) -> list[Place]:
    """Every place in a tree."""
    match node:
        case AllOf(parts) | AnyOf(parts):
            return [place for part in parts for place in places(part)]
        case Not(part):
            return places(part)
        case Compare(values=values):
            return [node.at, *(value.at for value in values)]
        case Word(word):
            return [word.at]
        case Pattern():
            return [node.at]
    raise AssertionError(node)


def test_what_is_wrong_in_a_saved_filter_is_underlined_at_its_name() -> None:
    known = {"a": '/x/ word "quoted" statsu:failed start:2026-11-01..today @b', "b": "node:x"}
    tree = resolve(parse("node:sql @a"), known)
    assert tree.condition is not None
    assert set(places(tree.condition)) == {Place(0, 4), Place(5, 8), Place(9, 11)}


@given(trees.filters, st.dictionaries(st.sampled_from("abc"), trees.filters.map(render), min_size=3))
def test_written_out_there_is_no_name_left(tree: Filter, known: dict[str, str]) -> None:
    try:
        found = resolve(parse(render(tree)), known)
    except BadFilter:
        return
    assert names_in(found) == []
    assert parse(render(found)).sorts == found.sorts


@pytest.mark.parametrize(
    ("given_name", "kept"), [("bad", "bad"), ("@Bad", "bad"), (" night-shift.2 ", "night-shift.2")]
)
def test_a_name_is_kept_in_small_letters(given_name: str, kept: str) -> None:
    assert checked_name(given_name) == kept


@pytest.mark.parametrize("name", ["", "@", "two words", "-x", "a/b", "ø", "x" * 41, "a\nb", "@@a"])
def test_what_the_language_could_not_name_is_refused(name: str) -> None:
    with pytest.raises(Invalid):
        checked_name(name)
