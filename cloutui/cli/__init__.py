"""The command line. Loads one command's module, and not the others': the console must start fast."""

from __future__ import annotations

import sys
from typing import NoReturn


def main() -> NoReturn:
    """The `cloutui` program."""
    import os

    from cloutui.cli.garbage import hold_garbage

    hold_garbage()
    from cloutui.cli.front_door import asks_for_console, open_console

    # What a server said, and what people decided, is for the eyes of whoever runs this.
    os.umask(0o077)
    arguments = sys.argv[1:]
    if asks_for_console(arguments):
        status = open_console(arguments, stdin=sys.stdin, stdout=sys.stdout, stderr=sys.stderr)
    else:
        from cloutui.cli.program import run

        status = run(arguments, stdin=sys.stdin, stdout=sys.stdout, stderr=sys.stderr)
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        # Nobody reads any more. Without this, the interpreter would try once more at its end, and complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(status)
