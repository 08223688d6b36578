"""What was said of a closed day since, laid beside its rows, which stay as they were."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from cloutui.model.table import Column, Kind
from cloutui.widgets.result_seek import SINCE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cloutui.model.table import Answer
    from cloutui.screens.desk import Desk

SINCE_COLUMN = Column(name=SINCE, kind=Kind.TEXT, title="since then", priority=3)


def is_closed(answer: Answer) -> bool:
    """Whether any of the rows of `daily` are as they were when the day was closed."""
    return any(answer.rows.column("revision").unique().to_pylist())


async def with_since(desk: Desk, answer: Answer, parameters: Mapping[str, Any]) -> Answer:
    """An answer of `daily` to these parameters, and beside its columns one more where there is anything to tell.

    Raises: CloutuiError.
    """
    import pyarrow as pa

    if not is_closed(answer):
        return answer
    assert desk.session is not None
    found = (await desk.session.ask("daily-since", unit=desk.scope, **parameters)).rows
    if not found.num_rows:
        return answer
    said = dict(zip(found.column("node_id").to_pylist(), found.column("since").to_pylist(), strict=True))
    beside = pa.array([said.get(node_id, "") for node_id in answer.rows.column("node_id").to_pylist()], pa.string())
    return replace(
        answer,
        columns=[*answer.columns, SINCE_COLUMN],
        rows=answer.rows.append_column(SINCE, beside),
    )
