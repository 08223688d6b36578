"""`cloutui` and `cloutui --home DIR`: straight to the console, without the command line's parser.

That is what people type most, and loading the parser takes a twentieth of the time to the first paint. Whatever else is
asked, and whatever goes wrong, is `program`'s.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from cloutui.cli.invocation import Invocation
from cloutui.cli.log_file import log_to
from cloutui.home import Home


def asks_for_console(args: Sequence[str]) -> bool:
    """Whether these are the arguments of the console alone."""
    match args:
        case []:
            return True
        case ["--home", folder]:
            return not folder.startswith("-") and not Path(folder).is_file()
    return False


def open_console(args: Sequence[str], *, stdin: TextIO, stdout: TextIO, stderr: TextIO) -> int:
    """Returns the exit status, as `program.run` does for the same arguments."""
    from cloutui.cli.console import run_console

    home = Home.at(Path(args[1]) if args else None)
    invocation = Invocation(home=home, stdin=stdin, stdout=stdout, stderr=stderr)
    log_to(home.log_file)
    try:
        return run_console(invocation, glyphs=None, theme=None, plain=False)
    except (Exception, KeyboardInterrupt) as error:
        from cloutui.cli.program import tell

        return tell(error, invocation)
