"""How a form is drawn: which line is what, and the pieces of each. Knows no keys.

One column: the label, the field, and at its right a hint or what is wrong. Where there is no room for it at the right,
what is wrong stands below; in a narrow form the hint of the field that is being filled in does too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rich.cells import cell_len

from cloutui.model.safe_text import safe
from cloutui.model.status import Status
from cloutui.widgets.form_fields import FieldKind, FormField
from cloutui.widgets.form_state import SUBMIT, FormState, Stop
from cloutui.widgets.line_edit import LineEdit
from cloutui.widgets.look import Look
from cloutui.widgets.text import Piece, cut, first_shown, length, pad, wrap

INDENT = 2
LABEL = 18
_WIDE_FROM = 90
"""From here on hints stand at the right."""
_MOST_FIELD = 40
_MOST_LIST = 58
_LEAST_RIGHT = 34
_GAP = "   "
_LEAST_BELOW = 16
"""Before a form has a size it is asked for its lines all the same."""
REVEAL = " Reveal "


@dataclass(frozen=True, slots=True)
class FormLine:
    """One line: a field, a part of what is said below one, or with neither the button or a blank."""

    field: FormField | None = None
    below: str | None = None
    is_submit: bool = False

    def is_of(self, name: str) -> bool:
        """Whether it is of the field of that name."""
        return self.field is not None and self.field.name == name


def field_width(width: int) -> int:
    """Of what is typed, in a form of that width."""
    room = width - INDENT - LABEL - 1
    if width >= _WIDE_FROM:
        room -= _LEAST_RIGHT
    return max(12, min(_MOST_FIELD, room - len(REVEAL) - 2))


def list_width(width: int) -> int:
    """Of the list that opens under a field: wider than the field, for what stands beside its entries."""
    return max(12, min(_MOST_LIST, width - INDENT - LABEL - 1))


def lines_of(state: FormState, width: int) -> list[FormLine]:
    """From the first field to the button."""
    return [*_fields(state, width), FormLine(), FormLine(is_submit=True)]


def _fields(state: FormState, width: int) -> Iterator[FormLine]:
    for field in state.shown():
        yield FormLine(field)
        said = safe(_said_below(field, state, width))
        for part in wrap(said, max(_LEAST_BELOW, width - INDENT - LABEL - 3)) if said else ():
            yield FormLine(field, part)


def _said_below(field: FormField, state: FormState, width: int) -> str:
    wrong = state.errors.get(field.name, "")
    if width >= _WIDE_FROM:
        return "" if cell_len(safe(wrong)) <= _room_at_right(width) else wrong
    return wrong or (field.hint if state.at.field == field.name else "")


def _room_at_right(width: int) -> int:
    """For a complaint, after the sign of it."""
    return width - INDENT - LABEL - field_width(width) - len(_GAP) - 3


class FormPainter:
    """Draws the lines of one form."""

    def __init__(self, look: Look, state: FormState) -> None:
        self.look = look
        self.state = state
        self.revealed = ""
        """The secret field whose text is shown."""

    def field(self, field: FormField, width: int, *, focused: bool) -> list[Piece]:
        """Label, text, and what stands at the right."""
        palette, glyphs, here = self.look.palette, self.look.glyphs, self.state.at.field == field.name
        marker = (glyphs.cursor if focused else glyphs.cursor_away) if here else " "
        label = cut(safe(field.label), LABEL - 3, glyphs.cut) + (" *" if field.required else "")
        pieces: list[Piece] = [
            (f"{marker} ", palette.style("accent")),
            (pad(label, LABEL), palette.style("text" if here else "muted", bold=here)),
            *self._text(field, field_width(width), is_typed=focused and here and not self.state.at.is_button),
        ]
        if field.kind is FieldKind.SECRET and self.state.edits[field.name].text:
            pieces += [(" ", palette.style()), self._button(REVEAL, Stop(field.name, is_button=True), focused=focused)]
        return pieces if width < _WIDE_FROM else [*pieces, *self._right(field, width - length(pieces))]

    def _right(self, field: FormField, room: int) -> list[Piece]:
        palette, wrong = self.look.palette, self.state.errors.get(field.name, "")
        gap: Piece = (_GAP, palette.style())
        if cell_len(safe(wrong)) > room - len(_GAP) - 2:
            return []
        if wrong:
            return [gap, (f"{self.look.glyphs.status[Status.ERROR]} {safe(wrong)}", palette.style("error"))]
        hint = "" if field.kind is FieldKind.SECRET and self.state.edits[field.name].text else field.hint
        return [gap, (cut(safe(hint), max(0, room - 3), self.look.glyphs.cut), palette.style("muted"))]

    def below(self, line: FormLine, *, is_first: bool) -> list[Piece]:
        """A line under a field."""
        assert line.field is not None
        is_wrong = line.field.name in self.state.errors
        sign = self.look.glyphs.status[Status.ERROR] if is_wrong and is_first else " "
        lead = " " * (INDENT + LABEL - (0 if is_wrong else 2))
        style = self.look.palette.style("error" if is_wrong else "muted")
        return [(f"{lead}{sign} {line.below}", style)]

    def submit(self, words: str, note: str, *, focused: bool) -> list[Piece]:
        """The button, and what is said beside it."""
        palette, here = self.look.palette, self.state.at == SUBMIT
        marker = (self.look.glyphs.cursor if focused else self.look.glyphs.cursor_away) if here else " "
        return [
            (f"{marker} ".ljust(INDENT + LABEL), palette.style("accent")),
            self._button(f" {words} ", SUBMIT, focused=focused),
            (f"  {note}", palette.style("muted")),
        ]

    def _button(self, words: str, stop: Stop, *, focused: bool) -> Piece:
        here = focused and self.state.at == stop
        return (words, self.look.palette.style("accent", "cursor-ground" if here else "panel", bold=True))

    def _text(self, field: FormField, width: int, *, is_typed: bool) -> list[Piece]:
        """As much of the text as fits, with the cursor in it, on a ground that shows where one types."""
        palette, glyphs, edit = self.look.palette, self.look.glyphs, self.state.edits[field.name]
        has_list = field.has_list
        before, after = self._around_cursor(field, edit, width - 2 - (2 if has_list else 0))
        style = palette.style("error" if field.name in self.state.errors else "text", "panel")
        pieces: list[Piece] = [
            (" ", style),
            (before, style),
            (glyphs.caret if is_typed else "", palette.style("accent", "panel")),
            (after, style),
        ]
        gap = max(0, width - length(pieces) - (2 if has_list else 0))
        return [*pieces, (" " * gap, style), (f"{glyphs.opened} " if has_list else "", palette.style("muted", "panel"))]

    def _around_cursor(self, field: FormField, edit: LineEdit, room: int) -> tuple[str, str]:
        if field.kind is FieldKind.SECRET and self.revealed != field.name:
            dot = "*" if self.look.glyphs.rule.isascii() else "•"
            before, after = dot * edit.cursor, dot * (len(edit.text) - edit.cursor)
        else:
            before, after = safe(edit.text[: edit.cursor]), safe(edit.text[edit.cursor :])
        if cell_len(before) > room:
            before = self.look.glyphs.cut + before[first_shown(before, room - 1) :]
        return before, cut(after, max(0, room - cell_len(before)), self.look.glyphs.cut)
