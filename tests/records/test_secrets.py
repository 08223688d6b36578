"""Where passwords are kept: as the settings say, never silently elsewhere, and never shown."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from keyring.backends import chainer, fail, null

from cloutui.errors import Invalid, SecretsRefused
from cloutui.records.secrets import MemoryKeyring, Secrets, fresh_name, require_safe


@pytest.mark.parametrize("backend", ["sealed", "memory"])
def test_a_secret_is_kept_and_forgotten(tmp_path: Path, backend: str) -> None:
    secrets = Secrets.open(backend, tmp_path)
    assert secrets.get("server/1") is None
    secrets.set("server/1", "hunter2")
    assert secrets.get("server/1") == "hunter2"
    secrets.delete("server/1")
    secrets.delete("server/1")
    assert secrets.get("server/1") is None


def test_one_line_tells_which_backend_and_where(tmp_path: Path) -> None:
    assert str(tmp_path) in Secrets.open("sealed", tmp_path).describe()
    assert "memory" in Secrets.open("memory", tmp_path).describe()


def test_a_backend_must_be_named(tmp_path: Path) -> None:
    for backend in ("", "auto", "plaintext", "SEALED"):
        with pytest.raises(Invalid) as refused:
            Secrets.open(backend, tmp_path)
        assert "os, sealed, memory" in refused.value.hint


class Plaintext(MemoryKeyring):
    """Stands for the ones that write what they are given."""


Plaintext.__module__ = "keyrings.alt.file"


@pytest.mark.parametrize("keyring", [null.Keyring(), fail.Keyring(), chainer.ChainerBackend(), Plaintext()])
def test_keyrings_that_keep_nothing_or_plaintext_are_refused(keyring: object) -> None:
    with pytest.raises(SecretsRefused, match="not known to keep secrets safe"):
        require_safe(keyring)  # type: ignore[arg-type]


def test_the_environment_cannot_choose_another_keyring(tmp_path: Path) -> None:
    """`keyring` itself would obey; with neither a session bus nor a desktop there is no keyring at all."""
    program = (
        "import keyring; from cloutui.records.secrets import os_keyring; from cloutui.errors import SecretsRefused\n"
        "assert type(keyring.get_keyring()).__module__ == 'keyring.backends.null'\n"
        "try: os_keyring()\n"
        "except SecretsRefused as error: print(error.hint)"
    )
    environment = {"PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring", "HOME": str(tmp_path)}
    environment["DBUS_SESSION_BUS_ADDRESS"] = "unix:path=/nonexistent"
    ran = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert "sealed" in ran.stdout


class Broken(MemoryKeyring):
    def get_password(self, service: str, username: str) -> str | None:
        raise RuntimeError(f"cannot read hunter2 of {service} {username}")


def test_a_keyring_that_fails_is_explained_without_its_words() -> None:
    with pytest.raises(SecretsRefused) as refused:
        Secrets(Broken(), "keyring").get("server/1")
    assert "hunter2" not in f"{refused.value!r} {refused.value.hint} {refused.value.__cause__}"
    assert refused.value.__suppress_context__


def test_secrets_show_nothing_of_themselves(tmp_path: Path) -> None:
    secrets = Secrets.open("memory", tmp_path)
    secrets.set("server/1", "hunter2")
    assert "hunter2" not in repr(secrets)


def test_a_name_is_never_the_same_twice() -> None:
    assert len({fresh_name("server") for _ in range(100)}) == 100
