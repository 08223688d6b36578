"""A QUERY command from its description to a sheet."""

from __future__ import annotations

from collections.abc import Iterator

from cloutui.simulator.answer import RC_NOTFOUND, Refused
from cloutui.simulator.dsmadmc.grammar import Command
from cloutui.simulator.dsmadmc.host import Server
from cloutui.simulator.dsmadmc.queries.description import FORMAT, Condition, Query, Reader
from cloutui.simulator.dsmadmc.reply import RC_UNSUPPORTED
from cloutui.simulator.dsmadmc.sheet import Sheet

WINDOW = frozenset({"BEGINDATE", "BEGINTIME", "ENDDATE", "ENDTIME"})


def run_query(query: Query, command: Command, server: Server) -> Sheet:
    """Ask the server. Raises: Refused for a wrong parameter, and when nothing matches."""
    is_detailed = _is_detailed(query, command)
    conditions = [condition for condition in _conditions(query, command, server) if condition.sql]
    shown = query.detailed if is_detailed else query.brief
    sql = f"SELECT {', '.join(column.sql for column in shown)} FROM {query.source}"
    if conditions:
        sql += " WHERE " + " AND ".join(f"({condition.sql})" for condition in conditions)
    if query.order:
        sql += f" ORDER BY {query.order}"
    bound = {name: value for condition in conditions for name, value in condition.bound.items()}
    rows = server.query(sql, **bound).rows
    if not rows:
        raise Refused(RC_NOTFOUND, query.no_match.format(head=query.head))
    return Sheet(query.columns(is_detailed=is_detailed), rows, is_detailed=is_detailed or query.is_list)


def _is_detailed(query: Query, command: Command) -> bool:
    written = command.keywords.get("FORMAT", "Standard")
    try:
        return bool(query.detailed) and FORMAT.word(written) == "Detailed"
    except ValueError as error:
        raise command.invalid(written.upper()) from error


def _conditions(query: Query, command: Command, server: Server) -> Iterator[Condition]:
    yield Condition(query.only)
    yield from _of_positionals(query, command)
    yield from _of_keywords(query, command)
    if query.window is not None:
        yield query.window.condition(command, server.now())


def _of_positionals(query: Query, command: Command) -> Iterator[Condition]:
    given = command.positionals
    if len(given) > len(query.positionals):
        raise command.refusal("ANR2023E", f"Extraneous parameter - {given[len(query.positionals)].upper()}.")
    if any(positional.is_required for positional in query.positionals[len(given) :]):
        raise command.refusal("ANR2022E", "One or more parameters are missing.")
    for positional, text in zip(query.positionals, given, strict=False):
        yield _condition(positional.reads, positional.name, text, command)


def _of_keywords(query: Query, command: Command) -> Iterator[Condition]:
    for name, text in {**query.defaults, **command.keywords}.items():
        if name in query.keywords:
            yield _condition(query.keywords[name], name.lower(), text, command)
        elif not (name in WINDOW and query.window) and not (name == "FORMAT" and query.detailed):
            raise Refused(RC_UNSUPPORTED, f"This stand-in server does not simulate {query.head} with {name}=.")


def _condition(reader: Reader, name: str, text: str, command: Command) -> Condition:
    try:
        return reader.condition(name, text)
    except ValueError as error:
        raise command.invalid(text.upper()) from error
