"""Every screen, what is looked into and every box: in all themes, sizes and states, as text.

`docs/tour.py` says how each is reached, so that a new screen is in by itself. See `shown.py` for the kept files.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from cloutui.errors import CloutuiError, Unreachable
from cloutui.screens.catalogue import SCREENS, ScreenSpec
from cloutui.widgets.palette import Depth
from cloutui.widgets.theme import theme_names
from docs.tour import BOX_STOPS, OBJECT_STOPS, SCREEN_STOPS, STOPS, Stop, screen_keys
from tests.screens.console import console
from tests.screens.fake_session import fleet
from tests.screens.fake_views import ViewsSession
from tests.screens.shown import Compare, back, cells, go, looks, quiet, same_as_kept, signs, titled

__all__ = ["same_as_kept"]

S, M, XL = (80, 24), (120, 36), (220, 60)
THEMES = ("nightwatch", *(name for name in theme_names() if name != "nightwatch"))
FAILURE = Unreachable("SPB02", "10.2.0.14:1500", "connection refused (ANS1017E)")


@pytest.fixture(autouse=True)
def _nowhere(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # an export that is offered stands in an empty folder


def in_themes(shown: dict[str, dict[str, Any]]) -> dict[str, str]:
    """By the names of the stops: the text, which is the same in every theme, and how it looks in each."""
    found = {}
    for name in shown[THEMES[0]]:
        versions = {theme: shown[theme][name] for theme in THEMES}
        texts = {signs(version) for version in versions.values()}
        assert len(texts) == 1, f"{name}: a theme changes colours, and nothing else"
        found[name] = f"{texts.pop()}\n{looks(versions)}"
    return found


@pytest.mark.parametrize("stops", [SCREEN_STOPS, OBJECT_STOPS, BOX_STOPS], ids=["screens", "objects", "boxes"])
async def test_in_every_theme(stops: tuple[Stop, ...], same_as_kept: Compare) -> None:
    async with console(M, session=ViewsSession(fleet(nodes=60))) as it:
        shown: dict[str, dict[str, Any]] = {}
        await it.press("1", "3")  # from here on there is a way back, which keys and boxes tell
        for theme in THEMES:
            await quiet(it)
            it.shell.set_theme(theme)
            shown[theme] = {}
            for stop in stops:
                await go(it, stop)
                shown[theme][stop.name] = cells(it)
                await back(it, stop)
    same_as_kept(in_themes(shown))


@pytest.mark.parametrize("size", [S, XL], ids=["S", "XL"])
async def test_in_every_size(size: tuple[int, int], same_as_kept: Compare) -> None:
    async with console(size, session=ViewsSession(fleet(nodes=60))) as it:
        await quiet(it)
        texts = []
        for stop in STOPS if size == S else (*SCREEN_STOPS, *OBJECT_STOPS):
            await go(it, stop)
            texts.append((stop.name, signs(cells(it))))
            await back(it, stop)
    for name, text in texts:
        assert max(map(len, text.splitlines())) <= size[0], f"{name} is wider than the terminal"
    same_as_kept({f"size-{size[0]}x{size[1]}": titled(texts)})


async def test_ascii_without_colour(same_as_kept: Compare) -> None:
    session = ViewsSession(fleet(nodes=60))
    async with console(S, session=session, glyphs="ascii", colours=Depth.NONE) as it:
        await quiet(it)
        texts = []
        for stop in STOPS:
            await go(it, stop)
            shown = cells(it)
            texts.append((stop.name, f"{signs(shown)}\n{looks({'no colour': shown})}"))
            assert not [sign for line in shown for sign, _ in line if not sign.isascii() and not sign.isalpha()]
            assert not [style for line in shown for _, style in line if style.color and style.color.name != "default"]
            await back(it, stop)
    same_as_kept({"no-colour-80x24": titled(texts)})


# States.


class Everything(dict[str, CloutuiError]):
    """Every report fails but the tree's."""

    def __contains__(self, report: object) -> bool:
        return report != "units"

    def __missing__(self, report: str) -> CloutuiError:
        return FAILURE


def empty() -> ViewsSession:
    session = ViewsSession(fleet(nodes=0))
    session.fleet.freshness = {}
    return session


def failing() -> ViewsSession:
    session = ViewsSession(fleet(nodes=60))
    session.failing = Everything()
    return session


def stale() -> ViewsSession:
    return ViewsSession(fleet(nodes=60, silent=("SPA01", "SPA02", "SPB01", "SPB02", "SPC01", "SPC02")))


class Slow(ViewsSession):
    """Knows the units and nothing else yet."""

    async def ask(self, report: str, /, **params: Any) -> Any:
        if report != "units":
            await asyncio.sleep(60)
        return await super().ask(report, **params)


def slow() -> ViewsSession:
    return Slow(fleet(nodes=60))


@pytest.mark.parametrize("made", [empty, failing, stale], ids=lambda made: made.__name__)
async def test_in_every_state(made: Callable[[], ViewsSession], same_as_kept: Compare) -> None:
    async with console(S, session=made()) as it:
        await quiet(it)
        texts = []
        for stop in SCREEN_STOPS:
            await go(it, stop)
            texts.append((stop.name, signs(cells(it))))
    same_as_kept({f"state-{made.__name__}": titled(texts)})


async def test_while_loading(same_as_kept: Compare) -> None:
    async with console(S, session=slow()) as it:
        await it.sees("Nordhavn Backup")
        texts = []
        for stop in SCREEN_STOPS:
            await it.press(*stop.keys)
            await it.sees(*stop.signs)
            await it.until(lambda: "·····" in it.text() or not it.shell.view.main.waiting, "dots where rows will be")
            texts.append((stop.name, signs(cells(it))))
    same_as_kept({"state-loading": titled(texts)})


@pytest.mark.parametrize("spec", SCREENS, ids=lambda spec: spec.word)
async def test_without_the_right_a_screen_is_not_there(spec: ScreenSpec) -> None:
    session = ViewsSession(fleet(nodes=12))
    session.denied = {spec.needs}
    start = next(other.word for other in SCREENS if other.needs is not spec.needs)
    async with console(S, session=session, start=start) as it:
        await it.sees("Nordhavn Backup", "SPB02")
        before = it.shell.view
        tabs = it.lines()[1]
        assert f" {spec.key} " not in tabs or not spec.key, "its number stays unused"
        await it.press(*screen_keys(spec))
        assert it.shell.view is before
        await it.press("colon", *spec.word, "enter")
        await it.sees(f"No screen “{spec.word}” here, or not yours.")
