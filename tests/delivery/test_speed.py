"""Long answers go out quickly, and do not stay in memory. Measured in processor time: other work does not count."""

import time
import tracemalloc
from io import TextIOBase

import pytest

from cloutui.delivery.formats import find_format
from cloutui.delivery.part import part
from cloutui.model.table import Answer
from tests.delivery.answers import exported, many_rows
from tests.delivery.readers import written


@pytest.fixture(scope="module")
def long_answer() -> Answer:
    return many_rows(100_000)


@pytest.mark.parametrize(("name", "rows", "most_s"), [("csv", 25_000, 2), ("parquet", 100_000, 1), ("xlsx", 2_500, 2)])
def test_a_long_answer_is_written_quickly(long_answer: Answer, name: str, rows: int, most_s: float) -> None:
    export = exported(part(long_answer, rows=range(rows)))
    started = time.process_time()
    written(name, export)
    assert time.process_time() - started < most_s


class _Nowhere(TextIOBase):
    def write(self, text: str) -> int:
        return len(text)


@pytest.mark.parametrize("name", ["csv", "json", "ndjson", "html"])
def test_memory_does_not_grow_with_the_answer(long_answer: Answer, name: str) -> None:
    narrow = part(long_answer, columns=["node", "start", "bytes"])
    short, long = (_peak(name, part(narrow, rows=range(rows))) for rows in (9_000, 27_000))
    assert long < 1.2 * short


def _peak(name: str, answer: Answer) -> int:
    tracemalloc.start()
    try:
        find_format(name).write(exported(answer), _Nowhere())  # type: ignore[arg-type]
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_a_writer_that_has_to_measure_every_row_first_is_seen_to_grow(long_answer: Answer) -> None:
    narrow = part(long_answer, columns=["bytes"])
    assert _peak("table", part(narrow, rows=range(20_000))) > 2 * _peak("table", part(narrow, rows=range(5_000)))
