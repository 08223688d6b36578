"""Every key of the result table, and what stays where it is."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta

import pyarrow as pa
import pytest

from cloutui.model.status import Status
from cloutui.model.table import Answer, Column, Kind
from cloutui.widgets import result_cells
from cloutui.widgets.glyphs import ASCII, FULL, Glyphs
from cloutui.widgets.palette import Depth
from cloutui.widgets.result_rows import Narrowing, SortKey
from cloutui.widgets.result_table import ResultTable
from tests.screens.payloads import ESCAPES, MARKUP
from tests.widgets.results import DAY, NOW, answer, many, press, settle, shown

NODES = [row[0] for row in DAY]


# What is drawn.


async def test_a_value_is_written_by_its_kind() -> None:
    async with shown() as (app, _):
        failed, growing, unknown = app.lines[2], app.lines[8], app.lines[10]
        assert "ACME-SQL01     Acme ApS        Failed 12      4.12 TiB       -       0 B       4d  1c" in failed
        assert "Growth         7.70 TiB  +18.2%  1.40 TiB       4h" in growing
        assert unknown.count("?") == 6, "sign, and all of a row of which nothing is known"


async def test_numbers_and_their_heads_end_in_the_same_cell() -> None:
    async with shown() as (app, _):
        head, row = app.lines[1], app.lines[2]
        assert head.index("stored") + len("stored") == row.index("4.12 TiB") + len("4.12 TiB")
        assert head.index("node") == row.index("ACME-SQL01")


async def test_the_cursor_row_is_marked_at_its_left_edge_with_and_without_focus() -> None:
    async with shown("j j") as (app, pilot):
        assert [line[0] for line in app.lines[2:7]] == list("  ▌  ")
        app.screen.set_focus(None)
        await settle(pilot)
        assert [line[0] for line in app.lines[2:7]] == list("  │  ")


@pytest.mark.parametrize(("depth", "glyphs"), [(Depth.NONE, ASCII), (Depth.NONE, FULL), (Depth.ANSI, ASCII)])
async def test_without_colour_every_status_is_told_apart(depth: Depth, glyphs: Glyphs) -> None:
    async with shown(depth=depth, glyphs=glyphs) as (app, _):
        signs = {row[2]: line[2] for row, line in zip(DAY, app.lines[2:], strict=False)}
        assert len(set(signs.values())) == len(Status) == len(signs)
        if glyphs is ASCII:
            assert all(line[0:60].replace("Ø", "O").isascii() for line in app.lines[2:])


async def test_without_colour_mark_and_cursor_are_told_apart() -> None:
    async with shown("space j", depth=Depth.NONE, glyphs=ASCII) as (app, _):
        assert [line[:2] for line in app.lines[2:6]] == [" *", "  ", "> ", "  "]


async def test_only_rows_in_view_are_written() -> None:
    written: list[object] = []

    def counting(value: object, status: object, writing: object) -> object:
        written.append(value)
        from cloutui.widgets.result_cells import Cell

        return Cell("x")

    async with shown(shown=many(50_000)) as (app, pilot):
        app.table.writers = {"stored": counting}  # type: ignore[dict-item]
        app.table.tick()
        await press(pilot, "end")
        assert 0 < len(written) <= 2 * app.table.page_rows


async def test_a_long_name_loses_its_middle_only_where_two_would_look_equal() -> None:
    rows = [(name, *DAY[0][1:]) for name in ("CUSTOMER-DATABASE-PRODUCTION-ONE", "CUSTOMER-DATABASE-PRODUCTION-TWO")]
    rows.append(("ANOTHER-RATHER-LONG-NAME-OF-A-NODE", *DAY[0][1:]))
    async with shown(size=(60, 10), shown=answer(rows)) as (app, _):
        first, second, third = app.column("node")
        assert first != second
        assert "…" in first[1:-1]
        assert third.endswith("…")


async def test_a_cut_name_keeps_its_cells_when_columns_scroll() -> None:
    rows = [(f"CUSTOMER-DATABASE-PRODUCTION-{n}", *DAY[0][1:]) for n in "ABCDEF"]
    async with shown("s", size=(38, 10), shown=answer(rows)) as (app, pilot):
        widths = set()
        for key in "llllllllhhhhhhhh":
            await press(pilot, key)
            first, second = app.table.layout_of_columns.placed[:2]
            widths.add(first.width)
            names = app.column("node")
            assert {len(name) for name in names} == {first.width}
            assert {line[3 + second.start] for line in app.lines[2:8]} == {" "}, "a blank before the next column"
        assert len(widths) > 1, "the name was cut in more than one way"


async def test_a_path_loses_its_middle() -> None:
    rows = [("A", "/srv/data/very/long/path/to/the/oradata", *DAY[0][2:])]
    async with shown(size=(80, 10), shown=answer(rows)) as (app, _):
        assert "/srv/" in app.lines[2]
        assert "oradata" in app.lines[2]


# Moving.


@pytest.mark.parametrize(
    ("keys", "row"),
    [
        ("j j", 2), ("down", 1), ("j j k", 1), ("up", 0), ("G", 99), ("end", 99), ("G g g", 0), ("end home", 0),
        ("pagedown", 22), ("pagedown pageup", 0), ("ctrl+d", 11), ("ctrl+d ctrl+u", 0),
        ("n", 9), ("n n", 19), ("n n N", 9), ("N", 99),
    ],
)  # fmt: skip
async def test_the_row_cursor(keys: str, row: int) -> None:
    async with shown(keys, shown=many(100)) as (app, _):
        assert app.table.cursor == row
        assert app.lines[2 + row - app.table.top][0] == "▌"


@pytest.mark.parametrize(
    ("keys", "column"),
    [("l", "unit"), ("right right", "status"), ("l l h", "unit"), ("left", "node"), ("l " * 20, "ack")],
)
async def test_the_column_cursor(keys: str, column: str) -> None:
    async with shown(keys) as (app, _):
        assert app.table.column == column


async def test_what_does_not_fit_stands_beyond_the_edge_and_is_reached_there() -> None:
    async with shown(size=(52, 10)) as (app, pilot):
        assert app.lines[1].rstrip().endswith("►")
        beyond = [head for head, _ in app.table.left_out()]
        assert beyond == ["unit", "Δ day", "sent 24h", "ack"]
        assert dict(app.table.left_out())["unit"] == "Acme ApS"
        await press(pilot, "l l l l")
        assert "unit" in app.lines[1]
        assert app.lines[1].strip().startswith("node"), "the first column stays"
        assert "◄" in app.lines[1]
        await press(pilot, "h h h h")
        assert "◄" not in app.lines[1]


async def test_enter_opens_the_row_with_all_its_values() -> None:
    async with shown("j enter") as (app, _):
        chosen = app.heard_last(ResultTable.RowChosen)
        assert chosen.key == 1
        assert chosen.row["node"] == "NETTRAFO-DC1"
        assert chosen.row["said"] == "Failed 12", "also columns that are not shown"


# Sorting.


async def test_sorting_by_the_column_under_the_cursor_and_the_other_way_round() -> None:
    async with shown("s") as (app, pilot):
        assert app.column("node") == sorted(NODES)
        assert "node▲" in app.lines[1]
        await press(pilot, "s")
        assert app.column("node") == sorted(NODES, reverse=True)
        assert "node▼" in app.lines[1]
        await press(pilot, "S")
        assert app.column("node") == sorted(NODES)


async def test_numbers_come_largest_first_and_unknown_ones_last_either_way() -> None:
    async with shown("l l l s") as (app, pilot):
        assert app.column("stored")[:2] == ["41.9 TiB", "9.40 TiB"]
        assert app.column("stored")[-2:] == ["?", "-"]
        await press(pilot, "s")
        assert app.column("stored")[:2] == ["0 B", "88.1 GiB"]
        assert app.column("stored")[-2:] == ["?", "-"]


async def test_the_oldest_age_comes_first_and_is_told_as_the_highest() -> None:
    async with shown() as (app, pilot):
        app.table.to_column("last_ok")
        await press(pilot, "s")
        assert app.column("last_ok")[:3] == ["4w", "4d", "4d"]
        assert "last ok▼" in app.lines[1]


async def test_what_was_sorted_by_before_decides_between_equals() -> None:
    async with shown("s l s") as (app, _):
        assert app.table.sort == (SortKey("unit"), SortKey("node"))
        pairs = list(zip(app.column("unit"), app.column("node"), strict=True))
        assert pairs == sorted(pairs)


async def test_the_keys_beside_move_the_sort_by_a_column() -> None:
    async with shown("greater_than_sign") as (app, pilot):
        assert [by.column for by in app.table.sort] == ["node"]
        await press(pilot, "greater_than_sign greater_than_sign")
        assert app.table.sort == (SortKey("status", descending=True),)
        await press(pilot, "less_than_sign")
        assert [by.column for by in app.table.sort] == ["unit"]


async def test_the_cursor_stays_on_its_row_and_line_when_the_order_changes() -> None:
    async with shown("j j j s", shown=many(100)) as (app, pilot):
        key, line = app.table.key, app.table.cursor - app.table.top
        await press(pilot, "s")
        assert app.table.key == key
        assert app.table.cursor == 96
        assert app.table.cursor - app.table.top == line or app.table.top == 100 - app.table.page_rows


async def test_who_stands_on_the_first_row_sees_what_comes_first() -> None:
    async with shown("l l l s", shown=many(100)) as (app, _):
        assert (app.table.cursor, app.table.top, app.table.key) == (0, 0, 99)


async def test_a_page_is_sorted_by_whoever_has_all_rows() -> None:
    page = answer(total=1000)
    async with shown("s", shown=page) as (app, pilot):
        asked = app.heard_last(ResultTable.SortAsked)
        assert asked.sort == (SortKey("node"),)
        assert app.column("node")[:2] == NODES[:2], "nothing moves before the answer is there"
        app.table.show(page, offset=0, sort=asked.sort)
        await settle(pilot)
        assert "node▲" in app.lines[1]


async def test_a_list_of_statuses_is_never_sorted_by() -> None:
    rows = pa.table({"node": ["A", "B"], "days": [[2, 9], [9, 9]]})
    columns = [Column(name="node", kind=Kind.TEXT), Column(name="days", kind=Kind.STATUSES)]
    async with shown("l s", shown=Answer(columns=columns, rows=rows, total=2)) as (app, _):
        assert app.table.sort == ()
        assert "●×" in app.lines[2]


# Columns.


async def test_columns_are_chosen_hidden_and_ordered_by_name() -> None:
    async with shown("vertical_line") as (app, pilot):
        assert app.heard_last(ResultTable.ColumnsAsked)
        app.table.choose_columns(["stored", "node", "no such column"])
        await settle(pilot)
        assert app.lines[1].split() == ["stored", "node"]
        app.table.choose_columns([])
        assert app.table.chosen == tuple(column.name for column in app.table.columns), "nothing chosen is all"


async def test_chosen_columns_stay_chosen_when_rows_come_anew() -> None:
    async with shown() as (app, pilot):
        app.table.choose_columns(["status", "node"])
        app.table.show(answer(DAY[:3]))
        await settle(pilot)
        assert app.table.chosen == ("status", "node")


async def test_another_report_shows_all_its_columns() -> None:
    async with shown("l l l") as (app, pilot):
        table = pa.table({"server": ["SPA01"], "stored": [5], "node": ["A"]})
        columns = [Column(name=name, kind=Kind.TEXT) for name in ("server", "stored", "node")]
        app.table.show(Answer(columns=columns, rows=table, total=1), stay=False)
        await settle(pilot)
        assert app.lines[1].split() == ["server", "stored", "node"]
        assert app.table.column == "stored"


async def test_widths_do_not_shrink_while_one_scrolls() -> None:
    rows = [("A-NODE-WITH-A-LONG-NAME", *DAY[0][1:]), *[("N", *DAY[0][1:])] * 80]
    async with shown(shown=answer(rows)) as (app, pilot):
        before = app.table.layout_of_columns
        await press(pilot, "end")
        assert app.table.layout_of_columns == before


# Marks.


def marks(lines: list[str]) -> list[int]:
    return [place for place, line in enumerate(lines[2:]) if line[1] == "■"]


async def test_space_marks_and_goes_on_and_takes_a_mark_away() -> None:
    async with shown("space space") as (app, pilot):
        assert marks(app.lines) == [0, 1]
        assert app.heard_last(ResultTable.MarksChanged).count == 2
        await press(pilot, "k space")
        assert marks(app.lines) == [0]


async def test_a_range_is_drawn_while_it_grows_and_kept_by_the_second_key() -> None:
    async with shown("j v j j") as (app, pilot):
        assert marks(app.lines) == [1, 2, 3]
        assert len(app.table.marks) == 0
        await press(pilot, "v j j")
        assert marks(app.lines) == [1, 2, 3]
        assert sorted(app.table.marks) == [1, 2, 3]


async def test_a_range_is_left_by_escape_and_kept_by_space() -> None:
    async with shown("v j escape j") as (app, pilot):
        assert marks(app.lines) == []
        await press(pilot, "v k space")
        assert sorted(app.table.marks) == [1, 2]


async def test_a_range_still_begins_at_its_row_when_rows_come_anew() -> None:
    async with shown("j j v j") as (app, pilot):
        app.table.show(answer(DAY[1:], ids=range(1, len(DAY))))
        await press(pilot, "v")
        assert sorted(app.table.marks) == [2, 3]


async def test_all_are_marked_and_none() -> None:
    async with shown("asterisk", shown=many(3000)) as (app, pilot):
        assert len(app.table.marks) == 3000
        await press(pilot, "U")
        assert len(app.table.marks) == 0
        assert marks(app.lines) == []


async def test_all_of_a_page_are_marked_by_whoever_has_their_keys() -> None:
    async with shown("asterisk", shown=answer(total=100)) as (app, pilot):
        assert app.heard_last(ResultTable.MarkAllAsked)
        app.table.mark(range(100))
        await settle(pilot)
        assert len(marks(app.lines)) == len(DAY)


async def test_marks_stay_on_their_rows_when_sorted_narrowed_and_loaded_anew() -> None:
    async with shown("space space space s") as (app, pilot):
        marked = {"ACME-SQL01", "NETTRAFO-DC1", "KS-JOURNAL"}
        assert {app.column("node")[place] for place in marks(app.lines)} == marked
        app.table.narrow(Narrowing("node", "acme"))
        await settle(pilot)
        assert app.column("node") == ["ACME-EXCH01", "ACME-SQL01", "ACME-WEB04"]
        assert marks(app.lines) == [1]
        app.table.narrow(None)
        app.table.show(answer(DAY[1:], ids=range(1, len(DAY))))
        await settle(pilot)
        assert {app.column("node")[place] for place in marks(app.lines)} == marked - {"ACME-SQL01"}


# New rows in place of old ones.


async def test_new_rows_leave_cursor_and_view_on_their_row() -> None:
    async with shown("G k k k", shown=many(100)) as (app, pilot):
        key, line, column = app.table.key, app.table.cursor - app.table.top, app.table.column
        fresh = many(130)
        moved = Answer(columns=fresh.columns, rows=fresh.rows.slice(20), total=110)
        app.table.show(moved)
        await settle(pilot)
        assert (app.table.key, app.table.cursor - app.table.top, app.table.column) == (key, line, column)
        assert app.table.cursor == 76


async def test_another_question_starts_at_its_first_row() -> None:
    async with shown("G") as (app, pilot):
        app.table.show(answer(DAY[::-1], ids=[row + 1000 for row in range(len(DAY))]), stay=False)
        await settle(pilot)
        assert app.table.cursor == app.table.top == 0


async def test_the_cursor_can_be_put_on_a_key() -> None:
    async with shown() as (app, pilot):
        app.table.show(answer(), cursor=7)
        await settle(pilot)
        assert app.table.key == 7


async def test_fewer_rows_leave_the_cursor_on_one_there_is() -> None:
    async with shown("G") as (app, pilot):
        app.table.show(answer(DAY[:2], ids=[500, 501]))
        await settle(pilot)
        assert app.table.cursor == 1
        app.table.show(answer([]))
        await settle(pilot)
        assert (app.table.cursor, app.table.position(), app.table.values()) == (0, "", {})
        await press(pilot, "j n N l h s S space v v asterisk U enter pagedown end home")


async def test_a_row_that_is_not_here_is_asked_for_and_stands_as_dots() -> None:
    async with shown("G", shown=answer(total=5000)) as (app, pilot):
        asked = app.heard_last(ResultTable.PageAsked)
        assert asked.offset <= 4999 < asked.offset + asked.limit
        assert "·····" in app.lines[-1]
        page = [(f"FAR-{n}", *DAY[0][1:]) for n in range(asked.offset, 5000)]
        app.table.show(answer(page, ids=range(asked.offset, 5000), total=5000), offset=asked.offset)
        await settle(pilot)
        assert "FAR-4999" in app.lines[-1]
        assert app.table.cursor == 4999


async def test_before_the_answer_heads_and_dots_are_shown() -> None:
    async with shown() as (app, pilot):
        app.table.expect(app.table.columns)
        await settle(pilot)
        assert "stored" in app.lines[1]
        assert app.lines[2].split() == ["·····"] * 8


async def test_ages_are_written_anew_when_the_clock_moves() -> None:
    async with shown() as (app, pilot):
        app.table.now = lambda: NOW + timedelta(days=3)
        app.table.tick()
        await settle(pilot)
        assert "7d" in app.lines[2]


# Finding.


async def test_what_is_typed_is_gone_to_letter_by_letter() -> None:
    async with shown("ctrl+f o h") as (app, pilot):
        assert "find oh" in app.lines[0]
        assert app.table.values()["node"] == "OH-PACS-ARC"
        await press(pilot, "down")
        assert app.table.values()["node"] == "OH-EPJ-DB1"
        await press(pilot, "down")
        assert app.table.values()["node"] == "OH-PACS-ARC", "after the last comes the first"
        await press(pilot, "up enter")
        assert app.table.values()["node"] == "OH-EPJ-DB1"
        assert "Daily status" in app.lines[0]
        await press(pilot, "ctrl+f enter")
        assert app.table.values()["node"] == "OH-PACS-ARC", "nothing typed is the same again"


async def test_keys_that_come_in_one_piece_act_in_their_order() -> None:
    async with shown("j j ctrl+f k s enter v j j v") as (app, _):
        assert sorted(app.table.marks) == [2, 3, 4], "found KS-JOURNAL, and marked from there"


async def test_a_key_that_the_reader_changed_does_what_they_chose() -> None:
    async with shown() as (app, pilot):
        app.set_keymap({"row.mark": "x"})
        await press(pilot, "x space")
        assert sorted(app.table.marks) == [0]


async def test_leaving_a_search_goes_back() -> None:
    async with shown("j ctrl+f m o l backspace backspace escape") as (app, _):
        assert app.table.cursor == 1
        assert app.table.sought is None


async def test_the_word_of_a_status_is_found() -> None:
    async with shown("ctrl+f m i s s") as (app, _):
        assert app.table.values()["node"] == "KS-FILE03"


async def test_what_is_not_on_the_page_is_asked_for() -> None:
    async with shown("ctrl+f z z", shown=answer(total=900)) as (app, pilot):
        assert app.heard_last(ResultTable.SeekAsked).text == "zz"
        await press(pilot, "escape G N")
        asked = app.heard_last(ResultTable.SeekAsked)
        assert (asked.text, asked.step) in {(None, -1), ("zz", 1)}


# Copying.


async def test_a_cell_is_copied_exact() -> None:
    async with shown("l l l") as (app, pilot):
        assert app.table.cell_text() == str(DAY[0][4] and int(DAY[0][4]))
        app.table.to_column("last_ok")
        assert app.table.cell_text() == "2026-11-18T09:52:00+00:00"
        app.table.to_column("status")
        await settle(pilot)
        assert app.table.cell_text() == "error"


async def test_rows_are_copied_with_tabs_in_the_order_shown() -> None:
    async with shown("space j space s") as (app, _):
        app.table.choose_columns(["node", "status"])
        assert app.table.row_text() == "node\tstatus\nKS-FILE03\tmissed"
        assert app.table.marked_text() == "node\tstatus\nACME-SQL01\terror\nKS-JOURNAL\terror"


# The mouse.


async def test_a_click_on_a_head_sorts_and_on_a_row_moves_and_opens() -> None:
    async with shown() as (app, pilot):
        head = app.lines[1].index("stored")
        await pilot.click(ResultTable, offset=(head, 1))
        await settle(pilot)
        assert app.table.sort == (SortKey("stored", descending=True),)
        await pilot.click(ResultTable, offset=(head, 5))
        await settle(pilot)
        assert (app.table.cursor, app.table.column) == (3, "stored")
        assert not any(isinstance(message, ResultTable.RowChosen) for message in app.said), "not yet opened"
        await pilot.click(ResultTable, offset=(head, 5))
        await settle(pilot)
        assert app.heard_last(ResultTable.RowChosen)


# Loading.


def test_the_widgets_load_without_arrow_and_numpy() -> None:
    code = "import sys, cloutui.widgets.result_table, cloutui.widgets.line_chart; print({*sys.modules})"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60).stdout
    assert "'textual.widget'" in loaded
    assert "'pyarrow'" not in loaded
    assert "'numpy'" not in loaded


async def test_a_line_that_is_left_free_moves_heads_and_clicks() -> None:
    async with shown() as (app, pilot):
        app.table.leave_gap(1)
        await settle(pilot)
        head = app.lines[2].index("stored")
        assert app.lines[1].strip() == ""
        await pilot.click(ResultTable, offset=(head, 2))
        await settle(pilot)
        assert app.table.sort == (SortKey("stored", descending=True),)
        await pilot.click(ResultTable, offset=(head, 6))
        await settle(pilot)
        assert app.table.cursor == 3


# Text of servers.


@pytest.mark.parametrize("payloads", [[t for t in ESCAPES if "\ud800" not in t], MARKUP], ids=["escapes", "markup"])
async def test_text_of_servers_is_drawn_as_text(payloads: list[str]) -> None:
    rows = [(text, text, Status(place % 10), text, *DAY[0][4:8], text) for place, text in enumerate(payloads)]
    async with shown("l l l s S ctrl+f x enter", size=(200, 40), shown=answer(rows)) as (app, _):
        drawn = app.lines
        assert all(line.isprintable() for line in drawn)
        assert {len(line) for line in drawn if line.isascii()} <= {200}
        app.table.mark(range(len(rows)))
        copied = app.table.marked_text()
        assert len(copied.splitlines()) == len(rows) + 1
        assert all(char.isprintable() or char in "\n\t" for char in copied)
        assert app.is_running
        if payloads is MARKUP:
            assert all(any(text in line for line in drawn) for text in payloads)
            assert not any(s.style and s.style.meta for y in range(40) for s in app.table.render_line(y))


async def test_the_check_of_what_is_drawn_sees_text_that_was_not_made_safe(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(result_cells, "safe", lambda text: text)
    async with shown(size=(200, 10), shown=answer([("\x1b[2J", *DAY[0][1:])])) as (app, _):
        assert not all(line.isprintable() for line in app.lines)


async def test_a_hostile_head_is_drawn_as_text() -> None:
    rows = pa.table({"a": ["x"]})
    columns = [Column(name="a", kind=Kind.TEXT, title="\x1b[2J[red]")]
    async with shown(shown=Answer(columns=columns, rows=rows, total=1)) as (app, _):
        assert all(line.isprintable() for line in app.lines)
        assert "[red]" in app.lines[1]
