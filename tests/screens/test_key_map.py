"""Keys of the reader's own, and the rules for all keys."""

from __future__ import annotations

import pytest

from cloutui.errors import Invalid
from cloutui.screens.boxes import KeysBox
from cloutui.screens.key_map import RESERVED, key_map
from tests.screens.console import console


@pytest.mark.parametrize(
    ("keys", "said", "hint"),
    [
        ({"lines.dwn": "x"}, "no “lines.dwn”", "lines.down"),
        ({"view.export": "ctrl+b"}, "tmux", "another"),
        ({"view.filter": "?"}, "both shell.keys and view.filter", "another"),
        ({"lines.down": "w"}, "both matrix.width and lines.down", "another"),
        ({"view.export": "x", "view.copy": "x"}, "both", "another"),
    ],
)
def test_a_wrong_key_is_refused_in_words(keys: dict[str, str], said: str, hint: str) -> None:
    with pytest.raises(Invalid, match=said) as caught:
        key_map(keys)
    assert hint in caught.value.hint


def test_two_may_change_places() -> None:
    assert key_map({"view.export": "y", "view.copy": "e"}) == {"view.export": "y", "view.copy": "e"}
    assert key_map({"shell.keys": "f1, ?"}) == {"shell.keys": "f1,question_mark"}


async def test_another_key_does_it_and_the_old_one_does_not() -> None:
    async with console(keys={"shell.keys": "f1", "lines.first": "T"}) as it:
        await it.settled()
        await it.press("question_mark")
        assert not isinstance(it.app.screen, KeysBox)
        await it.press("f1")
        assert isinstance(it.app.screen, KeysBox)
        await it.press("escape", "j", "j", "T", "T")
        assert it.matrix.cursor == 0


async def test_no_pane_takes_a_reserved_key() -> None:
    async with console() as it:
        await it.settled()
        for keys in (("tab",), ("tab",), ("slash",), ("escape", "colon")):
            await it.press(*keys)
            assert not RESERVED.keys() & it.shell.active_bindings.keys()
