"""Db2's spelling of SQL, as sqlglot needs to be told it.

Only what is named here is a function to the server: DuckDB's own functions cannot be reached through a SELECT.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import ClassVar

from sqlglot import TokenType, exp, parser, tokens
from sqlglot.dialects.dialect import Dialect, NormalizationStrategy

Build = Callable[[Sequence[exp.Expr]], exp.Expr]

UNITS = {
    name: unit
    for unit in ("MICROSECOND", "SECOND", "MINUTE", "HOUR", "DAY", "MONTH", "YEAR")
    for name in (unit, unit + "S")
}
"""Labelled durations: `CURRENT_TIMESTAMP - 24 HOURS`."""

MEANS = {
    "UPPER": "upper",
    "UCASE": "upper",
    "LOWER": "lower",
    "LCASE": "lower",
    "LEFT": "left",
    "RIGHT": "right",
    "SUBSTR": "substr",
    "LENGTH": "db2_length",
    "LTRIM": "ltrim",
    "RTRIM": "rtrim",
    "STRIP": "db2_strip",
    "REPLACE": "replace",
    "REPEAT": "repeat",
    "LPAD": "lpad",
    "RPAD": "rpad",
    "CONCAT": "db2_concat",
    "TRANSLATE": "db2_translate",
    "POSSTR": "db2_posstr",
    "INSTR": "db2_posstr",
    "LOCATE": "db2_locate",
    "ABS": "abs",
    "ABSVAL": "abs",
    "MOD": "db2_mod",
    "SIGN": "sign",
    "ROUND": "round",
    "TRUNC": "trunc",
    "TRUNCATE": "trunc",
    "CEIL": "ceil",
    "CEILING": "ceil",
    "FLOOR": "floor",
    "SQRT": "sqrt",
    "POWER": "pow",
    "LN": "ln",
    "LOG10": "log10",
    "EXP": "exp",
    "GREATEST": "greatest",
    "LEAST": "least",
    "FLOAT": "db2_double",
    "DOUBLE": "db2_double",
    "DOUBLE_PRECISION": "db2_double",
    "REAL": "db2_double",
    "TIMESTAMP": "db2_timestamp",
    "DATE": "db2_date",
    "TIME": "db2_time",
    "DAYS": "db2_days",
    "DAYNAME": "dayname",
    "MONTHNAME": "monthname",
    "LAST_DAY": "last_day",
    "TIMESTAMPDIFF": "db2_timestampdiff",
    "COALESCE": "coalesce",
    "VALUE": "coalesce",
    "NVL": "coalesce",
    "IFNULL": "coalesce",
    "NULLIF": "nullif",
}
"""Db2 function: DuckDB's, or the macro of `db2.sql` that does the same."""

PARTS = {
    "YEAR": "year",
    "QUARTER": "quarter",
    "MONTH": "month",
    "WEEK_ISO": "week",
    "DAY": "day",
    "DAYOFMONTH": "day",
    "DAYOFYEAR": "doy",
    "DAYOFWEEK_ISO": "isodow",
    "HOUR": "hour",
    "MINUTE": "minute",
    "SECOND": "second",
    "MIDNIGHT_SECONDS": "epoch",
}
"""Db2 function: the part of a date or time that it gives, as DuckDB calls it."""

FORMATS = {
    "YYYY": "%Y",
    "YY": "%y",
    "MONTH": "%B",
    "MON": "%b",
    "MM": "%m",
    "DDD": "%j",
    "DAY": "%A",
    "DY": "%a",
    "DD": "%d",
    "HH24": "%H",
    "HH12": "%I",
    "HH": "%I",
    "MI": "%M",
    "SS": "%S",
    "NNNNNN": "%f",
    "FF6": "%f",
    "FF3": "%g",
    "US": "%f",
    "AM": "%p",
    "PM": "%p",
}
_FORMAT_WORD = re.compile("|".join(FORMATS), re.IGNORECASE)


def call(name: str, *arguments: exp.Expr) -> exp.Anonymous:
    """A call of a DuckDB function or macro, marked as ours and so as allowed."""
    node = exp.Anonymous(this=name, expressions=list(arguments))
    node.meta["known"] = True
    return node


def _means(name: str) -> Build:
    return lambda arguments: call(name, *arguments)


def _char(arguments: Sequence[exp.Expr]) -> exp.Expr:
    # CHAR(DATE, ISO) and CHAR(text, 20): the second argument changes nothing that a client could see.
    return call("db2_char", *arguments[:1])


def _formatted(name: str) -> Build:
    def build(arguments: Sequence[exp.Expr]) -> exp.Expr:
        match arguments:
            case [value]:
                return call("db2_char", value)
            case [value, exp.Literal(is_string=True) as pattern]:
                strftime = _FORMAT_WORD.sub(lambda word: FORMATS[word[0].upper()], pattern.name)
                return call(name, value, exp.Literal.string(strftime))
        return exp.Anonymous(this="TO_CHAR", expressions=list(arguments))

    return build


def _part(name: str) -> Build:
    return lambda arguments: call("db2_part", exp.Literal.string(name), *arguments)


def _dayofweek(arguments: Sequence[exp.Expr]) -> exp.Expr:
    """Sunday is 1."""
    return exp.paren(
        exp.Add(this=call("db2_part", exp.Literal.string("dow"), *arguments), expression=exp.Literal.number(1))
    )


def _varchar(arguments: Sequence[exp.Expr]) -> exp.Expr:
    written = call("db2_char", *arguments[:1])
    return call("left", written, arguments[1]) if len(arguments) > 1 else written


def _whole(kind: str) -> Build:
    return lambda arguments: exp.cast(call("db2_cut", arguments[0], exp.Literal.number(0)), kind)


def _decimal(arguments: Sequence[exp.Expr]) -> exp.Expr:
    digits = [int(size.name) for size in arguments[1:3] if isinstance(size, exp.Literal) and size.is_int]
    precision, scale = (*digits, 15, 0)[:2] if not digits else (*digits, 0)[:2]
    cut = call("db2_cut", arguments[0], exp.Literal.number(scale))
    return exp.cast(cut, exp.DataType.build(f"DECIMAL({precision}, {scale})"))


class Db2Tokenizer(tokens.Tokenizer):
    """Db2 writes its special registers as two words, too. `$name` is a value that `Server.query` binds."""

    SINGLE_TOKENS: ClassVar = {**tokens.Tokenizer.SINGLE_TOKENS, "$": TokenType.PARAMETER}
    KEYWORDS: ClassVar = {
        **tokens.Tokenizer.KEYWORDS,
        "CURRENT TIMESTAMP": TokenType.CURRENT_TIMESTAMP,
        "CURRENT DATE": TokenType.CURRENT_DATE,
        "CURRENT TIME": TokenType.CURRENT_TIME,
        "CURRENT TIMEZONE": TokenType.CURRENT_DATETIME,
        # The nearest token that sqlglot has: Db2 has no CURRENT DATETIME of its own.
        "CURRENT_TIMEZONE": TokenType.CURRENT_DATETIME,
        "^=": TokenType.NEQ,
        "¬=": TokenType.NEQ,
    }


class Db2Parser(parser.Parser):
    """Knows Db2's functions and no others, its labelled durations and its special registers."""

    FUNCTIONS: ClassVar = {
        **{name: _means(target) for name, target in MEANS.items()},
        **{name: _part(part) for name, part in PARTS.items()},
        "DAYOFWEEK": _dayofweek,
        "VARCHAR": _varchar,
        "CHAR": _char,
        "DIGITS": _char,
        "TO_CHAR": _formatted("db2_format"),
        "VARCHAR_FORMAT": _formatted("db2_format"),
        "TO_DATE": _formatted("db2_parse"),
        "TO_TIMESTAMP": _formatted("db2_parse"),
        "TIMESTAMP_FORMAT": _formatted("db2_parse"),
        **{
            name: _whole(kind)
            for name, kind in {"INTEGER": "INT", "INT": "INT", "SMALLINT": "SMALLINT", "BIGINT": "BIGINT"}.items()
        },
        "DECIMAL": _decimal,
        "DEC": _decimal,
        "NUMERIC": _decimal,
        **{
            name: parser.Parser.FUNCTIONS[name]
            for name in ("COUNT", "SUM", "MIN", "MAX", "AVG", "STDDEV", "VARIANCE", "ROW_NUMBER", "RANK", "DENSE_RANK")
        },
    }
    FUNCTION_PARSERS: ClassVar = {
        name: parser.Parser.FUNCTION_PARSERS[name] for name in ("CAST", "EXTRACT", "POSITION", "SUBSTRING", "TRIM")
    }
    NO_PAREN_FUNCTIONS: ClassVar = {
        TokenType.CURRENT_DATE: lambda: call("server_date"),
        TokenType.CURRENT_TIME: lambda: call("server_clock"),
        TokenType.CURRENT_TIMESTAMP: lambda: call("server_time"),
        TokenType.CURRENT_DATETIME: lambda: call("server_timezone"),
    }
    NO_PAREN_FUNCTION_PARSERS: ClassVar = {
        name: parser.Parser.NO_PAREN_FUNCTION_PARSERS[name] for name in ("ANY", "CASE")
    }

    def _parse_unary(self) -> exp.Expr | None:
        """An operand, and the label that makes a duration of it when it is added or subtracted."""
        signed = self._prev is not None and self._prev.token_type in (TokenType.PLUS, TokenType.DASH)
        operand = super()._parse_unary()
        label = self._curr.text.upper() if signed and self._curr else ""
        if operand is None or label not in UNITS:
            return operand
        self._advance()
        return exp.Interval(this=exp.paren(operand, copy=False), unit=exp.Var(this=UNITS[label]))


class Db2(Dialect):
    """SELECT statements of the server's Db2."""

    NORMALIZATION_STRATEGY = NormalizationStrategy.UPPERCASE
    NULL_ORDERING = "nulls_are_large"
    SUPPORTS_SEMI_ANTI_JOIN = False

    Tokenizer = Db2Tokenizer
    Parser = Db2Parser
