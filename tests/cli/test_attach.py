"""The near end of joining another process of this host."""

from __future__ import annotations

import io
from pathlib import Path
from unittest.mock import Mock

import pytest

from cloutui.cli import attach
from cloutui.errors import Busy
from cloutui.home import Home, Ownership, short_path


def test_what_a_command_would_ask_for_is_asked_here_in_its_order() -> None:
    asked: list[str] = []

    def ask(question: str) -> str:
        asked.append(question)
        return f"answer {len(asked)}"

    words = ["act", "account.password", "password=-", "why=a=b", "--code-stdin"]
    assert attach.hidden_lines(words, ask) == "answer 1\nanswer 2\n"
    assert asked == ["password: ", "Code of your second factor: "]
    assert attach.hidden_lines(["report", "units", "--format", "-"], ask) == ""
    for given in (["--password-file", "-"], ["--password-file=-"]):
        asked.clear()
        assert attach.hidden_lines(["server", "add", "SPA01", *given], ask) == "answer 1\n"
        assert asked == ["password: "]


def test_an_owner_that_ends_is_no_owner_and_one_that_does_not_listen_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attach, "_PATIENCE_S", 0.1)
    home = Home.at(tmp_path)
    assert not Ownership.is_taken(home)
    assert list(tmp_path.iterdir()) == [], "looking makes nothing"
    owner = Ownership(home)
    assert Ownership.is_taken(home)
    with pytest.raises(Busy, match="is open in process"):
        attach.reach(home)
    owner.release()
    assert attach.reach(home) is None
    assert not Ownership.is_taken(home)


def test_a_path_of_any_length_has_a_short_name(tmp_path: Path) -> None:
    deep = tmp_path / ("x" * 120)
    deep.mkdir()
    (deep / "owner.socket").write_text("here")
    with short_path(deep / "owner.socket") as path:
        assert len(path) < 100
        assert Path(path).read_text() == "here"


class _Closed(io.StringIO):
    """A pipe that nobody reads from any more."""

    def write(self, text: str) -> int:
        raise BrokenPipeError(text)


def test_output_that_nobody_takes_ends_the_command() -> None:
    channel, told = Mock(), attach._Output(_Closed(), io.StringIO())
    told.connection_made(channel)
    told.data_received(b"a warning", 1)
    assert told.failed is None
    told.data_received(b"a row", None)
    assert isinstance(told.failed, BrokenPipeError)
    channel.close.assert_called_once()
