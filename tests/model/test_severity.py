"""What a severity rule is: keys and values as people write them."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cloutui.errors import Invalid
from cloutui.model.severity import (
    FIGURES,
    KINDS,
    OFF,
    SITE_RULES,
    RuleValue,
    checked_key,
    checked_value,
    read_value,
    shown_figure,
    shown_value,
    stored_value,
)
from cloutui.model.status import Status
from cloutui.model.table import Kind

HOUR, TIB = 3600, 2**40


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("growth", "growth"),
        ("No-Schedule", "no-schedule"),
        ("status:failed", "status:error"),
        ("STATUS: Missed", "status:missed"),
        ("result:008", "result:8"),
        ("message:ane4959e", "message:ANE4959"),
        ("message:4959", "message:4959"),
        ("text:disk  is full", "text:disk  is full"),
        ("text:/VSS (writer|provider)/", "text:/VSS (writer|provider)/"),
    ],
)
def test_a_key_is_stored_in_one_form(written: str, key: str) -> None:
    assert checked_key(written) == key
    assert checked_key(key) == key


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("grwth", "Did you mean “growth”?"),
        ("growth:20", "its limit in the value"),
        ("status", "status:missed"),
        ("status:none", "no-schedule or at-risk"),
        ("status:bad", "status:missed"),
        ("result:x", "result:8"),
        ("message:disk full", "message:ANE4959"),
        ("text:/x", "between two strokes"),
        ("text:\x1b[2J", "by hand"),
        (f"text:{'x' * 130}", "fewer words"),
    ],
)
def test_a_key_that_means_nothing_is_refused_with_what_to_write(written: str, told: str) -> None:
    with pytest.raises(Invalid) as refused:
        checked_key(written)
    assert told in refused.value.hint


@pytest.mark.parametrize(
    ("key", "written", "value"),
    [
        ("at-risk", "warning 24h", RuleValue(Status.WARNING, 24 * HOUR)),
        ("no-activity", "failed 3d", RuleValue(Status.ERROR, 72 * HOUR)),
        ("growth", "warning 12.5%", RuleValue(Status.WARNING, 12.5)),
        ("limit", "error 5TiB", RuleValue(Status.ERROR, 5 * TIB)),
        ("limit", "warning 90% of 5 TiB", RuleValue(Status.WARNING, 5 * TIB, 90)),
        ("duration", "okwarn 1h30m", RuleValue(Status.OKWARN, 5400)),
        ("failed-files", "warning above 100", RuleValue(Status.WARNING, 100)),
        ("no-schedule", "warning", RuleValue(Status.WARNING)),
        ("locked", "ignored", RuleValue(Status.IGNORED)),
        ("status:missed", "ok", RuleValue(Status.OK)),
        ("growth", "off", OFF),
    ],
)
def test_a_value_is_what_it_counts_as_and_from_where_on(key: str, written: str, value: RuleValue) -> None:
    assert checked_value(key, written) == value


@pytest.mark.parametrize(
    ("key", "written"),
    [
        ("growth", "warning"),
        ("growth", "warning lots"),
        ("growth", "ok 20%"),  # whoever does not mind turns it off
        ("growth", "ignored 20%"),
        ("limit", "warning 0% of 5TiB"),
        ("limit", "warning 120% of 5TiB"),
        ("limit", "warning 24h"),
        ("failed-files", "warning 1.5"),
        ("locked", "warning 3"),
        ("status:missed", "warning 24h"),
        ("status:missed", "pending"),
        ("growth", "off 20%"),
        ("growth", ""),
    ],
)
def test_a_value_that_makes_no_sense_is_refused(key: str, written: str) -> None:
    with pytest.raises(Invalid) as refused:
        checked_value(key, written)
    assert refused.value.hint


_LIMITS = {
    Kind.DURATION: st.integers(0, 10**7),
    Kind.BYTES: st.integers(0, 2**55),
    Kind.COUNT: st.integers(0, 10**9),
    Kind.PERCENT: st.integers(0, 10_000).map(lambda tenths: tenths / 10),
}


@st.composite
def values(draw: st.DrawFn) -> tuple[str, RuleValue]:
    """A figure's key with a value that it may have."""
    kind = draw(st.sampled_from(FIGURES))
    grade = draw(st.sampled_from([Status.OKWARN, Status.WARNING, Status.ERROR]))
    limit = None if kind.limit is None else draw(_LIMITS[kind.limit])
    share = draw(st.none() | st.integers(1, 100)) if kind.limit is Kind.BYTES else None
    return kind.name, RuleValue(grade, limit, share)


@given(values())
@example(("limit", RuleValue(Status.WARNING, 10**15)))  # 1000 TB: its bytes have sixteen digits
def test_what_is_shown_may_be_given_back_and_what_is_stored_is_read_again(rule: tuple[str, RuleValue]) -> None:
    key, value = rule
    assert checked_value(key, shown_value(key, value)) == value
    assert read_value(stored_value(value)) == value


def test_every_kind_holds_for_the_site_from_the_beginning() -> None:
    said = {key.partition(":")[0] for _, key in SITE_RULES}
    assert said == set(KINDS) - {"result", "message", "text"}


@pytest.mark.parametrize(
    ("key", "value", "text"),
    [
        ("at-risk", 100 * HOUR, "4d 4h"),
        ("at-risk", float("inf"), "never"),
        ("growth", 18.2, "+18.2%"),
        ("limit", 5 * TIB, "5.00 TiB"),
        ("failed-files", 12, "12"),
        ("locked", 1, ""),
        ("status:error", None, ""),
    ],
)
def test_a_figure_is_written_in_its_measure(key: str, value: float | None, text: str) -> None:
    assert shown_figure(key, value) == text
