"""Options of `dsmadmc`: every spelling from the shortest form on, and nothing shorter."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloutui.simulator.dsmadmc.options import OPTIONS, Option, OptionRefused, Shape, Takes, abbreviates, parse, shortest


def spelled(option: Option, length: int, upper: list[bool]) -> str:
    letters = option.name[:length]
    cased = "".join(
        letter.upper() if is_upper else letter.lower() for letter, is_upper in zip(letters, upper, strict=False)
    )
    if option.takes is Takes.NOTHING:
        return "-" + cased
    return f"-{cased}={option.choices[0] if option.choices else 'value'}"


@given(
    option=st.sampled_from(OPTIONS),
    more=st.integers(min_value=0, max_value=30),
    upper=st.lists(st.booleans(), min_size=30, max_size=30),
)
def test_any_prefix_from_the_shortest_form_on_is_the_option_in_any_case(option, more, upper) -> None:
    length = min(shortest(option.name) + more, len(option.name))
    assert list(parse([spelled(option, length, upper)]).given) == [option.name.upper()]


@given(option=st.sampled_from([option for option in OPTIONS if shortest(option.name) > 1]))
def test_one_letter_less_is_no_option_of_that_name(option) -> None:
    try:
        given_options = parse([spelled(option, shortest(option.name) - 1, [False] * 30)]).given
    except OptionRefused:
        return
    assert option.name.upper() not in given_options


def test_no_two_options_share_an_abbreviation() -> None:
    for option in OPTIONS:
        for length in range(shortest(option.name), len(option.name) + 1):
            fitting = [other.name for other in OPTIONS if abbreviates(option.name[:length], other.name)]
            assert fitting == [option.name]


def test_what_follows_the_options_is_one_command() -> None:
    invocation = parse(["-id=a", "-PA=b c", "-comma", "q", "ev", "*", "*", "begind=-1"])
    assert invocation.command == "q ev * * begind=-1"
    assert invocation.value("PASSWORD") == "b c"
    assert invocation.shape is Shape.COMMA


@pytest.mark.parametrize(
    ("arguments", "is_dataonly"),
    [(["-dataonly=yes"], True), (["-datao=y"], True), (["-DATAONLY=No"], False), (["-dataonly"], True), ([], False)],
)
def test_dataonly_silences_all_but_data(arguments: list[str], is_dataonly: bool) -> None:
    assert parse(arguments).is_dataonly is is_dataonly
    assert parse(arguments).is_talkative is not is_dataonly


@pytest.mark.parametrize(
    ("arguments", "shape"),
    [
        ([], Shape.AUTO),
        (["-displ=lis"], Shape.LIST),
        (["-DISPLAYMODE=TABLE"], Shape.TABLE),
        (["-tab"], Shape.TAB),
        (["-comma", "-displ=tab"], Shape.COMMA),
    ],
)
def test_a_delimiter_wins_over_a_displaymode(arguments: list[str], shape: Shape) -> None:
    assert parse(arguments).shape is shape


@pytest.mark.parametrize(
    "argument", ["-bogus", "-", "-p=x", "-id", "-comma=yes", "-dataonly=perhaps", "-displ=pie", "-noconfirm=no"]
)
def test_what_is_no_option_is_refused_by_name(argument: str) -> None:
    with pytest.raises(OptionRefused) as refused:
        parse([argument, "q n"])
    assert str(refused.value) == f"ANS1107E Invalid option/value: '{argument}'"
