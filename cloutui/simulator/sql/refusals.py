"""What the server says to a SELECT that it will not run.

Codes 11 and 28, ANR2034E and ANR2940E are documented for a real server only as far as our facts go; the rest is
unverified: which of 3 and 26 a syntax error ends with, the wording of ANR2938E, ANR0162W and ANR0516E, and the shape
of the marker line under the statement.
"""

from __future__ import annotations

from cloutui.simulator.answer import RC_NOTABLE, RC_NOTFOUND, RC_SQLERROR, RC_SYNTAX, Refused


def _marked(sql: str, offset: int | None, *messages: str) -> tuple[str, ...]:
    """The statement on one line, a `|` under the place in it, and the messages."""
    if offset is None:
        return (" ".join(sql.split()), *messages)
    flat = "".join(" " if letter.isspace() else letter for letter in sql)
    return (flat, " " * min(offset, len(flat)) + "|", *messages)


def nothing_found() -> Refused:
    """Not an error: the answer has no row."""
    return Refused(RC_NOTFOUND, "ANR2034E SELECT: No match found using this criteria.")


def unknown_table(sql: str, offset: int | None, name: str) -> Refused:
    """A table that the server does not have, or that is not for everyone's eyes."""
    line = f"ANR2940E The reference '{name}' is an unknown SQL table name."
    return Refused(RC_NOTABLE, *_marked(sql, offset, line))


def unknown_column(sql: str, offset: int | None, name: str) -> Refused:
    """A column that none of the named tables has."""
    detail = f'ANR0162W Supplemental database diagnostic information: SQL0206N "{name}" is not valid here.'
    line = f"ANR2938E The column '{name}' is not found in the tables of this SELECT."
    return Refused(RC_SQLERROR, *_marked(sql, offset, detail, line))


def syntax(sql: str, offset: int | None, token: str) -> Refused:
    """The statement cannot be read."""
    detail = f'ANR0162W Supplemental database diagnostic information: SQL0104N An unexpected token "{token}" was found.'
    return Refused(RC_SYNTAX, *_marked(sql, offset, detail, "ANR0516E SQL processing for the statement failed."))


def unknown_function(sql: str, offset: int | None, name: str) -> Refused:
    """A function that Db2 does not have, or that is not simulated."""
    detail = f'ANR0162W Supplemental database diagnostic information: SQL0440N No routine named "{name}" was found.'
    return Refused(RC_SQLERROR, *_marked(sql, offset, detail, "ANR0516E SQL processing for the statement failed."))


def failed(sql: str, reason: str) -> Refused:
    """The statement was read, and could not be carried out: types that do not fit, a division by zero."""
    detail = f"ANR0162W Supplemental database diagnostic information: {reason}"
    return Refused(RC_SQLERROR, *_marked(sql, None, detail, "ANR0516E SQL processing for the statement failed."))
