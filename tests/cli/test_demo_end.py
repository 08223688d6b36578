"""The demo leaves nothing behind, however it ends."""

from __future__ import annotations

import io
import signal
import tempfile
from pathlib import Path

import pytest

from cloutui.app import CloutuiApp
from cloutui.cli.program import run


class Terminal(io.StringIO):
    """A stream that says it is one."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGTERM])
def test_a_window_that_is_closed_takes_the_demos_folder_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    found: list[Path] = []

    def closed(_app: object) -> None:
        found.extend(tmp_path.iterdir())
        signal.raise_signal(number)

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(CloutuiApp, "run", closed)
    before = {each: signal.getsignal(each) for each in (signal.SIGHUP, signal.SIGTERM)}
    try:
        run(["demo"], stdin=Terminal(), stdout=Terminal(), stderr=io.StringIO())
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
    assert [path.name.startswith("cloutui-demo-") for path in found] == [True]
    assert not list(tmp_path.iterdir())
