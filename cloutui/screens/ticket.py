"""A problem as plain text, to be put into a ticket: what failed, where, since when, what the log says, and a link."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from cloutui.model import formats
from cloutui.model.link import Link
from cloutui.model.safe_text import safe
from cloutui.model.status import Status
from cloutui.screens.job_log import ask_log
from cloutui.screens.jobs import Job, jobs_of
from cloutui.screens.moments import aware

if TYPE_CHECKING:
    from cloutui.screens.desk import Desk
    from cloutui.screens.subject import Subject
    from cloutui.widgets.paragraph import Paragraph

_LABEL = 9
MOST = 20
"""Problems in one text."""
_MOST_LINES = 10
"""Of the log of a job."""

Fields = Iterable[tuple[str, str]]


async def ticket(desk: Desk, problems: Sequence[Subject]) -> str:
    """Of each of these problems, a paragraph; only the first so many. Raises: CloutuiError."""
    told = [await _told(desk, problem) for problem in problems[:MOST]]
    if len(problems) > MOST:
        told.append(f"And {formats.plural(len(problems) - MOST, 'more problem')}.\n")
    return "\n".join(told)


async def _told(desk: Desk, problem: Subject) -> str:
    assert desk.session is not None
    assert problem.day is not None
    day, node_id = problem.day.isoformat(), problem.node_id
    found = await desk.session.ask("daily", unit=desk.scope, day=day, filter=f"node_id={node_id}")
    row = next(iter(found.rows.to_pylist()), None)
    jobs = jobs_of(await desk.session.ask("node-day", unit=desk.scope, node_id=node_id, day=day))
    if problem.job_key:
        jobs = [job for job in jobs if job.job_key == problem.job_key]
    fields = [
        *_of_report(desk, row),
        *[field for job in jobs if job.status.is_problem for field in await _of(desk, job)],
    ]
    link = Link(unit=desk.unit, screen="daily", query={"day": day, "at": str(node_id)})
    return written(_head(desk, problem, row), [*fields, ("Link", str(link))])


def _head(desk: Desk, problem: Subject, row: Mapping[str, Any] | None) -> str:
    assert problem.day is not None
    when = f"{safe(row['node'] if row else problem.node)}, {formats.long_day(problem.day)}"
    if row is None:
        return when
    status = Status(row["status"])
    run = f", {formats.ordinal(row['run'])} bad day in a row" if (row["run"] or 0) > 1 else ""
    return f"{when}: {safe(row['reason'] or status.word)}{run}"


def _of_report(desk: Desk, row: Mapping[str, Any] | None) -> Fields:
    if row is None:
        return
    path = desk.forest.path(row["unit_id"]) or ()
    yield "Unit", " > ".join(unit.name for unit in path) or row["unit"]
    yield "Server", ", ".join(filter(None, (row["server"], row["domain"] and f"domain {row['domain']}")))
    yield "Client", ", ".join(filter(None, (row["client_version"], row["platform"])))
    if row["stored"] is not None:
        change = f", {formats.growth(row['delta'] / 100)} a day" if row["delta"] is not None else ""
        yield "Stored", formats.size(row["stored"]) + change
    last_ok = aware(row["last_ok"])
    yield "Last OK", formats.time(last_ok, desk.now(), desk.zone) if last_ok else "none known"
    yield "Also", row["warnings"]
    yield "Comment", row["comment"] or ""


async def _of(desk: Desk, job: Job) -> list[tuple[str, str]]:
    """The job, and the last of what it logged as an error; where it logged none, what its server said."""
    facts = ", ".join(filter(None, (f"{job.name} {job.span(desk)}".strip(), job.word(desk), job.counts())))
    lines = [_plain(line) for line in await ask_log(desk, job) if line.is_problem][-_MOST_LINES:]
    return [("Job", facts), *(("", line) for line in lines or [job.message or ""])]


def _plain(line: Paragraph) -> str:
    return " ".join([*"".join(text for text, _ in line.lead).split(), line.text])


def written(head: str, fields: Fields) -> str:
    """`ACME-SQL01, Sat 21 Nov 2026: Failed 12`, and below it a line a field. What is empty is left out."""
    lines = [f"{f'{label:<{_LABEL}}' if label else ' ' * _LABEL}{safe(text)}" for label, text in fields if text]
    return "\n".join([head, *lines]) + "\n"
