"""Write mode for the set-up: asked for when something is to be stored, with the reason, and before that for nothing."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

from cloutui.errors import CloutuiError
from cloutui.screens.background import ask_in_background
from cloutui.screens.desk import Desk
from cloutui.screens.view import CrumbsChanged
from cloutui.screens.write_box import ask_for_write_mode

if TYPE_CHECKING:
    from cloutui.first_run import FirstRun
    from cloutui.screens.setup_units import ProposalList
    from cloutui.widgets.form import Form


def store_in_write_mode(
    pane: Form | ProposalList,
    desk: Desk,
    run: FirstRun,
    store: Callable[[], Coroutine[Any, Any, None]],
    left: Callable[[CloutuiError | None], None],
) -> None:
    """Store, in the background of the pane, which says what is waited for.

    `left` is told when it was not begun: why, or None when the reader keeps reading. What is filled in stays.
    """

    def asked(has_begun: bool | None) -> None:
        pane.post_message(CrumbsChanged())  # the header says how long it lasts
        if has_begun:
            pane.work("storing")
            ask_in_background(pane, store, "store")
        else:
            left(None)

    async def begin() -> None:
        if not run.lacks_write_mode:
            await store()
            return
        try:
            await ask_for_write_mode(pane.app, desk, asked, what_for="Setting up")
        except CloutuiError as error:
            left(error)

    pane.work("waiting for write mode" if run.lacks_write_mode else "storing")
    ask_in_background(pane, begin, "store")
