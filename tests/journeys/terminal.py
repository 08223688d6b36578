"""A real terminal: one window of a tmux server of its own."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

LIMIT_S = 60


class Terminal:
    """One tmux window of its own server."""

    def __init__(self, socket: Path, size: tuple[int, int], command: str) -> None:
        self._tmux = ["tmux", "-S", str(socket), "-f", "/dev/null"]
        columns, rows = size
        shell = ["env", "PS1=$ ", "sh"]
        self._run("new-session", "-d", "-x", str(columns), "-y", str(rows), *shell)
        self.type(command, "Enter")

    def type(self, *keys: str) -> None:
        self._run("send-keys", *keys)

    def screen(self) -> str:
        return self._run("capture-pane", "-p")

    def wait_for(self, *texts: str) -> str:
        return self._wait(texts, all)

    def wait_for_any(self, *texts: str) -> str:
        return self._wait(texts, any)

    def _wait(self, texts: tuple[str, ...], enough: Callable[[Iterator[bool]], bool]) -> str:
        deadline = time.monotonic() + LIMIT_S
        while True:
            seen = self.screen()
            if enough(text in seen for text in texts):
                return seen
            assert time.monotonic() < deadline, f"no {texts} on\n{seen}"
            time.sleep(0.05)

    def wait_without(self, text: str) -> None:
        deadline = time.monotonic() + LIMIT_S
        while text in (seen := self.screen()):
            assert time.monotonic() < deadline, f"still {text} on\n{seen}"
            time.sleep(0.05)

    def close(self) -> None:
        self._run("kill-server")

    def _run(self, *arguments: str) -> str:
        done = subprocess.run([*self._tmux, *arguments], capture_output=True, text=True, timeout=30, check=True)
        return done.stdout
