"""The rows of a result: orders, keys and searches say what plain Python says."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloutui.model.status import Status
from cloutui.widgets import result_rows
from cloutui.widgets.result_rows import Narrowing, ResultRows, SortKey, values_of
from cloutui.widgets.result_seek import problems, taken_care_of

NAMES = st.one_of(st.none(), st.text("abAB %_\\.*é", max_size=4))
NUMBERS = st.one_of(st.none(), st.integers(-5, 5))
ROWS = st.lists(st.tuples(NAMES, NUMBERS), max_size=30)
SORTS = st.lists(
    st.builds(SortKey, st.sampled_from(["name", "number"]), st.booleans()), max_size=2, unique_by=lambda by: by.column
)


def rows_of(values: list[tuple[Any, Any]], **options: Any) -> ResultRows:
    table = pa.table(
        {
            "id": pa.array(range(len(values)), pa.int64()),
            "name": pa.array([name for name, _ in values], pa.string()),
            "number": pa.array([number for _, number in values], pa.int64()),
        }
    )
    return ResultRows(table, key=["id"], **options)


def order_of(rows: ResultRows) -> list[Any]:
    return rows.keys(0, len(rows))


def sorted_in_python(values: list[tuple[Any, Any]], kept: list[int], sort: list[SortKey]) -> list[int]:
    for by in reversed(sort):
        place = 0 if by.column == "name" else 1
        known = [row for row in kept if values[row][place] is not None]
        # Arrow compares texts by their bytes.
        known.sort(key=lambda row, at=place: str(values[row][at]).encode() if at == 0 else values[row][at])
        if by.descending:
            known = stably_reversed(known, values, place)
        kept = known + [row for row in kept if values[row][place] is None]
    return kept


def stably_reversed(rows: list[int], values: list[tuple[Any, Any]], place: int) -> list[int]:
    """Descending, but equals in the order they had."""
    groups: dict[Any, list[int]] = {}
    for row in rows:
        groups.setdefault(values[row][place], []).append(row)
    return [row for group in reversed(list(groups.values())) for row in group]


@given(ROWS, SORTS, st.one_of(st.none(), st.text("abAB%_\\.é", min_size=1, max_size=2)))
def test_sorted_and_narrowed_as_plain_python_does(
    values: list[tuple[Any, Any]], sort: list[SortKey], text: str | None
) -> None:
    narrowing = Narrowing("name", text) if text else None
    kept = [row for row, (name, _) in enumerate(values) if not text or (name and text.lower() in name.lower())]
    arranged = rows_of(values).arranged(sort, narrowing)
    assert order_of(arranged) == sorted_in_python(values, kept, sort)


@given(ROWS, SORTS)
def test_a_row_is_found_by_its_key_wherever_it_went(values: list[tuple[Any, Any]], sort: list[SortKey]) -> None:
    arranged = rows_of(values).arranged(sort, None)
    for place, key in enumerate(order_of(arranged)):
        assert arranged.place_of(key) == place
    assert arranged.place_of(len(values)) is None
    assert arranged.places_of(set(range(0, len(values), 2))) == [
        place for place, key in enumerate(order_of(arranged)) if key % 2 == 0
    ]


@given(ROWS)
def test_a_key_of_several_columns_is_one_key(values: list[tuple[Any, Any]]) -> None:
    table = rows_of(values).table
    rows = ResultRows(table, key=["name", "number"])
    keys = order_of(rows)
    assert keys == values
    for key in set(keys):
        assert rows.place_of(key) == keys.index(key)
    wanted = set(keys[::2])
    known = {key for key in wanted if None not in key}
    assert set(rows.places_of(known)) == {place for place, key in enumerate(keys) if key in known}


@pytest.mark.parametrize("block", [1, 3, 65_536])
@given(values=ROWS, start=st.integers(0, 30), step=st.sampled_from([1, -1]))
def test_the_next_row_that_passes_is_the_nearest(
    block: int, values: list[tuple[Any, Any]], start: int, step: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(result_rows, "_BLOCK", block)
        patch.setattr(result_rows, "_FIRST_BLOCK", min(2, block))
        rows = rows_of(values).arranged([SortKey("number")], None)
        hits = [place for place, key in enumerate(order_of(rows)) if (values[key][1] or 0) > 2]
        wanted = [hit for hit in hits if (hit >= start if step > 0 else hit <= start)]
        found = rows.find(lambda part: pc.greater(part.column("number"), 2).fill_null(False), start, step)
        assert found == (None if not wanted else wanted[0] if step > 0 else wanted[-1])


def test_a_page_knows_which_rows_it_holds() -> None:
    rows = rows_of([("a", 1), ("b", 2), ("c", 3)], offset=10, total=20)
    assert rows.is_paged
    assert len(rows) == 20
    assert rows.keys(0, 20) == [0, 1, 2]
    assert rows.window(0, 10) is None
    window = rows.window(11, 20)
    assert window is not None
    assert (window[0], window[1].column("name").to_pylist()) == (11, ["b", "c"])
    assert rows.place_of(1) == 11
    assert rows.holds(10, 3)
    assert not rows.holds(10, 4)
    assert not rows.holds(9, 2)


def test_a_key_of_another_type_is_no_row() -> None:
    rows = rows_of([("a", 1)])
    assert rows.place_of("a") is None
    assert rows.places_of({"a"}) == []


def test_rows_without_their_key_column_have_no_keys() -> None:
    rows = ResultRows(pa.table({"a": [1]}), key=["id"])
    assert rows.key == ()
    assert rows.place_of(1) is None


def test_enums_and_nanoseconds_are_read() -> None:
    table = pa.table(
        {
            "id": [1, 2],
            "kind": pa.array(["full", "incremental"]).dictionary_encode(),
            "at": pa.array([1_700_000_000_123_456_789, None], pa.timestamp("ns", "UTC")),
        }
    )
    rows = ResultRows(table, key=["id"]).arranged([SortKey("kind", descending=True)], Narrowing("kind", "FULL"))
    window = rows.window(0, 9)
    assert window is not None
    moment, *none = values_of(window[1].column("at"))
    assert moment.microsecond == 123_456
    assert none == []


def test_what_somebody_takes_care_of_is_no_problem_to_go_to() -> None:
    handled = ["", "acknowledged OP1", "active OP2", "resolved OP1", None, "ignored OP1", "acknowledgedly"]
    part = pa.table({"status": pa.array([int(Status.ERROR)] * 7, pa.uint8()), "handled": handled})
    is_open = [True, False, True, False, True, False, True]
    assert problems("status")(part).to_pylist() == is_open
    assert taken_care_of(part) == [not each for each in is_open]
    assert problems("status")(part.select(["status"])).to_pylist() == [True] * 7


def test_what_was_said_since_a_day_was_closed_counts_for_whether_it_is_open() -> None:
    said = {
        ("acknowledged OP1", ""): False,
        ("acknowledged OP1", "2 comments"): False,
        ("acknowledged OP1", "opened again, 1 comment"): True,
        ("acknowledged OP1", "active OP2"): True,
        ("", "resolved OP2"): False,
        ("", "1 comment"): True,
    }
    handled, since = zip(*said, strict=True)
    status = pa.array([int(Status.ERROR)] * len(said), pa.uint8())
    part = pa.table({"status": status, "handled": handled, "since": since})
    assert problems("status")(part).to_pylist() == list(said.values())
