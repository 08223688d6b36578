"""What a filter's text means, what is refused and where, and that a tree's text means the tree."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from cloutui.model.filter.grammar import DEEPEST, MOST_CHARACTERS, parse, parse_sort
from cloutui.model.filter.problem import BadFilter
from cloutui.model.filter.rendering import render, render_value
from cloutui.model.filter.tree import (
    AllOf,
    AnyOf,
    Compare,
    Filter,
    Node,
    Not,
    Op,
    Pattern,
    Range,
    Saved,
    Sort,
    Text,
    Word,
)
from tests.model.filter import trees
from tests.rounds import rounds


def q(text: str) -> Text:
    return Text(text, is_quoted=True)


def problem_of(text: str) -> BadFilter | None:
    try:
        parse(text)
    except BadFilter as error:
        return error
    return None


def is_(name: str, *values: str) -> Compare:
    return Compare(name, Op.IS, tuple(map(Text, values)))


a, b, c = (Word(Text(letter)) for letter in "abc")

MEANT: list[tuple[str, Node | None]] = [
    ("", None),
    ("  \t ", None),
    ("sql", Word(Text("sql"))),
    ("a b", AllOf((a, b))),
    ("a\u00a0b", AllOf((a, b))),
    ("a AND b", AllOf((a, b))),
    ("a OR b", AnyOf((a, b))),
    ("a or b", AllOf((a, Word(Text("or")), b))),
    ("a b OR c", AnyOf((AllOf((a, b)), c))),
    ("a (b OR c)", AllOf((a, AnyOf((b, c))))),
    ("a(b OR c)", AllOf((a, AnyOf((b, c))))),
    ("((a))", a),
    ("-a", Not(a)),
    ("-(a b)", Not(AllOf((a, b)))),
    ("-(-a)", Not(Not(a))),
    ("a-b", Word(Text("a-b"))),
    ('"a b"', Word(q("a b"))),
    ('"OR"', Word(q("OR"))),
    ('"say ""so"""', Word(q('say "so"'))),
    (r'"\\srv\e$"', Word(q(r"\\srv\e$"))),
    (r"\\srv\e$", Word(Text(r"\\srv\e$"))),
    ("10:30", Word(Text("10:30"))),
    ("a|b", Word(Text("a|b"))),
    ("/ANE49(59|87)E? x/", Pattern("ANE49(59|87)E? x")),
    (r"/a\/b/", Pattern(r"a\/b")),
    ("@night-run.2", Saved("night-run.2")),
    ("status:failed", is_("status", "failed")),
    ("STATUS:failed", is_("status", "failed")),
    ("status:failed tag:vip", AllOf((is_("status", "failed"), is_("tag", "vip")))),
    ("name:sql* OR tag:db", AnyOf((is_("name", "sql*"), is_("tag", "db")))),
    ("server:A|B", is_("server", "A", "B")),
    ('unit:"Fjord Retail"|North', Compare("unit", Op.IS, (q("Fjord Retail"), Text("North")))),
    ('unit:""', Compare("unit", Op.IS, (q(""),))),
    ("bytes>10GB", Compare("bytes", Op.ABOVE, (Text("10GB"),))),
    ("bytes>=10GB", Compare("bytes", Op.FROM, (Text("10GB"),))),
    ("age<2d", Compare("age", Op.BELOW, (Text("2d"),))),
    ("age<=2d", Compare("age", Op.UNTIL, (Text("2d"),))),
    ("rc=12", Compare("rc", Op.EQUAL, (Text("12"),))),
    ("rc!=0", Compare("rc", Op.UNEQUAL, (Text("0"),))),
    ("growth<-5%", Compare("growth", Op.BELOW, (Text("-5%"),))),
    ("path:/srv/data", is_("path", "/srv/data")),
    ("job:OR", is_("job", "OR")),
    ("at:10:30", is_("at", "10:30")),
    ("status:warning..", Compare("status", Op.IS, (Range(Text("warning"), None),))),
    ("status:..ok", Compare("status", Op.IS, (Range(None, Text("ok")),))),
    ("bytes:1G..2G|5G", Compare("bytes", Op.IS, (Range(Text("1G"), Text("2G")), Text("5G")))),
    ('start:"2026-11-21 10:00"..today', Compare("start", Op.IS, (Range(q("2026-11-21 10:00"), Text("today")),))),
    (
        "status:warning.. -ack age>2d",
        AllOf(
            (
                Compare("status", Op.IS, (Range(Text("warning"), None),)),
                Not(Word(Text("ack"))),
                Compare("age", Op.ABOVE, (Text("2d"),)),
            )
        ),
    ),
]


@pytest.mark.parametrize(("text", "node"), MEANT)
def test_a_text_means_its_tree(text: str, node: Node | None) -> None:
    assert parse(text) == Filter(condition=node)


def test_sort_and_last_stand_beside_the_conditions() -> None:
    assert parse("growth>10% sort:-growth") == Filter(
        condition=Compare("growth", Op.ABOVE, (Text("10%"),)), sorts=(Sort("growth", is_descending=True),)
    )
    assert parse("msg:ANE4959 last:7d") == Filter(condition=is_("msg", "ANE4959"), last_days=7)
    assert parse("last:2w") == Filter(last_days=14)
    assert parse("sort:unit|-Bytes sort:node") == Filter(sorts=(Sort("unit"), Sort("bytes", True), Sort("node")))


def test_sort_and_last_mean_the_whole_of_an_or() -> None:
    assert parse("a last:7d OR b sort:node") == Filter(condition=AnyOf((a, b)), sorts=(Sort("node"),), last_days=7)


REFUSED = [
    # The text, and the part of it that a face underlines.
    ("(a", "("),
    ("a)", ")"),
    ("()", ")"),
    ("a OR", "OR"),
    ("OR a", "OR"),
    ("a OR OR b", "OR"),
    ("a AND", "AND"),
    ("AND a", "AND"),
    ("a OR sort:x", "OR"),
    ("sort:x OR a", "OR"),
    ("-", "-"),
    ("- a", "-"),
    ("--a", "-"),
    ("a -", "-"),
    ("(-)", "-"),
    ("-OR", "-"),
    ('"a', '"a'),
    ('"a""b', '"a""b'),
    ('a"b"', 'a"'),
    ('"a"b', '"a"b'),
    ('""', '""'),
    ('node:"a', '"a'),
    ('node:"a"b', '"a"b'),
    ('node:a"b"', 'a"b"'),
    ("/a", "/a"),
    ("/srv/data", "/srv/d"),
    ("//", "//"),
    (f"/{'a' * 201}/", f"/{'a' * 201}/"),
    ("/a/ " * 8 + "/b/", "/b/"),
    ("@", "@"),
    ("@a$", "@a$"),
    ("node:", "node:"),
    ("node: a", "node:"),
    ("node:a|", "node:a|"),
    ("node:|a", "node:"),
    ("node:(a)", "node:"),
    ("node:..", ".."),
    ("node:a..b..c", "a..b.."),
    (":a", ":"),
    (">5", ">"),
    ("bytes>1G|2G", "bytes>1G|2G"),
    ("bytes>1G..", "bytes>1G.."),
    ("-sort:x", "sort:x"),
    ("(a last:7d)", "last:7d"),
    ("sort=x", "sort=x"),
    ("last>7d", "last>7d"),
    ("sort:a*", "a*"),
    ('sort:"a"', '"a"'),
    ("sort:a..b", "a..b"),
    ("last:7", "7"),
    ("last:0d", "0d"),
    ("last:12h", "12h"),
    ("last:3661d", "3661d"),
    ("last:7d..", "7d.."),
    ("last:7d last:8d", "last:8d"),
    ("last:7d|8d", "last:7d|8d"),
    ("a" * (MOST_CHARACTERS + 3), "aaa"),
    ("node:\udcff", "\udcff"),
]


@pytest.mark.parametrize(("text", "place"), REFUSED)
def test_a_wrong_text_is_refused_with_the_place_and_the_next_step(text: str, place: str) -> None:
    with pytest.raises(BadFilter) as caught:
        parse(text)
    assert text[slice(*caught.value.at)] == place
    assert caught.value.what.endswith(".")
    assert caught.value.hint.endswith(".")


def test_brackets_may_go_so_deep_and_no_deeper() -> None:
    assert parse("(" * DEEPEST + "a" + ")" * DEEPEST).condition == a
    for opening in ("(", "-("):
        with pytest.raises(BadFilter, match="too deep"):
            parse(opening * 1500 + "a")


@given(trees.texts)
@settings(max_examples=rounds(150, soak=600))
def test_any_text_is_a_filter_or_is_refused_inside_of_it(text: str) -> None:
    problem = problem_of(text)
    assert problem is None or 0 <= problem.at.start < problem.at.end <= len(text)


@given(trees.filters)
@settings(max_examples=rounds(100, soak=400))
def test_the_text_of_a_tree_means_the_tree(tree: Filter) -> None:
    assert parse(render(tree)) == tree


@given(trees.texts)
@settings(max_examples=rounds(100, soak=300))
def test_what_was_understood_can_be_written_again(text: str) -> None:
    try:
        tree = parse(text)
    except BadFilter:
        return
    assert parse(render(tree)) == tree


@given(trees.quoted)
def test_a_value_is_written_so_that_it_means_itself(text: Text) -> None:
    found = parse(f"node:{render_value(text.text)}").condition
    assert isinstance(found, Compare)
    (value,) = found.values
    assert isinstance(value, Text)
    assert value.text == text.text
    assert not value.has_wildcards


def test_places_say_where_each_word_stands() -> None:
    text = "sql -unit:North status:ok..warning"
    node = parse(text).condition
    assert isinstance(node, AllOf)
    word, left_out, status = node.parts
    assert isinstance(word, Word)
    assert isinstance(left_out, Not)
    assert isinstance(left_out.part, Compare)
    assert isinstance(status, Compare)
    places = (word.word.at, left_out.part.at, left_out.part.values[0].at, status.at, status.values[0].at)
    assert [text[slice(*place)] for place in places] == ["sql", "unit", "North", "status", "ok..warning"]


def test_an_order_from_a_face() -> None:
    assert parse_sort("bytes") == Sort("bytes")
    assert parse_sort("-bytes") == Sort("bytes", is_descending=True)
    for wrong in ("", "-", "--a", "a b", "a;b", "a desc", "1"):
        with pytest.raises(BadFilter):
            parse_sort(wrong)
