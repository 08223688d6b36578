"""The sealed file: what is in it comes back, what was tampered with does not, and a crash loses nothing."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from cloutui.errors import SecretsRefused
from cloutui.records.sealed_keyring import CREDENTIAL, FILE_NAME, KEY_NAME, SealedKeyring

CANARY = "Sølv-Måge-4711"


def keyring(folder: Path, **environment: str) -> SealedKeyring:
    return SealedKeyring(folder, environment)


def entries(folder: Path) -> dict[str, str]:
    return dict(json.loads((folder / FILE_NAME).read_text())["entries"])


def write_entries(folder: Path, changed: dict[str, str]) -> None:
    (folder / FILE_NAME).write_text(json.dumps({"version": 1, "entries": changed}))


def test_what_was_set_is_there_for_the_next_process(tmp_path: Path) -> None:
    keyring(tmp_path).set_password("cloutui", "one", CANARY)
    again = keyring(tmp_path)
    assert again.get_password("cloutui", "one") == CANARY
    assert again.get_password("cloutui", "two") is None
    again.set_password("cloutui", "one", "other")
    assert again.get_password("cloutui", "one") == "other"
    again.delete_password("cloutui", "one")
    again.delete_password("cloutui", "one")
    assert again.get_password("cloutui", "one") is None


@pytest.mark.parametrize("password", ["", " ", "a\nb\x00c", "🔑" * 1000, "\ud800"])
def test_any_text_comes_back_as_it_was(tmp_path: Path, password: str) -> None:
    sealed = keyring(tmp_path)
    sealed.set_password("cloutui", "one", password)
    assert sealed.get_password("cloutui", "one") == password


def test_nothing_readable_and_nothing_for_others_is_on_disk(tmp_path: Path) -> None:
    keyring(tmp_path).set_password("cloutui", "one", CANARY)
    for file in tmp_path.iterdir():
        assert file.stat().st_mode & 0o077 == 0, file.name
        assert CANARY.encode() not in file.read_bytes()


def test_the_same_password_looks_different_each_time(tmp_path: Path) -> None:
    sealed = keyring(tmp_path)
    for name in ("one", "two"):
        sealed.set_password("cloutui", name, CANARY)
    assert len(set(entries(tmp_path).values())) == 3


def test_swapped_entries_do_not_open(tmp_path: Path) -> None:
    sealed = keyring(tmp_path)
    sealed.set_password("cloutui", "one", "first")
    sealed.set_password("cloutui", "two", "second")
    check, one, two = sorted(entries(tmp_path))
    stored = entries(tmp_path)
    write_entries(tmp_path, {check: stored[check], one: stored[two], two: stored[one]})
    for name in ("one", "two"):
        with pytest.raises(SecretsRefused, match="not as it was sealed"):
            sealed.get_password("cloutui", name)
    write_entries(tmp_path, stored)
    assert sealed.get_password("cloutui", "one") == "first", "put back, it opens"


def test_a_changed_byte_does_not_open(tmp_path: Path) -> None:
    sealed = keyring(tmp_path)
    sealed.set_password("cloutui", "one", "first")
    stored = entries(tmp_path)
    place = max(stored)
    for changed in ("A" + stored[place][1:], stored[place][:-4], "", "no base64!"):
        write_entries(tmp_path, {**stored, place: changed})
        if changed != stored[place]:
            with pytest.raises(SecretsRefused):
                sealed.get_password("cloutui", "one")


def test_a_wrong_key_is_told_at_once(tmp_path: Path) -> None:
    keyring(tmp_path).set_password("cloutui", "one", CANARY)
    (tmp_path / KEY_NAME).write_bytes(os.urandom(32))
    with pytest.raises(SecretsRefused, match="does not open"):
        keyring(tmp_path)


def test_a_lost_key_is_not_replaced(tmp_path: Path) -> None:
    keyring(tmp_path).set_password("cloutui", "one", CANARY)
    (tmp_path / KEY_NAME).unlink()
    with pytest.raises(SecretsRefused, match="is gone"):
        keyring(tmp_path)
    assert not (tmp_path / KEY_NAME).exists()


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o660, 0o620])
def test_a_key_that_others_may_touch_is_refused(tmp_path: Path, mode: int) -> None:
    keyring(tmp_path)
    (tmp_path / KEY_NAME).chmod(mode)
    with pytest.raises(SecretsRefused, match="Others may read") as refused:
        keyring(tmp_path)
    assert "chmod 600" in refused.value.hint
    (tmp_path / KEY_NAME).chmod(0o600)
    keyring(tmp_path)


@pytest.mark.parametrize("key", [b"", b"short", bytes(33)])
def test_a_key_of_the_wrong_length_is_refused(tmp_path: Path, key: bytes) -> None:
    keyring(tmp_path)
    (tmp_path / KEY_NAME).write_bytes(key)
    with pytest.raises(SecretsRefused, match="not 32"):
        keyring(tmp_path)


def test_systemds_key_is_used_where_there_is_one(tmp_path: Path) -> None:
    credentials, home = tmp_path / "credentials", tmp_path / "home"
    credentials.mkdir()
    (credentials / CREDENTIAL).write_bytes(os.urandom(32))
    with_systemd = keyring(home, CREDENTIALS_DIRECTORY=str(credentials))
    with_systemd.set_password("cloutui", "one", CANARY)
    assert not (home / KEY_NAME).exists()
    assert "systemd" in with_systemd.describe()
    assert keyring(home, CREDENTIALS_DIRECTORY=str(credentials)).get_password("cloutui", "one") == CANARY
    with pytest.raises(SecretsRefused):
        keyring(home)


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"version": 1}', '{"version": 2, "entries": {}}', '{"version":1,"entries":{}}']
)
def test_a_file_that_cannot_be_read_is_explained(tmp_path: Path, content: str) -> None:
    keyring(tmp_path)
    (tmp_path / FILE_NAME).write_text(content)
    with pytest.raises(SecretsRefused):
        keyring(tmp_path)


def test_a_folder_that_cannot_be_used_is_explained(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file where the folder should be")
    with pytest.raises(SecretsRefused, match="cannot be used"):
        keyring(tmp_path / "home")


WRITER = """
import sys
from pathlib import Path
from cloutui.records.sealed_keyring import SealedKeyring
keyring = SealedKeyring(Path(sys.argv[1]), {})
for number in range(int(sys.argv[3])):
    keyring.set_password("cloutui", f"{sys.argv[2]} {number}", f"secret of {sys.argv[2]} {number}")
    print(number, flush=True)
"""


def writer(folder: Path, name: str, count: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", WRITER, str(folder), name, str(count)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def test_several_processes_write_and_none_loses_anothers(tmp_path: Path) -> None:
    writers = [writer(tmp_path, name, 15) for name in ("one", "two", "three")]
    for process in writers:
        process.communicate(timeout=60)
        assert process.returncode == 0
    sealed = keyring(tmp_path)
    for name in ("one", "two", "three"):
        for number in range(15):
            assert sealed.get_password("cloutui", f"{name} {number}") == f"secret of {name} {number}"


def test_a_kill_at_any_moment_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    for round_number in range(4):
        process = writer(tmp_path, f"round {round_number}", 100_000)
        assert process.stdout is not None
        acknowledged = [int(process.stdout.readline()) for _ in range(5 + 7 * round_number)]
        process.send_signal(signal.SIGKILL)
        acknowledged += [int(line) for line in process.stdout.read().split()]
        process.wait(timeout=10)
        process.stdout.close()
        sealed = keyring(tmp_path)
        for number in acknowledged:
            assert sealed.get_password("cloutui", f"round {round_number} {number}") is not None
        assert list(tmp_path.glob(".secrets.*.tmp")) == [], "what a crash leaves is cleared at the next start"
