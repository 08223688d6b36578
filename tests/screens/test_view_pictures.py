"""Pictures of the overview, the servers, the nodes and the job list, in every size and in every theme."""

from __future__ import annotations

from typing import Any

import pytest

from cloutui.errors import Unreachable
from cloutui.widgets.palette import Depth
from tests.screens.console import console_app
from tests.screens.fake_session import fleet
from tests.screens.fake_views import ViewsSession
from tests.screens.test_views import visit

S, M, L, XL = (80, 24), (120, 36), (160, 48), (220, 60)
SCREENS = {"overview": (), "servers": ("j",), "nodes": ("j",), "jobs": ("[", "n"), "node": ("enter",)}
"""Each screen, and the keys after which it is taken."""
STARTS = {"node": "nodes"}


def picture(snap_compare: Any, screen: str, size: tuple[int, int], **options: Any) -> None:
    session = options.pop("session", None) or ViewsSession(fleet(nodes=60))
    keys = options.pop("keys", SCREENS[screen])
    app = console_app(session, start=STARTS.get(screen, screen), **options)
    assert snap_compare(app, terminal_size=size, run_before=visit(session, *keys))


@pytest.mark.parametrize("size", [S, M, L, XL], ids=["S", "M", "L", "XL"])
@pytest.mark.parametrize("screen", SCREENS)
def test_in_every_size(snap_compare: Any, screen: str, size: tuple[int, int]) -> None:
    picture(snap_compare, screen, size)


@pytest.mark.parametrize("theme", ["daybook", "beacon", "ink"])
@pytest.mark.parametrize("screen", SCREENS)
def test_in_every_theme(snap_compare: Any, screen: str, theme: str) -> None:
    picture(snap_compare, screen, M, theme=theme)


@pytest.mark.parametrize("screen", SCREENS)
def test_ascii_without_colour(snap_compare: Any, screen: str) -> None:
    picture(snap_compare, screen, S, glyphs="ascii", colours=Depth.NONE)


@pytest.mark.parametrize("screen", ["overview", "servers", "nodes", "jobs"])
def test_empty(snap_compare: Any, screen: str) -> None:
    session = ViewsSession(fleet(nodes=0))
    session.fleet.freshness = {}
    picture(snap_compare, screen, S, session=session, keys=())


@pytest.mark.parametrize("screen", ["overview", "servers", "nodes", "jobs"])
def test_error(snap_compare: Any, screen: str) -> None:
    session = ViewsSession(fleet(nodes=60))
    failure = Unreachable("SPB02", "10.2.0.14:1500", "connection refused (ANS1017E)")
    session.failing.update(dict.fromkeys(("attention", "servers", "nodes", "jobs"), failure))
    picture(snap_compare, screen, S, session=session, keys=())


def test_a_silent_server_with_its_problem(snap_compare: Any) -> None:
    picture(snap_compare, "servers", M, keys=())
