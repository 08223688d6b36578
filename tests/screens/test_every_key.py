"""Whatever `?` lists does something: each key of each pane of each screen is pressed, and something is another then."""

from __future__ import annotations

from collections.abc import Hashable

import pytest

from cloutui.screens.catalogue import SCREENS
from cloutui.widgets.lines import Lines
from cloutui.widgets.result_rows import SortKey
from cloutui.widgets.result_table import ResultTable
from tests.screens.console import Console, console
from tests.screens.fake_session import fleet
from tests.screens.fake_views import ViewsSession

WORDS = [spec.word for spec in SCREENS if spec.word in {"jobs", "servers", "nodes", "daily", "rules"}]
"""Those with a table; the matrix has tests of its own, key by key."""


def observed(it: Console) -> Hashable:
    """What a reader can tell, and what was asked for."""
    focused = it.app.screen.focused
    state: tuple[object, ...] = ()
    if isinstance(focused, Lines):
        # Told by colour alone, which a text does not show.
        state = (focused.begun, focused.cursor, focused.top, getattr(focused, "column", None))
    return it.text(), type(it.app.screen), focused, state, len(it.session.asked)


async def prepared(it: Console, word: str) -> Lines:
    """The screen with its cursor in the middle of things, and with a mark and an order where there are such."""
    if len(it.app.screen_stack) > 1:
        it.app.pop_screen()
    shell = it.shell
    if shell.view.word != word or len(shell.views) > 1:
        await shell.action_screen(word)
    await it.until(lambda: not it.busy())
    main = shell.view.main
    if isinstance(main, ResultTable):
        main.to_column(main.layout_of_columns.order[1])
        main.mark([main.key])
        main.sort_by([SortKey("server")])
    main.focus()
    main.leave_begun()
    main.move_to(main.count() // 2)
    await it.until(lambda: not it.busy())
    seen: Hashable = None
    while seen != (seen := observed(it)):  # what the pane below tells comes a moment later, and is no key's doing
        await it.pilot.pause(0.02)
        await it.until(lambda: not it.busy())
    return main


async def does_something(it: Console, key: str) -> bool:
    before = observed(it)
    await it.press(key)
    for _ in range(100):
        if observed(it) != before:
            return True
        await it.pilot.pause(0.01)
    return False


async def idle_keys(it: Console, word: str, told: set[str]) -> list[tuple[str, str | None]]:
    """The keys of the list and of its view that did nothing; `told` ids were pressed on another screen already."""
    pane = await prepared(it, word)
    idle: list[tuple[str, str | None]] = []
    for key, found in it.shell.active_bindings.items():
        binding_id = found.binding.id or key
        if found.node not in {pane, it.shell.view} or binding_id in told:
            continue
        told.add(binding_id)
        await prepared(it, word)
        if not await does_something(it, key):
            idle.append((word, binding_id))
    return idle


async def test_every_key_of_every_list_does_something() -> None:
    async with console(session=ViewsSession(fleet(nodes=60, days=45, seed=3)), start="nodes") as it:
        await it.until(lambda: not it.busy() and it.shell.view.main.count() > 0)
        told: set[str] = set()
        idle = [found for word in WORDS for found in await idle_keys(it, word, told)]
        assert idle == []
        assert len(told) > 20


async def test_a_key_without_effect_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ResultTable, "action_sort", lambda _: None)
    async with console(session=ViewsSession(fleet(nodes=60)), start="nodes") as it:
        await it.until(lambda: not it.busy() and it.shell.view.main.count() > 0)
        every = {found.binding.id or "" for found in it.shell.active_bindings.values()}
        assert await idle_keys(it, "nodes", every - {"table.sort"}) == [("nodes", "table.sort")]
