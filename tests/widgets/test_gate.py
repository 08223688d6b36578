"""The last line of defence: whatever a widget draws, nothing steers the terminal."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.segment import ControlType, Segment
from rich.style import Style
from textual.color import Color

from cloutui.widgets.gate import Gate
from tests.screens.payloads import ESCAPES

BLACK = Color(0, 0, 0)


def gated(text: str) -> str:
    return "".join(segment.text for segment in Gate().apply([Segment(text, Style())], BLACK))


def is_harmless(text: str) -> bool:
    """Whether no character of it is one that a terminal acts on, or hides."""
    return not {unicodedata.category(char) for char in text} & {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}


@pytest.mark.parametrize("payload", ESCAPES, ids=ascii)
def test_nothing_of_a_payload_gets_through(payload: str) -> None:
    assert is_harmless(gated(payload))


@given(st.text(max_size=40))
def test_whatever_comes_in_printable_text_goes_out(text: str) -> None:
    out = gated(text)
    assert is_harmless(out)
    assert cell_len(out) == cell_len(text), "a line must stay as wide as it was laid out"


def test_what_is_harmless_is_not_touched() -> None:
    segments = [Segment("ACME-SQL01", Style(bold=True)), Segment(" ● × Ø", Style())]
    assert Gate().apply(segments, BLACK) is segments


def test_links_and_control_segments_are_dropped() -> None:
    segments = [
        Segment("x", Style(link="http://e.example", bold=True)),
        Segment("\x07", None, [(ControlType.BELL,)]),
    ]
    (only,) = Gate().apply(segments, BLACK)
    assert only.text == "x"
    assert only.style is not None
    assert only.style.link is None
    assert only.style.bold
