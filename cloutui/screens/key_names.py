"""How keys are written for people."""

from __future__ import annotations

from textual.binding import Binding
from textual.keys import key_to_character

from cloutui.widgets.glyphs import Glyphs

_NAMES = {"escape": "esc", "pagedown": "pgdn", "pageup": "pgup", "slash": "/"}
_WORDS = {"backspace", "space"}
"""Written as they are called, though they have a character."""
_ARROWS = ("left", "down", "up", "right")


def key_name(binding: Binding, glyphs: Glyphs) -> str:
    """`enter` is `↵`, `left_square_bracket` is `[`, `j` is `j`."""
    if binding.key_display:
        return binding.key_display
    key = binding.key
    if key == "enter":
        return glyphs.enter
    if key in _ARROWS:
        return glyphs.arrows[_ARROWS.index(key)]
    if key in _WORDS:
        return key
    if key in _NAMES:
        return _NAMES[key]
    character = key_to_character(key)
    return character if character and character.isprintable() else key
