"""One line under the keys of a shell."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloutui.widgets.line_edit import MOST_CHARACTERS, LineEdit


@pytest.mark.parametrize(
    ("keys", "text", "cursor"),
    [
        ("left left X", "one tXwo", 6),
        ("home X", "Xone two", 1),
        ("ctrl+a right X", "oXne two", 2),
        ("ctrl+w", "one ", 4),
        ("ctrl+w ctrl+w", "", 0),
        ("ctrl+u", "", 0),
        ("ctrl+left ctrl+k", "one ", 4),
        ("backspace", "one tw", 6),
        ("home backspace", "one two", 0),
        ("home delete", "ne two", 0),
        ("home ctrl+right X", "oneX two", 4),
        ("home end X", "one twoX", 8),
    ],
)
def test_keys(keys: str, text: str, cursor: int) -> None:
    edit = LineEdit("one two")
    for key in keys.split():
        assert edit.press(key, key if len(key) == 1 else None)
    assert (edit.text, edit.cursor) == (text, cursor)


def test_of_a_paste_only_the_first_line_is_taken() -> None:
    edit = LineEdit()
    edit.insert("one\x1b[2J\ntwo")
    assert edit.text == "one[2J"


def test_a_text_has_an_end() -> None:
    edit = LineEdit("one two")
    edit.insert("x" * 1_000_000)
    assert len(edit.text) == edit.cursor == MOST_CHARACTERS
    edit.insert("y")
    assert len(edit.text) == MOST_CHARACTERS
    edit.put("x" * (MOST_CHARACTERS + 1))
    edit.insert("y")
    assert "y" not in edit.text


@pytest.mark.parametrize("key", ["ctrl+left", "ctrl+w", "ctrl+right"])
def test_a_long_word_is_passed_at_once(key: str) -> None:
    edit = LineEdit("a" * 200_000 + " b")
    edit.cursor = 0 if key == "ctrl+right" else len(edit.text)
    edit.press(key, None)
    edit.press(key, None)
    assert edit.cursor == (len(edit.text) if key == "ctrl+right" else 0)


KEYS = st.sampled_from(
    ["left", "right", "home", "end", "backspace", "delete", "ctrl+w", "ctrl+u", "ctrl+k", "ctrl+left", "ctrl+right"]
)


@given(st.lists(KEYS | st.characters(categories=["L", "Zs"]), max_size=40))
def test_the_cursor_never_leaves_the_text(keys: list[str]) -> None:
    edit = LineEdit("Øresund æ")
    for key in keys:
        edit.press(key, key if len(key) == 1 else None)
        assert 0 <= edit.cursor <= len(edit.text)


def test_what_it_does_not_know_is_left_to_others() -> None:
    edit = LineEdit("x")
    assert not edit.press("f5", None)
    assert not edit.press("ctrl+q", "\x11")
    assert edit.text == "x"
