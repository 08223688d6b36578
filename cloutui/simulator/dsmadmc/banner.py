"""What is printed before the first command, and the prompt: they depend on the level of client and server.

The product was renamed twice: Tivoli Storage Manager up to 7.1, Spectrum Protect up to 8.1.18, Storage Protect since.
Here a host's client is of the level of the server it talks to.
"""

from __future__ import annotations

from cloutui.simulator.dsmadmc.host import Server
from cloutui.simulator.dsmadmc.locale import Locale

CLIENT_PLATFORM = "Linux x86-64"


def program(server: Server) -> list[str]:
    """The three lines of the program itself."""
    version, release, level, _ = server.version
    return [
        product(server.version),
        f"Command Line Administrative Interface - Version {version}, Release {release}, Level {level}.0",
        "(c) Copyright by IBM Corporation and other(s) 1990, 2024. All Rights Reserved.",
        "",
    ]


def session(server: Server, administrator: str, locale: Locale) -> list[str]:
    """The lines that greet a new session."""
    version, release, level, sublevel = server.version
    # An administrator who was never here before shows this very moment.
    rows = server.query("SELECT LASTACC_TIME FROM ADMINS WHERE ADMIN_NAME = $admin", admin=administrator).rows
    last = rows[0][0] if rows and rows[0][0] is not None else server.now()
    return [
        f"Session established with server {server.name}: {server.platform}",
        f"  Server Version {version}, Release {release}, Level {level}.{sublevel:03}",
        f"  Server date/time: {locale.moment(server.now())}  Last access: {locale.moment(last)}",  # type: ignore[arg-type]
        "",
    ]


def prompt(server: Server) -> str:
    """The prompt of the interactive mode."""
    return f"{'Protect' if server.version >= (8, 1) else 'tsm'}: {server.name}>"


def product(version: tuple[int, int, int, int]) -> str:
    """The product's name at a level."""
    if version < (8,):
        return "IBM Tivoli Storage Manager"
    return "IBM Spectrum Protect" if version < (8, 1, 19) else "IBM Storage Protect"
