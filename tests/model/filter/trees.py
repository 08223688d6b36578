"""Filters as Hypothesis makes them: trees of every form, and texts of every kind."""

from __future__ import annotations

import re

from hypothesis import strategies as st

from cloutui.model.filter.tokens import Token, tokens
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

SIGNS = "\"'()|*?-:=<>!./\\@,%_ \t\n\u00a0\x00ab\u00c5\u5b57"
"""What the language, SQL and patterns give a meaning to, and some letters."""

_names = st.from_regex(r"[a-z_][a-z0-9_]{0,7}", fullmatch=True)
_fields = _names.filter(lambda name: name not in {"sort", "last"})
_loose = st.text(st.sampled_from(SIGNS) | st.characters(exclude_categories=["Cs"]), max_size=8)


def _is_bare_value(text: str) -> bool:
    return bool(re.fullmatch(r'[^\s()"|]+', text)) and ".." not in text


def _is_bare_word(text: str) -> bool:
    if not re.fullmatch(r'[^\s()"|]+', text) or text[0] in "-/@:=<>":
        return False
    return [piece.token for piece in tokens(text)] == [Token.WORD, Token.END]


def _is_pattern(text: str) -> bool:
    return bool(re.fullmatch(r"(?:[^/\\]|\\.)+", text, re.DOTALL))


quoted = _loose.map(lambda text: Text(text, is_quoted=True))
values = quoted | _loose.filter(_is_bare_value).map(Text)
_ends = quoted | _loose.filter(lambda text: _is_bare_value(text) and not text.endswith(".")).map(Text)
ranges = st.tuples(st.none() | _ends, st.none() | _ends).filter(any).map(lambda ends: Range(*ends))

_listed = st.lists(values | ranges, min_size=1, max_size=3).map(tuple)
_equal = st.builds(Compare, _fields, st.sampled_from([Op.IS, Op.EQUAL, Op.UNEQUAL]), _listed)
_order = st.builds(Compare, _fields, st.sampled_from([op for op in Op if op.is_order]), st.tuples(values))
leaves: st.SearchStrategy[Node] = st.one_of(
    quoted.filter(lambda word: word.text != "").map(Word),
    _loose.filter(_is_bare_word).map(lambda text: Word(Text(text))),
    _loose.filter(_is_pattern).map(Pattern),
    st.from_regex(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,5}", fullmatch=True).map(Saved),
    _equal,
    _order,
)


def nested(parts: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    several = st.lists(parts, min_size=2, max_size=3).map(tuple)
    return several.map(AllOf) | several.map(AnyOf) | parts.map(Not)


nodes = st.recursive(leaves, nested, max_leaves=8)
filters = st.builds(
    Filter,
    condition=st.none() | nodes,
    sorts=st.lists(st.builds(Sort, _names, st.booleans()), max_size=3).map(tuple),
    last_days=st.none() | st.integers(1, 3660),
)

_pieces = st.sampled_from(
    ["status:", "node=", "bytes>", "sort:", "last:7d", "-", "(", ")", "OR", "AND", " ", '"', '""', "/", "|", "..", "@x"]
)
texts = st.lists(_pieces | _loose, max_size=12).map("".join) | st.text(max_size=40)
"""Anything that somebody may type, most of it wrong."""
