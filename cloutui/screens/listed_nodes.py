"""The nodes of a list in their order, so that a screen about one node can go along them."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from cloutui.screens.view import View
from cloutui.widgets.matrix import Matrix
from cloutui.widgets.result_table import ResultTable


def listed_nodes(view: View) -> Sequence[int]:
    """Their ids; none where the rows of the view are something else."""
    main, subject = view.main, view.subject()
    keys: Sequence[Hashable] = ()
    at: Hashable = None
    if isinstance(main, Matrix):
        keys, at = main.rows.keys, main.key
    elif isinstance(main, ResultTable) and not main.rows.is_paged:
        keys, at = main.rows.keys(0, main.count()), main.key
    if subject is None or subject.node_id is None or subject.node_id != at:
        return ()
    return [key for key in keys if isinstance(key, int)]
