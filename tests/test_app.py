"""The application: it starts light, and it ends clean."""

from __future__ import annotations

import logging
import subprocess
import sys
from pathlib import Path

import pytest
from textual.worker import WorkerFailed

from cloutui.app import CloutuiApp
from cloutui.errors import Invalid
from cloutui.widgets.palette import Depth
from tests.screens.console import console
from tests.screens.fake_session import FakeSession, fleet, opener

HEAVY = ("duckdb", "pyarrow", "sqlalchemy", "asyncssh", "cryptography", "numpy", "yaml", "msgspec", "sqlglot", "click")
LATER = tuple(
    f"cloutui.{name}"
    for name in ("installation", "reports.registry", "screens.table_view", "widgets.result_table", "widgets.matrix")
)
"""Of our own: what no first screen needs."""
SECRET = "hunter2-the-password"


LATER = ("cloutui.first_run", "cloutui.screens.setup", "cloutui.widgets.form", "cloutui.screens.jobs_matrix")
"""Parts of ours that are loaded when they are first wanted."""


def test_the_console_loads_nothing_heavy_before_its_first_screen_is_painted() -> None:
    program = f"""
import sys
from cloutui.app import CloutuiApp
assert CloutuiApp(None).shell.at.word == "overview"
print([name for name in {(*HEAVY, *LATER)!r} if name in sys.modules])
"""
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=30, check=True)
    assert loaded.stdout.strip() == "[]"


def test_an_unknown_theme_is_refused_before_anything_is_opened() -> None:
    with pytest.raises(Invalid, match="midnight"):
        CloutuiApp(opener(FakeSession(fleet(nodes=1))), theme="midnight")


def test_no_color_means_attributes_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = CloutuiApp(opener(FakeSession(fleet(nodes=1))))
    assert app.desk.look.palette.depth is Depth.NONE


def test_nothing_of_textuals_own_is_reachable() -> None:
    app = CloutuiApp(opener(FakeSession(fleet(nodes=1))))
    assert not app.use_command_palette
    assert set(app._bindings.key_to_bindings) == {"ctrl+q"}


async def test_a_mistake_of_ours_ends_in_one_line_with_an_id(
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setenv("COLUMNS", "500")
    log = tmp_path / "console.log"

    class Broken(FakeSession):
        async def ask(self, report: str, /, **params: object) -> object:  # type: ignore[override]
            password = SECRET
            raise ZeroDivisionError(f"in {report} {len(password)}")

    with caplog.at_level(logging.ERROR), pytest.raises(WorkerFailed):
        async with console(session=Broken(fleet(nodes=3)), log_file=log) as it:
            await it.until(lambda: not it.app.is_running)
    said = capsys.readouterr().err.strip()
    assert said.startswith("cloutui broke down: ZeroDivisionError, incident ")
    assert "\n" not in said
    incident = said.split("incident ")[1][:8]
    assert f"incident {incident}" in caplog.text
    assert "ZeroDivisionError" in caplog.text
    details = log.read_text(encoding="utf-8")
    assert f"incident {incident}" in details
    assert "Traceback" in details
    assert str(log) in said
    assert SECRET not in said + caplog.text + details
    assert it.app.return_code == 1
