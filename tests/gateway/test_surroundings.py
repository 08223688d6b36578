"""What is around the consoles: the door, the host key, the terminal, the colours, the process."""

from __future__ import annotations

import asyncio
import gc
import os
import stat
import weakref
from collections.abc import AsyncIterator
from pathlib import Path

import asyncssh
import pytest
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual._styles_cache import StylesCache
from textual.color import Color
from textual.filter import NoColor

from cloutui.errors import Invalid
from cloutui.gateway import process
from cloutui.gateway.algorithms import CIPHERS, KEY_EXCHANGE, algorithm_options
from cloutui.gateway.colours import Downgrade, filter_for
from cloutui.gateway.commands import words_of
from cloutui.gateway.entrance import Entrance, source_of
from cloutui.gateway.host_key import fingerprint, host_key
from cloutui.gateway.limits import Limits
from cloutui.gateway.terminal import MOST_COLUMNS, MOST_ROWS, Size, Terminal
from cloutui.widgets.palette import Depth
from tests.gateway.conftest import Small
from tests.gateway.waiting import until

# The door.


def test_a_flood_of_strangers_is_not_one_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    entrance = Entrance(Limits(strangers_of_one_source=1))
    for _ in range(50):
        entrance.admit("a")
    assert len(caplog.records) == 1
    entrance.leave("a")
    entrance.admit("a")
    entrance.admit("a")
    assert len(caplog.records) == 2


def test_strangers_are_counted_by_address_and_in_all() -> None:
    entrance = Entrance(Limits(strangers_of_one_source=2, strangers=3))
    assert [entrance.admit("a"), entrance.admit("a"), entrance.admit("a")] == [True, True, False]
    assert [entrance.admit("b"), entrance.admit("c")] == [True, False]
    entrance.leave("a")
    assert entrance.admit("c")
    assert entrance.strangers == 3


@pytest.mark.parametrize(
    ("address", "source"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("fe80::1%eth0", "fe80::"),
        ("", ""),
        ("a socket", "a socket"),
    ],
)
def test_one_who_has_a_whole_network_is_one_source(address: str, source: str) -> None:
    assert source_of(address) == source


# The host key.


def test_the_host_key_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "ssh_host_ed25519_key"
    made = host_key(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]
    assert fingerprint(host_key(path)) == fingerprint(made)
    assert fingerprint(made).startswith("SHA256:")


def test_a_host_key_that_others_can_read_or_that_is_none_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "key"
    host_key(path)
    path.chmod(0o644)
    with pytest.raises(Invalid, match="Others can read"):
        host_key(path)
    path.chmod(0o600)
    path.write_text("not a key")
    with pytest.raises(Invalid, match="cannot be read"):
        host_key(path)


def test_all_algorithms_are_known_and_none_is_old() -> None:
    options = asyncssh.SSHServerConnectionOptions(
        server_host_keys=[asyncssh.generate_private_key("ssh-ed25519")], config=None, **algorithm_options()
    )
    spoken = [name.decode() for name in (*options.kex_algs, *options.encryption_algs, *options.mac_algs)]
    assert set(KEY_EXCHANGE[1:]) | set(CIPHERS) <= set(spoken)
    assert not [name for name in spoken if "sha1" in name or "cbc" in name or "md5" in name or "umac-64" in name]
    assert options.compression_algs == [b"none"]


def test_words_are_split_and_nothing_more() -> None:
    assert words_of("report 'two words' $HOME `id` > file; x") == [
        *("report", "two words", "$HOME", "`id`", ">", "file;", "x")
    ]
    assert words_of("'open") == []
    assert words_of("") == []


# The terminal.


@pytest.mark.parametrize(
    ("kind", "environment", "depth"),
    [
        ("xterm-256color", {}, Depth.XTERM),
        ("xterm-256color", {"COLORTERM": "truecolor"}, Depth.TRUECOLOR),
        ("xterm-kitty", {}, Depth.TRUECOLOR),
        ("xterm-256color", {"NO_COLOR": ""}, Depth.NONE),
        ("linux", {}, Depth.ANSI),
        ("vt100", {}, Depth.ANSI),
        ("dumb", {"COLORTERM": "truecolor"}, Depth.NONE),
        ("something", {}, Depth.NONE),
    ],
)
def test_a_terminal_has_the_colours_it_says(kind: str, environment: dict[str, str], depth: Depth) -> None:
    assert Terminal(kind, Size(80, 24), environment).depth is depth


def test_a_client_may_ask_to_look_alone() -> None:
    asked = [{}, {"CLOUTUI_READ_ONLY": ""}, {"CLOUTUI_READ_ONLY": "1"}]
    assert [Terminal("xterm", Size(80, 24), each).is_read_only for each in asked] == [False, False, True]


def test_sizes_are_bounded() -> None:
    assert Size.of(0, 0) == (80, 24)
    assert Size.of(2**32 - 1, 2**32 - 1) == (MOST_COLUMNS, MOST_ROWS)
    assert Size.of(1, 1) == (1, 1)


def test_rich_keeps_the_codes_of_the_first_terminal_with_the_style() -> None:
    """The negative control: why a colour system for each terminal would not do."""
    style = Style.parse("#12ab34")
    assert style.render("x", color_system=ColorSystem.EIGHT_BIT) == "\x1b[38;5;35mx\x1b[0m"
    assert style.render("x", color_system=ColorSystem.TRUECOLOR) == "\x1b[38;5;35mx\x1b[0m"


def test_fewer_colours_keep_the_text_and_the_rest_of_the_style() -> None:
    bold = Style.parse("bold #12ab34 on #102030")
    segments = [Segment("one", bold), Segment("two"), Segment("three", Style.parse("underline"))]
    (first, second, third) = Downgrade(ColorSystem.EIGHT_BIT).apply(segments, Color.parse("black"))
    assert [first.text, second.text, third.text] == ["one", "two", "three"]
    assert first.style is not None
    assert first.style.bold
    assert first.style.color is not None
    assert first.style.color.number == 35
    assert third.style is not None
    assert third.style.underline
    assert third.style.color is None


def test_all_colours_need_no_filter_and_none_takes_them_all() -> None:
    assert filter_for(Depth.TRUECOLOR) is None
    assert isinstance(filter_for(Depth.NONE), NoColor)


# The process.


async def test_textual_does_not_change_how_the_tasks_of_everybody_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """As Python 3.12 and later have it, on any Python."""

    def eager(*_: object, **__: object) -> None:
        raise AssertionError("used")

    monkeypatch.setattr(asyncio, "eager_task_factory", eager, raising=False)
    loop = asyncio.get_running_loop()
    process.refuse_eager_tasks(loop)
    async with Small().run_test(size=(20, 5)):
        assert loop.get_task_factory() is None
    other = asyncio.Task
    loop.set_task_factory(lambda loop, coro, **options: other(coro, loop=loop, **options))
    assert loop.get_task_factory() is not None
    loop.set_task_factory(None)


class Broom:
    """A sweeper that is looked after."""

    def __init__(self) -> None:
        self.idle_s = 0.1
        self.looks = self.sweeps = 0
        self.sweeper = process.Sweeper(self._idle, collect=self._sweep)

    def _idle(self) -> float:
        self.looks += 1
        return self.idle_s

    def _sweep(self) -> None:
        self.sweeps += 1


@pytest.fixture
async def broom(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Broom]:
    monkeypatch.setattr(process, "_LOOK_S", 0.005)
    made = Broom()
    made.sweeper.start()
    yield made
    made.sweeper.stop()


async def test_what_consoles_leave_is_swept_when_nobody_types(broom: Broom) -> None:
    for _ in range(5):
        broom.sweeper.left()
    await until(lambda: broom.looks >= 3)
    assert broom.sweeps == 0
    broom.idle_s = 2.0
    await until(lambda: broom.sweeps)
    looks = broom.looks
    broom.sweeper.left()
    await until(lambda: broom.sweeps == 2)
    assert broom.looks == looks + 1, "it looks whether anybody types when there is nothing to sweep"


async def test_many_that_have_left_are_swept_even_while_somebody_types(broom: Broom) -> None:
    for _ in range(20):
        broom.sweeper.left()
    await until(lambda: broom.sweeps == 1)


async def test_nobody_waits_for_ever_for_a_quiet_moment(broom: Broom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "_PATIENCE_S", 0.05)
    broom.sweeper.left()
    await until(lambda: broom.sweeps == 1)
    monkeypatch.setattr(process, "_NOW_AND_THEN_S", 0.05)
    await until(lambda: broom.sweeps == 2)


async def test_nothing_is_left_of_a_console_after_a_sweep() -> None:
    def kept() -> int:
        return sum(isinstance(thing, StylesCache) for thing in gc.get_objects())

    async def come_and_go() -> weakref.ref[Small]:
        app = Small()
        async with app.run_test(size=(20, 5)):
            return weakref.ref(app)

    process.sweep()
    before = kept()
    app = await asyncio.create_task(come_and_go())
    gc.collect()
    assert kept() > before, "Textual keeps no lines any more: what clears them may go"
    process.sweep()
    assert kept() == before
    assert app() is None


def test_the_process_is_prepared_for_many(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "TERM", "COLORTERM"):
        monkeypatch.setenv(name, "1")
    thresholds, loop = gc.get_threshold(), asyncio.new_event_loop()
    try:
        process.prepare(loop)
        assert gc.get_threshold() == (10_000, 5, 100_000)
        assert not {"NO_COLOR", "TERM", "COLORTERM"} & set(os.environ)
    finally:
        gc.set_threshold(*thresholds)
        loop.close()
