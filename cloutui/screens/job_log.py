"""The log lines of one job, as paragraphs: time, code, message."""

from __future__ import annotations

from cloutui.errors import CloutuiError
from cloutui.model import formats
from cloutui.model.safe_text import safe
from cloutui.model.status import Status
from cloutui.screens.desk import Desk
from cloutui.screens.jobs import Job
from cloutui.screens.moments import aware
from cloutui.screens.notices import error_notice
from cloutui.widgets.paragraph import Paragraph

_SEVERITIES = {"S": Status.ERROR, "E": Status.ERROR, "W": Status.WARNING}


async def ask_log(desk: Desk, job: Job) -> list[Paragraph]:
    """The lines, oldest first; or why they cannot be had: the job itself is known without them."""
    assert desk.session is not None
    began = job.scheduled_start or job.start
    day = began.date() if began else None
    try:
        answer = await desk.session.ask("job-log", unit=desk.scope, server=job.server, job_key=job.job_key, day=day)
    except CloutuiError as error:
        return error_notice(error, desk.look)
    names = ("logged", "code", "severity", "message")
    return [_line(desk, *row) for row in zip(*(answer.rows.column(name).to_pylist() for name in names), strict=True)]


def _line(desk: Desk, logged: object, code: str | None, severity: str | None, message: str | None) -> Paragraph:
    palette = desk.look.palette
    moment = aware(logged)  # type: ignore[arg-type]
    status = _SEVERITIES.get((severity or "")[:1].upper())
    code_style = palette.status(status) if status else palette.style("muted")
    lead = [
        ("  ", palette.style()),
        (formats.exact_clock(moment, desk.zone) if moment else " " * 8, palette.style("faint")),
        (f" {safe(code or ''):<9} ", code_style),
    ]
    return Paragraph(lead, message or "", is_problem=status is Status.ERROR)
