"""What is typed into a client, when, and which bytes are taken for an answer."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from cloutui.errors import Garbled, Invalid, ProductError, SignInRefused, Unreachable
from cloutui.products.storage_protect import terminal as terminal_module
from cloutui.products.storage_protect.sign_in import Credentials
from cloutui.products.storage_protect.terminal import AdminTerminal
from tests.products.storage_protect.scripted import HURRY, ScriptedChannel, ScriptedDoor, client

ROWS = {"SELECT A,B": b'ALPHA,"one, two"\nBETA,\n', "SELECT NONE": b"", "SELECT TWO": b"GAMMA,3\n"}


async def signed_in(door: ScriptedDoor, password: str | None = "right") -> AdminTerminal:
    credentials = Credentials(administrator="CLOUTUI", password=lambda: password)
    return await AdminTerminal.open("SPA01", door, credentials, HURRY)


@pytest.mark.parametrize("piece", [1, 7, 1 << 20])
@pytest.mark.parametrize(
    "prompt", [b"Protect: SPA01>", b"Protect: SPA01> ", b"tsm: SPA01>", b"\r\nProtect: SPA01>", b""]
)
async def test_an_answer_is_what_stands_between_the_command_and_its_mark(piece: int, prompt: bytes) -> None:
    asked = await signed_in(ScriptedDoor(client(ROWS, prompt=prompt), piece=piece))
    assert (await asked.ask("SELECT A,B FROM C")).body.strip() == ROWS["SELECT A,B"].strip()
    assert (await asked.ask("SELECT NONE FROM C")).body.strip() == b""
    reply = await asked.ask("SELECT TWO FROM C")
    assert (reply.body.strip(), reply.broke_off) == (b"GAMMA,3", "")
    await asked.leave()


@pytest.mark.parametrize(
    "manner",
    [
        {"echo": True},
        {"end": b"\r\n"},
        {"end": b"\r\r\n"},
        {"page_ends": 1},
        {"page_ends": 3},
        {"greeting": b"ANS8004W Your password will expire within 3 day(s).\n"},
        {"question": b"Geben Sie Ihr Kennwort ein: "},
        {"echo": True, "page_ends": 2, "end": b"\r\n"},
    ],
    ids=str,
)
@pytest.mark.parametrize("piece", [1, 1 << 20])
async def test_the_manners_of_a_client_leave_no_trace_in_its_answers(manner: dict[str, object], piece: int) -> None:
    asked = await signed_in(ScriptedDoor(client(ROWS, **manner), piece=piece))  # type: ignore[arg-type]
    for _ in range(3):
        reply = await asked.ask("SELECT A,B FROM C")
        assert reply.body.replace(b"\r", b"").strip() == ROWS["SELECT A,B"].strip()
    await asked.leave()


async def test_a_greeting_is_kept() -> None:
    asked = await signed_in(ScriptedDoor(client(greeting=b"ANS8004W Your password will expire within 3 day(s).\n")))
    assert [message.code for message in asked.greeting] == ["ANS8004W"]


async def test_the_password_goes_in_at_its_prompt_and_nowhere_else() -> None:
    door = ScriptedDoor(client(ROWS))
    asked = await signed_in(door)
    await asked.ask("SELECT A,B FROM C")
    await asked.leave()
    assert door.channels[0].typed[0] == "right"
    assert "right" not in door.channels[0].typed[1:]
    assert not any("right" in argument for argument in door.arguments)
    assert "-id=CLOUTUI" in door.arguments


async def test_a_second_password_prompt_is_not_answered() -> None:
    door = ScriptedDoor(client(ROWS))
    with pytest.raises(SignInRefused, match="ANS1051I"):
        await signed_in(door, "wrong")
    assert door.channels[0].typed == ["wrong"]
    assert door.channels[0].is_closed


async def test_nothing_is_typed_when_a_credentials_file_has_the_password() -> None:
    door = ScriptedDoor(client(ROWS, question=b""), credentials_file="/etc/console/credentials", server_stanza="SPA01")
    asked = await signed_in(door)
    assert (await asked.ask("SELECT TWO FROM C")).body == b"GAMMA,3\n"
    assert door.channels[0].typed[0] == "SELECT TWO FROM C"
    assert "-credentialsfile=/etc/console/credentials" in door.arguments
    assert "-se=SPA01" in door.arguments
    assert not any(argument.startswith("-id") for argument in door.arguments)


async def test_a_password_prompt_in_spite_of_a_credentials_file_is_a_refusal() -> None:
    door = ScriptedDoor(client(ROWS), credentials_file="f")
    with pytest.raises(SignInRefused, match="credentials file"):
        await signed_in(door)
    assert door.channels[0].typed == []


@pytest.mark.parametrize("password", [None, ""])
async def test_a_password_that_is_not_kept_is_said_so(password: str | None) -> None:
    with pytest.raises(SignInRefused, match="none is kept"):
        await signed_in(ScriptedDoor(client(ROWS)), password)


@pytest.mark.parametrize("password", ["a\nb", "a\rHALT", "a\x03", "a\x04"])
async def test_a_password_that_would_type_more_than_itself_is_not_sent(password: str) -> None:
    door = ScriptedDoor(client(ROWS))
    with pytest.raises(Invalid) as refused:
        await signed_in(door, password)
    assert password not in str(refused.value)
    assert door.channels[0].typed == []
    assert door.channels[0].is_closed


@pytest.mark.parametrize("name", ["A B", "A -pa=x", "", "A\nB", "-x", "X*"])
async def test_an_administrator_that_is_no_name_is_not_sent(name: str) -> None:
    door = ScriptedDoor(client(ROWS))
    with pytest.raises(Invalid):
        await AdminTerminal.open("SPA01", door, Credentials(administrator=name, password=lambda: "right"), HURRY)
    assert not door.channels


@pytest.mark.parametrize(
    ("said", "status", "refusal"),
    [
        ("ANS1051I Invalid user id or password\nANS8023E Unable to establish session with server.", 137, SignInRefused),
        ("ANS8034E Your administrator ID is not recognized by this server.", 137, SignInRefused),
        ("ANS8056E Your administrator ID is locked.", 137, SignInRefused),
        ("ANS8023E Unable to establish session with server.", 137, SignInRefused),
        ("Kennwort falsch", 137, SignInRefused),
        ("ANS1017E Session rejected: TCP/IP connection failure.\nANS8023E Unable to", 206, Unreachable),
        ("keine Verbindung", 206, Unreachable),
        ("ANS8023E ohne alles", 206, Unreachable),
        ("ANS8055E The server has insufficient resources.\nANS8023E Unable to", 14, Unreachable),
        ("ANS1217E Server name not found in System Options File", 8, Unreachable),
        ("bash: dsmadmc: command not found", 127, Unreachable),
        ("Segmentation fault", None, Unreachable),
        ("", 1, Unreachable),
    ],
)
@pytest.mark.parametrize("is_early", [True, False])
async def test_a_client_that_ends_before_its_prompt_tells_why(
    said: str, status: int | None, refusal: type[ProductError], is_early: bool
) -> None:
    async def run(channel: ScriptedChannel) -> None:
        if not is_early:
            channel.say(b"Enter your password:  ")
            await channel.line()
        channel.say(said.encode() + b"\n")
        channel.end(status)

    with pytest.raises(refusal) as raised:
        await signed_in(ScriptedDoor(run))
    code = said.split(" ", maxsplit=1)[0]
    assert not code.startswith("ANS") or code in str(raised.value)


async def test_a_client_without_prompts_that_turns_out_to_refuse_is_a_refusal() -> None:
    async def run(channel: ScriptedChannel) -> None:
        channel.say(b"Password:")
        await channel.line()
        await channel.line()
        channel.say(b"ANS1051I Invalid user id or password\n")
        channel.end(137)

    asked = await signed_in(ScriptedDoor(run))
    with pytest.raises(SignInRefused, match="ANS1051I"):
        await asked.ask("SELECT TWO FROM C")


async def test_a_client_that_never_lets_us_in_is_left() -> None:
    async def chatter(channel: ScriptedChannel) -> None:
        while True:
            channel.say(b".\n")
            await asyncio.sleep(0.01)

    door = ScriptedDoor(chatter)
    hurry = replace(HURRY, sign_in_s=0.2)
    with pytest.raises(Unreachable, match=r"no sign-in within 0\.2 s"):
        await AdminTerminal.open("SPA01", door, Credentials(administrator="A", password=lambda: "x"), hurry)
    assert door.channels[0].is_closed


async def test_silence_ends_an_answer_with_what_was_read() -> None:
    door = ScriptedDoor(client({"SELECT TWO": b"GAMMA,3\nDEL<silent>"}))
    asked = await signed_in(door)
    reply = await asked.ask("SELECT TWO FROM C")
    assert (reply.body, reply.broke_off) == (b"GAMMA,3\nDEL", "silent for 0.2 s")
    assert door.channels[0].is_closed
    with pytest.raises(Garbled, match="silent for"):
        await asked.ask("SELECT A,B FROM C")


async def test_a_cut_ends_an_answer_with_what_was_read() -> None:
    asked = await signed_in(ScriptedDoor(client({"SELECT TWO": b"GAMMA,3\nDEL<ends>"})))
    reply = await asked.ask("SELECT TWO FROM C")
    assert (reply.body, reply.broke_off) == (b"GAMMA,3\nDEL", "the connection was cut")


async def test_a_client_that_answers_nothing_at_all_is_unreachable() -> None:
    asked = await signed_in(ScriptedDoor(client({"SELECT TWO": b"<silent>"})))
    with pytest.raises(Unreachable, match="silent for"):
        await asked.ask("SELECT TWO FROM C")


async def test_an_answer_without_end_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(terminal_module, "MOST_ANSWER_BYTES", 1000)
    asked = await signed_in(ScriptedDoor(client({"SELECT TWO": b"GAMMA,3\n" * 1000}), piece=100))
    reply = await asked.ask("SELECT TWO FROM C")
    assert "MiB came" in reply.broke_off


async def test_a_row_that_says_a_mark_does_not_end_an_answer() -> None:
    # Marks cannot be guessed; this one is read from the keyboard, as an echo would give it away.
    async def run(channel: ScriptedChannel) -> None:
        channel.say(b"Protect: SPA01>")
        await channel.line()
        closing = await channel.line()
        mark = closing.split("'")[1]
        channel.say(f"A,{mark}\n{mark},B\nx{mark}\n{mark}\nProtect: SPA01>".encode())
        await channel.line()

    door = ScriptedDoor(run, credentials_file="f")
    reply = await (await signed_in(door)).ask("SELECT A FROM B")
    assert reply.broke_off == ""


@pytest.mark.parametrize("command", ["SELECT A FROM B\nHALT", "QUERY NODE > /tmp/x", "SRV2: HALT", ""])
async def test_what_is_not_one_command_is_never_typed(command: str) -> None:
    door = ScriptedDoor(client(ROWS))
    asked = await signed_in(door)
    with pytest.raises(Invalid):
        await asked.ask(command)
    assert door.channels[0].typed == ["right"]


async def test_leaving_says_quit_and_closes() -> None:
    door = ScriptedDoor(client(ROWS))
    await (await signed_in(door)).leave()
    assert door.channels[0].typed[-1] == "quit"
    assert door.channels[0].is_closed


async def test_leaving_does_not_wait_for_ever() -> None:
    async def run(channel: ScriptedChannel) -> None:
        channel.say(b"Protect: SPA01>")
        await channel.line()

    door = ScriptedDoor(run, credentials_file="f")
    await (await signed_in(door)).leave()
    assert door.channels[0].is_closed
