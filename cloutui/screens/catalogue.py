"""Every screen of the console: its key, its link word, its tab, and where its view is made. A new one is one line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from importlib import import_module
from typing import TYPE_CHECKING

from cloutui.errors import NotFound
from cloutui.model.privilege import Privilege

if TYPE_CHECKING:
    from cloutui.model.link import Link
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
    follows_node: bool = False
    """Whether its key takes along the node under the cursor, as `at` in the link."""

    def make(self, desk: Desk) -> View:
        """A new view."""
        module, _, name = self.view.partition(":")
        made: View = getattr(import_module(module), name)(desk)
        return made


SCREENS = (
    ScreenSpec(
        word="overview",
        key="1",
        letter="o",
        title="Overview",
        short="Over",
        needs=Privilege.UNIT_VIEW,
        view="cloutui.screens.overview:Overview",
    ),
    ScreenSpec(
        word="daily",
        key="2",
        letter="d",
        title="Daily",
        short="Daily",
        needs=Privilege.JOB_VIEW,
        view="cloutui.screens.daily:Daily",
        follows_node=True,
    ),
    ScreenSpec(
        word="matrix",
        key="3",
        letter="j",
        title="Jobs",
        short="Jobs",
        needs=Privilege.JOB_VIEW,
        view="cloutui.screens.jobs_matrix:JobsMatrix",
    ),
    ScreenSpec(
        word="jobs",
        key="",
        letter="J",
        title="Job list",
        short="Job list",
        needs=Privilege.JOB_VIEW,
        view="cloutui.screens.jobs_list:JobsList",
    ),
    ScreenSpec(
        word="weeks",
        key="4",
        letter="w",
        title="Weeks",
        short="Weeks",
        needs=Privilege.JOB_VIEW,
        view="cloutui.screens.weeks:Weeks",
        follows_node=True,
    ),
    ScreenSpec(
        word="servers",
        key="5",
        letter="s",
        title="Servers",
        short="Srvs",
        needs=Privilege.SERVER_VIEW,
        view="cloutui.screens.servers:Servers",
    ),
    ScreenSpec(
        word="trends",
        key="6",
        letter="h",
        title="Graphs",
        short="Graphs",
        needs=Privilege.NODE_VIEW,
        view="cloutui.screens.graphs:Graphs",
    ),
    ScreenSpec(
        word="sla",
        key="7",
        letter="l",
        title="SLA",
        short="SLA",
        needs=Privilege.SLA_VIEW,
        view="cloutui.screens.sla:Sla",
    ),
    ScreenSpec(
        word="sla-causes",
        key="",
        letter="L",
        title="What broke it",
        short="Broke it",
        needs=Privilege.SLA_VIEW,
        view="cloutui.screens.sla_causes:SlaCauses",
    ),
    ScreenSpec(
        word="nodes",
        key="8",
        letter="n",
        title="Nodes",
        short="Nodes",
        needs=Privilege.NODE_VIEW,
        view="cloutui.screens.nodes:Nodes",
    ),
    ScreenSpec(
        word="activity",
        key="",
        letter="a",
        title="Activity",
        short="Activity",
        needs=Privilege.ACTIVITY_VIEW,
        view="cloutui.screens.activity:Activity",
    ),
    ScreenSpec(
        word="access",
        key="",
        letter="u",
        title="Access",
        short="Access",
        needs=Privilege.USER_VIEW,
        view="cloutui.screens.access:Access",
    ),
    ScreenSpec(
        word="account",
        key="",
        letter=",",
        title="My account",
        short="Account",
        needs=Privilege.ACCOUNT_EDIT,
        view="cloutui.screens.account:MyAccount",
    ),
    ScreenSpec(
        word="tags",
        key="",
        letter="k",
        title="Tags",
        short="Tags",
        needs=Privilege.TAG_VIEW,
        view="cloutui.screens.tags:Tags",
    ),
    ScreenSpec(
        word="reports",
        key="",
        letter="r",
        title="Reports",
        short="Reports",
        needs=Privilege.HISTORY_VIEW,
        view="cloutui.screens.reports:Reports",
    ),
    ScreenSpec(
        word="units",
        key="",
        letter="U",
        title="Business units",
        short="Units",
        needs=Privilege.UNIT_VIEW,
        view="cloutui.screens.business_units:BusinessUnits",
    ),
    ScreenSpec(
        word="rules",
        key="",
        letter="E",
        title="Rules",
        short="Rules",
        needs=Privilege.SEVERITY_VIEW,
        view="cloutui.screens.severity:SeverityRules",
    ),
    ScreenSpec(
        word="setup",
        key="",
        letter="S",
        title="Set up",
        short="Set up",
        needs=Privilege.SERVER_CREATE,
        view="cloutui.screens.setup:Setup",
    ),
)
"""In the order of the tabs."""

OBJECTS: Mapping[str, str] = {
    "node": "cloutui.screens.node:node_of",
    "node-day": "cloutui.screens.node_day:node_day_of",
    "job": "cloutui.screens.job:job_of",
}
"""Kinds of links to what is looked into: `module:function`, which is given the desk and the link and makes the view."""


def find_screen(word: str) -> ScreenSpec:
    """Raises: NotFound, with the nearest word."""
    found = next((spec for spec in SCREENS if spec.word == word), None)
    if found is None:
        words = [spec.word for spec in SCREENS]
        near = get_close_matches(word, words, n=1)
        raise NotFound("screen", word, hint=f"Did you mean “{near[0]}”?" if near else f"There are: {', '.join(words)}.")
    return found


async def make_object(desk: Desk, link: Link) -> View:
    """The view of what a link names. Raises: NotFound, in the same words for what is not there and not the reader's."""
    if link.kind not in OBJECTS:
        raise NotFound(link.kind, str(link.id))
    module, _, name = OBJECTS[link.kind].partition(":")
    made: View = await getattr(import_module(module), name)(desk, link)
    return made
