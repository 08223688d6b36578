"""Severity rules: what on a node's day counts as OK, as a warning, as failed, or not at all.

A rule is a key and a value. The key says what it looks at: how a job ended (`status:missed`, `result:8`), what was
logged of it (`message:ANE4959`, `text:disk full`), or a figure of the node's day (`growth`, `at-risk`). The value says
what that counts as, and from which limit on: `warning 24h`, `error 90% of 5TiB`, `off`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, NamedTuple

from cloutui.errors import Invalid
from cloutui.model import formats
from cloutui.model.filter.values import quantity
from cloutui.model.safe_text import safe
from cloutui.model.status import Status
from cloutui.model.table import Kind

STORAGE_PROTECT = "storage-protect"
LONGEST_KEY = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleKind:
    """One thing that rules look at."""

    name: str
    title: str
    """The reason that a person reads: `Growth`, `No schedule`."""
    help: str
    argument: str = ""
    """What follows the colon in the key: `word`, `code`. Empty for a figure of the day."""
    limit: Kind | None = None
    """What it is measured in: on the limit is still fine. None: it is so, or it is not."""
    mutes: bool = False
    """`ignored` takes the node's whole day out, and not only this reason."""

    @property
    def is_outcome(self) -> bool:
        """Whether it looks at jobs, each of which counts as its most special rule says."""
        return bool(self.argument)


KINDS: Mapping[str, RuleKind] = {
    kind.name: kind
    for kind in (
        RuleKind(name="status", title="", argument="word", help="Jobs with this status: status:missed."),
        RuleKind(name="result", title="", argument="code", help="Jobs with this result code: result:8."),
        RuleKind(
            name="message", title="Message", argument="number", help="Jobs that logged this: message:ANE4959 or 4959."
        ),
        RuleKind(
            name="text", title="Text", argument="words", help="Jobs that logged these words, or /a pattern/: text:VSS."
        ),
        RuleKind(
            name="at-risk",
            title="At risk",
            help="No successful backup for so long, at the end of the day or now.",
            limit=Kind.DURATION,
        ),
        RuleKind(
            name="no-activity",
            title="No activity",
            help="The node did not speak to its server for so long.",
            limit=Kind.DURATION,
        ),
        RuleKind(name="growth", title="Growth", help="It stores more than this in a day.", limit=Kind.PERCENT),
        RuleKind(
            name="limit", title="Limit", help="It stores more than this, or than a share of it.", limit=Kind.BYTES
        ),
        RuleKind(name="duration", title="Duration", help="A job took longer than this.", limit=Kind.DURATION),
        RuleKind(name="failed-files", title="Failed files", help="More files failed than this.", limit=Kind.COUNT),
        RuleKind(name="muted", title="Muted", help="Somebody muted the node for a while.", mutes=True),
        RuleKind(name="no-schedule", title="No schedule", help="No schedule is there for the node.", mutes=True),
        RuleKind(name="locked", title="Locked", help="The node is locked.", mutes=True),
        RuleKind(
            name="server-silent", title="No answer", help="Its server did not answer for so long.", limit=Kind.DURATION
        ),
    )
}
"""By name. Of reasons that weigh the same, the earlier kind is told."""

FIGURES = tuple(kind for kind in KINDS.values() if not kind.is_outcome)


class RuleValue(NamedTuple):
    """What a rule says."""

    grade: Status | None
    """None: off, as if there were no such rule."""
    limit: int | float | None = None
    """Bytes, seconds, percent or a count, as its kind has it."""
    share: int | float | None = None
    """Of a limit of bytes: from which percentage of it on."""

    @property
    def bound(self) -> float:
        """What a figure has to be above to be hit."""
        return (self.limit or 0) * (100 if self.share is None else self.share) / 100


OFF = RuleValue(None)

_GRADES = {
    "ok": Status.OK,
    "okwarn": Status.OKWARN,
    "warning": Status.WARNING,
    "missed": Status.MISSED,
    "error": Status.ERROR,
    "failed": Status.ERROR,
    "unknown": Status.UNKNOWN,
    "ignored": Status.IGNORED,
}

RuleId = tuple[str, str]
"""A product, or nothing for every product; and a key."""

_IS_STATUS = (status for status in Status if status is not Status.NONE)
SITE_RULES: Mapping[RuleId, RuleValue] = {
    **{("", f"status:{status.key}"): RuleValue(status) for status in _IS_STATUS},
    **{("", kind.name): OFF for kind in FIGURES},
    ("", "muted"): RuleValue(Status.IGNORED),
    # IBM's own measure of a client at risk, with its usual interval.
    (STORAGE_PROTECT, "at-risk"): RuleValue(Status.WARNING, 24 * 3600),
    ("", "server-silent"): RuleValue(Status.UNKNOWN, 30 * 60),
}
"""What holds where nobody said anything: a day stands as its worst job, and silence is no health."""


def kind_of(key: str) -> RuleKind:
    """The kind behind a key that `checked_key` gave."""
    return KINDS[key.partition(":")[0]]


def checked_key(text: str) -> str:
    """The key in the one form in which it is stored: `status:error`, `message:ANE4959`. Raises: Invalid."""
    name, colon, argument = (part.strip() for part in text.partition(":"))
    kind = KINDS.get(name.casefold())
    if kind is None:
        near = get_close_matches(name.casefold(), KINDS, n=1)
        hint = f"Did you mean “{near[0]}”?" if near else f"Known are {', '.join(KINDS)}."
        raise Invalid(f"There is no severity rule “{name}”.", hint=hint)
    if not kind.is_outcome:
        if colon:
            raise Invalid(f"“{kind.name}” stands alone.", hint=f"Write {kind.name}, and its limit in the value.")
        return kind.name
    if not argument:
        raise Invalid(f"“{kind.name}” needs its {kind.argument}.", hint=kind.help)
    key = f"{kind.name}:{_ARGUMENTS[kind.name](argument)}"
    if len(key) > LONGEST_KEY:
        raise Invalid(f"{len(key)} characters, a key has at most {LONGEST_KEY}.", hint="Look for fewer words.")
    return key


def checked_value(key: str, text: str) -> RuleValue:
    """What a person wrote for this key: `warning 24h`, `off`. Raises: Invalid."""
    kind = kind_of(key)
    word, _, rest = text.strip().partition(" ")
    rest = rest.strip()
    if word.casefold() == "off" and not rest:
        return OFF
    grade = _GRADES.get(word.casefold())
    allowed = [name for name, each in _GRADES.items() if _may_count_as(kind, each)]
    if grade is None or not _may_count_as(kind, grade):
        raise Invalid(f"“{kind.name}” cannot count as “{word}”.", hint=f"Use {', '.join(allowed)}, or off.")
    if kind.limit is None:
        if rest:
            raise Invalid(f"“{kind.name}” has no limit.", hint=f"Write {word} alone.")
        return RuleValue(grade)
    return _with_limit(kind, grade, rest)


def shown_value(key: str, value: RuleValue) -> str:
    """As people write it, and may give it back."""
    if value.grade is None:
        return "off"
    return f"{value.grade.key} {shown_limit(key, value)}".strip()


def shown_limit(key: str, value: RuleValue) -> str:
    """The limit alone: `24h`, `90% of 5TiB`; nothing where there is none."""
    kind = kind_of(key)
    if kind.limit is None or value.limit is None:
        return ""
    limit = _WRITTEN[kind.limit](value.limit)
    return limit if value.share is None else f"{value.share:g}% of {limit}"


def shown_figure(key: str, value: float | None) -> str:
    """What was found, as people read it: `4d 2h`, `+18.2%`, `never`. Nothing of what is only so or not."""
    kind = kind_of(key)
    if value is None or kind.limit is None:
        return ""
    if value == float("inf"):
        return "never"
    return _FOUND[kind.limit](value)


def stored_value(value: RuleValue) -> dict[str, object]:
    """As the records keep it."""
    return {"grade": None if value.grade is None else value.grade.key, "limit": value.limit, "share": value.share}


def read_value(stored: Mapping[str, Any]) -> RuleValue:
    """What `stored_value` gave."""
    grade = stored["grade"]
    return RuleValue(None if grade is None else Status.from_word(grade), stored["limit"], stored["share"])


def grades_of(kind: RuleKind) -> list[str]:
    """What it may count as, in the words of values: each status once, and not `off`."""
    return [grade.key for grade in dict.fromkeys(_GRADES.values()) if _may_count_as(kind, grade)]


def _may_count_as(kind: RuleKind, grade: Status) -> bool:
    """A figure that is too high is no good news: whoever does not mind turns its rule off."""
    return kind.is_outcome or grade >= Status.OKWARN or (kind.mutes and grade is Status.IGNORED)


_OF = re.compile(r"([0-9.]+) ?% of (.+)")
_EXAMPLES = {
    Kind.DURATION: "24h, 90m or 2d",
    Kind.PERCENT: "20%",
    Kind.COUNT: "100",
    Kind.BYTES: "5TiB, or 90% of 5TiB",
}


def _with_limit(kind: RuleKind, grade: Status, text: str) -> RuleValue:
    assert kind.limit is not None
    share = None
    limit_text = text.removeprefix("above ").strip()
    if kind.limit is Kind.BYTES and (found := _OF.fullmatch(limit_text)):
        share = quantity(Kind.PERCENT, found[1])
        limit_text = found[2]
    limit = quantity(kind.limit, limit_text)
    is_whole = limit is not None and (limit == int(limit) or kind.limit is Kind.PERCENT)
    if limit is None or not is_whole or limit < 0 or (share is not None and not 0 < share <= 100):
        what = f"“{text}” is no limit for “{kind.name}”." if text else f"“{kind.name}” needs a limit."
        raise Invalid(what, hint=f"Write {grade.key} and {_EXAMPLES[kind.limit]}.")
    return RuleValue(grade, limit, share)


def _checked_status(word: str) -> str:
    try:
        status = Status.from_word(word)
    except ValueError as error:
        raise Invalid(f"{error}.", hint="Write status:missed, for instance.") from None
    if status is Status.NONE:
        raise Invalid("No job has the status none.", hint="Use no-schedule or at-risk for a node without jobs.")
    return status.key


def _checked_code(text: str) -> str:
    if not re.fullmatch(r"-?[0-9]{1,9}", text):
        raise Invalid(f"“{text}” is no result code.", hint="Write result:8, for instance.")
    return str(int(text))


_MESSAGE = re.compile(r"([A-Z]{0,6})([0-9]{1,6})[A-Z]?", re.IGNORECASE)


def _checked_number(text: str) -> str:
    """Without the letter at its end, which tells how bad its server thinks it is."""
    found = _MESSAGE.fullmatch(text)
    if found is None:
        raise Invalid(f"“{text}” is no number of a message.", hint="Write message:ANE4959, or message:4959.")
    return f"{found[1].upper()}{found[2]}"


def _checked_text(text: str) -> str:
    if safe(text) != text:
        raise Invalid("The text holds characters that cannot be shown.", hint="Type it by hand.")
    if text.startswith("/") and (len(text) < 3 or not text.endswith("/")):
        raise Invalid(f"“{text}” is no pattern.", hint="Write it between two strokes: text:/disk (full|gone)/.")
    return text


_ARGUMENTS = {
    "status": _checked_status,
    "result": _checked_code,
    "message": _checked_number,
    "text": _checked_text,
}


def _written_span(seconds: float) -> str:
    for letter, length in (("d", 86_400), ("h", 3600), ("m", 60)):
        if seconds and seconds % length == 0 and (letter != "d" or seconds > 2 * length):
            return f"{seconds // length:.0f}{letter}"
    return f"{seconds:.0f}s"


def _written_size(size: float) -> str:
    """To the byte: a float has not the digits for petabytes."""
    left = int(size)
    for letters, length in (("PiB", 2**50), ("TiB", 2**40), ("GiB", 2**30), ("MiB", 2**20)):
        if left >= length and left % (length // 4) == 0:
            whole, rest = divmod(left, length)
            return f"{whole}{('', '.25', '.5', '.75')[4 * rest // length]}{letters}"
    return f"{left}B"


_FOUND: Mapping[Kind, Callable[[float], str]] = {
    Kind.DURATION: formats.duration,
    Kind.BYTES: lambda size: formats.size(round(size)),
    Kind.PERCENT: lambda percent: formats.growth(percent / 100),
    Kind.COUNT: lambda number: formats.count(round(number)),
}
_WRITTEN: Mapping[Kind, Callable[[float], str]] = {
    Kind.DURATION: _written_span,
    Kind.BYTES: _written_size,
    Kind.PERCENT: lambda percent: f"{percent:.12g}%",
    Kind.COUNT: lambda number: f"{number:.0f}",
}
