"""Text in cells: nothing is ever wider than its room."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.style import Style

from cloutui.model.safe_text import safe
from cloutui.widgets.paragraph import Paragraph, lay_out
from cloutui.widgets.text import cut, cut_middle, first_shown, labels, length, line, pad, wrap

PLAIN = Style()
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=60) | st.sampled_from(
    ["漢字漢字漢字", "ACME-SQL01", "a b  c", "👩‍👩‍👧 family", "é" * 20, ""]
)


@given(TEXTS, st.integers(1, 40))
def test_a_cut_text_fits(text: str, width: int) -> None:
    assert cell_len(cut(text, width)) <= width
    assert cell_len(cut_middle(text, width)) <= width


@given(TEXTS, st.integers(1, 40))
def test_a_text_that_fits_is_not_cut(text: str, width: int) -> None:
    if cell_len(text) <= width:
        assert cut(text, width) == text == cut_middle(text, width)


@given(TEXTS, st.integers(4, 40))
def test_wrapped_lines_fit_and_lose_no_word(text: str, width: int) -> None:
    lines = list(wrap(text, width))
    assert all(cell_len(one) <= width for one in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


@given(st.lists(TEXTS, max_size=6), st.integers(0, 80))
def test_a_line_is_exactly_as_wide_as_asked(texts: list[str], width: int) -> None:
    strip = line([(text, PLAIN) for text in texts], width, PLAIN)
    assert sum(cell_len(segment.text) for segment in strip) == width == strip.cell_length


@given(TEXTS, TEXTS, st.integers(24, 90))
def test_paragraphs_are_laid_out_within_the_width(lead: str, text: str, width: int) -> None:
    for laid in lay_out([Paragraph([(lead, PLAIN)], text)], width, PLAIN):
        if laid.pieces[0][0] != lead:  # a lead of its own may be longer: the line cuts it
            assert length(laid.pieces) <= width


@given(TEXTS, st.integers(8, 60))
def test_the_end_of_a_text_that_is_typed_fits(text: str, width: int) -> None:
    first = first_shown(text, width)
    assert first % 8 == 0
    assert cell_len(safe(text[first:])) <= width
    assert first == 0 or len(text) > 8 * width or cell_len(safe(text[first - 8 :])) > width


@pytest.mark.parametrize("letter", ["x", "æ", "漢", "e\u0301", "\u0301"])
def test_a_word_of_many_letters_is_laid_out_soon(letter: str) -> None:
    """With the time taken as work: each of these took minutes for a text of this length."""
    text = letter * 100_000
    started = time.process_time()
    lines = list(wrap(text, 80))
    assert "".join(lines).replace(" ", "") == text
    assert cell_len(text[first_shown(text, 80) :]) <= 80
    assert time.process_time() - started < 20


def test_names_that_would_look_equal_lose_their_middle() -> None:
    shown = labels(["ACME-PRODUCTION-01", "ACME-PRODUCTION-02", "LONG-NAME-OF-ANOTHER", "SHORT"], 10)
    assert shown == ["ACME-…N-01", "ACME-…N-02", "LONG-NAME…", "SHORT"]


def test_the_same_name_twice_is_cut_at_its_end() -> None:
    assert labels(["ACME-PRODUCTION", "ACME-PRODUCTION"], 8) == ["ACME-PR…"] * 2


def test_numbers_are_aligned_to_the_right() -> None:
    assert pad("7", 4, right=True) == "   7"
    assert pad("漢", 4) == "漢  "


def test_a_line_is_the_last_place_where_text_is_made_safe() -> None:
    strip = line([("a\x1b[2Jb", PLAIN)], 10, PLAIN)
    assert "\x1b" not in strip.text
