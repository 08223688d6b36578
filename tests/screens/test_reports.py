"""The screen of reports: frozen days, the day behind each, and whether all of it is what it was."""

from __future__ import annotations

from cloutui.errors import Invalid
from cloutui.records.history_check import HistoryCheck
from cloutui.screens.daily import Daily
from cloutui.screens.reports import Reports
from tests.screens.console import console
from tests.screens.fake_session import TODAY, fleet
from tests.screens.fake_views import ViewsSession


async def test_a_frozen_day_is_verified_and_opened() -> None:
    session = ViewsSession(fleet(nodes=12))
    async with console(session=session, start="reports") as it:
        await it.sees("12 frozen days of 90d")
        view = it.shell.view
        assert isinstance(view, Reports)
        await it.sees("Fjord Retail")
        await it.press("V")
        await it.sees("files ●")
        day = f"{TODAY.replace(day=TODAY.day - 1).isoformat()}"
        session.checked = HistoryCheck(files=11, days=1, dropped=0, litter=0, problems=[f"The file of {day} is bent."])
        await it.press("V")
        await it.sees("files × 1 problem")
        await it.sees(f"The file of {day} is bent.")
        session.failing["verify-history"] = Invalid("The history is one for all.", hint="Ask the top.")
        await it.press("V")
        await it.sees("The history is one for all.")
        await it.press("enter")
        await it.until(lambda: isinstance(it.shell.view, Daily))
        assert it.shell.view.day is not None
        assert it.shell.view.day.isoformat() == day
