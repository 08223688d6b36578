"""Users of an installation over SSH, and others on its host: the real records, the real server, the OpenSSH client."""

from __future__ import annotations

import asyncio
import fcntl
import getpass
import os
import pty
import shutil
import socket
import sys
import termios
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import asyncssh
import pytest

from cloutui.actions.proof import Proof
from cloutui.cli.hosting import hosting
from cloutui.cli.remote import RemoteCommands
from cloutui.gateway.here import HereSocket
from cloutui.gateway.host_key import host_key
from cloutui.gateway.serving import Serving, over_ssh
from cloutui.gateway.users import Users
from cloutui.home import Home
from cloutui.installation import Installation
from cloutui.model.principal import Principal
from cloutui.model.privilege import Privilege
from cloutui.records.secrets import Secrets
from cloutui.records.store import Records
from tests.gateway.open_ssh import Dialler, OpenSsh
from tests.gateway.real_users import SEED, add_user, app_code, change, invite
from tests.gateway.waiting import until
from tests.world import furnish

pytestmark = [
    pytest.mark.ssh,
    pytest.mark.skipif(not shutil.which("ssh"), reason="needs the OpenSSH client"),
]
_CLOUTUI = [sys.executable, "-c", "from cloutui.cli import main; main()"]


class House:
    """Nordhavn Backup with Acme ApS and Beta; pat is of Acme ApS and needs a key alone, alice two factors."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.home = folder / "home"
        self.home.mkdir()
        furnish(self.home)
        (self.home / "config.yaml").write_text("secrets: {backend: memory}\n")
        self.installation = Installation.open(Home.at(self.home))
        self.local = self.installation.principal("terminal")
        self.key = folder / "id"
        self.ssh_key = asyncssh.generate_private_key("ssh-ed25519")
        self.ssh_key.write_private_key(self.key)
        self.key.chmod(0o600)
        self.users = Users(self.installation.door)
        self.commands = RemoteCommands(self.installation, self.users.principal_of)
        self.serving: Serving = None  # type: ignore[assignment]
        self.dialler: Dialler = None  # type: ignore[assignment]

    async def open(self) -> None:
        for name in ("Acme ApS", "Beta"):
            await self.installation.perform("unit.create", {"name": name}, self.local)
        acme = self.installation.find_unit("Acme ApS", self.local)
        records, secrets = self.installation.records, self.installation.secrets
        self.alice = add_user(records, secrets, "alice", key=self.ssh_key, privileges=tuple(Privilege))
        self.pat = add_user(records, secrets, "pat", unit_id=acme, key=self.ssh_key, app=False, needs_code=False)
        self.serving = over_ssh(self.installation, self.users, host="console.example", commands=self.commands)
        await self.serving.gateway.start("127.0.0.1", 0)
        self.serving.follow()
        public = host_key(self.installation.home.host_key).export_public_key("openssh").decode().strip()
        self.dialler = Dialler(self.folder, self.serving.gateway.port, public)

    async def close(self) -> None:
        await self.serving.stop(0)
        await self.users.close()
        self.commands.close()
        await asyncio.to_thread(self.installation.close)

    def actions(self, most: int = 40) -> list[str]:
        return [line.action for line in self.installation.records.activity(most)]


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    made = House(tmp_path)
    await made.open()
    try:
        yield made
    finally:
        await made.close()


async def test_from_an_invitation_to_a_sign_in_with_key_and_code(house: House) -> None:
    code = invite(house.installation.records, house.alice)

    async def knows_nothing_but_the_invitation() -> asyncssh.SSHClientConnection:
        return await asyncssh.connect(
            "127.0.0.1",
            house.serving.gateway.port,
            username="alice",
            password=code,
            known_hosts=None,
            config=None,
            client_keys=None,
            agent_path=None,
        )

    async with await knows_nothing_but_the_invitation() as connection:
        refused = await connection.run("report units")
        assert refused.exit_status == 1
        assert "Your account is not set up yet." in str(refused.stderr)
        code_of_app = app_code(steps=-1)
        refused = await connection.run(f"act account.second-factor secret=- code={code_of_app}", input=f"{SEED}\n")
        assert (refused.exit_status, "“code” is a secret" in str(refused.stderr)) == (1, True)
        words = "act account.second-factor secret=- code=-"
        done = await connection.run(words, input=f"{SEED}\n{code_of_app}\n")
        assert done.exit_status == 0, done.stderr
        assert "recovery codes, shown this once" in str(done.stdout)
        allowed = await connection.run("report units --format csv")
        assert allowed.exit_status == 0
        assert "Beta" in str(allowed.stdout)
    with pytest.raises(asyncssh.PermissionDenied):
        await knows_nothing_but_the_invitation()
    async with house.dialler.dial("alice", key=house.key, size=(120, 36)) as ssh:
        await ssh.answers("Code: ", app_code())
        await ssh.sees("Acme ApS")
        await ssh.sees("Last sign-in")
    await until(lambda: house.actions(1) == ["session.close"])
    assert house.actions().count("session.open") == 2


async def test_a_tenant_asks_without_a_terminal_and_gets_its_own(house: House) -> None:
    status, out, errors = await house.dialler.run("pat", "report", "units", "--format", "csv", key=house.key)
    assert (status, errors) == (0, "")
    assert "Acme ApS" in out
    assert "Beta" not in out
    status, out, errors = await house.dialler.run("pat", "report", "units", "-o", "/tmp/x", key=house.key)
    assert (status, out) == (1, "")
    assert "is a path" in errors


async def test_who_is_locked_or_sent_away_is_out_at_once_and_told(house: House) -> None:
    async with house.dialler.dial("pat", key=house.key, size=(120, 36)) as ssh:
        await ssh.sees("Acme ApS")
        (session,) = house.installation.sessions
        assert (session.user, session.face, session.came_from, session.columns) == ("pat", "ssh", "127.0.0.1", 120)
        admin = await _principal(house, "alice")
        given = {"session": session.session_id, "why": "maintenance"}
        await house.installation.perform("session.end", given, admin, _writing(house))
        assert await ssh.status() == 0
        await ssh.says("Your session was ended by alice: maintenance.")
    async with house.dialler.dial("pat", key=house.key, size=(120, 36)) as ssh:
        await ssh.sees("Acme ApS")
        await house.installation.perform("user.lock", {"user": "pat"}, admin, _writing(house))
        assert await ssh.status() == 0
        await ssh.says("Signed out. You may not go on: locked.")
    async with house.dialler.dial("pat", key=house.key) as ssh:
        assert await ssh.status() == 255
        await ssh.says("Administrators of Acme ApS can unlock.")
    assert list(house.installation.sessions) == []


async def test_ten_come_at_once_and_one_that_breaks_is_alone(house: House) -> None:
    async def come() -> str:
        connection = await asyncssh.connect(
            "127.0.0.1",
            house.serving.gateway.port,
            username="pat",
            client_keys=[house.ssh_key],
            known_hosts=None,
            config=None,
            agent_path=None,
        )
        async with connection:
            return str((await connection.run("report units --format csv")).stdout)

    answers = await asyncio.gather(*(come() for _ in range(10)))
    assert all("Acme ApS" in answer and "Beta" not in answer for answer in answers)
    broken = house.installation.runner.run
    house.installation.runner.run = lambda *_, **__: 1 / 0  # type: ignore[method-assign, assignment]
    _, _, errors = await house.dialler.run("pat", "report", "units", key=house.key)
    assert "This broke down: ZeroDivisionError, incident " in errors
    house.installation.runner.run = broken  # type: ignore[method-assign]
    assert "Acme ApS" in await come()


async def test_a_command_that_runs_ends_with_the_right_to_be_there(house: House) -> None:
    add_user(
        house.installation.records, house.installation.secrets, "kim", key=house.ssh_key, app=False, needs_code=False
    )
    admin = await _principal(house, "alice")
    waits = "act account.password password=-"

    async def come(user: str) -> asyncssh.SSHClientConnection:
        return await asyncssh.connect(
            "127.0.0.1",
            house.serving.gateway.port,
            username=user,
            client_keys=[house.ssh_key],
            known_hosts=None,
            config=None,
            agent_path=None,
        )

    async with await come("pat") as of_pat, await come("kim") as of_kim:
        cut, goes_on = await of_pat.create_process(waits), await of_kim.create_process(waits)
        await until(lambda: len(list(house.serving.gateway.running())) == 2)
        await house.installation.perform("user.lock", {"user": "pat"}, admin, _writing(house))
        ended = await cut.wait(timeout=30)
        assert "Signed out. You may not go on: locked." in str(ended.stderr)
        assert ended.exit_status == 1
        assert [each.who.user for each in house.serving.gateway.running()] == ["kim"]
        goes_on.stdin.write("four other words are better\n")
        assert (await goes_on.wait(timeout=30)).exit_status == 0


# On the host itself.


@asynccontextmanager
async def _console(house: House, *options: str) -> AsyncIterator[OpenSsh]:
    """A second `cloutui` on a terminal of its own."""
    master, slave = pty.openpty()
    process = await asyncio.create_subprocess_exec(
        *_CLOUTUI,
        "--home",
        str(house.home),
        *options,
        stdin=slave,
        stdout=slave,
        stderr=slave,
        env={**os.environ, "TERM": "xterm-256color"},
        # Only who is controlled by a terminal is told when its size changes.
        preexec_fn=lambda: (os.setsid(), fcntl.ioctl(0, termios.TIOCSCTTY, 0)),  # type: ignore[func-returns-value]
    )
    os.close(slave)
    client = OpenSsh(master, process, (120, 36))
    client.resize(120, 36)
    try:
        yield client
    finally:
        client.ignore()
        if process.returncode is None:
            process.kill()
            await process.wait()
        os.close(master)


async def _run(house: House, *words: str, cwd: Path | None = None) -> tuple[int, str, str]:
    process = await asyncio.create_subprocess_exec(
        *_CLOUTUI,
        "--home",
        str(house.home),
        *words,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        cwd=cwd,
    )
    async with asyncio.timeout(60):
        out, errors = await process.communicate()
    assert process.returncode is not None
    return process.returncode, out.decode(), errors.decode()


async def test_another_cloutui_on_the_host_joins_the_one_that_has_the_files(house: House, tmp_path: Path) -> None:
    change(house.installation.records, house.alice, os_user=getpass.getuser())
    async with hosting(house.installation) as here:
        assert Home.at(house.home).socket.stat().st_mode & 0o777 == 0o600
        report, into_file = await asyncio.gather(
            _run(house, "report", "units", "--format", "csv"),
            _run(house, "report", "units", "-o", "units.csv", cwd=tmp_path),
        )
        assert report[0] == 0, report
        assert "Beta" in report[1]
        assert into_file[0] == 0, into_file
        assert "Beta" in (tmp_path / "units.csv").read_text()
        assert "session.open" not in house.actions(), "a command is no sign-in"
        async with _console(house, "--read-only") as console:
            await console.sees("Beta")
            await console.sees(" READ-ONLY ")
            (line,) = house.installation.records.activity(1)
            assert (line.action, line.actor, line.face) == ("session.open", "alice", "terminal")
            assert line.sentence == f"Came in on this host, as its user {getpass.getuser()}."
            (session,) = here.gateway.sessions
            console.resize(100, 30)
            await until(lambda: session.size == (100, 30))
            assert [told.user for told in house.installation.sessions] == ["alice"]
            console.type("\x11")
            assert await console.status() == 0
            assert b"\x1b[?1049l" in console.raw
        await until(lambda: house.actions(1) == ["session.close"])
    assert not Home.at(house.home).socket.exists()


async def test_another_user_of_the_host_does_not_come_in(house: House) -> None:
    home = Home.at(house.home)
    async with hosting(house.installation) as here:
        await here.gateway._here.close()  # type: ignore[union-attr]
        strict = HereSocket(home, here.gateway._door, peer_of=lambda _: 54_321)
        strict.open()
        for let_in in (False, True):
            if let_in:  # the control: the same, for ourselves
                await strict.close()
                strict = HereSocket(home, here.gateway._door)
                strict.open()
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
                client.setblocking(False)
                await asyncio.get_running_loop().sock_connect(client, str(home.socket))
                greeting = await asyncio.wait_for(asyncio.get_running_loop().sock_recv(client, 20), 30)
                assert greeting.startswith(b"SSH-2.0") == let_in
        await strict.close()


async def test_serve_wants_users_and_stops_when_told(tmp_path: Path) -> None:
    furnish(tmp_path)
    (tmp_path / "config.yaml").write_text("secrets: {backend: memory}\nserve: {ssh: '127.0.0.1:0'}\n")

    async def serve() -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            *_CLOUTUI, "--home", str(tmp_path), "serve", stderr=asyncio.subprocess.PIPE
        )

    refused = await serve()
    assert refused.stderr is not None
    assert b"there are no users yet. `cloutui init`" in await refused.stderr.read()
    assert await refused.wait() == 1
    with Records.open(tmp_path / "records.sqlite") as records:
        add_user(records, Secrets.open("memory", tmp_path), "alice")
    serving = await serve()
    assert serving.stderr is not None
    async with asyncio.timeout(60):
        assert b"Listening on 127.0.0.1:" in await serving.stderr.readline()
        serving.terminate()
        assert b"Stopped." in await serving.stderr.read()
        assert await serving.wait() == 0


async def _principal(house: House, name: str) -> Principal:
    known = house.installation.door.known(name)
    assert known is not None
    told = {"session_id": "s1", "source": "", "how": "key"}
    return house.installation.door.enter(known.user_id, face="ssh", **told).principal


def _writing(house: House) -> Proof:
    return Proof(reason="OPS-1", write_mode_until=house.installation.records.clock() + timedelta(minutes=5))
