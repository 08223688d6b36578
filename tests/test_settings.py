"""The settings file, which tells its own mistakes, and the one process that owns the files."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest

from cloutui.errors import Busy, Invalid
from cloutui.home import Home, Ownership
from cloutui.settings import CollectSettings, Settings, read_settings, write_setting


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config.yaml"


def test_without_a_file_everything_has_its_default(file: Path) -> None:
    assert read_settings(file) == Settings()


def test_an_empty_file_is_like_none(file: Path) -> None:
    file.write_text("# nothing yet\n")
    assert read_settings(file) == Settings()


def test_what_is_set_is_read_and_the_rest_is_default(file: Path) -> None:
    file.write_text("collect:\n  events_every_s: 60\nsecrets: {backend: os}\ndisplay: {theme: paper}\n")
    found = read_settings(file)
    assert found.collect == CollectSettings(events_every_s=60)
    assert (found.secrets.backend, found.display.theme) == ("os", "paper")


@pytest.mark.parametrize(
    ("text", "what", "hint"),
    [
        ("colect: {}", "unknown key “colect”", "Did you mean “collect”?"),
        ("collect: {events_every: 5}", "unknown key “collect.events_every”", "Did you mean “events_every_s”?"),
        ("zzz: 1", "unknown key “zzz”", "Known here: collect, secrets, activity, display, serve."),
        ("collect: {events_every_s: often}", "$.collect.events_every_s", "Correct the value"),
        ("collect: {events_every_s: 0}", "collect.events_every_s", "1"),
        ("collect: {events_every_s: -5}", "collect.events_every_s", "1"),
        ("collect: {inventory_every_s: 0}", "collect.inventory_every_s", "1"),
        ("collect: {occupancy_every_s: 0}", "collect.occupancy_every_s", "1"),
        ("collect: {answer_timeout_s: 0}", "collect.answer_timeout_s", "1"),
        ("collect: {servers_at_once: 0}", "collect.servers_at_once", "1"),
        ("collect: {servers_at_once: -1}", "collect.servers_at_once", "1"),
        ("collect: {servers_at_once: 2.5}", "$.collect.servers_at_once", "Correct the value"),
        ("secrets: {backend: plaintext}", "$.secrets.backend", "Correct the value"),
        ("display: {glyphs: emoji}", "$.display.glyphs", "Correct the value"),
        ("collect: [1, 2]", "collect must be", "key: value"),
        ("- collect", "the file must be", "key: value"),
        ("just words", "the file must be", "key: value"),
        ("collect: {events_every_s: 60", "is not YAML in line", "indents and quotes"),
        ("a: b: c", "is not YAML in line 1", "indents and quotes"),
        ("x: !!python/object/apply:os.system ['true']", "is not YAML", "indents and quotes"),
    ],
)
def test_a_mistake_names_the_file_the_key_and_the_remedy(file: Path, text: str, what: str, hint: str) -> None:
    file.write_text(text)
    with pytest.raises(Invalid) as refused:
        read_settings(file)
    assert str(file) in refused.value.what
    assert what in refused.value.what
    assert hint in refused.value.what + refused.value.hint
    assert "\n" not in refused.value.what + refused.value.hint


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", "display: {theme: ä}".encode("latin-1")])
def test_a_file_that_is_not_text_is_explained(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    with pytest.raises(Invalid, match="cannot be read"):
        read_settings(file)


def test_a_folder_where_the_file_should_be_is_explained(file: Path) -> None:
    file.mkdir()
    with pytest.raises(Invalid, match="cannot be read"):
        read_settings(file)


def test_one_key_is_set_and_the_others_stay(file: Path) -> None:
    file.write_text("collect:\n  events_every_s: 60\n")
    write_setting(file, "secrets", "backend", "sealed")
    found = read_settings(file)
    assert (found.collect.events_every_s, found.secrets.backend) == (60, "sealed")
    write_setting(file.with_name("new.yaml"), "secrets", "backend", "os")
    assert read_settings(file.with_name("new.yaml")).secrets.backend == "os"


def test_every_setting_says_what_it_is_for() -> None:
    for section in fields(Settings):
        shape: Any = section.default_factory() if callable(section.default_factory) else None
        assert is_dataclass(shape)
        assert shape.__doc__
        for entry in fields(shape):
            assert entry.metadata["help"].endswith((".", "…")), entry.name


def test_a_home_holds_everything_in_one_folder(tmp_path: Path) -> None:
    home = Home.at(tmp_path / "a" / "home")
    home.prepare()
    assert home.config_dir == home.data_dir == tmp_path / "a" / "home"
    assert home.data_dir.stat().st_mode & 0o077 == 0
    assert {home.config_file.parent, home.records_file.parent, home.log_file.parent} == {home.data_dir}


OWNER = """
import sys
from pathlib import Path
from cloutui.home import Home, Ownership
owned = Ownership(Home.at(Path(sys.argv[1])))
print("owned", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def owner(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that owns the home until its input ends."""
    with subprocess.Popen(
        [sys.executable, "-c", OWNER, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "owned\n"
        yield process
        process.kill()


def test_a_second_owner_is_refused_and_told_who_is_the_first(tmp_path: Path, owner: subprocess.Popen[str]) -> None:
    with pytest.raises(Busy) as refused:
        Ownership(Home.at(tmp_path))
    assert refused.value.what == f"{tmp_path} is open in process {owner.pid}."
    assert refused.value.hint


@pytest.mark.parametrize("ends", ["by itself", "killed"])
def test_the_files_are_free_when_their_owner_has_ended(tmp_path: Path, owner: subprocess.Popen[str], ends: str) -> None:
    if ends == "killed":
        owner.kill()
    assert owner.stdin is not None
    owner.stdin.close()
    owner.wait(60)
    Ownership(Home.at(tmp_path)).release()


def test_a_released_home_can_be_owned_again(tmp_path: Path) -> None:
    home = Home.at(tmp_path)
    first = Ownership(home)
    with pytest.raises(Busy):
        Ownership(home)
    first.release()
    Ownership(home).release()
