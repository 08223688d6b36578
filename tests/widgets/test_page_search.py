"""Seeking in a text: which lines have it, where the reader is among them, and what of a line is marked."""

from __future__ import annotations

import pytest
from rich.style import Style

from cloutui.widgets.page_search import Search, marked

LINES = ["ANR0405I Session ended", "ANE4959E Total failed: 3", "", "ANR2579E failed (return code 12)"]
PLAIN, MARK = Style(), Style(reverse=True)


@pytest.mark.parametrize(
    ("text", "start", "found", "at", "words"),
    [
        ("FAILED", 0, [1, 3], 1, "1 of 2"),
        ("failed", 2, [1, 3], 3, "2 of 2"),
        ("session", 2, [0], 0, "1 of 1"),
        ("nowhere", 0, [], None, "not found"),
        ("", 0, [], None, ""),
    ],
)
def test_a_text_is_sought_from_where_one_is_and_around(
    text: str, start: int, found: list[int], at: int | None, words: str
) -> None:
    search = Search(text).among(LINES, start)
    assert (list(search.found), search.at, search.words()) == (found, at, words)


def test_one_goes_around_among_what_was_found() -> None:
    search = Search("failed").among(LINES, 0)
    places = []
    for step in (1, 1, -1):
        search = search.moved(step)
        places.append(search.at)
    assert places == [3, 1, 3]
    assert Search("nowhere").among(LINES, 0).moved(1).at is None


@pytest.mark.parametrize(
    ("pieces", "text", "told"),
    [
        (["12:00 ", "the end of the line"], "THE", ["12:00 ", "[the]", " end of ", "[the]", " line"]),
        (["nothing"], "x", ["nothing"]),
        (["aaa"], "aa", ["[aa]", "a"]),
        (["ΐx"], "x", ["ΐx"]),  # grows when its case is folded: places in it cannot be told
        (["a\nb"], "b", ["a ", "[b]"]),
    ],
)
def test_what_is_sought_is_marked_wherever_it_stands(pieces: list[str], text: str, told: list[str]) -> None:
    done = marked([(piece, PLAIN) for piece in pieces], text, MARK)
    assert [f"[{said}]" if style is MARK else said for said, style in done] == told
