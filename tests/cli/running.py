"""The command line in this process: arguments in, exit status and streams out."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path

from cloutui.cli.program import run


@dataclass(frozen=True)
class Ran:
    """What a command did."""

    status: int
    out: str
    err: str


def cloutui(*arguments: str, home: Path | None = None, stdin: str = "") -> Ran:
    """Run one command on streams that are no terminal."""
    out, err = io.StringIO(), io.StringIO()
    place = () if home is None else ("--home", str(home))
    status = run([*place, *arguments], stdin=io.StringIO(stdin), stdout=out, stderr=err)
    return Ran(status, out.getvalue(), err.getvalue())
