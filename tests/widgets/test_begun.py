"""Numbers and letters after a key, without a widget."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cloutui.widgets.begun import COUNTING, GOING, MOST_TIMES, NOTHING


@given(st.integers(min_value=1, max_value=MOST_TIMES))
def test_a_number_is_what_its_digits_say(number: int) -> None:
    begun = COUNTING
    for digit in str(number):
        assert begun.takes(digit)
        begun = begun.then(digit)
    assert begun.times == number
    assert begun.text == f"'{number}"


@given(st.text(max_size=1))
def test_only_a_digit_belongs_to_a_number(character: str) -> None:
    assert COUNTING.takes(character) is (character in list("0123456789"))


def test_a_number_has_an_end() -> None:
    begun = COUNTING
    for _ in range(20):
        if begun.takes("9"):
            begun = begun.then("9")
    assert begun.times == MOST_TIMES


def test_without_digits_there_is_no_number() -> None:
    assert (COUNTING.times, GOING.times, NOTHING.times) == (None, None, None)
    assert not GOING.takes("3")
    assert not NOTHING.takes("3")
