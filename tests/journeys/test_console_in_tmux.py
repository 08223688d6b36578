"""The console as an operator has it: a real terminal, real keys, a cache that a collection has filled."""

from __future__ import annotations

import re
import shlex
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.conftest import cloutui
from tests.journeys.terminal import Terminal

pytestmark = [
    pytest.mark.tmux,
    pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed"),
]


@pytest.fixture(params=[(80, 24), (120, 36), (220, 60)], ids=lambda size: f"{size[0]}x{size[1]}")
def terminal(request: pytest.FixtureRequest, home: str, tmp_path: Path) -> Iterator[Terminal]:
    program = shlex.join([sys.executable, "-m", "cloutui", "--home", home])
    opened = Terminal(tmp_path / "tmux", request.param, f"stty -a > {tmp_path}/before; {program}; echo left $?")
    yield opened
    opened.close()


def test_from_the_matrix_to_one_jobs_log_and_out_again_by_keys_alone(terminal: Terminal, tmp_path: Path) -> None:
    terminal.wait_for("Needs attention", "OK")
    terminal.type("3")
    terminal.wait_for("Jobs matrix", "nodes × ")
    terminal.type("Enter")
    terminal.wait_for("status", "message", "↵ open")
    terminal.type("Enter")
    terminal.wait_for("server said")
    terminal.type("Escape")
    terminal.wait_for("status", "message")
    terminal.type("Escape")
    terminal.wait_for("Jobs matrix")
    terminal.type("C-q")
    terminal.wait_for("left 0")
    terminal.type(f"stty -a > {tmp_path}/after; echo same", "Enter")
    terminal.wait_for("\nsame")
    assert (tmp_path / "after").read_text() == (tmp_path / "before").read_text()


def nothing_is_open(terminal: Terminal) -> bool:
    terminal.type("Q")
    seen = terminal.wait_for_any("Nothing is open in", "Round › 1 of ")
    return "Nothing is open in" in seen


def hands_through_a_round(terminal: Terminal) -> int:
    """Takes each problem of an open round in hand, the first one by a comment: how many they were."""
    problems = int(terminal.wait_for("a ack", "c comment").partition("Round › 1 of ")[2].split()[0])
    terminal.type("c")
    terminal.wait_for("Write a comment")
    terminal.type("-l", "Disk full")
    terminal.type("C-j")
    terminal.wait_for("Note on")
    for place in range(2, problems + 1):
        terminal.type("a")
        terminal.wait_for(f"{place} of {problems}")
    terminal.type("a")
    terminal.wait_for(f"{problems} handled in ")
    terminal.wait_for("Daily status")
    return problems


def test_from_start_to_the_last_problem_handled_by_keys_alone(home: str, tmp_path: Path) -> None:
    # Whatever failed on the day of this test, or did not: Acme's nodes store too much.
    cloutui("--home", home, "act", "severity.set", "unit=Acme ApS", "key=limit", "value=warning 50% of 1GiB")
    program = shlex.join([sys.executable, "-m", "cloutui", "--home", home])
    terminal = Terminal(tmp_path / "tmux", (120, 36), f"{program}; echo left $?")
    try:
        terminal.wait_for("Needs attention", "1 server")
        terminal.type("2")
        terminal.wait_for("Daily status", "processed")
        terminal.type("g", "g")  # the cursor has come along from what needed attention
        terminal.wait_for("Daily status", "Limit")
        assert not nothing_is_open(terminal)
        problems = hands_through_a_round(terminal)
        # What the clock makes a problem meanwhile (a last success that grows too old) is a round of its own.
        while not nothing_is_open(terminal):
            problems += hands_through_a_round(terminal)
        terminal.type("C-q")
        terminal.wait_for("left 0")
    finally:
        terminal.close()
    told = cloutui("--home", home, "report", "activity", "--format", "csv", "--filter", "action:problem.round").stdout
    rounds = [(int(handled), int(of)) for handled, of in re.findall(r"Handled (\d+) of (\d+) problem", told)]
    assert sum(handled for handled, _ in rounds) == sum(of for _, of in rounds) == problems
