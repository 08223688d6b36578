"""The QUERY commands that are simulated, each a description in a module of its own. The next one is one more value."""

from __future__ import annotations

from collections.abc import Sequence

from cloutui.simulator.dsmadmc.grammar import Command
from cloutui.simulator.dsmadmc.queries.actlog import ACTLOG
from cloutui.simulator.dsmadmc.queries.description import Query
from cloutui.simulator.dsmadmc.queries.event import ADMINISTRATIVE_EVENT, CLIENT_EVENT
from cloutui.simulator.dsmadmc.queries.node import NODE
from cloutui.simulator.dsmadmc.queries.process import PROCESS
from cloutui.simulator.dsmadmc.queries.session import SESSION
from cloutui.simulator.dsmadmc.queries.status import STATUS

QUERIES: Sequence[Query] = (NODE, CLIENT_EVENT, ADMINISTRATIVE_EVENT, STATUS, ACTLOG, PROCESS, SESSION)


def description_of(command: Command) -> Query | None:
    """The description that fits a command; None when nothing simulates it.

    Of several forms of one command a keyword chooses; the first is the default.
    """
    forms = [query for query in QUERIES if query.head == command.head.name]
    return next((form for form in forms if form.is_chosen_by(command)), forms[0] if forms else None)
