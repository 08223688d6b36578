"""The command line. Loads one command's module, and not the others': the console must start fast."""

from __future__ import annotations

import sys
from typing import NoReturn


def main() -> NoReturn:
    """The `cloutui` program."""
    from cloutui.cli.program import run

    sys.exit(run(sys.argv[1:], stdin=sys.stdin, stdout=sys.stdout, stderr=sys.stderr))
