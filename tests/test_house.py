"""The house as a whole: what loads what, and how large a room may be. Imports between rooms: see import-linter."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import cloutui

PACKAGE = Path(cloutui.__file__).parent
MODULES = sorted(PACKAGE.rglob("*.py"))
MOST_LINES = 400

HEAVY = ("duckdb", "pyarrow", "sqlalchemy", "alembic", "asyncssh", "cryptography", "textual", "rich", "sqlglot", "yaml")
"""What a person must not wait for who only wants to know how something is called."""


def loaded_by(statement: str) -> set[str]:
    """Names of the top-level packages that a fresh process has after one statement."""
    code = f"{statement}\nimport sys\nprint(*{{name.partition('.')[0] for name in sys.modules}}, file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    return set(done.stderr.split())


RUN = "import sys; from cloutui.cli.program import run; run({}, stdin=sys.stdin, stdout=sys.stdout, stderr=sys.stdout)"


@pytest.mark.parametrize(
    "statement",
    [
        "import cloutui.installation, cloutui.cli.program, cloutui.reports.registry, cloutui.delivery",
        "from cloutui.reports.registry import all_reports; list(all_reports())",
        "from cloutui.actions.registry import all_actions; all_actions()",
        "import cloutui.reports.runner, cloutui.cache.cache, cloutui.collectors.collector",
        RUN.format(["report", "--help"]),
        RUN.format(["act"]),
    ],
)
def test_no_terminal_library_is_loaded_below_the_widgets(statement: str) -> None:
    assert not loaded_by(statement) & {"textual", "rich"}


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["-h"], ["collcet"]])
def test_the_program_tells_about_itself_without_loading_anything_heavy(arguments: list[str]) -> None:
    assert not loaded_by(RUN.format(arguments)) & set(HEAVY)


def test_the_search_for_heavy_packages_finds_them() -> None:
    """The negative control."""
    assert loaded_by("import cloutui.app") >= {"textual", "rich"}
    assert loaded_by("import cloutui.cache.cache") >= {"duckdb", "pyarrow"}


def test_every_module_says_in_its_first_line_what_it_is_about() -> None:
    said = {
        str(path.relative_to(PACKAGE)): (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").strip()
        for path in MODULES
    }
    assert not [name for name, text in said.items() if len(text.partition("\n")[0]) < 12]


def test_no_room_is_too_large() -> None:
    lines = {str(path.relative_to(PACKAGE)): len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES}
    too_long = {name: count for name, count in lines.items() if count > MOST_LINES}
    assert not too_long, f"over {MOST_LINES} lines, so what is the second idea in them called? {too_long}"


def test_nothing_is_left_to_do_and_no_mistake_is_swallowed() -> None:
    marks = ("TODO", "FIXME", "XXX", "raise NotImplementedError")
    for path in MODULES:
        text = path.read_text(encoding="utf-8")
        assert not [mark for mark in marks if mark in text], path
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.ExceptHandler) and all(isinstance(part, ast.Pass) for part in node.body):
                caught = ast.unparse(node.type) if node.type else "everything"
                assert caught not in {"everything", "Exception", "BaseException"}, f"{path}:{node.lineno}"
