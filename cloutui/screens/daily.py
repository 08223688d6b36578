"""The screen `2 Daily`: how every node of the scope stood on a day, the worst first, and why."""

from __future__ import annotations

from asyncio import to_thread
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events
from textual.binding import Binding, BindingType

from cloutui.errors import CloutuiError
from cloutui.model import formats
from cloutui.model.link import Link
from cloutui.model.privilege import Privilege
from cloutui.model.status import Status
from cloutui.screens.background import ask_in_background
from cloutui.screens.daily_since import with_since
from cloutui.screens.daily_words import (
    as_many_as_fit,
    handled,
    headline,
    last_comment,
    many_comments,
    other_hits,
    strip,
)
from cloutui.screens.day_table import DayTable
from cloutui.screens.desk import Desk
from cloutui.screens.job_log import ask_log
from cloutui.screens.jobs import Cell, Job, jobs_of, subject_of_cell
from cloutui.screens.notices import empty_notice
from cloutui.screens.subject import Subject
from cloutui.screens.table_view import Listing, field_lines_left_out, where
from cloutui.screens.view import CellOpened, LinkOpened
from cloutui.widgets.lines import GO, MOVE, VIEW
from cloutui.widgets.paragraph import Paragraph, lay_out
from cloutui.widgets.result_cells import Writing, growth
from cloutui.widgets.result_seek import SINCE

if TYPE_CHECKING:
    from cloutui.model.table import Answer

DAILY = Listing(
    report="daily",
    key=("node_id",),
    shown=(
        *("node", "unit", "status", "stored", "delta", "sent", "last_ok", "handled", "comments"),
        *("run", "server", "platform", "warnings"),
    ),
    noun="report",
    status_detail="reason",
    writers={"delta": growth, "handled": handled, "comments": many_comments},
)
_UNDECIDED = (Status.RUNNING, Status.PENDING)
_TOLD = {"said", "bad days", "server", "os", "warnings", "since then"}
"""Columns that the peek says in words of its own."""
_AS_OF_NOW = 0
"""The revision of a day as its facts and rules are now."""


class Daily(DayTable):
    """How each node stood on a day, the worst first."""

    BESIDE = (SINCE,)
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("i", "reasons", "why: the rules behind it", id="daily.why", tooltip="why", group=VIEW),
        Binding("E", "rules", "what counts as a warning here", id="daily.rules", tooltip="rules", group=GO),
        Binding("d", "pick_day", "choose a day", id="daily.pick-day", show=False, group=MOVE),
        Binding("z", "revision", "as it was closed, before, as of now", id="daily.revision", show=False, group=VIEW),
        Binding("P", "print", "print view", id="daily.print", show=False, group=VIEW),
    ]

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "Daily status", DAILY)
        self.revision: int | None = None
        """Of a day that is closed, the one that is looked at; None: the newest."""
        self._newest = _AS_OF_NOW
        """The newest revision of the day, as far as it is closed."""

    def crumbs(self) -> list[str]:
        """The screen: its title says the day."""
        return ["Daily"]

    def parameters(self) -> dict[str, object]:
        """One day, as it was closed."""
        asked: dict[str, object] = {"day": self.shown_day.isoformat()}
        return asked if self.revision is None else {**asked, "revision": self.revision}

    def place_named(self, text: str) -> int | None:
        """A link names a node by its id."""
        return int(text) if text.isdecimal() else None

    # What was said since it was closed.

    async def ask(self, report: str, **asked: object) -> Answer | None:
        """Of a day that is closed, with what was said since."""
        answer = await super().ask(report, **asked)
        return None if answer is None else await with_since(self.desk, answer, self.parameters())

    def wanted_columns(self) -> Sequence[str]:
        """And what was said since, wherever there is anything."""
        return [*super().wanted_columns(), SINCE]

    def _show(self, answer: Answer, *, anew: bool) -> None:
        before = len(self.table.columns)
        super()._show(answer, anew=anew)
        if len(self.table.columns) > before:
            self.table.choose_columns(self.wanted_columns())

    # Which revision of the day.

    def go_to(self, day: date) -> None:
        """Another day is shown as it was closed last."""
        if day != self.shown_day:
            self.revision, self._newest = None, _AS_OF_NOW
        super().go_to(day)

    def link_query(self) -> dict[str, str]:
        """With an older revision."""
        return {**super().link_query(), **({} if self.revision is None else {"revision": str(self.revision)})}

    def show(self, link: Link, place: Any = None) -> None:
        """A link may name a revision."""
        if link.day is not None:
            self.go_to(link.day)
        named = link.query.get("revision", "")
        self.revision = int(named) if named.isdecimal() else None
        super().show(link, place)

    def action_revision(self) -> None:
        """From the newest to those before it, to the day as of now, and back to the newest."""
        shown = self._newest if self.revision is None else self.revision
        self.revision = shown - 1 if shown > _AS_OF_NOW else None
        self.reload(anew=True)

    def _how_closed(self, answer: Answer) -> str:
        """Whether what is shown can still change."""
        newest = max(filter(None, answer.rows.column("revision").unique().to_pylist()), default=_AS_OF_NOW)
        if self.revision is None:
            self._newest = newest
        if self.revision == _AS_OF_NOW:
            return "as of now"
        if newest == _AS_OF_NOW:
            return ""
        return "closed" if newest == self._newest == 1 else f"closed, revision {newest}"

    # The title.

    def _picked_day(self) -> str:
        glyphs = self.desk.look.glyphs
        return f"{glyphs.before} {formats.long_day(self.shown_day)} {glyphs.after}"

    def note(self, answer: Answer) -> str:
        """The day, how much of it is decided, and whether it can still change."""
        parts, total = [self._picked_day(), self._how_closed(answer)], answer.total
        if answer.rows.num_rows < total:
            parts.append(formats.plural(total, "report"))  # the others are on their way
        else:
            counted = Counter(answer.rows.column("status").to_pylist())
            still = {status.word.lower(): counted[status] for status in _UNDECIDED}
            parts.append(f"processed {formats.count(total - sum(still.values()))} / {formats.count(total)}")
            parts.append(", ".join(f"{word} {formats.count(number)}" for word, number in still.items() if number))
        return "   ".join(filter(None, parts))

    def on_click(self, event: events.Click) -> None:
        """A click on the day in the title: its arrows go a day back and on, the day itself opens the calendar."""
        table = self.table.region
        day = self._picked_day()
        start = table.x + self.table.rule().text.find(day)
        at = event.screen_x - start
        if event.screen_y != table.y or start < table.x or not 0 <= at < len(day):
            return
        event.stop()
        if at < 2:
            self.move_day(-1)
        elif at >= len(day) - 2:
            self.move_day(1)
        else:
            self.action_pick_day()

    def action_pick_day(self) -> None:
        """Any day, from a calendar that shows how each went."""
        from cloutui.screens.calendar_box import CalendarBox

        def picked(day: date | None) -> None:
            if day is not None:
                self.move_day((day - self.shown_day).days)

        self.app.push_screen(CalendarBox(self.desk, self.shown_day), picked)

    def why_empty(self) -> list[Paragraph]:
        """Nothing was known of that day, or the filter hides it."""
        look, day, name = self.desk.look, formats.short_day(self.shown_day), self.desk.scope_name()
        if self.filter:
            return empty_notice(look, f"No report of {day} matches {self.filter}.", ("esc", "clears the filter"))
        if not self.desk.as_of:
            return self.no_servers()
        said = f"No node of {name} has a report of {day}."
        return empty_notice(look, said, ("[", "goes a day back"), ("b", "chooses another unit"))

    # The peek.

    def entitle_peek(self, row: dict[str, Any]) -> None:
        """The node, where it belongs, and what it runs."""
        assert self.peek is not None
        client = f"   client {row['client_version']}" if row["client_version"] else ""
        enter = self.desk.look.glyphs.enter
        path = where(self.desk, row["unit"], row["server"], row["domain"])
        self.peek.entitle(row["node"], f"{path}{client}   {enter} full report")

    def glance(self, row: dict[str, Any]) -> list[Paragraph]:
        """How it stands, and what was said of it."""
        desk = self.desk
        return [
            headline(desk, row),
            *other_hits(desk, row),
            *last_comment(desk, row),
            *field_lines_left_out(self, _TOLD),
        ]

    async def detail(self, row: dict[str, Any]) -> Sequence[Paragraph]:
        """With the job or the rules that it comes from, as much of a log as fits, and the two weeks before."""
        assert self.peek is not None
        desk, job = self.desk, await self._telling_job(row)
        is_bad, bad_job = Status(row["status"]).is_problem, job if job is not None and job.status.is_problem else None
        why = await self._why(row) if is_bad and bad_job is None else other_hits(desk, row)
        before = [headline(desk, row, job), *why]
        days = await strip(desk, row["node_id"], self.shown_day)
        after = [*last_comment(desk, row), *days, *field_lines_left_out(self, _TOLD)]
        plain, width = desk.look.palette.style(), self.peek.inner_width
        room = self.peek.page_rows - len(lay_out([*before, *after], width, plain))
        log = await self._log(bad_job) if is_bad and bad_job is not None else []
        return [*before, *as_many_as_fit(log, room, width, plain), *after]

    async def _why(self, row: dict[str, Any]) -> Sequence[Paragraph]:
        """The rules that it hit, where no job says it."""
        from cloutui.screens.daily_reasons import reasons

        assert self.desk.session is not None
        asked: dict[str, object] = {"node_id": row["node_id"], "day": self.shown_day.isoformat()}
        answer = await self.desk.session.ask("node-grades", unit=self.desk.scope, **asked)
        return reasons(answer.rows.to_pylist(), self.desk) or other_hits(self.desk, row)

    async def _log(self, job: Job) -> Sequence[Paragraph]:
        """What went wrong in it; where nothing did, its last lines, or what its server said."""
        log = await ask_log(self.desk, job)
        return [line for line in log if line.is_problem] or log or job.paragraphs(self.desk)[1:]

    async def _telling_job(self, row: dict[str, Any]) -> Job | None:
        """The worst of the day's jobs; None on a day without any."""
        assert self.desk.session is not None
        answer = await self.desk.session.ask(
            "node-day", unit=self.desk.scope, node_id=row["node_id"], day=self.shown_day.isoformat()
        )
        return next(iter(jobs_of(answer)), None)

    # What is under the cursor.

    def _cell(self, row: dict[str, Any]) -> Cell:
        return Cell(
            node_id=row["node_id"], node=row["node"], unit=row["unit"], server=row["server"], day=self.shown_day
        )

    def subject(self) -> Subject | None:
        """The node on the day."""
        row = self.chosen()
        return replace(subject_of_cell(self._cell(row)), bad_days=row["run"] or 0) if row else None

    def problems(self) -> Sequence[Subject]:
        """Every report that is marked, wherever a filter hides it."""
        marks, day = list(self.table.marks), self.shown_day
        if not marks:
            return super().problems()
        return [Subject(name=str(key), node_id=key, node=str(key), day=day) for key in marks if isinstance(key, int)]

    def open(self, row: dict[str, Any]) -> None:
        """All that is known of the node's day."""
        self.post_message(CellOpened(self._cell(row)))

    # Its own keys.

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Without a row there is nothing to ask about; rules are for who may see them."""
        session = self.desk.session
        if action in {"reasons", "rules"} and not self.chosen():
            return False
        if action == "rules" and (session is None or not session.may(Privilege.SEVERITY_VIEW)):
            return None
        if action == "revision":
            return self._newest > _AS_OF_NOW
        if action == "print":
            return session is not None and self.table.count() > 0 and not self.table.notice
        return super().check_action(action, parameters)

    def missing_right(self, binding: Binding) -> str:
        """Which right a key lacks."""
        return Privilege.SEVERITY_VIEW.value if binding.action == "rules" else super().missing_right(binding)

    def action_reasons(self) -> None:
        """Which rule decided, its limit, what was found, and who set it."""
        ask_in_background(self, partial(self._reasons, self.chosen()), "reasons")

    async def _reasons(self, row: dict[str, Any]) -> None:
        from cloutui.screens.daily_reasons import ReasonsBox

        assert self.desk.session is not None
        asked = {"node_id": row["node_id"], "day": self.shown_day.isoformat()}
        try:
            hits = (await self.desk.session.ask("node-grades", unit=self.desk.scope, **asked)).rows.to_pylist()
        except CloutuiError as error:
            self.table.entitle(note=error.what)
            return
        box = ReasonsBox(self.desk, row, hits, may_see_rules=self.desk.session.may(Privilege.SEVERITY_VIEW))
        self.app.push_screen(box, lambda goes_on: self.action_rules() if goes_on else None)

    def action_rules(self) -> None:
        """What counts as what for this node."""
        row = self.chosen()
        query = {"node": str(row["node_id"]), **({"at": row["rule"]} if row["rule"] else {})}
        self.post_message(LinkOpened(Link(unit=self.desk.unit, screen="rules", query=query)))

    def action_print(self) -> None:
        """As plain text, a page for each unit."""
        ask_in_background(self, self._print, "print")

    async def _print(self) -> None:
        # Rarely wanted, so loaded here.
        from cloutui.screens.daily_print import printed
        from cloutui.screens.plain_page import PlainPage

        desk = self.desk
        try:
            answer = await self.ask(DAILY.report, **self.parameters())
        except CloutuiError as error:
            self.table.entitle(note=error.what)
            return
        if answer is not None:
            order = {unit.name: place for place, unit in enumerate(desk.forest.units)}
            writing = Writing(glyphs=desk.look.glyphs, now=desk.now(), zone=desk.zone)
            text = await to_thread(printed, answer, self.shown_day, order, DAILY.writers, writing)
            self.app.push_screen(PlainPage(desk, f"Daily status  {formats.long_day(self.shown_day)}", text))
