"""A form being filled in: texts, the place of the cursor, and what is wrong so far. Knows no widget.

Nothing is judged while a text is typed for the first time: only when its field is left, and on submitting. A text that
was found wrong is judged again with every key, so that the complaint goes as soon as it is put right.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cloutui.model.secret import Secret
from cloutui.widgets.form_fields import Choice, FieldKind, FormField, Values, matching
from cloutui.widgets.line_edit import LineEdit


@dataclass(frozen=True, slots=True)
class Stop:
    """Where the cursor can stand: a field, the button beside a secret, or the one that submits (with no field)."""

    field: str = ""
    is_button: bool = False


SUBMIT = Stop("", is_button=True)


class FormState:
    """What has been typed. Texts of lists are their labels, as they are seen."""

    def __init__(self, fields: Sequence[FormField], values: Values | None = None) -> None:
        """`values` stand in place of the defaults."""
        self.fields = fields
        self._by_name = {field.name: field for field in fields}
        self._lists: dict[str, Sequence[Choice]] = {}
        given = values or {}
        self.edits = {
            field.name: LineEdit(self._label(field, given.get(field.name, field.default))) for field in fields
        }
        self._before = self._texts()
        self.errors: dict[str, str] = {}
        self.at = Stop(fields[0].name)

    def __repr__(self) -> str:
        """The names alone: texts may be secrets."""
        return f"FormState({', '.join(self._by_name)})"

    # What is in it.

    def shown(self) -> list[FormField]:
        """The fields that have a meaning now."""
        values: dict[str, str] = {}
        found = []
        for field in self.fields:
            if field.shown(values):
                found.append(field)
                values[field.name] = self.value(field.name)
        return found

    def value(self, name: str) -> str:
        """Of one field, without the blanks around it; of a secret nothing."""
        field, text = self._by_name[name], self.edits[name].text
        if field.kind is FieldKind.SECRET:
            return ""
        if field.kind is FieldKind.CHOICE:
            return next((choice.value for choice in self.choices(name) if choice.shown == text), "")
        return text.strip()

    @property
    def values(self) -> Values:
        """Of the fields that are shown, but for secrets."""
        return {field.name: self.value(field.name) for field in self.shown() if field.kind is not FieldKind.SECRET}

    def secret(self, name: str) -> Secret | None:
        """What was typed into a secret's field; None when it is empty or not shown."""
        text = self.edits[name].text
        return Secret(text) if text and self._by_name[name] in self.shown() else None

    def choices(self, name: str) -> Sequence[Choice]:
        """The whole list of a field."""
        if name not in self._lists:
            self._lists[name] = self._by_name[name].choices()
        return self._lists[name]

    @property
    def is_changed(self) -> bool:
        """Whether leaving would lose something."""
        return self._texts() != self._before

    def kept(self) -> None:
        """What stands there now has been stored: there is nothing to lose."""
        self._before = self._texts()

    def put(self, values: Mapping[str, str]) -> None:
        """Other values, which nobody typed."""
        for name, value in values.items():
            self.edits[name].put(self._label(self._by_name[name], value))
            self.errors.pop(name, None)

    def _texts(self) -> dict[str, str]:
        return {name: edit.text for name, edit in self.edits.items()}

    def _label(self, field: FormField, value: str) -> str:
        if field.kind is not FieldKind.CHOICE or not value:
            return value
        return next((choice.shown for choice in self.choices(field.name) if choice.value == value), "")

    # Moving.

    @property
    def field(self) -> FormField | None:
        """The field that takes what is typed; None on a button."""
        return None if self.at.is_button else self._by_name[self.at.field]

    def stops(self) -> list[Stop]:
        """In the order of `tab`."""
        found = []
        for field in self.shown():
            found.append(Stop(field.name))
            if field.kind is FieldKind.SECRET and self.edits[field.name].text:
                found.append(Stop(field.name, is_button=True))
        return [*found, SUBMIT]

    def move(self, by: int) -> None:
        """To the next stop, or the one before; from the last to the first."""
        self.leave()
        stops = self.stops()
        here = stops.index(self.at) if self.at in stops else stops.index(Stop(self.at.field))
        self.at = stops[(here + by) % len(stops)]

    def go_to(self, stop: Stop) -> None:
        """To that stop, if it is there."""
        if stop != self.at and stop in self.stops():
            self.leave()
            self.at = stop

    # What is wrong.

    def leave(self) -> None:
        """Judge the field that is left. An empty one is judged on submitting: it may be filled in later."""
        field = self.field
        if field is not None and self.edits[field.name].text:
            self._complete(field)
            self._judge(field)

    def typed(self) -> None:
        """After a key: a complaint stays only as long as it is true."""
        field = self.field
        if field is not None and field.name in self.errors:
            self._judge(field)

    def submit(self) -> bool:
        """Judge everything. When something is wrong, the cursor goes to the first that is."""
        shown = self.shown()
        for field in shown:
            self._complete(field)
            self._judge(field)
        wrong = next((field for field in shown if field.name in self.errors), None)
        if wrong is not None:
            self.at = Stop(wrong.name)
        return wrong is None

    def refuse(self, name: str, why: str) -> None:
        """Somebody else found a value wrong: the cursor goes there."""
        self.errors[name] = why
        self.at = Stop(name)

    def _complete(self, field: FormField) -> None:
        """A beginning that only one entry of the list has is that entry."""
        edit = self.edits[field.name]
        if field.kind is FieldKind.CHOICE and edit.text and not self.value(field.name):
            found = matching(self.choices(field.name), edit.text)
            if len(found) == 1:
                edit.put(found[0].shown)

    def _judge(self, field: FormField) -> None:
        wrong = self._wrong(field)
        if wrong:
            self.errors[field.name] = wrong
        else:
            self.errors.pop(field.name, None)

    def _wrong(self, field: FormField) -> str:
        text = self.edits[field.name].text
        if not text.strip():
            return "is needed" if field.required else ""
        if field.kind is FieldKind.CHOICE and not self.value(field.name):
            return "is not in the list: ↓ shows it"
        return field.check(text if field.kind is FieldKind.SECRET else text.strip())
