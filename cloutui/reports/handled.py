"""What people said of problems, in SQL: how they are handled, which of them are open no more, and what was written."""

from __future__ import annotations

from cloutui.model.handling import HandlingState

_CLOSED = ", ".join(f"'{state}'" for state in HandlingState if not state.is_open)

DAY_HANDLING = f"""
    SELECT node_id, day, state || ' ' || actor AS handled, state IN ({_CLOSED}) AS is_closed
    FROM scoped_handling WHERE job_key IS NULL
"""
"""By node and day: `acknowledged OP1`, and whether it has left the open counts. What is untouched is not in it."""

DAY_COMMENTS = """
    SELECT node_id, unit_id, count(*) AS comments, arg_max(author || ': ' || text, written_at) AS comment
    FROM scoped_comment WHERE coalesce(day, written_at::DATE) BETWEEN $day - 13 AND $day
    GROUP BY node_id, unit_id
"""
"""By node and unit: what was written in the fortnight up to `$day`, on the node, its days or its jobs. A problem lasts
longer than a day, and what was written of it yesterday still holds. By unit too: what was written for the one that had
the node before is not for the one that has it now.
"""
