"""What a simulated server answers: typed rows, or a message with its code.

The SQL side makes these values and the `dsmadmc` side prints them, so neither knows how the other works.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

RC_OK = 0
RC_UNKNOWN = 2
RC_SYNTAX = 3
RC_NOAUTH = 9
RC_NOTFOUND = 11
RC_SQLERROR = 26
RC_NOTABLE = 28


@dataclass(frozen=True, slots=True)
class Column:
    """One column of an answer. `type` is the Db2 type as `sql_columns.json` spells it: `VARCHAR`, `DECIMAL(14,2)`."""

    name: str
    type: str


@dataclass(frozen=True, slots=True)
class Rows:
    """Typed rows: `datetime` for TIMESTAMP (server time, no zone), `Decimal`, `int`, `str`, None for NULL."""

    columns: Sequence[Column]
    rows: Sequence[tuple[object, ...]] = field(default_factory=list)


class Refused(Exception):
    """The server answers with messages and a return code instead of rows.

    `messages` are whole lines, each beginning with its code (`ANR2940E ...`) or with the detail that Db2 adds.
    """

    def __init__(self, return_code: int, *messages: str) -> None:
        super().__init__("\n".join(messages))
        self.return_code = return_code
        self.messages = messages
