"""The console line by line: for screen readers, pipes, and terminals that can only print.

The same reports, scopes and filters as the screens, printed from the top down. A number opens a row, a word does what
it says, `help` tells all words. Nothing is drawn, coloured or overwritten.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, TextIO

from cloutui.cli import plain_text
from cloutui.errors import CloutuiError
from cloutui.model.formats import plural
from cloutui.model.safe_text import safe
from cloutui.model.status import Status

if TYPE_CHECKING:
    from cloutui.installation import Installation
    from cloutui.model.table import Answer
    from cloutui.session import Session

PAGE = 10
_REMEMBERED = 20
"""Answers that one can go back to: each is kept whole."""

SCREENS = {
    "attention": ("attention", "what needs somebody, the worst and oldest first"),
    "daily": ("daily", "how every node stands today, the worst first"),
    "matrix": ("jobs-matrix", "nodes by days, worst first"),
    "nodes": ("nodes", "nodes with what they store and their last success"),
    "jobs": ("jobs", "today's jobs"),
    "servers": ("servers", "backup servers"),
    "sla": ("sla", "what was promised to each unit this month, and what was kept"),
    "units": ("units", "business units with what is below them"),
}
"""The word, the report behind it, and what it shows."""


@dataclass(slots=True, kw_only=True)
class Shown:
    """What was printed last, so that a number can mean a row of it."""

    title: str
    report: str = ""
    asked: Mapping[str, Any] = field(default_factory=dict)
    answer: Answer | None = None
    offset: int = 0


class PlainConsole:
    """One reader's conversation. `run` returns when there are no more lines, or at `quit`."""

    def __init__(self, installation: Installation, session: Session, stdin: TextIO, stdout: TextIO) -> None:
        self._installation = installation
        self._session = session
        self._stdin, self._stdout = stdin, stdout
        self._unit: int | None = None
        self._unit_name = ""
        self._shown = Shown(title="cloutui")
        self._past: deque[Shown] = deque(maxlen=_REMEMBERED)
        self._words: dict[str, tuple[Callable[[str], None], str]] = {
            **{word: (self._screen_of(word), text) for word, (_, text) in SCREENS.items()},
            "more": (self._more, "the next ten rows"),
            "filter": (self._filter, "filter TEXT: only rows that it means; filter alone: all again"),
            "unit": (self._choose_unit, "unit PATH: look at this unit and below; unit alone: everything"),
            "back": (self._back, "what was shown before"),
            "day": (self._day, "day 2026-11-21: how every node stood then; day alone: today"),
            "ack": (self._acknowledge, "ack NUMBER: that row's problem is yours to look after"),
            "comment": (self._comment, "comment NUMBER TEXT: what is to be known of that row's day"),
            "stale": (self._stale, "servers whose facts are old, and why"),
            "help": (self._help, "these words"),
        }

    def run(self) -> None:
        """Answer line after line."""
        self._choose_unit("")
        self._show("matrix", SCREENS["matrix"][0], {})
        while True:
            self._say(f"{self._shown.title}> ", end="")
            line = self._stdin.readline()
            word = line.strip().lstrip(":")
            if not line or word in {"quit", "q", "exit"}:
                self._say("")
                return
            if word:
                self._answer(word)

    def _answer(self, line: str) -> None:
        word, _, rest = line.partition(" ")
        try:
            if word.isdecimal():
                self._open(word)
            elif word in self._words:
                self._words[word][0](rest.strip())
            else:
                near = get_close_matches(word, self._words, n=1)
                self._say(f"No word {safe(word)}. " + (f"Did you mean {near[0]}?" if near else "Say help."))
        except CloutuiError as error:
            self._say(f"{safe(error.what)} {safe(error.hint)}")

    def _screen_of(self, word: str) -> Callable[[str], None]:
        def show(rest: str) -> None:
            self._show(word, SCREENS[word][0], {"filter": rest} if rest else {})

        return show

    def _show(self, title: str, report: str, asked: Mapping[str, Any]) -> None:
        answer = self._session.run(report, unit=self._unit, **asked)
        self._past.append(self._shown)
        self._shown = Shown(title=title, report=report, asked=asked, answer=answer)
        days = f", {plural(len(answer.days), 'day')}" if answer.days else ""
        hidden = f", {answer.hidden} hidden by the filter" if answer.hidden else ""
        self._say(f"{title.capitalize()}, {safe(self._unit_name)}{days}. {plural(answer.total, 'row')}{hidden}.")
        self._print_rows()
        silent = sum(state.is_silent for state in answer.as_of.values())
        if silent:
            self._say(f"{plural(silent, 'server')} silent: say stale.")

    def _print_rows(self) -> None:
        shown = self._shown
        assert shown.answer is not None
        page = list(plain_text.sentences(shown.answer))[shown.offset : shown.offset + PAGE]
        for number, sentence in enumerate(page, shown.offset + 1):
            self._say(f"{number}. {sentence}")
        left = shown.answer.rows.num_rows - shown.offset - len(page)
        if left > 0:
            self._say(f"{left} more: say more.")

    def _more(self, _rest: str) -> None:
        if self._shown.answer is None or self._shown.offset + PAGE >= self._shown.answer.rows.num_rows:
            self._say("That is all.")
            return
        self._shown.offset += PAGE
        self._print_rows()

    def _filter(self, rest: str) -> None:
        asked = {name: value for name, value in self._shown.asked.items() if name != "filter"}
        self._show(self._shown.title, self._shown.report, {**asked, "filter": rest} if rest else asked)

    def _choose_unit(self, rest: str) -> None:
        if rest:
            self._unit = self._installation.find_unit(rest, self._session.principal)
        else:
            self._unit = None
        rows = self._session.run("units", unit=self._unit).rows.to_pylist()
        self._unit_name = rows[0]["name"] if rows else ""
        if rest:
            self._show("matrix", SCREENS["matrix"][0], {})

    def _back(self, _rest: str) -> None:
        if len(self._past) < 2:
            self._say("There is nothing before this.")
            return
        self._shown = self._past.pop()
        self._say(f"{self._shown.title.capitalize()}.")
        self._print_rows()

    def _day(self, rest: str) -> None:
        self._show("daily", SCREENS["daily"][0], {"day": rest} if rest else {})

    def _acknowledge(self, rest: str) -> None:
        if subject := self._subject(rest):
            self._do("problem.handle", {**subject, "state": "acknowledged"})

    def _comment(self, rest: str) -> None:
        number, _, text = rest.partition(" ")
        if subject := self._subject(number):
            self._do("comment.add", {**subject, "text": text})

    def _do(self, action: str, given: Mapping[str, Any]) -> None:
        outcome = asyncio.run(self._session.act(action, given))
        self._say(safe(outcome.sentence))

    def _subject(self, number: str) -> Mapping[str, Any]:
        """The node of a row, and its day: the row's own, the one that is looked at, else today. Nothing for others."""
        row, asked = self._row(number), self._shown.asked
        if row is None:
            return {}
        if not row.get("node_id"):
            self._say("That row is about no node.")
            return {}
        day = row.get("day") or asked.get("day") or asked.get("first") or self._telling_day(row) or self._today()
        return {"nodes": [str(row["node_id"])], "day": str(day)}

    def _today(self) -> str:
        """As the unit counts its days."""
        return self._session.run("jobs-matrix", unit=self._unit, days=1, limit=1).days[-1]

    def _row(self, number: str) -> Mapping[str, Any] | None:
        """Of what was printed last; None when there is none of that number, which is said."""
        answer, at = self._shown.answer, int(number) if number.isdecimal() else 0
        if answer is None or not 1 <= at <= answer.rows.num_rows:
            self._say(f"There is no row {safe(number)} here." if number else "Say the number of a row.")
            return None
        return dict(answer.rows.slice(at - 1, 1).to_pylist()[0])

    def _stale(self, _rest: str) -> None:
        answer = self._session.run("servers", unit=self._unit)
        lines = list(plain_text.stale(answer)) or ["All servers answered when they were last asked."]
        for line in lines:
            self._say(line)

    def _help(self, _rest: str) -> None:
        for word, (_, text) in self._words.items():
            self._say(f"{word}: {text}.")
        self._say("A number opens that row. quit ends.")

    def _open(self, number: str) -> None:
        row = self._row(number)
        if row is None:
            return
        if self._shown.report == "jobs-matrix":
            self._show("day", "node-day", {"node_id": row["node_id"], "day": self._telling_day(row)})
        elif self._shown.report == "units":
            self._unit, self._unit_name = row["unit_id"], row["name"]
            self._show("matrix", SCREENS["matrix"][0], {})
        elif "job_key" in row:
            began = row["scheduled_start"] or row["start"]
            job = {"server": row["server"], "job_key": row["job_key"], "day": began.date() if began else None}
            self._show("log", "job-log", job)
        elif row.get("node_id"):
            day = row.get("day") or self._shown.asked.get("day")
            self._show(
                "jobs", "jobs", {"filter": f"node_id={row['node_id']}", **({"first": day, "last": day} if day else {})}
            )
        else:
            self._say("There is nothing behind this row here.")

    def _telling_day(self, row: Mapping[str, Any]) -> date | None:
        """Of a row of the matrix the last day on which something was bad; else the last one."""
        assert self._shown.answer is not None
        days = self._shown.answer.days
        bad = [day for day, cell in zip(days, row.get("days", ()), strict=False) if Status(cell).is_problem]
        return date.fromisoformat((bad or list(days))[-1]) if days else None

    def _say(self, text: str, *, end: str = "\n") -> None:
        self._stdout.write(text + end)
        self._stdout.flush()
