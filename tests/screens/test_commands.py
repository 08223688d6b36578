"""What can be typed behind `:` is read without a console."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloutui.errors import CloutuiError, Invalid, NotFound
from cloutui.screens.commands import COMMANDS, Wanted, day_of, find_command, ghost, split, split_place
from cloutui.screens.fuzzy import best, rank
from cloutui.screens.shell import Shell
from cloutui.screens.unit_names import find_unit
from cloutui.widgets.units import Forest, Unit

NAMES = {"units": ["Acme ApS", "Havn Energi", "Lager"], "formats": ["csv", "json"], "themes": ["daybook"], "nodes": []}


def test_every_command_does_something() -> None:
    for command in COMMANDS:
        assert hasattr(Shell, f"command_{command.does}"), command.word


def test_every_word_is_found_and_shortened() -> None:
    for command in COMMANDS:
        assert find_command(command.word) is command
    assert find_command("exp").word == "export"
    assert find_command("q").word == "quit"


def test_a_beginning_of_several_says_which() -> None:
    with pytest.raises(Invalid, match="several") as caught:
        find_command("no")
    assert "nodes" in caught.value.hint


def test_a_wrong_word_names_the_nearest() -> None:
    with pytest.raises(Invalid) as caught:
        find_command("exprot")
    assert "export" in caught.value.hint


@pytest.mark.parametrize(
    ("rest", "wanted"),
    [
        ("", Wanted(None, None)),
        ("@acme", Wanted("acme", None)),
        ('@"Havn Energi" /status:failed tag:"a b"', Wanted("Havn Energi", 'status:failed tag:"a b"')),
        ("/os:linux", Wanted(None, "os:linux")),
        ("@acme /", Wanted("acme", "")),
        ("@acme/x", Wanted("acme/x", None)),
    ],
)
def test_unit_and_filter_behind_a_screen(rest: str, wanted: Wanted) -> None:
    assert split_place(rest) == wanted


def test_what_is_neither_unit_nor_filter_is_refused() -> None:
    with pytest.raises(Invalid, match="neither"):
        split_place("acme")


@given(st.text(max_size=60))
def test_nothing_that_is_typed_breaks_the_reading(text: str) -> None:
    ghost(text, NAMES)
    word, rest = split(text)
    with suppress(CloutuiError):
        find_command(word)
        split_place(rest)


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("mat", "rix"),
        ("matrix @ac", ""),  # a name with a blank needs its quotes
        ('matrix @"ac', 'me ApS"'),
        ("matrix @la", "ger"),
        ("unit havn", " Energi"),
        ("export j", "son"),
        ("theme day", "book"),
        ("nothing x", ""),
        ("", ""),
    ],
)
def test_the_likeliest_end_is_offered(text: str, end: str) -> None:
    assert ghost(text, NAMES) == end


TODAY, SHOWN = date(2026, 11, 22), date(2026, 11, 20)


@pytest.mark.parametrize(
    ("text", "day"),
    [("today", TODAY), ("-1", date(2026, 11, 19)), ("+2", TODAY), ("2026-01-31", date(2026, 1, 31))],
)
def test_days(text: str, day: date) -> None:
    assert day_of(text, today=TODAY, current=SHOWN) == day


@pytest.mark.parametrize("text", ["", "-", "yesterday", "2026-02-30", "-999999999"])
def test_what_is_no_day(text: str) -> None:
    with pytest.raises(Invalid):
        day_of(text, today=TODAY, current=SHOWN)


FOREST = Forest(
    [
        Unit(unit_id=1, parent_id=None, name="Nordhavn"),
        Unit(unit_id=2, parent_id=1, name="Acme"),
        Unit(unit_id=3, parent_id=2, name="Web"),
        Unit(unit_id=4, parent_id=1, name="Bolt"),
        Unit(unit_id=5, parent_id=4, name="Web"),
    ]
)


@pytest.mark.parametrize(("text", "unit_id"), [("acme", 2), ("ac", 2), ("4", 4), ("bolt/web", 5), ("ordha", 1)])
def test_units_by_name(text: str, unit_id: int) -> None:
    assert find_unit(FOREST, text) == unit_id


def test_units_that_are_not_one() -> None:
    with pytest.raises(Invalid, match="2 units"):
        find_unit(FOREST, "web")
    with pytest.raises(NotFound) as caught:
        find_unit(FOREST, "acem")
    assert "Acme" in caught.value.hint


def test_the_best_fit_comes_first() -> None:
    names = ["my-sql-01", "sql-server", "mysql", "s-q-l", "other"]
    assert [names[place] for place in best("sql", names, 10)] == ["sql-server", "my-sql-01", "mysql", "s-q-l"]
    assert rank("zz", "sql") is None


def test_ten_thousand_names_are_searched_within_a_key_stroke() -> None:
    from time import process_time

    names = [f"customer{n % 97}-file-server{n:05}" for n in range(10_000)]
    start = process_time()
    found = best("c9fs77", names, 500)
    assert found
    assert process_time() - start < 0.5, "a pause that a reader would feel"
