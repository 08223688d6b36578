"""What stands beside the list where there is room: the peek, alone when it is asked for, and the tail of the log."""

from __future__ import annotations

from cloutui.model.privilege import Privilege
from cloutui.screens.activity import Activity
from tests.screens.console import console
from tests.screens.fake_session import fleet
from tests.screens.fake_views import ViewsSession


async def test_a_large_terminal_shows_what_was_done_and_the_peek_can_have_all_room() -> None:
    session = ViewsSession(fleet(nodes=60))
    async with console((220, 60), session=session) as it:
        await it.settled()
        await it.sees("─ Activity ───", "Locked the user")
        peek = it.shell.view.peek
        assert peek is not None
        assert it.region(it.matrix).height == it.region(it.matrix_view).height, "the list is as high as before"
        assert peek.size.height < it.region(it.matrix).height
        await it.press("tab", "backslash")
        await it.until(lambda: peek.region.width == 220, "a peek as wide as the terminal")
        assert not it.region_shown(it.matrix)
        assert "─ Activity ───" not in it.text()
        await it.press("backslash")
        await it.until(lambda: it.region_shown(it.matrix) and peek.has_focus, "the list beside it again")
        await it.press("backslash", "escape")
        await it.until(lambda: it.region_shown(it.matrix) and it.matrix.has_focus, "esc goes back to the list")
        await it.press("2")
        await it.until(lambda: not it.busy())
        assert "─ Activity ───" in it.text(), "over a view that came later too"
        await it.press("3", "tab", "tab", "enter")
        await it.until(lambda: isinstance(it.shell.view, Activity), "all of the log")
        await it.until(lambda: not it.busy())
        assert sum(" Activity ──" in line for line in it.lines()) == 1, "not beside itself"
        before = len([report for report, _ in session.asked if report == "activity"])
        session.denied = {Privilege.ACTIVITY_VIEW}
        await it.press("3")
        await it.until(lambda: it.region_shown(it.matrix) and not it.busy())
        assert " Activity ──" not in it.text(), "only for whoever may see it"
        assert len([report for report, _ in session.asked if report == "activity"]) == before
