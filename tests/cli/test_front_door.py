"""Straight to the console: what is loaded before the first paint."""

from __future__ import annotations

import subprocess
import sys

_ASK = """
import sys
import cloutui.cli.front_door, cloutui.cli.console, cloutui.cli.this_console, cloutui.screens.overview
libraries = {"click", "asyncssh", "sqlalchemy", "duckdb", "pyarrow", "msgspec", "yaml"}
ours = {"cloutui.installation", "cloutui.gateway", "cloutui.model.table", "cloutui.model.principal"}
print(*sorted((libraries | ours) & sys.modules.keys()))
"""


def test_neither_the_parser_nor_what_opens_and_answers_nor_what_lets_others_in_is_loaded() -> None:
    told = subprocess.run([sys.executable, "-c", _ASK], capture_output=True, text=True, timeout=60, check=True)
    assert told.stdout.strip() == ""
    control = _ASK.replace("import sys\n", "import sys, click\n", 1)
    told = subprocess.run([sys.executable, "-c", control], capture_output=True, text=True, timeout=60, check=True)
    assert told.stdout.strip() == "click"
