"""What was typed is always a path, and asking whether it is there never fails."""

from __future__ import annotations

from pathlib import Path

import pytest

from cloutui.model.typed_path import is_file_there, is_there, typed_path


def test_a_home_folder_is_put_in_and_a_name_without_one_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/me")
    assert typed_path("~/all.csv") == Path("/home/me/all.csv")
    assert typed_path("~nobody-is-called-so/all.csv") == Path("~nobody-is-called-so/all.csv")
    assert typed_path("") == Path()


def test_what_is_there_is_there(tmp_path: Path) -> None:
    file = tmp_path / "a"
    assert not is_there(file)
    file.touch()
    assert is_there(file)
    assert is_file_there(file)
    assert is_there(tmp_path)
    assert not is_file_there(tmp_path)


@pytest.mark.parametrize("name", ["x" * 300, "a\0b"])
def test_what_can_be_no_file_is_not_there(tmp_path: Path, name: str) -> None:
    assert not is_there(tmp_path / name)
    assert not is_file_there(tmp_path / name)


def test_where_nobody_may_look_nothing_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: object, **_kwargs: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("os.stat", refuse)
    assert not is_there(tmp_path)
