"""Every screen of the console: its key, its link word, its tab, and where its view is made. A new screen is one line."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from cloutui.model.privilege import Privilege

if TYPE_CHECKING:
    from cloutui.screens.desk import Desk
    from cloutui.screens.view import View


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreenSpec:
    """One screen, described. Its module is loaded when it is first shown."""

    word: str
    """In links, in the command bar and in settings: never changed."""
    key: str
    """The digit that shows it; empty when only `g` and a letter do."""
    letter: str
    """The letter after `g`."""
    title: str
    short: str
    """The tab at 80 columns."""
    needs: Privilege
    """Without it there is no tab, and the key stays unused."""
    view: str
    """`module:Class` of a `View` made with a desk."""

    def make(self, desk: Desk) -> View:
        """A new view."""
        module, _, name = self.view.partition(":")
        made: View = getattr(import_module(module), name)(desk)
        return made


SCREENS = (
    ScreenSpec(
        word="matrix",
        key="3",
        letter="j",
        title="Jobs",
        short="Jobs",
        needs=Privilege.JOB_VIEW,
        view="cloutui.screens.jobs_matrix:JobsMatrix",
    ),
)
"""In the order of the tabs."""
