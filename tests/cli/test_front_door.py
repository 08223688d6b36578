"""Straight to the console: what is loaded before the first paint."""

from __future__ import annotations

import subprocess
import sys

_ASK = """
import sys
import cloutui.cli.front_door, cloutui.cli.console, cloutui.cli.this_console
print(*sorted({"click", "asyncssh", "sqlalchemy", "cloutui.installation", "cloutui.gateway"} & sys.modules.keys()))
"""


def test_neither_the_parser_nor_what_opens_files_nor_what_lets_others_in_is_loaded() -> None:
    told = subprocess.run([sys.executable, "-c", _ASK], capture_output=True, text=True, timeout=60, check=True)
    assert told.stdout.strip() == ""
    control = _ASK.replace("import sys\n", "import sys, click\n", 1)
    told = subprocess.run([sys.executable, "-c", control], capture_output=True, text=True, timeout=60, check=True)
    assert told.stdout.strip() == "click"
