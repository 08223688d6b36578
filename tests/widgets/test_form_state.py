"""A form being filled in, without a widget."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloutui.errors import Invalid
from cloutui.widgets.form_fields import Choice, FieldKind, FormField, matching, refused_by
from cloutui.widgets.form_state import SUBMIT, FormState, Stop

DOORS = (Choice("ssh", "over SSH"), Choice("local", "on this host"))
SECRET = "hunter2-the-password"


def short(text: str) -> str:
    return f"{len(text)} characters, SP allows 8" if len(text) > 8 else ""


FIELDS = (
    FormField(name="name", label="Name", required=True, check=short),
    FormField(name="door", label="Door", kind=FieldKind.CHOICE, default="ssh", choices=lambda: DOORS),
    FormField(name="host", label="Host", required=True, shown=lambda values: values["door"] == "ssh"),
    FormField(name="password", label="Password", kind=FieldKind.SECRET),
)


def typed(state: FormState, text: str) -> None:
    assert state.field is not None
    for character in text:
        state.edits[state.field.name].press(character, character)
        state.typed()


def test_nothing_is_judged_while_a_text_is_typed_for_the_first_time() -> None:
    state = FormState(FIELDS)
    typed(state, "much-too-long")
    assert state.errors == {}
    state.move(1)
    assert state.errors == {"name": "13 characters, SP allows 8"}


def test_a_complaint_goes_as_soon_as_it_is_put_right() -> None:
    state = FormState(FIELDS)
    typed(state, "too-long-x")
    state.move(1)
    state.move(-1)
    for _ in range(2):
        assert "name" in state.errors
        state.edits["name"].press("backspace", None)
        state.typed()
    assert state.errors == {}


def test_a_field_that_is_left_empty_is_judged_on_submitting_only() -> None:
    state = FormState(FIELDS)
    state.move(1)
    assert state.errors == {}
    assert not state.submit()
    assert state.errors == {"name": "is needed", "host": "is needed"}


def test_submitting_goes_to_the_first_field_that_is_wrong() -> None:
    state = FormState(FIELDS, {"name": "SPA01"})
    state.go_to(SUBMIT)
    assert not state.submit()
    assert state.at == Stop("host")


def test_what_is_not_shown_is_neither_needed_nor_told() -> None:
    state = FormState(FIELDS, {"name": "SPA01", "door": "local", "host": "left from before"})
    assert state.submit()
    assert state.values == {"name": "SPA01", "door": "local"}
    assert Stop("host") not in state.stops()


def test_a_list_is_typed_into_by_its_labels_and_tells_its_values() -> None:
    state = FormState(FIELDS)
    state.go_to(Stop("door"))
    state.edits["door"].put("thi")
    state.move(1)
    assert state.edits["door"].text == "on this host"
    assert state.values["door"] == "local"


def test_a_word_that_is_in_no_list_is_refused() -> None:
    state = FormState(FIELDS, {"name": "SPA01", "host": "spa01.example"})
    state.edits["door"].put("through the window")
    assert not state.submit()
    assert "not in the list" in state.errors["door"]


def test_a_secret_is_in_no_value_and_in_no_repr() -> None:
    state = FormState(FIELDS, {"name": "SPA01"})
    state.edits["password"].put(SECRET)
    secret = state.secret("password")
    assert secret is not None
    assert secret.reveal() == SECRET
    assert SECRET not in f"{state!r} {state.values} {secret!r} {state.stops()} {state.errors}"


def test_the_button_that_reveals_is_there_once_there_is_something_to_reveal() -> None:
    state = FormState(FIELDS)
    reveal = Stop("password", is_button=True)
    assert reveal not in state.stops()
    state.edits["password"].put(SECRET)
    assert reveal in state.stops()


def test_what_was_stored_is_not_lost_by_leaving() -> None:
    state = FormState(FIELDS)
    assert not state.is_changed
    typed(state, "SPA01")
    assert state.is_changed
    state.kept()
    assert not state.is_changed


@given(st.lists(st.sampled_from([1, -1]), max_size=30), st.booleans())
def test_the_cursor_is_always_at_a_stop_and_comes_round(steps: Sequence[int], local: bool) -> None:
    state = FormState(FIELDS, {"door": "local" if local else "ssh"})
    stops = state.stops()
    for step in steps:
        state.move(step)
        assert state.at in stops
    assert stops[sum(steps) % len(stops)] == state.at


@given(st.text(max_size=6))
def test_a_list_holds_every_entry_that_has_the_words_and_no_other(text: str) -> None:
    choices = [Choice("Europe/Copenhagen"), Choice("Europe/Oslo"), Choice("UTC", note="no summer time")]
    found = matching(choices, text)
    for choice in choices:
        searched = f"{choice.shown} {choice.value} {choice.note}".casefold()
        assert (choice in found) == all(word in searched for word in text.casefold().split())


@pytest.mark.parametrize(("text", "wrong"), [("yes", ""), ("no", "“no” is not it. Write yes.")])
def test_a_function_of_the_model_that_refuses_becomes_a_check(text: str, wrong: str) -> None:
    def checked(value: str) -> str:
        if value != "yes":
            raise Invalid(f"“{value}” is not it.", hint="Write yes.")
        return value

    assert refused_by(checked)(text) == wrong
