"""Links: what is written is read again, and nothing else is read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloutui.errors import Invalid
from cloutui.model.link import Link, parse_link
from tests.screens.payloads import ESCAPES, MARKUP

IDS = st.integers(min_value=0, max_value=10**18 - 1)
WORDS = st.from_regex(r"[a-z][a-z0-9-]{0,15}", fullmatch=True)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60)


@st.composite
def links(draw: st.DrawFn) -> Link:
    kind = draw(st.one_of(st.just(""), WORDS))
    return Link(
        screen=draw(WORDS),
        unit=draw(st.none() | IDS),
        kind=kind,
        id=draw(IDS) if kind else None,
        query=draw(st.dictionaries(st.sampled_from(["day", "filter", "sort", "job", "tab"]), TEXTS)),
    )


@given(links())
def test_what_is_written_is_read_again(link: Link) -> None:
    assert parse_link(str(link)) == link


@given(links())
def test_a_link_is_one_printable_ascii_word(link: Link) -> None:
    text = str(link)
    assert text.isascii()
    assert text.isprintable()
    assert " " not in text


@given(st.text(max_size=80))
def test_anything_else_is_refused_in_words(text: str) -> None:
    for typed in (text, f"cloutui://{text}", f"cloutui://unit/1/{text}"):
        try:
            link = parse_link(typed)
        except Invalid:
            continue
        assert parse_link(str(link)) == link


@pytest.mark.parametrize("text", [*ESCAPES, *MARKUP])
def test_hostile_texts_in_a_filter_do_no_harm_to_the_link(text: str) -> None:
    if "\ud800" in text:
        return
    link = Link(screen="nodes", query={"filter": text})
    assert str(link).isprintable()
    assert str(link).isascii()


@pytest.mark.parametrize(
    "text",
    [
        "http://unit/12/matrix",
        "cloutui://unit/12",
        "cloutui://unit/Acme/matrix",
        "cloutui://unit/-1/matrix",
        "cloutui://unit/12/matrix/node",
        "cloutui://unit/12/matrix/node/x",
        "cloutui://unit/12/../matrix",
        "cloutui://unit/12/matrix?" + "x" * 9_000,
        "",
    ],
)
def test_what_is_no_link(text: str) -> None:
    with pytest.raises(Invalid, match="no link"):
        parse_link(text)


def test_the_examples_of_the_documentation() -> None:
    assert str(Link(unit=12, screen="matrix", query={"day": "2026-11-21"})) == "cloutui://unit/12/matrix?day=2026-11-21"
    assert parse_link("cloutui://unit/12/nodes/node/4711?tab=filespaces") == Link(
        unit=12, screen="nodes", kind="node", id=4711, query={"tab": "filespaces"}
    )
    assert str(Link(screen="matrix")) == "cloutui://unit/own/matrix"
