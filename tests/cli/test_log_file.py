"""The log file: it stays within bounds, and is never on anybody's screen."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest

from cloutui.cli import log_file


@pytest.fixture
def handler(tmp_path: Path) -> Iterator[logging.StreamHandler[StringIO]]:
    root, before = logging.getLogger(), logging.getLogger().handlers[:]
    log_file.log_to(tmp_path / "made" / "cloutui.log")
    [added] = [each for each in root.handlers if each not in before]
    assert isinstance(added, logging.StreamHandler)
    yield added
    root.removeHandler(added)
    added.close()


def test_it_grows_no_further_than_it_may(
    handler: logging.Handler, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not (tmp_path / "made").exists(), "it is made with its first line"
    monkeypatch.setattr(log_file, "MOST_BYTES", 1000)
    for number in range(300):
        logging.getLogger("strangers").warning("no user %d", number)
    kept = sorted((tmp_path / "made").iterdir())
    assert [file.name for file in kept] == ["cloutui.log", "cloutui.log.old"]
    assert all(file.stat().st_size < 1100 for file in kept)
    assert kept[0].read_text().endswith("no user 299\n")


def test_a_full_disk_is_not_told_on_the_screen(
    handler: logging.StreamHandler[StringIO], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Full(StringIO):
        def write(self, text: str, /) -> int:
            raise OSError("no space left")

    handler.setStream(Full())
    logging.getLogger("anybody").warning("lost")
    assert capsys.readouterr() == ("", "")
