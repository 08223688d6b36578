"""What tests of the console share."""

from __future__ import annotations

import pytest

from cloutui.screens import frame, working


@pytest.fixture
def time_stands_still(monkeypatch: pytest.MonkeyPatch) -> None:
    """For what counts as pressed twice within a second: a busy machine may take longer for it."""
    for module in (frame, working):
        monkeypatch.setattr(module, "monotonic", lambda: 10.0)
