"""Moments that are not on the tour: bars with mistakes in them, the drawer, the smallest and the plainest terminals.

Kept as text; `pytest --snapshot-update` takes them anew.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from textual.keys import _character_to_key

from cloutui.widgets.palette import Depth
from tests.screens.console import console
from tests.screens.fake_session import FakeSession, fleet
from tests.screens.fake_views import ViewsSession
from tests.screens.shown import Compare, cells, looks, quiet, same_as_kept, signs

__all__ = ["same_as_kept"]

S, M = (80, 24), (120, 36)


@dataclass(frozen=True)
class Moment:
    """What is pressed on the matrix, and what is there then."""

    name: str
    keys: tuple[str, ...]
    seen: str
    size: tuple[int, int] = S
    options: dict[str, Any] = field(default_factory=dict)


MOMENTS = (
    Moment("tree-with-focus", ("shift+tab", "j", "j"), "find unit", M),
    Moment("drawer", ("b", "j"), "Units"),
    Moment("narrow", ("j",), "Jobs matrix", (70, 20)),
    Moment("too-small", (), "Terminal too small", (52, 14)),
    Moment("sixteen-colours", ("j",), "opens the day", M, {"colours": Depth.ANSI}),
    Moment("one-cell-a-day", ("w", "w", "j"), "Jobs matrix", M),
    Moment("filter-that-is-wrong", ("slash", *"nodes", "colon", *"acme"), "Did you mean"),
    Moment("filter-that-hides-all", ("slash", *"name", "colon", *"zzz", "enter"), "No match"),
    Moment("command-that-is-wrong", ("colon", *"matrx", "enter"), "Did you mean"),
    Moment("notice-of-a-mistake", ("colon", *map(_character_to_key, "export csv /no/a"), "enter"), "/no"),
)


@pytest.mark.parametrize("moment", MOMENTS, ids=lambda moment: moment.name)
async def test_a_moment(moment: Moment, same_as_kept: Compare) -> None:
    session = ViewsSession(fleet(nodes=60))
    async with console(moment.size, session=session, start="matrix", **moment.options) as it:
        await quiet(it)
        await it.press(*moment.keys)
        await it.sees(moment.seen)
        await quiet(it)
        shown = cells(it)
    text = signs(shown)
    assert max(map(len, text.splitlines())) <= moment.size[0]
    same_as_kept({f"moment-{moment.name}": f"{text}\n{looks({'nightwatch': shown})}"})


async def test_before_the_first_answer(same_as_kept: Compare) -> None:
    async def never(progress: Callable[[str], None]) -> FakeSession:
        progress("collecting SPA01, 2 of 3 servers")
        await asyncio.sleep(60)
        raise AssertionError

    async with console(S, open_session=never, start="matrix") as it:
        await it.sees("collecting SPA01, 2 of 3 servers")
        same_as_kept({"moment-before-the-first-answer": signs(cells(it))})
