"""Each status is told from every other by characters alone: in the matrix, in lists, in the overview and in the peek.

So it holds on terminals of 16 colours and of none, on paper, and for readers who see no colours.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from cloutui.model.status import Status
from cloutui.widgets.glyphs import GLYPH_SETS
from cloutui.widgets.palette import Depth
from tests.screens.console import Console, console
from tests.screens.fake_session import fleet
from tests.screens.fake_views import ViewsSession
from tests.screens.shown import quiet

TOLD = [status for status in Status if status is not Status.NONE]
"""What a job or a node can be; a day on which nothing was due is a cell without a job."""


def of_each_status() -> ViewsSession:
    """A node for each, which was that every day; called as its status is."""
    made = fleet(nodes=len(TOLD), silent=())
    made.nodes = [
        replace(node, name=f"NODE-{status.name}", statuses=bytes([status]) * 45)
        for node, status in zip(made.nodes, TOLD, strict=True)
    ]
    return ViewsSession(made)


def line_of(it: Console, status: Status, *, after: str) -> str:
    """The line of the content that tells of the node."""
    lines = [line for line in it.lines() if f"NODE-{status.name} " in line and after in line]
    assert lines, f"no line of {status.name} on\n{it.text()}"
    return lines[0]


@pytest.mark.parametrize(("depth", "glyphs"), [(Depth.ANSI, "safe"), (Depth.NONE, "full"), (Depth.NONE, "ascii")])
async def test_by_its_sign_in_the_matrix_and_by_sign_and_word_in_lists(depth: Depth, glyphs: str) -> None:
    signs = GLYPH_SETS[glyphs].status
    async with console((120, 36), session=of_each_status(), start="matrix", colours=depth, glyphs=glyphs) as it:
        await quiet(it)
        for status in TOLD:
            cells = line_of(it, status, after="").partition(f"NODE-{status.name} ")[2].split()[:15]
            assert set(cells) == {signs[status]}, "fifteen days, without the sums at the end"
        await it.press("8")
        await it.sees("nodes")
        await quiet(it)
        shown = {status: line_of(it, status, after=status.word) for status in TOLD if status not in IN_BETWEEN}
        for status, line in shown.items():
            assert line.partition(f"NODE-{status.name}")[0].split()[-1] == signs[status]
        await it.press("1")
        await it.sees("Jobs today")
        await quiet(it)
        said = it.text()
    untold = [status for status in TOLD if f"{signs[status]} 1 {status.word}" not in said]
    assert untold == [], said


IN_BETWEEN = {Status.RUNNING, Status.PENDING}
"""A node stands as it did yesterday until today's job has ended."""
