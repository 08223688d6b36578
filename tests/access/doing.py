"""Run as a program: does actions until it is killed, and says of each when it is done. One line read, one child more.

What takes long (importing) is done once: each child is a fork that opens the records by itself. It says its own
number, then `done SEQ WHAT` for every action that was acknowledged, and `head SEQ HASH` for what a witness is told.
"""

from __future__ import annotations

import os
import sys
from itertools import count
from pathlib import Path

from cloutui.actions.perform import Context, perform_change
from cloutui.actions.proof import Proof
from cloutui.actions.registry import build
from cloutui.records import access, checkpoints
from cloutui.records.secrets import Secrets
from cloutui.records.store import Records


def say(line: str) -> None:
    # In one piece, so that a kill cuts off a whole line or nothing.
    os.write(1, f"{line}\n".encode())


def do(folder: Path, mark: str) -> None:
    records = Records.open(folder / "records.sqlite")
    secrets = Secrets.open("sealed", folder)
    checkpoints.EVERY_ENTRIES = 7
    records.sign_with(checkpoints.Signer(secrets), lambda head: say(f"head {head}"))
    context = Context(records=records, secrets=secrets)
    with records.reading() as connection:
        user = access.user_named(connection, "administrator1")
    assert user is not None
    by = user.principal("command-line", mark, records.clock())
    say(str(os.getpid()))
    for number in count():
        name = f"{mark}-{number}"
        for action, params in (
            ("unit.create", {"name": name}),
            ("role.create", {"name": name, "rights": ["node.view"]}),
            ("user.create", {"name": name, "role": name}),
            ("user.lock", {"user": name}),
        ):
            now = records.clock()
            proof = Proof(reason="x", typed_name=name, second_factor_at=now, write_mode_until=now.replace(year=9999))
            outcome = perform_change(build(action, params), by, proof, context)
            say(f"done {outcome.activity_seq} {action} {name}")


def main() -> None:
    folder = Path(sys.argv[1])
    for line in sys.stdin:
        child = os.fork()
        if not child:
            do(folder, line.strip())
        os.waitpid(child, 0)
        say("dead")


if __name__ == "__main__":
    main()
