"""What a QUERY command is, as data: its parameters, the columns it shows, and the SQL behind them.

A description names columns of the server's own tables, so a QUERY and a SELECT can never disagree.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from cloutui.simulator.dsmadmc.grammar import Command
from cloutui.simulator.dsmadmc.kinds import TEXT, Kind
from cloutui.simulator.dsmadmc.moments import read_day, read_time
from cloutui.simulator.dsmadmc.options import abbreviates
from cloutui.simulator.dsmadmc.sheet import SheetColumn

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Condition:
    """A part of a WHERE clause with its `$name` values. An empty one holds for every row."""

    sql: str = ""
    bound: Mapping[str, object] = field(default_factory=dict)


class Reader(Protocol):
    """Makes a condition of a parameter's value."""

    def condition(self, name: str, text: str) -> Condition:
        """`name` is the parameter's, in lower case, for the bound values. Raises: ValueError for a wrong value."""
        ...


@dataclass(frozen=True, slots=True)
class Names:
    """Names with `*` and `?`, several with commas between."""

    column: str

    def condition(self, name: str, text: str) -> Condition:
        """One of the patterns fits."""
        patterns = text.upper().split(",")
        if "*" in patterns:
            return Condition()
        bound = {f"{name}_{place}": like(pattern) for place, pattern in enumerate(patterns)}
        return Condition(" OR ".join(f"UPPER({self.column}) LIKE ${key} ESCAPE '!'" for key in bound), bound)


@dataclass(frozen=True, slots=True)
class Number:
    """One number that a column equals."""

    column: str

    def condition(self, name: str, text: str) -> Condition:
        """The column is the number."""
        return Condition(f"{self.column} = ${name}", {name: int(text)})


@dataclass(frozen=True, slots=True)
class Words:
    """Text that a column contains, in any case."""

    column: str

    def condition(self, name: str, text: str) -> Condition:
        """The column contains the text."""
        return Condition(f"UPPER({self.column}) LIKE ${name} ESCAPE '!'", {name: f"%{_literal(text.upper())}%"})


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few words, each with the condition it stands for. Capitals are a word's shortest form."""

    conditions: Mapping[str, str]

    def condition(self, name: str, text: str) -> Condition:
        """The chosen word's condition."""
        return Condition(self.conditions[self.word(text)])

    def word(self, text: str) -> str:
        """The word that is meant. Raises: ValueError."""
        for word in self.conditions:
            if abbreviates(text, word):
                return word
        raise ValueError(text)


FORMAT = Choice({"Standard": "", "Detailed": ""})


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A span of time that BEGINDate, BEGINTime, ENDDate and ENDTime set, and what they are when nobody says."""

    column: str
    begin_day: str = "TODAY"
    begin_time: str = "00:00"
    end_day: str | None = "TODAY"
    """None: the day it begins."""
    end_time: str = "23:59"

    def condition(self, command: Command, now: datetime) -> Condition:
        """Both ends are inside. Raises: Refused."""
        begins_on = _read(command, "BEGINDATE", self.begin_day, lambda text: read_day(text, now.date()))
        begins = _read(command, "BEGINTIME", self.begin_time, lambda text: read_time(text, begins_on, now))
        last = self.end_day or begins_on.strftime("%m/%d/%Y")
        ends_on = _read(command, "ENDDATE", last, lambda text: read_day(text, now.date()))
        ends = _read(command, "ENDTIME", self.end_time, lambda text: read_time(text, ends_on, now))
        # 23:59 means the whole of that minute.
        until = ends + timedelta(minutes=1) if ends.second == 0 and ends.microsecond == 0 else ends
        return Condition(
            f"{self.column} >= $window_begin AND {self.column} < $window_end",
            {"window_begin": begins, "window_end": until},
        )


@dataclass(frozen=True, slots=True)
class Shown:
    """One column of the answer: SQL over the description's source, and how it is shown."""

    title: str
    sql: str
    width: int = 20
    kind: Kind = TEXT


@dataclass(frozen=True, slots=True)
class Positional:
    """A word whose place says what it is."""

    name: str
    reads: Reader
    is_required: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """One form of one QUERY command."""

    head: str
    source: str
    brief: Sequence[Shown]
    detailed: Sequence[Shown] = ()
    """Empty: the command has no FORMAT=DETAILED."""
    positionals: Sequence[Positional] = ()
    keywords: Mapping[str, Reader] = field(default_factory=dict)
    """Upper-case full name → what it means. A keyword the server knows and this lacks is answered as not simulated."""
    defaults: Mapping[str, str] = field(default_factory=dict)
    window: Window | None = None
    only: str = ""
    """A condition that always holds."""
    order: str = ""
    no_match: str = "ANR2034E {head}: No match found using this criteria."
    chosen_by: tuple[str, str] | None = None
    """Keyword and word that choose this form of the command."""
    is_list: bool = False
    """The answer is a list by itself, like a detailed one."""

    def is_chosen_by(self, command: Command) -> bool:
        """Whether the command asks for this form."""
        if self.chosen_by is None:
            return False
        keyword, word = self.chosen_by
        return abbreviates(command.keywords.get(keyword, ""), word)

    def columns(self, *, is_detailed: bool) -> list[SheetColumn]:
        """The columns of the sheet."""
        shown = self.detailed if is_detailed else self.brief
        return [SheetColumn(column.title, column.width, column.kind) for column in shown]


def like(pattern: str) -> str:
    """A pattern of the command line as one of SQL, with `!` as its escape."""
    return _literal(pattern).replace("*", "%").replace("?", "_")


def _literal(text: str) -> str:
    return text.replace("!", "!!").replace("%", "!%").replace("_", "!_")


def _read(command: Command, keyword: str, default: str, reader: Callable[[str], T]) -> T:
    text = command.keywords.get(keyword, default)
    try:
        return reader(text)
    except ValueError as error:
        raise command.invalid(text.upper()) from error
