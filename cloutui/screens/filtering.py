"""The filter of a view: a row under its title, applied while it is typed.

A filter that cannot be understood keeps the rows of the last one that could; `enter` keeps it, `esc` brings back the
one before.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.geometry import Offset
from textual.timer import Timer

from cloutui.errors import CloutuiError
from cloutui.model import formats
from cloutui.model.status import Status
from cloutui.screens.background import ask_in_background
from cloutui.screens.desk import Desk
from cloutui.screens.view import Filtered
from cloutui.screens.wayfinding import Wayfinding
from cloutui.widgets.lines import MOVE

if TYPE_CHECKING:
    from cloutui.model.filter.completion import Candidate
    from cloutui.screens.notice_board import NoticeBoard
    from cloutui.screens.offering import Offering
    from cloutui.widgets.field import Field

PAUSE_S = 0.12
"""After which what was typed is applied."""


class Filtering(Wayfinding):
    """The navigator with a filter row, and notices."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "filter", "filter", id="view.filter", key_display="/", group=MOVE),
    ]

    def __init__(self, desk: Desk, start: str) -> None:
        super().__init__(desk, start)
        self._filter_row: Field | None = None
        self._notices: NoticeBoard | None = None
        self._pause: Timer | None = None
        self._filter_before = ""
        self._offering: Offering | None = None

    # The row.

    @property
    def filter_row(self) -> Field:
        """The row, which comes with the first filter."""
        if self._filter_row is None:
            from cloutui.widgets.field import Field

            self._filter_row = Field(self.desk.look, "  / ", id="filter")
            self.query_one("#content", Container).mount(self._filter_row)
        return self._filter_row

    @property
    def is_filtering(self) -> bool:
        """Whether a filter is being typed."""
        return self._filter_row is not None and self._filter_row.has_focus

    def action_filter(self) -> None:
        """Type a filter."""
        if self.view.TAKES_FILTER and not self.is_filtering:
            self._filter_before = self.view.filter
            if self._offering is not None:
                self._offering.forget()
            self._show_filter(open_it=True)
            self.set_focus(self.filter_row)  # at once: what is typed after it may already be waiting
            self.call_after_refresh(self._suggest)

    def _show_filter(self, *, open_it: bool = False) -> None:
        """The row stands under the title as long as there is a filter, or one is typed."""
        view, row = self.view, self.filter_row
        shown = view.TAKES_FILTER and (open_it or bool(view.filter))
        if row.text != view.filter and not self.is_filtering:
            row.put(view.filter)
        row.display = shown
        # While one types, what may follow stands in a line below.
        lines = 0 if not shown else 2 if open_it or self.is_filtering else 1
        row.styles.height = max(1, lines)
        view.main.leave_gap(lines)
        self.call_after_refresh(self._place_filter)

    def _place_filter(self) -> None:
        self.filter_row.styles.width = max(1, self.view.main.inner_width)
        self.filter_row.styles.offset = Offset(0, 1)

    def view_changed(self) -> None:
        """Its own filter, or none."""
        if self._filter_row is not None or self.view.filter:
            self._show_filter()

    def _filter_typed(self) -> None:
        if self._pause is not None:
            self._pause.stop()
        self._pause = self.set_timer(PAUSE_S, self._apply_filter)

    def _apply_filter(self) -> None:
        self._pause = None
        if self.is_filtering:
            self._suggest()
            self.set_filter(self.filter_row.text)

    def set_filter(self, text: str) -> None:
        """Ask with this filter from now on."""
        if text != self.view.filter:
            self.view.filter = text
            self.view.reload(anew=True)
        if not self.is_filtering and (text or self._filter_row is not None):
            self._show_filter()

    @on(Filtered)
    def _filtered(self, message: Filtered) -> None:
        if message.view is not self.view or (self._filter_row is None and message.problem is None):
            return
        row, problem = self.filter_row, message.problem
        if problem is None:
            matched, everything = formats.count(message.matched), formats.count(message.everything)
            row.say(f"{matched} of {everything}" if self.view.filter else "")
            self.call_after_refresh(self._place_filter)
            if self.view.filter and not message.matched and message.everything:
                ask_in_background(self, partial(self._say_no_match, message.everything), "no match")
        elif self.is_filtering:
            at = (problem.at.start, problem.at.end)
            row.say(f"{problem.what} {problem.hint}", wrong=at)
        else:
            # It came along from another screen, or with a link: better all rows than none.
            self.tell(f"The filter “{self.view.filter}” does not fit here. {problem.what}", Status.WARNING)
            self.set_filter("")

    async def _say_no_match(self, hidden: int) -> None:
        """At once how much is hidden; then the word that may have been meant."""
        from cloutui.screens.no_match import meant_filter, no_match

        view, text, question = self.view, self.view.filter, self.view.question()
        view.main.say(no_match(self.desk, text, hidden))
        meant = await meant_filter(self.desk, question) if question is not None else ""
        if meant and self.view is view and view.filter == text:
            view.main.say(no_match(self.desk, text, hidden, meant))

    def _filter_entered(self) -> None:
        if self._pause is not None:
            self._pause.stop()
            self._apply_filter()
        if self.filter_row.wrong is None:
            self._leave_filter()

    def _filter_left(self) -> None:
        self._leave_filter()
        self.set_filter(self._filter_before)

    # By their names: to name the field's class, it would have to be loaded before the first paint.

    def on_field_changed(self, message: Field.Changed) -> None:
        """A letter more, or less."""
        if message.field is self._filter_row:
            self._filter_typed()

    async def on_field_entered(self, message: Field.Entered) -> None:
        """Keep it."""
        if message.field is self._filter_row:
            self._filter_entered()

    def on_field_left(self, message: Field.Left) -> None:
        """Back to the one before."""
        if message.field is self._filter_row:
            self._filter_left()

    def on_field_stepped(self, message: Field.Stepped) -> None:
        """Down, to the rows."""
        if message.field is self._filter_row and message.by > 0:
            self._filter_entered()

    def _leave_filter(self) -> None:
        self.set_focus(self.view.main)
        self.filter_row.suggest("")
        self.filter_row.below = ()
        self.call_after_refresh(self._show_filter)

    def clear_filter(self) -> bool:
        """All rows again. Returns whether there was a filter."""
        was = bool(self.view.filter)
        self.set_filter("")
        return was

    def _suggest(self) -> None:
        """What may follow, in a line below; the likeliest end of the word that is being typed also in faint."""
        from cloutui.screens.offering import Offering, offered_line

        row, question = self.filter_row, self.view.question()
        if question is None or not self.is_filtering or row.edit.cursor < len(row.text):
            return
        if self._offering is None:
            self._offering = Offering(self.desk, self, self._suggest)
        found = self._offering.of(row.text, len(row.text), question)
        row.below = offered_line(self.desk, found)
        row.suggest(_end_of(row.text, found[0]) if found else "")
        row.refresh()

    # Notices.

    @property
    def notices(self) -> NoticeBoard:
        """The board, which comes with the first notice."""
        if self._notices is None:
            from cloutui.screens.notice_board import NoticeBoard

            self._notices = NoticeBoard(self.desk)
            self.mount(self._notices)
        return self._notices

    def has_waiting_notices(self) -> bool:
        """Whether something waits to be put away."""
        return self._notices is not None and any(notice.stays for notice in self._notices.shown)

    def tell(self, text: str, status: Status = Status.OK) -> None:
        """Say something beside what is shown."""
        self.notices.tell(text, status)
        main, height = self.view.main, self.app.size.height
        cursor_y = main.region.y + 1 + main.gap + main.HEADS + main.cursor - main.top
        bottom = height - 1 - (1 if self.layout_now.has_status_bar else 0)
        self.notices.lie_over(self.app.size.width, bottom, cursor_y)

    def complain(self, error: CloutuiError) -> None:
        """Say what did not work, and what to do."""
        self.tell(f"{error.what} {error.hint}", Status.ERROR)


def _end_of(text: str, candidate: Candidate) -> str:
    """What is still to be typed of it. Nothing before a word is begun, unless it is a value."""
    typed = text[candidate.place.start :]
    is_due = bool(typed) or text.endswith((":", "=", "|"))
    return candidate.text[len(typed) :] if is_due and candidate.text.lower().startswith(typed.lower()) else ""
