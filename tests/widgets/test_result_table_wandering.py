"""Whatever is pressed at whatever size, the cursor is on a row, marks stay on theirs, and lines fit their pane."""

from __future__ import annotations

import random

import pytest
from rich.cells import cell_len

from cloutui.widgets.glyphs import ASCII, FULL
from cloutui.widgets.palette import Depth
from cloutui.widgets.result_rows import Narrowing
from tests.widgets.results import DAY, TableApp, answer, press, settle, shown

MOVES = ["j", "k", "down", "up", "pagedown", "pageup", "ctrl+d", "ctrl+u", "g", "G", "home", "end", "n", "N"]
COLUMNS = ["h", "l", "left", "right", "s", "S", "less_than_sign", "greater_than_sign"]
KEYS = [*MOVES, *COLUMNS, "space", "v", "asterisk", "U", "enter", "escape", "ctrl+f", "a", "x"]
SIZES = [(94, 20), (60, 10), (40, 6), (14, 4), (200, 40)]
WIDE = "東京のバックアップ" * 6
TURNS = 45


def check(app: TableApp) -> None:
    table = app.table
    assert 0 <= table.cursor < max(1, table.count())
    assert 0 <= table.top <= max(0, table.count() - 1)
    assert table.count() == 0 or table.top <= table.cursor < table.top + table.page_rows
    assert table.column in table.chosen
    assert table.layout_of_columns.left >= 0
    for line in app.lines:
        assert cell_len(line) == table.size.width


@pytest.mark.parametrize("seed", range(4))
async def test_a_wandering_reader_finds_everything_in_order(seed: int) -> None:
    dice = random.Random(seed)
    rows = [(f"{row[0]}-{n}" if n % 3 else f"{WIDE}{n}", *row[1:]) for n in range(40) for row in DAY[:3]]
    fresh = answer(rows)
    look = {"depth": Depth.NONE, "glyphs": ASCII} if seed % 2 else {"depth": Depth.XTERM, "glyphs": FULL}
    async with shown(shown=fresh, **look) as (app, pilot):
        for _ in range(TURNS):
            marked = set(app.table.marks)
            key = dice.choice(KEYS)
            match dice.randrange(12):
                case 0:
                    await pilot.resize_terminal(*dice.choice(SIZES))
                case 1:
                    kept = sorted(dice.sample(range(len(rows)), dice.randrange(len(rows))))
                    app.table.show(answer([rows[row] for row in kept], ids=kept))
                case 2:
                    app.table.narrow(dice.choice([None, Narrowing("node", "acme"), Narrowing("node", "zzz")]))
                case 3:
                    app.table.choose_columns(dice.sample(app.table.chosen, len(app.table.chosen)))
                case _:
                    await press(pilot, key)
                    marked = set(app.table.marks)
            await settle(pilot)
            check(app)
            assert marked <= set(app.table.marks), "no mark is lost but by a key"


async def test_marks_are_on_the_same_rows_after_any_order() -> None:
    async with shown("j space j space") as (app, pilot):
        names = {app.table.rows.place_of(key) for key in app.table.marks}
        marked = {DAY[place][0] for place in names if place is not None}
        for keys in ("s", "S", "l s", "l s", "greater_than_sign", "less_than_sign S"):
            await press(pilot, keys)
            drawn = {app.column("node")[place] for place, line in enumerate(app.lines[2:]) if line[1] == "■"}
            assert drawn == marked
