"""What is copied from a screen: a cell, rows as TSV or JSON, and the command lines that give the same again.

All of it is text that is safe to paste: one line stays one line, no shell and no spreadsheet runs what a server wrote,
and a secret is written as a variable of the shell that whoever pastes it has to set.
"""

from __future__ import annotations

import csv
import json
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from io import StringIO

from cloutui.delivery.harmless import harmless
from cloutui.delivery.heading import Heading
from cloutui.delivery.part import part
from cloutui.delivery.plain import plain_rows, spread_columns
from cloutui.model.safe_text import safe
from cloutui.model.secret import Secret
from cloutui.model.table import Answer
from cloutui.reports.registry import find_report, option_of

_VARIABLE = '"$PASSWORD"'


@dataclass(frozen=True, slots=True, kw_only=True)
class AdminCommand:
    """A command for a Storage Protect server, in pieces, so that a secret in it stays one."""

    server: str | None
    """Its stanza in the client's options file: the name that dsmadmc knows it by. None: the client's default."""
    administrator: str
    pieces: Sequence[str | Secret]


def cell(answer: Answer, row: int, column: str) -> str:
    """One value in full, as machines write it. Of a matrix the column may be a day. Nothing for an unknown.

    Raises: KeyError, IndexError.
    """
    [values] = plain_rows(part(answer, rows=[row]))
    value = dict(zip((found.name for found in spread_columns(answer)), values, strict=True))[column]
    return "" if value is None else str(value)


def tsv(answer: Answer, *, has_heads: bool = False) -> str:
    """Lines of cells between tabs, for a spreadsheet."""
    out = StringIO()
    writer = csv.writer(out, delimiter="\t", lineterminator="\n")
    if has_heads:
        writer.writerow([column.name for column in spread_columns(answer)])
    writer.writerows(plain_rows(answer, text=lambda text: harmless(safe(text))))
    return out.getvalue()


def json_text(answer: Answer) -> str:
    """A list of objects."""
    names = [column.name for column in spread_columns(answer)]
    rows = [dict(zip(names, row, strict=True)) for row in plain_rows(answer)]
    return json.dumps(rows, ensure_ascii=False, indent=1) + "\n"


def command_line(view: Heading, *, ssh_host: str = "") -> str:
    """Our command that gives the same answer: it can be pasted into a shell. Raises: NotFound.

    With `ssh_host` it is run there. What ssh is given it joins with blanks, and the other side takes it apart again: so
    what was quoted once is quoted once more.
    """
    command = " ".join(["report", view.report, *(_option(name, value) for name, value in _options(view))])
    if not ssh_host:
        return f"cloutui {command}"
    is_plain = "'" not in command and '"' not in command
    return f"ssh {_quoted(ssh_host)} {command if is_plain else shlex.quote(command)}"


def dsmadmc_line(command: AdminCommand) -> str:
    """The line of a shell that has a backup server answer the command.

    With the password among its options: given a command, dsmadmc asks for none, and refuses to go on (ANS8019E).
    """
    text = "".join(_VARIABLE if isinstance(piece, Secret) else _quoted(piece) for piece in command.pieces)
    server = f"{_quoted(f'-se={command.server}')} " if command.server else ""
    administrator = _quoted(f"-id={command.administrator}")
    return f"dsmadmc {server}{administrator} -password={_VARIABLE} -dataonly=yes {text}"


def _options(view: Heading) -> Iterator[tuple[str, object]]:
    if view.unit:
        yield "--unit", view.unit
    for field in fields(find_report(view.report).params):
        value = view.parameters.get(field.name)
        if value is not None and value is not False:
            yield option_of(field), value
    if view.filter:
        yield "--filter", view.filter
    for column in view.sort:
        yield "--sort", column


def _option(name: str, value: object) -> str:
    if isinstance(value, Secret):
        return f"{name} {_VARIABLE}"
    if value is True:
        return name
    text = str(value)
    # What begins with a dash would be read as the next option.
    return f"{name}={_quoted(text)}" if text.startswith("-") else f"{name} {_quoted(text)}"


def _quoted(text: str) -> str:
    return shlex.quote(safe(text))
