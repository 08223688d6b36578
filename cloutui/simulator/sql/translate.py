"""A SELECT of the server's Db2, turned into one of DuckDB over the server's tables.

What it may name is decided here: tables of the catalogue and functions of the dialect. All else is refused before
DuckDB sees it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlglot import Token, TokenType, exp
from sqlglot.dialects.duckdb import DuckDB
from sqlglot.errors import ParseError, TokenError

from cloutui.simulator.sql import refusals
from cloutui.simulator.sql.dialect import Db2, call

UNNAMED = "?column?"
"""Name of a result column that Db2 would call by its number."""

_SCHEMA = "TSMDB1"
"""Where a name without a schema is looked for."""
_DB2 = Db2()
_DUCKDB = DuckDB()
_DB2_TIMESTAMP = re.compile(r"(\d{4}-\d\d-\d\d)-(\d\d)\.(\d\d)\.(\d\d)(\.\d{1,6})?")
_WHOLE = (exp.DType.INT, exp.DType.BIGINT, exp.DType.SMALLINT)
_ALLOWED = (
    *(exp.Count, exp.Sum, exp.Min, exp.Max, exp.Avg, exp.Stddev, exp.Variance, exp.RowNumber, exp.Rank, exp.DenseRank),
    *(exp.Cast, exp.Extract, exp.StrPosition, exp.Substring, exp.Trim, exp.Case, exp.If, exp.Exists, exp.Any, exp.All),
    exp.Connector,
)
"""What sqlglot calls a function and Db2 has, beside those of the dialect."""
_TAILS = (
    ("WITH", "UR"),
    ("WITH", "CS"),
    ("WITH", "RS"),
    ("WITH", "RR"),
    ("FOR", "READ", "ONLY"),
    ("FOR", "FETCH", "ONLY"),
)


@dataclass(frozen=True, slots=True)
class Translation:
    """A statement for DuckDB, and the server's tables that it reads."""

    sql: str
    tables: frozenset[str]


def translate(sql: str, tables: Collection[str]) -> Translation:
    """Raises: Refused, for what is no SELECT, and for a table or a function that is not there.

    `tables` are the names that may be read, as Db2 knows them: `NODES`, `SYSCAT.COLUMNS`.
    """
    statement = _parse(sql)
    _check_functions(statement, sql)
    named = _check_tables(statement, sql, tables)
    _today_when_undated(statement)
    _name_columns(statement)
    # From the leaves up, so that an operand is translated before what holds it.
    for node in reversed(list(statement.walk())):
        if (translated := _in_duckdb(node)) is not node:
            node.replace(translated)
    return Translation(_DUCKDB.generate(statement, identify=True), frozenset(named))


def place_of(sql: str, column: str) -> int | None:
    """Where a column is first named in a statement that could be parsed."""
    for node in _parse(sql).find_all(exp.Identifier):
        if node.name.upper() == column.upper():
            return _offset(node)
    return None


def _parse(sql: str) -> exp.Query:
    try:
        tokens = _without_tail(_DB2.tokenize(sql))
        if not tokens or tokens[0].token_type not in (TokenType.SELECT, TokenType.WITH):
            raise refusals.syntax(
                sql, tokens[0].start if tokens else 0, tokens[0].text if tokens else "END-OF-STATEMENT"
            )
        statements = _DB2.parser().parse(tokens, sql)
    except ParseError as error:
        detail = error.errors[0] if error.errors else {}
        word = str(detail.get("highlight") or "END-OF-STATEMENT")
        raise refusals.syntax(sql, _column(sql, detail), word) from error
    except TokenError as error:
        raise refusals.syntax(sql, None, sql.strip()[-20:]) from error
    match statements:
        case [exp.Query() as query] if not query.find(exp.Into, exp.DML, exp.DDL, exp.Command):
            return query
    raise refusals.syntax(sql, 0, sql.split(maxsplit=1)[0] if sql.strip() else "END-OF-STATEMENT")


def _without_tail(tokens: list[Token]) -> list[Token]:
    """Db2's closing clauses say how to read, not what: an isolation level, and that nothing will be changed."""
    while True:
        texts = [token.text.upper() for token in tokens[-3:]]
        if texts and texts[-1] == ";":
            tokens = tokens[:-1]
            continue
        tail = next((tail for tail in _TAILS if tuple(texts[-len(tail) :]) == tail), None)
        if tail is None:
            return tokens
        tokens = tokens[: -len(tail)]


def _column(sql: str, detail: dict[str, object]) -> int | None:
    line, column = detail.get("line"), detail.get("col")
    if not isinstance(line, int) or not isinstance(column, int):
        return None
    before = sum(len(text) + 1 for text in sql.split("\n")[: line - 1])
    return max(0, before + column - len(str(detail.get("highlight") or "")))


def _offset(node: exp.Expr) -> int | None:
    found = next((part for part in (node, *node.find_all(exp.Identifier)) if "start" in part.meta), None)
    return int(found.meta["start"]) if found else None


def _check_functions(statement: exp.Query, sql: str) -> None:
    for node in statement.find_all(exp.Func, exp.Bracket, exp.Dot, exp.Lambda):
        if not (node.meta.get("known") or isinstance(node, _ALLOWED)):
            name = node.name or type(node).__name__
            raise refusals.unknown_function(sql, _offset(node), name.upper())


def _check_tables(statement: exp.Query, sql: str, tables: Collection[str]) -> Iterable[str]:
    defined = _common_tables(statement, sql)
    named = set()
    for table in statement.find_all(exp.Table):
        if not isinstance(table.this, exp.Identifier):
            raise refusals.syntax(sql, _offset(table), "(")
        parts = [_capitals(part) for part in table.parts]
        if parts[0] == _SCHEMA:
            table.set("db", None)
            parts = parts[1:]
        name = ".".join(parts)
        # A common table is known to what follows it, not to itself: else its name would reach past our list.
        own = table.find_ancestor(exp.CTE)
        if name in (defined[: defined.index(_capitals(own.args["alias"].this))] if own else defined):
            continue
        if name not in tables:
            raise refusals.unknown_table(sql, _offset(table), name)
        named.add(name)
    for column in statement.find_all(exp.Column):
        if column.db.upper() == _SCHEMA:
            column.set("db", None)
    return named


def _common_tables(statement: exp.Query, sql: str) -> list[str]:
    """Names of the WITH at the head, in order; one further down is refused."""
    heads = list(statement.find_all(exp.With))
    if any(head.parent is not statement for head in heads):
        raise refusals.syntax(sql, None, "WITH")
    return [_capitals(cte.args["alias"].this) for head in heads for cte in head.expressions]


def _capitals(name: exp.Expr) -> str:
    return name.name if name.args.get("quoted") else name.name.upper()


def _today_when_undated(statement: exp.Query) -> None:
    """A SELECT on EVENTS that does not bound SCHEDULED_START gets the current day alone, as on a real server."""
    for select in statement.find_all(exp.Select):
        clauses = [clause for clause in (select.args.get("where"), *select.args.get("joins", ())) if clause]
        dated = any(
            column.name.upper() == "SCHEDULED_START" for clause in clauses for column in clause.find_all(exp.Column)
        )
        if dated:
            continue
        for table in select.find_all(exp.Table):
            if table.name.upper() == "EVENTS" and table.parent_select is select:
                if not table.alias:
                    table.set("alias", exp.TableAlias(this=exp.to_identifier("EVENTS")))
                table.set("this", exp.to_identifier("events_today"))


def _name_columns(statement: exp.Query) -> None:
    """Db2 writes unquoted names in capitals, and calls an expression without a name by its number."""
    for projection in _first_select(statement).expressions:
        match projection:
            case exp.Alias():
                if not projection.args["alias"].quoted:
                    projection.args["alias"].set("this", projection.alias.upper())
            case exp.Column(this=exp.Identifier() as name):
                projection.replace(exp.alias_(projection.copy(), name.name if name.quoted else name.name.upper()))
            case exp.Star() | exp.Column():
                continue
            case _:
                projection.replace(exp.alias_(projection.copy(), UNNAMED, quoted=True))


def _first_select(query: exp.Query) -> exp.Select:
    while not isinstance(query, exp.Select):
        query = query.this
    return query


def _is_cut(node: exp.Expr) -> bool:
    return isinstance(node, exp.Anonymous) and node.name == "db2_cut"


def _in_duckdb(node: exp.Expr) -> exp.Expr:
    """The same node as DuckDB writes it. Operators become macros that choose by type."""
    match node:
        case exp.Div():
            node = call("db2_divide", node.this, node.expression)
        case exp.Sub():
            node = call("db2_minus", node.this, node.expression)
        case exp.Add(expression=exp.Interval()):
            node = call("db2_plus", node.this, node.expression)
        case exp.Avg() if not isinstance(node.this, exp.Distinct):
            node = call("db2_avg", node.this)
        case exp.Cast(to=exp.DataType(this=kind)) if kind in _WHOLE and not _is_cut(node.this):
            node = exp.Cast(this=call("db2_cut", node.this.copy(), exp.Literal.number(0)), to=node.to)
        case exp.Literal(is_string=True) if written := _DB2_TIMESTAMP.fullmatch(node.name):
            day, hour, minute, second, fraction = written.groups(default="")
            node = exp.Literal.string(f"{day} {hour}:{minute}:{second}{fraction}")
    return node
