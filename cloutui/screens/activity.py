"""The screen of the activity log: who did what, when and why; and whether the log is still as it was written."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from textual.binding import Binding, BindingType

from cloutui.errors import CloutuiError
from cloutui.model import formats
from cloutui.model.safe_text import safe
from cloutui.model.status import Status
from cloutui.screens.activity_words import (
    chain_words,
    check_line,
    difference_lines,
    differences,
    parsed,
    typed,
    written,
)
from cloutui.screens.background import ask_in_background
from cloutui.screens.day_table import DayTable
from cloutui.screens.desk import Desk
from cloutui.screens.fields import Field, field_lines
from cloutui.screens.moments import aware
from cloutui.screens.notices import empty_notice
from cloutui.screens.subject import Subject
from cloutui.screens.table_view import Listing
from cloutui.widgets.lines import VIEW
from cloutui.widgets.paragraph import Paragraph
from cloutui.widgets.result_cells import Cell, Writing

if TYPE_CHECKING:
    from cloutui.model.table import Answer
    from cloutui.records.rows import Verification

_DAYS = 7
"""So many are shown, up to the day that is looked at."""
_OUTCOMES = {"done": "muted", "intent": "running", "failed": "error", "broken off": "error"}


def _moment(value: Any, status: Status | None, writing: Writing) -> Cell:
    """Today to the second: lines of one minute are told apart."""
    del status
    moment = aware(value)
    assert moment is not None
    is_today = moment.astimezone(writing.zone).date() == writing.now.astimezone(writing.zone).date()
    if is_today:
        return Cell(formats.exact_clock(moment, writing.zone), "muted")
    return Cell(formats.time(moment, writing.now, writing.zone), "muted")


def _outcome(value: Any, status: Status | None, writing: Writing) -> Cell:
    del status, writing
    return Cell(safe(str(value)), _OUTCOMES.get(value, "text"), bold=value in {"failed", "broken off"})


def _sentence(value: Any, status: Status | None, writing: Writing) -> Cell:
    del status
    return Cell(safe(typed(str(value), writing.glyphs)), "text")


ACTIVITY = Listing(
    report="activity",
    key=("seq",),
    shown=("at", "actor", "action", "sentence", "reason", "outcome", "face", "unit"),
    noun="line",
    writers={"at": _moment, "sentence": _sentence, "outcome": _outcome},
)


class Activity(DayTable):
    """Lines of the log, the newest first."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("F", "follow", "follow the newest", id="activity.follow", tooltip="follow", group=VIEW),
    ]

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "Activity", ACTIVITY)
        self.verified: Verification | None = None
        """None until the chain has been read."""
        self.verified_at: datetime | None = None
        self._said = ""

    def crumbs(self) -> list[str]:
        """Screen and last day."""
        return ["Activity", *([formats.dense_day(self._day)] if self._day else [])]

    def prepare(self) -> None:
        """All of a line is told below: there is nothing more to open."""
        super().prepare()
        self.table.can_open = False

    def parameters(self) -> dict[str, object]:
        """A week of days."""
        last = self.shown_day
        return {"first": (last - timedelta(days=_DAYS - 1)).isoformat(), "last": last.isoformat()}

    # Facts.

    def reload(self, *, anew: bool = False) -> None:
        """Ask again; and when the reader asked for it, read the whole chain."""
        super().reload(anew=anew)
        if self.desk.session is not None and (anew or self.verified is None):
            ask_in_background(self, self._verify, "verify")

    async def _verify(self) -> None:
        assert self.desk.session is not None
        began = self.desk.now()
        try:
            self.verified = await self.desk.session.verify_activity()
        except CloutuiError:
            return  # the lines can be read all the same, and nothing is claimed of them
        self.verified_at = began
        self.entitle(self._said)
        if self.peek is not None:
            self.peek.forget()
            self.tell()

    def note(self, answer: Answer) -> str:
        """Which days, and how many lines."""
        glyphs = self.desk.look.glyphs
        days = f"{glyphs.before} {_DAYS}d to {formats.short_day(self.shown_day)} {glyphs.after}"
        # There are notes when the log has more lines than one answer.
        counted = "the newest " if answer.notes else ""
        following = "   following" if self.is_following else ""
        return f"{days}   {counted}{formats.plural(answer.total, self.listing.noun)}{following}"

    def entitle(self, note: str) -> None:
        """What is known of the chain stands beside it."""
        self._said = note
        chain = chain_words(self.verified, self.verified_at, self.desk.look, self.desk.now(), self.desk.zone)
        super().entitle(f"{note}   {chain}" if note else chain)

    def why_empty(self) -> list[Paragraph]:
        """Nothing was done, or the filter hides it."""
        look = self.desk.look
        if self.filter:
            return empty_notice(look, f"No line of these days matches {self.filter}.", ("[", "goes a day back"))
        said = (
            f"Nothing was done in {self.desk.scope_name()} in the {_DAYS} days to {formats.short_day(self.shown_day)}."
        )
        return empty_notice(look, said, ("{", "goes a week back"), ("b", "chooses another unit"))

    def subject(self) -> Subject | None:
        """Who did it."""
        row = self.chosen()
        return Subject(name=row["actor"], user=row["actor"]) if row else None

    # The peek.

    def entitle_peek(self, row: dict[str, Any]) -> None:
        """What was done, and its number."""
        assert self.peek is not None
        self.peek.entitle(
            f"{row['action']}  {row['target']}", f"line {formats.exact_count(row['seq'])}   {row['class']}"
        )

    def glance(self, row: dict[str, Any]) -> list[Paragraph]:
        """The sentence, why, and who from where."""
        palette = self.desk.look.palette
        sentence = typed(row["sentence"] or "", self.desk.look.glyphs)
        said = [Paragraph([("    ", palette.style())], sentence)]
        if row["reason"]:
            lead = [("    ", palette.style()), ("reason  ", palette.style("muted"))]
            said.append(Paragraph(lead, row["reason"]))
        return said

    async def detail(self, row: dict[str, Any]) -> Sequence[Paragraph]:
        """With what was before and after, and the hash."""
        assert self.desk.session is not None
        assert self.peek is not None
        answer = await self.desk.session.ask("activity-entry", unit=self.desk.scope, seq=row["seq"])
        found = answer.rows.to_pylist()
        if not found:
            return self.glance(row)
        entry, look = found[0], self.desk.look
        changed = differences(parsed(entry["before"]), parsed(entry["after"]))
        return [
            *self.glance(row),
            *difference_lines(changed, look),
            *field_lines(self._fields(entry), look, self.peek.inner_width),
            check_line(entry["seq"], entry["hash"], self.verified, look),
        ]

    def _fields(self, entry: dict[str, Any]) -> list[Field]:
        at = aware(entry["at"])
        intent = entry["intent_seq"]
        return [
            ("at", formats.exact_time(at, self.desk.zone) if at else ""),
            ("actor", f"{entry['actor']}, {entry['role']}"),
            ("unit", entry["unit"] or ""),
            ("outcome", entry["outcome"]),
            ("came by", entry["face"]),
            ("session", entry["session"] or ""),
            ("intent", f"line {formats.exact_count(intent)}" if intent else ""),
            ("given", written(parsed(entry["params"]))),
        ]
