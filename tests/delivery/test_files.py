import errno
import os
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloutui.delivery.files import file_name, new_file
from cloutui.errors import Invalid

DAY = date(2026, 11, 21)

HOSTILE = [
    "../../etc/passwd",
    "..\\x",
    "CON.csv",
    "a/b",
    ".ssh",
    "x" * 300,
    "-rf",
    "a\nb",
    "~root",
    "C:\\x",
    "\u202egpj.exe",
]
"""The names of T14, and some more."""

DEVICES = {"CON", "PRN", "AUX", "NUL", *(f"{port}{n}" for port in ("COM", "LPT") for n in "0123456789¹²³")}


def _is_safe(name: str) -> bool:
    return (
        not set(name) & set('/\\:*?"<>|~$&;\0')
        and name == Path(name).name
        and name[0].isalnum()
        and name.isprintable()
        and len(name) <= 120
        and len(name.encode()) <= 255
        and name.split(".", maxsplit=1)[0].upper() not in DEVICES
        and name.count(".") == 1
    )


def _names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def _fail(path: Path, error: BaseException, *, force: bool) -> None:
    with new_file(path, force=force) as out:
        out.write("half")
        raise error


def test_a_name_tells_report_unit_and_day() -> None:
    assert file_name("jobs", "Fjord Retail/Ærø A/S", DAY, "csv") == "jobs_Fjord-Retail-Ærø-A-S_2026-11-21.csv"
    assert file_name("jobs-matrix", "", None, "xlsx") == "jobs-matrix.xlsx"


@pytest.mark.parametrize("unit", HOSTILE)
@pytest.mark.parametrize("report", ["jobs", "", "con", "../x"])
def test_no_name_leaves_its_folder_or_means_something_else(report: str, unit: str) -> None:
    assert _is_safe(file_name(report, unit, DAY, "csv"))


@given(st.text(max_size=300), st.text(max_size=300), st.none() | st.dates())
def test_any_name_is_safe(report: str, unit: str, day: date | None) -> None:
    assert _is_safe(file_name(report, unit, day, "csv"))


@pytest.mark.parametrize("device", sorted(DEVICES))
def test_no_name_opens_a_device_of_windows(device: str) -> None:
    assert file_name(device.lower(), "", None, "csv").startswith("report-")


def test_a_new_file_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    with new_file(path) as out:
        out.write("Ærø\n")
    assert path.read_bytes() == "Ærø\n".encode()
    assert path.stat().st_mode & 0o777 == 0o600


def test_bytes_go_into_a_binary_file(tmp_path: Path) -> None:
    with new_file(tmp_path / "a.parquet", is_binary=True) as out:
        out.write(b"\x00\xff")
    assert (tmp_path / "a.parquet").read_bytes() == b"\x00\xff"


def test_a_file_that_is_there_is_never_overwritten_unasked(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("mine")
    with pytest.raises(Invalid, match="is there already"), new_file(path):
        pytest.fail("opened")
    assert path.read_text() == "mine"


def test_force_replaces_a_file_and_its_rights(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("mine")
    path.chmod(0o644)
    with new_file(path, force=True) as out:
        out.write("new")
        assert path.read_text() == "mine"
    assert path.read_text() == "new"
    assert path.stat().st_mode & 0o777 == 0o600
    assert _names(tmp_path) == ["a.csv"]


def test_force_makes_a_file_where_there_was_none(tmp_path: Path) -> None:
    with new_file(tmp_path / "a.csv", force=True) as out:
        out.write("new")
    assert (tmp_path / "a.csv").read_text() == "new"


@pytest.mark.parametrize("force", [False, True])
@pytest.mark.parametrize("is_dangling", [False, True])
def test_a_link_is_never_followed(tmp_path: Path, force: bool, is_dangling: bool) -> None:
    target, link = tmp_path / "target", tmp_path / "a.csv"
    if not is_dangling:
        target.write_text("theirs")
    link.symlink_to(target)
    with pytest.raises(Invalid), new_file(link, force=force):
        pytest.fail("opened")
    assert link.is_symlink()
    assert target.exists() is not is_dangling
    assert is_dangling or target.read_text() == "theirs"


def test_the_guards_against_links_are_what_refuses_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target, link = tmp_path / "target", tmp_path / "a.csv"
    target.write_text("theirs")
    link.symlink_to(target)
    monkeypatch.setattr(os, "O_EXCL", 0)
    monkeypatch.setattr(os, "O_NOFOLLOW", 0)
    with new_file(link) as out:
        out.write("ours")
    assert target.read_text() != "theirs"


@pytest.mark.parametrize("force", [False, True])
def test_what_is_not_an_ordinary_file_is_not_replaced(tmp_path: Path, force: bool) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", tmp_path, Path("/dev/null")):
        with pytest.raises(Invalid), new_file(path, force=force):
            pytest.fail("opened")


@pytest.mark.parametrize("force", [False, True])
def test_nothing_of_a_failed_export_stays(tmp_path: Path, force: bool) -> None:
    with pytest.raises(RuntimeError):
        _fail(tmp_path / "a.csv", RuntimeError(), force=force)
    assert _names(tmp_path) == []


def test_a_failed_export_leaves_the_old_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("mine")
    with pytest.raises(KeyboardInterrupt):
        _fail(path, KeyboardInterrupt(), force=True)
    assert path.read_text() == "mine"
    assert _names(tmp_path) == ["a.csv"]


def test_a_full_disk_is_told_in_words(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="cannot be written: No space left"):
        _fail(tmp_path / "a.csv", OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), force=False)
    assert _names(tmp_path) == []


def test_a_missing_folder_is_told_in_words(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="cannot be written: No such file or directory"), new_file(tmp_path / "b" / "a"):
        pytest.fail("opened")
