"""What the server's word for an event means.

Source: the states are IBM's; a result of 4 means that some files were skipped, 8 that there were warnings, 12 that
there were errors; any other number is the exit code of a command that the schedule ran.
"""

from __future__ import annotations

from dataclasses import dataclass

from cloutui.model.status import Status


@dataclass(frozen=True, slots=True)
class Standing:
    """How a job stands."""

    status: Status
    is_provisional: bool = False
    """Computed by the server when it was asked; it never replaces what a job came to."""
    is_ended: bool = False
    note: str = ""
    """What a reader should know about the mapping."""


_WORDS = {
    "future": Standing(Status.PENDING, is_provisional=True),
    "pending": Standing(Status.PENDING, is_provisional=True),
    "uncertain": Standing(Status.UNKNOWN, is_provisional=True),
    "started": Standing(Status.RUNNING),
    "in progress": Standing(Status.RUNNING),
    "in progres": Standing(Status.RUNNING),  # cut off in an old release
    "restarted": Standing(Status.RUNNING),
    "missed": Standing(Status.MISSED, is_ended=True),
    "cancelled": Standing(Status.WARNING),
    "skipped": Standing(Status.IGNORED),
}
_COMPLETED = {None: Status.OK, 0: Status.OK, 4: Status.OKWARN, 8: Status.WARNING, 12: Status.ERROR}
_SUCCESSFUL = {"yes": Status.OK, "no": Status.ERROR}


def of_event(word: str | None, result: int | None, *, is_window_open: bool) -> Standing:
    """How an event stands. `is_window_open` matters to a severed one alone: it may go on until its window closes."""
    key = " ".join((word or "").casefold().split())
    if key == "completed":
        return Standing(_COMPLETED.get(result, Status.WARNING), is_ended=True)
    if key.startswith("failed"):
        return Standing(Status.ERROR, is_ended=True)
    if key == "severed":
        return Standing(Status.RUNNING if is_window_open else Status.ERROR)
    return _WORDS.get(key) or Standing(Status.WARNING, note=f"Status not known here: {word or 'none'}.")


def of_session(successful: str | None) -> Standing:
    """How a session stands that no schedule started. It is over: servers report it when it ends."""
    key = (successful or "").strip().casefold()
    if key in _SUCCESSFUL:
        return Standing(_SUCCESSFUL[key], is_ended=True)
    return Standing(Status.WARNING, is_ended=True, note=f"Outcome not known here: {successful or 'none'}.")
