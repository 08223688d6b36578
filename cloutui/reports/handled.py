"""Problems that somebody has taken care of, in SQL: what they are called, and which of them are open no more."""

from __future__ import annotations

from cloutui.model.handling import HandlingState

_CLOSED = ", ".join(f"'{state}'" for state in HandlingState if not state.is_open)

DAY_HANDLING = f"""
    SELECT node_id, day, state || ' ' || actor AS handled, state IN ({_CLOSED}) AS is_closed
    FROM scoped_handling WHERE job_key IS NULL
"""
"""By node and day: `acknowledged OP1`, and whether it has left the open counts. What is untouched is not in it."""
