"""Entering a host: its key is known or nothing is said, and every way to fail has its own name."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

import asyncssh
import pytest

from cloutui.errors import Invalid, ProductError, SignInRefused, UnknownHost, Unreachable
from cloutui.products.storage_protect.doors.host_keys import Witness
from cloutui.products.storage_protect.doors.ssh import SshDoor, SshHost

KEY = asyncssh.generate_private_key("ssh-ed25519")
OTHER = asyncssh.generate_private_key("ssh-ed25519")
NIST = asyncssh.generate_private_key("ecdsa-sha2-nistp256")
CLIENT = asyncssh.generate_private_key("ssh-ed25519")


@dataclass
class SshServer:
    """A real SSH server that counts who knocks."""

    keys: list[asyncssh.SSHKey] = field(default_factory=lambda: [KEY])
    is_jump: bool = False
    signing_in: list[str] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    terminals: list[tuple[object, ...]] = field(default_factory=list)
    is_empty: asyncio.Event = field(default_factory=asyncio.Event)
    port: int = 0

    async def start(self) -> None:
        self._acceptor = await asyncssh.create_server(
            lambda: _Guard(self),
            "127.0.0.1",
            0,
            server_host_keys=self.keys,
            process_factory=self._serve,
            encoding=None,
            line_editor=False,
        )
        self.port = self._acceptor.get_port()

    async def stop(self) -> None:
        self._acceptor.close()
        await self._acceptor.wait_closed()

    async def _serve(self, process: asyncssh.SSHServerProcess[bytes]) -> None:
        self.commands.append(process.command or "")
        modes = {mode: process.get_terminal_mode(mode) for mode in (asyncssh.PTY_ECHO, asyncssh.PTY_OPOST)}
        self.terminals.append((process.get_terminal_type(), process.get_terminal_size()[:2], modes))
        process.stdout.write(b"Enter your password:  ")
        typed = await process.stdin.readline()
        process.stdout.write(b"typed " + typed)
        process.exit(7)


class _Guard(asyncssh.SSHServer):
    def __init__(self, server: SshServer) -> None:
        self._server = server

    def connection_lost(self, exc: Exception | None) -> None:
        self._server.is_empty.set()

    def begin_auth(self, username: str) -> bool:
        self._server.signing_in.append(username)
        return True

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return (username, password) == ("collector", "open sesame")

    def public_key_auth_supported(self) -> bool:
        return True

    def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        return username == "collector" and key.public_data == CLIENT.public_data

    def connection_requested(self, *_: object) -> bool:
        return self._server.is_jump


@pytest.fixture
async def server() -> AsyncIterator[SshServer]:
    server = SshServer()
    await server.start()
    yield server
    await server.stop()


def public(key: asyncssh.SSHKey) -> str:
    return key.export_public_key().decode().strip()


def door_to(server: SshServer, **facts: object) -> SshDoor:
    given = {"password": "open sesame", "host_key": public(KEY), "connect_timeout_s": 5.0, **facts}
    return SshDoor(host="127.0.0.1", port=server.port, user="collector", **given)  # type: ignore[arg-type]


def known_hosts(folder: Path, *lines: str) -> Path:
    file = folder / "known_hosts"
    file.write_text("".join(line + "\n" for line in lines))
    return file


async def run_through(door: SshDoor) -> tuple[bytes, int | None]:
    channel = await door.open("SPA01", ["-id=CLOUTUI", "two words"])
    said = await channel.read()
    await channel.write(b"secret\n")
    while piece := await channel.read():
        said += piece
    status = await channel.wait()
    await channel.close()
    return said, status


async def test_a_known_host_runs_the_client_under_a_quiet_terminal(server: SshServer) -> None:
    assert await run_through(door_to(server)) == (b"Enter your password:  typed secret\n", 7)
    assert server.commands == ["dsmadmc -id=CLOUTUI 'two words'"]
    ((kind, (width, _), modes),) = server.terminals
    assert (kind, width) == ("dumb", 32_767)
    assert modes == {asyncssh.PTY_ECHO: 0, asyncssh.PTY_OPOST: 0}
    async with asyncio.timeout(30):
        await server.is_empty.wait()


@pytest.mark.parametrize("entry", ["[127.0.0.1]:{port} {key}", "127.0.0.1 {key}", "* {key}"])
async def test_a_known_hosts_file_is_enough(server: SshServer, tmp_path: Path, entry: str) -> None:
    file = known_hosts(tmp_path, entry.format(port=server.port, key=public(KEY)))
    assert (await run_through(door_to(server, host_key=None, known_hosts=file)))[1] == 7


async def test_a_hashed_known_hosts_entry_is_found(server: SshServer, tmp_path: Path) -> None:
    import base64
    import hashlib
    import hmac

    salt = b"s" * 20
    name = f"[127.0.0.1]:{server.port}".encode()
    digest = hmac.new(salt, name, hashlib.sha1).digest()
    hashed = f"|1|{base64.b64encode(salt).decode()}|{base64.b64encode(digest).decode()}"
    file = known_hosts(tmp_path, f"{hashed} {public(KEY)}")
    assert (await run_through(door_to(server, host_key=None, known_hosts=file)))[1] == 7


async def refusal(door: SshDoor) -> ProductError:
    with pytest.raises(ProductError) as raised:
        await door.open("SPA01", [])
    return raised.value


async def test_an_unknown_host_is_refused_with_its_fingerprint_before_any_sign_in(server: SshServer) -> None:
    error = await refusal(door_to(server, host_key=None))
    assert isinstance(error, UnknownHost)
    assert error.fingerprint == KEY.get_fingerprint()
    assert "is not known yet" in str(error)
    assert KEY.get_fingerprint() in error.hint
    assert server.signing_in == []


async def test_a_door_that_believed_any_key_would_be_noticed(
    server: SshServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Witness, "validate_host_public_key", lambda *_: True)
    await run_through(door_to(server, host_key=None))
    assert server.signing_in == ["collector"]


async def test_the_users_own_known_hosts_do_not_count(
    server: SshServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".ssh").mkdir()
    known_hosts(tmp_path / ".ssh", f"* {public(KEY)}")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert isinstance(await refusal(door_to(server, host_key=None)), UnknownHost)
    assert isinstance(await refusal(door_to(server, host_key=None, known_hosts=tmp_path / "none")), UnknownHost)


@pytest.mark.parametrize("known", [OTHER, NIST], ids=["same kind", "other kind"])
@pytest.mark.parametrize("is_pinned", [True, False])
async def test_a_changed_key_is_said_to_have_changed(
    server: SshServer, tmp_path: Path, known: asyncssh.SSHKey, is_pinned: bool
) -> None:
    facts: dict[str, object] = {"host_key": public(known)}
    if not is_pinned:
        facts = {
            "host_key": None,
            "known_hosts": known_hosts(tmp_path, f"[127.0.0.1]:{server.port} {public(known)}"),
        }
    error = await refusal(door_to(server, **facts))
    assert isinstance(error, UnknownHost)
    assert "another key than the one we know" in str(error)
    assert error.fingerprint == KEY.get_fingerprint()
    assert server.signing_in == []


async def test_a_revoked_key_is_no_key(server: SshServer, tmp_path: Path) -> None:
    file = known_hosts(tmp_path, f"@revoked * {public(KEY)}")
    error = await refusal(door_to(server, known_hosts=file))
    assert "revoked" in str(error)
    assert server.signing_in == []


async def test_of_several_keys_the_host_shows_the_one_we_know() -> None:
    server = SshServer(keys=[asyncssh.generate_private_key("ssh-rsa", key_size=2048), KEY, NIST])
    await server.start()
    try:
        for key in (KEY, NIST):
            assert (await run_through(door_to(server, host_key=public(key))))[1] == 7
    finally:
        await server.stop()


async def test_a_pinned_key_that_is_no_key_names_itself(server: SshServer) -> None:
    with pytest.raises(Invalid, match="host key of 127"):
        await door_to(server, host_key="ssh-ed25519 nonsense").open("SPA01", [])


async def test_a_known_hosts_file_with_nonsense_names_itself(server: SshServer, tmp_path: Path) -> None:
    file = known_hosts(tmp_path, "\x00\x01 nonsense")
    with pytest.raises((ProductError, Invalid)):
        await door_to(server, host_key=None, known_hosts=file).open("SPA01", [])
    assert server.signing_in == []


async def test_a_key_file_opens(server: SshServer, tmp_path: Path) -> None:
    file = tmp_path / "key"
    CLIENT.write_private_key(file)
    assert (await run_through(door_to(server, password=None, key=file)))[1] == 7


async def test_a_key_with_a_passphrase_opens(server: SshServer, tmp_path: Path) -> None:
    file = tmp_path / "key"
    CLIENT.write_private_key(file, "pkcs8-pem", passphrase="long words")
    assert (await run_through(door_to(server, password=None, key=file, passphrase="long words")))[1] == 7
    error = await refusal(door_to(server, password=None, key=file, passphrase="wrong"))
    assert isinstance(error, SignInRefused)
    assert "wrong" not in str(error)


@pytest.mark.parametrize("facts", [{"password": "wrong"}, {"password": None}, {"user": "nobody"}], ids=str)
async def test_who_is_not_let_in_is_told_so(server: SshServer, facts: dict[str, object]) -> None:
    error = await refusal(replace(door_to(server), **facts))  # type: ignore[arg-type]
    assert isinstance(error, SignInRefused)
    assert f"127.0.0.1:{server.port} does not let" in str(error)
    assert "sesame" not in str(error)


@pytest.mark.parametrize("content", [None, "nonsense"])
async def test_a_key_file_that_cannot_be_used_names_itself(
    server: SshServer, tmp_path: Path, content: str | None
) -> None:
    file = tmp_path / "key"
    if content:
        file.write_text(content)
    error = await refusal(door_to(server, key=file))
    assert isinstance(error, SignInRefused)
    assert str(file) in str(error)


async def test_the_agent_opens(server: SshServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSH_AUTH_SOCK", str(tmp_path / "none"))
    error = await refusal(door_to(server, password=None, use_agent=True))
    assert isinstance(error, SignInRefused)
    assert "no SSH agent answers" in str(error)


async def test_a_closed_port_is_unreachable(server: SshServer) -> None:
    door = door_to(server)
    await server.stop()
    error = await refusal(door)
    assert isinstance(error, Unreachable)
    assert "Connection refused" in str(error)


@asynccontextmanager
async def listening(greeting: bytes) -> AsyncIterator[int]:
    """Something that is no SSH server: it greets, and waits until the other side is gone."""
    gone = asyncio.Event()

    async def greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(greeting)
        with suppress(ConnectionError):
            await reader.read()
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()
        gone.set()

    listener = await asyncio.start_server(greet, "127.0.0.1", 0)
    yield listener.sockets[0].getsockname()[1]
    async with asyncio.timeout(30):
        await gone.wait()
    listener.close()
    await listener.wait_closed()


@pytest.mark.parametrize(
    ("greeting", "reason"), [(b"", "no SSH connection within"), (b"220 mail ready\r\n" * 2000, "")]
)
async def test_what_is_no_ssh_server_is_unreachable(greeting: bytes, reason: str) -> None:
    async with listening(greeting) as port:
        door = SshDoor(host="127.0.0.1", port=port, user="collector", host_key=public(KEY), connect_timeout_s=0.3)
        error = await refusal(door)
    assert isinstance(error, Unreachable)
    assert reason in str(error)


async def test_a_jump_host_is_gone_through_and_checked_too(server: SshServer) -> None:
    jump = SshServer(keys=[OTHER], is_jump=True)
    await jump.start()
    try:
        hop = SshHost(
            host="127.0.0.1", port=jump.port, user="collector", password="open sesame", host_key=public(OTHER)
        )
        assert (await run_through(door_to(server, jump=hop)))[1] == 7
        assert jump.signing_in == ["collector"]
        server.signing_in.clear()
        jump.signing_in.clear()
        error = await refusal(door_to(server, jump=replace(hop, host_key=public(KEY))))
        assert isinstance(error, UnknownHost)
        assert f":{jump.port}" in str(error)
        assert server.signing_in == jump.signing_in == []
        error = await refusal(door_to(server, jump=hop, host_key=public(OTHER)))
        assert isinstance(error, UnknownHost)
        assert f":{server.port}" in str(error)
    finally:
        await jump.stop()


def test_no_secret_is_shown() -> None:
    jump = SshHost(host="jump", user="c", password="canary-1", passphrase="canary-2")
    door = SshDoor(host="h", user="c", password="canary-3", passphrase="canary-4", jump=jump)
    assert "canary" not in repr(door) + str(door)
