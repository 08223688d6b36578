"""Where heads of the activity log are told, so that they are elsewhere when somebody bends the records."""

from __future__ import annotations

import logging
import os
from pathlib import Path

from cloutui.errors import Invalid
from cloutui.records.checkpoints import Head, Witness

log = logging.getLogger(__name__)


def witness_named(name: str | None) -> Witness | None:
    """`syslog`, the path of a file that is appended to, or nothing. Raises: Invalid for a path that is not absolute."""
    if not name:
        return None
    if name == "syslog":
        return _to_syslog
    path = Path(name)
    if not path.is_absolute():
        raise Invalid(f"The witness “{name}” is no absolute path.", hint="Name a file on another disk, or syslog.")
    return lambda head: _to_file(path, head)


def _to_syslog(head: Head) -> None:
    import syslog

    syslog.openlog("cloutui", facility=syslog.LOG_AUTH)
    syslog.syslog(syslog.LOG_NOTICE, f"activity head {head}")


def _to_file(path: Path, head: Head) -> None:
    """A witness that cannot be reached stops nobody: what it missed stands in the next head too."""
    try:
        file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        try:
            os.write(file, f"{head}\n".encode())
            os.fsync(file)
        finally:
            os.close(file)
    except OSError as error:
        log.warning("the witness %s was not told of head %d: %s", path, head.seq, error.strerror)
