"""What one prefers for oneself: what there is to choose from, and the list that shows it while it is chosen from.

The console follows the cursor of the list at once; `esc` goes back to what was before, `enter` keeps it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual import on

from cloutui.screens.finder import Entry, Finder
from cloutui.screens.view import Preferred
from cloutui.widgets.lines import Lines

if TYPE_CHECKING:
    from cloutui.screens.desk import Desk

AS_INSTALLED = "as installed"

Choices = Sequence[tuple[str, str]]
"""A value, and what is said of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferable:
    """One thing that can be preferred: a key of `model.preference`, as people read it."""

    name: str
    label: str
    help: str
    choices: Callable[[Desk], Choices]


def _themes(_desk: Desk) -> Choices:
    from cloutui.widgets.theme import load_theme, theme_names

    return [(name, "dark" if load_theme(name).dark else "light") for name in theme_names()]


def _glyphs(_desk: Desk) -> Choices:
    return (
        ("full", "blocks and braille in graphs"),
        ("safe", "what older fonts have too"),
        ("ascii", "letters and punctuation alone"),
    )


def _keys(_desk: Desk) -> Choices:
    return (
        ("default", "letters and arrows move"),
        ("vim", "and what else hands used to vi expect"),
        ("arrows", "no letter moves"),
    )


def _screens(desk: Desk) -> Choices:
    from cloutui.screens.catalogue import SCREENS

    session = desk.session
    return [(spec.word, spec.title) for spec in SCREENS if session is None or session.may(spec.needs)]


def _zones(_desk: Desk) -> Choices:
    from zoneinfo import available_timezones

    return [(name, "") for name in sorted(available_timezones()) if "/" in name or name == "UTC"]


def _separators(_desk: Desk) -> Choices:
    return (("comma", "a,b and 1.5"), ("semicolon", "a;b, as many spreadsheets in Europe expect"))


PREFERABLES = (
    Preferable(name="theme", label="Theme", help="The colours of the console.", choices=_themes),
    Preferable(name="glyphs", label="Signs", help="Do all ten look different and one cell wide?", choices=_glyphs),
    Preferable(name="keys", label="Keys", help="Which set of keys; ? lists them.", choices=_keys),
    Preferable(name="start", label="First screen", help="What the console opens with.", choices=_screens),
    Preferable(name="time_zone", label="Time zone", help="In which times are shown to you.", choices=_zones),
    Preferable(name="csv", label="CSV files", help="What stands between the columns of exports.", choices=_separators),
)


class PreferenceFinder(Finder):
    """The values of one preference. The answer is the one to keep; nothing for what the installation says."""

    def __init__(self, desk: Desk, preferable: Preferable, kept: str) -> None:
        """`kept`: the value that is preferred already; nothing when none is."""
        self._preferable, self._kept = preferable, kept
        super().__init__(desk)

    def own_entries(self) -> Iterable[Entry]:
        """All of them are known."""
        yield Entry(kind="kept" if not self._kept else "", name=AS_INSTALLED, command="")
        for value, said in self._preferable.choices(self.desk):
            yield Entry(kind="kept" if value == self._kept else "", name=value, command=value, detail=said)

    async def ask(self) -> None:
        """There is nothing more to know."""

    def show(self, entries: list[Entry]) -> None:
        """What fits, with the cursor on what is kept as long as nothing is sought."""
        self.found.show(entries, f"{self._preferable.label}: {len(entries)} to choose from")
        if not self.field.text:
            self.found.move_to(next((at for at, entry in enumerate(entries) if entry.kind), 0))
        else:
            self._preview()

    @on(Lines.Moved)
    def _preview(self) -> None:
        entries = self.found.entries
        if entries:
            self.post_message(Preferred(self._preferable.name, entries[self.found.cursor].command))
