"""Saying of problems what becomes of them, by keys: one, many, with a comment, and all of them in a round."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

from cloutui.actions.perform import Outcome
from cloutui.actions.registry import action_named
from cloutui.app import CloutuiApp
from cloutui.model.privilege import Privilege
from cloutui.model.secret import Secret
from cloutui.model.table import Answer
from cloutui.screens.action_fields import fields_of
from cloutui.screens.boxes import KeysBox
from cloutui.screens.comment_box import CommentBox
from cloutui.screens.mute_menu import mutings
from cloutui.screens.round import Round
from cloutui.screens.row_actions import row_actions
from cloutui.screens.subject import Subject
from tests.screens.console import Console, console
from tests.screens.fake_session import NOW, TODAY, Fleet, fleet
from tests.screens.fake_views import ViewsSession


class Handles(ViewsSession):
    """Problems that are acknowledged here need attention no more."""

    def __init__(self, made: Fleet, **given: Any) -> None:
        super().__init__(made, **given)
        self.closed: set[str] = set()

    async def act(
        self, action: str, given: Mapping[str, Any], *, typed_name: str | None = None, code: Secret | None = None
    ) -> Outcome:
        done = await super().act(action, given, typed_name=typed_name, code=code)
        if action == "problem.handle" and not given.get("job"):
            change = self.closed.difference_update if given["state"] == "open" else self.closed.update
            change(given["nodes"])
        return replace(done, sentence=f"{given.get('state', action)} {len(given.get('nodes', ()))}.")

    async def ask(self, report: str, /, *, unit: int | None = None, **params: object) -> Answer:
        answer = await super().ask(report, unit=unit, **params)
        if report != "attention":
            return answer
        rows = [place for place, row in enumerate(answer.rows.to_pylist()) if str(row["node_id"]) not in self.closed]
        return replace(answer, rows=answer.rows.take(rows), total=len(rows))

    @property
    def said(self) -> list[tuple[str, Mapping[str, Any]]]:
        return [(action, given) for action, given in self.acted if action.split(".")[0] in {"problem", "comment"}]


@asynccontextmanager
async def ready(start: str = "overview", **given: Any) -> AsyncIterator[Console]:
    session = Handles(fleet(nodes=180), **given)
    async with console(session=session, start=start) as it:
        await it.until(lambda: not it.busy() and it.shell.view.main.count() > 0)
        yield it


def handles(it: Console) -> Handles:
    assert isinstance(it.session, Handles)
    return it.session


async def test_a_acknowledges_what_the_cursor_is_on_and_the_capital_takes_it_back() -> None:
    async with ready() as it:
        first = it.shell.view.problems()[0]
        before = it.shell.view.main.count()
        await it.press("a")
        await it.until(lambda: it.shell.view.main.count() == before - 1)
        assert it.shell.view.problems()[0].node != first.node, "the next one is under the cursor"
        assert (
            f"acknowledged 1. Bad for {first.bad_days} days: c says why." in it.text() or "A takes it back" in it.text()
        )
        await it.press("A")
        await it.until(lambda: it.shell.view.main.count() == before)
        given = {"nodes": [str(first.node_id)], "day": str(first.day)}
        assert handles(it).said == [
            ("problem.handle", given | {"state": "acknowledged"}),
            ("problem.handle", given | {"state": "open"}),
        ]


async def test_what_is_marked_is_acknowledged_at_once() -> None:
    for start in ("daily", "matrix"):
        async with ready(start) as it:
            await it.press("space", "space", "space", "a")
            await it.sees("acknowledged 3.")
            ((_, given),) = handles(it).said
            assert len(set(given["nodes"])) == 3
            await it.until(lambda it=it: not it.shell.view.main.has_marks())  # type: ignore[misc]


async def test_a_comment_is_asked_for_in_a_box_and_may_close_the_problem() -> None:
    async with ready("jobs") as it:
        (job,) = it.shell.view.problems()
        await it.press("c")
        await it.until(lambda: isinstance(it.app.screen, CommentBox))
        await it.sees("Write a comment", job.node, "needs comment")
        await it.press(*"Disk full", "tab", "c", "tab", *"res", "ctrl+j")
        await it.sees("resolved 1.")
        about = {"nodes": [str(job.node_id)], "day": str(job.day), "job": job.job_key}
        assert handles(it).said == [
            ("comment.add", {"text": "Disk full", "type": "cause", **about}),
            ("problem.handle", {"state": "resolved", **about}),
        ]


async def test_the_command_acknowledges_with_a_word_on_why() -> None:
    async with ready() as it:
        first = it.shell.view.problems()[0]
        await it.press(":", *"ack It reboots.", "enter")
        await it.until(lambda: len(handles(it).said) == 2)
        about = {"nodes": [str(first.node_id)], "day": str(first.day)}
        assert handles(it).said == [
            ("comment.add", {**about, "text": "It reboots.", "type": "note"}),
            ("problem.handle", {**about, "state": "acknowledged"}),
        ]


async def test_without_the_right_the_keys_are_listed_with_what_they_need() -> None:
    async with ready(denied={Privilege.PROBLEM_EDIT, Privilege.COMMENT_CREATE}) as it:
        await it.press("a", "c", "Q", "question_mark")
        await it.until(lambda: isinstance(it.app.screen, KeysBox))
        await it.sees("(needs problem.edit)", "(needs comment.create)")
        assert handles(it).said == []


async def test_a_round_leads_through_everything_that_is_open_and_tells_how_long_it_took() -> None:
    async with ready() as it:
        nodes = [row["name"] for row in it.shell.view.attention.found if row["kind"] == "node"]  # type: ignore[attr-defined]
        assert len(nodes) > 4
        await it.press("Q")
        await it.sees(f"1 of {len(nodes)}", nodes[0])
        view = it.shell.view
        assert isinstance(view, Round)
        # Typed at once: each key means the problem that is there when its turn comes.
        await it.press("a", "n", "a", "A", "a")
        await it.sees(f"4 of {len(nodes)}", nodes[3])
        assert [cell.node for cell in view.cells if (cell.node_id, cell.day) in view.done] == [nodes[0], nodes[2]]
        assert isinstance(it.app, CloutuiApp)
        view.began_at = NOW - timedelta(seconds=130)
        await it.press(*"a" * (len(nodes) - 3))
        await it.sees(f"{len(nodes) - 1} handled in 2m 10s. 1 problem left: Q goes on with them.")
        await it.until(lambda: handles(it).said[-1][0] == "problem.round")
        told = {"problems": len(nodes), "handled": len(nodes) - 1, "seconds": 130}
        assert handles(it).said[-1][1].items() >= told.items()
        assert not isinstance(it.shell.view, Round)
        await it.press("Q", "a")
        await it.sees("1 handled in")
        await it.press("Q")
        await it.sees("Nothing is open in Nordhavn Backup.")


def test_actions_on_a_row_know_its_day_and_its_job() -> None:
    job = Subject(name="X", node_id=1, node="X", server="SPA01", day=TODAY, job_key="DAILY|X", job="DAILY")
    given = {action.name: action.given for action in row_actions(job, lambda _: True)}
    assert given["problem.handle"] == {"nodes": "SPA01/X", "day": "2026-11-22", "job": "DAILY|X"}
    assert given["node.assign"] == {"nodes": "SPA01/X"}


def test_states_and_types_are_chosen_from_a_list() -> None:
    fields = {field.name: field for field in fields_of(action_named("problem.handle").spec, {})}
    assert [choice.value for choice in fields["state"].choices()] == [
        *("open", "acknowledged", "active", "resolved", "ignored", "muted"),
    ]


async def test_a_block_of_the_matrix_is_let_go_copied_made_into_marks_and_handled_at_once() -> None:
    async with ready("matrix") as it:
        rows, keys = it.matrix.rows, it.matrix.rows.keys
        await it.press("v", "j", "h")
        lines = [line.split("\t") for line in it.matrix.row_text().splitlines()]
        assert lines[0] == ["node", str(TODAY - timedelta(days=1)), str(TODAY)]
        assert [line[0] for line in lines[1:]] == list(rows.names[:2])
        await it.press("escape")
        assert (it.matrix.block, it.shell.view) == (None, it.matrix_view)
        await it.press("v", "j", "space")
        assert set(it.matrix.marks) == set(keys[1:3])
        assert it.matrix.block is None
        await it.press("escape", "g", "g", "l", "v", "'", "5", "9", "j", "'", "3", "h")
        await it.sees("Block  60 nodes × 4 days", "19 Nov - 22 Nov")
        block = it.matrix.block
        assert block is not None
        wanted: dict[str, set[str]] = {}
        for row, column in block.problems(rows):
            wanted.setdefault(rows.days[column].isoformat(), set()).add(str(keys[row]))
        assert len(wanted) > 1, "trouble on one day alone proves little"
        await it.press("a")
        await it.sees(f"And on {len(wanted) - 1} more day")
        assert it.matrix.block is None, "what was handled is let go"
        await it.press("A")
        await it.until(lambda: len(handles(it).said) == 2 * len(wanted))
        done, undone = handles(it).said[: len(wanted)], handles(it).said[len(wanted) :]
        for state, said in (("acknowledged", done), ("open", undone)):
            assert {given["day"]: set(given["nodes"]) for _, given in said} == wanted
            assert {given["state"] for _, given in said} == {state}


async def test_m_mutes_what_is_meant_until_a_day_that_a_menu_offers() -> None:
    async with ready("daily") as it:
        first = it.shell.view.subject()
        assert first is not None
        await it.press("m")
        await it.sees(f"Mute {first.name}", "7 days", "up to and with Sat 28 Nov")
        await it.press("2")
        await it.sees("problem.mute 1.")
        await it.press("space", "space", "m", "5")
        await it.sees("problem.unmute 2.")
        mute, unmute = handles(it).said
        assert mute == ("problem.mute", {"nodes": [first.node_id], "until": "2026-11-28"})
        assert (unmute[0], len(unmute[1]["nodes"])) == ("problem.unmute", 2)


def test_a_mute_begins_on_the_day_that_is_looked_at_and_a_week_has_seven_days() -> None:
    today = mutings(TODAY, TODAY)
    ends = [{"until": "2026-11-22"}, {"until": "2026-11-28"}, {"until": "2026-12-21"}]
    assert [each.given for each in today] == [*ends, {}, {}]
    assert [each.asks for each in today] == [False, False, False, True, False]
    from_before = mutings(TODAY - timedelta(days=2), TODAY)
    assert all(each.given["day"] == "2026-11-20" for each in from_before)
    assert from_before[1].entry.detail == "from Fri 20 Nov up to and with Sat 28 Nov"


async def test_a_ticket_is_copied_as_text_and_its_number_asked_for() -> None:
    async with ready("daily") as it:
        first = it.shell.view.subject()
        assert first is not None
        copied: list[str] = []
        it.app.copy_to_clipboard = copied.append  # type: ignore[assignment,method-assign]
        await it.press("T")
        await it.until(lambda: isinstance(it.app.screen, CommentBox) and bool(copied))
        head, *fields = copied[0].splitlines()
        assert head.startswith(f"{first.name}, Sun 22 Nov 2026: ")
        told = {field[:9].strip(): field[9:] for field in fields if field[:9].strip()}
        assert told["Unit"].startswith("Nordhavn Backup > ")
        assert told["Link"] == f"cloutui://unit/1/daily?day=2026-11-22&at={first.node_id}"
        assert {"Server", "Stored", "Last OK", "Job"} <= set(told)
        await it.press(*"4711", "ctrl+j")
        await it.until(lambda: bool(handles(it).said))
        ((_, given),) = handles(it).said
        assert (given["text"], given["type"]) == ("4711", "ticket")
