"""The result table as a picture: colours, cursor, marks, sorted head, columns beyond the edge."""

from __future__ import annotations

from typing import Any

import pytest
from textual.pilot import Pilot

from cloutui.widgets.glyphs import ASCII
from cloutui.widgets.palette import Depth
from tests.widgets.results import TableApp, press, settle


@pytest.mark.parametrize("size", [(80, 24), (120, 36)], ids="{0[0]}x{0[1]}".format)
def test_in_nightwatch(snap_compare: Any, size: tuple[int, int]) -> None:
    async def sorted_and_marked(pilot: Pilot[None]) -> None:
        await settle(pilot)
        await press(pilot, "j j j space space l l l s")

    assert snap_compare(TableApp(), terminal_size=size, run_before=sorted_and_marked)


def test_without_colour(snap_compare: Any) -> None:
    app = TableApp(depth=Depth.NONE, glyphs=ASCII)
    assert snap_compare(app, terminal_size=(80, 24), press=["j", "space", "v", "j"])
