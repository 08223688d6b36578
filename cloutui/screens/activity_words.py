"""A line of the activity log in words: what it changed, and how it hangs in the chain. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Any

from cloutui.model import formats
from cloutui.model.status import Status
from cloutui.widgets.paragraph import Paragraph

if TYPE_CHECKING:
    from cloutui.records.rows import Verification
    from cloutui.widgets.glyphs import Glyphs
    from cloutui.widgets.look import Look


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is another now. None is what was not said: before the first time, or after the last."""

    name: str
    before: str | None
    after: str | None


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """By name, in the order in which they were written; what is the same is left out."""
    names = [*before, *(name for name in after if name not in before)]
    found = (Difference(name, _said(before, name), _said(after, name)) for name in names)
    return [each for each in found if each.before != each.after]


def _said(values: Mapping[str, Any], name: str) -> str | None:
    return written(values[name]) if values.get(name) is not None else None


def written(value: object) -> str:
    """A value of the log as text: lists with commas, nothing as nothing."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return value
    if isinstance(value, Sequence):
        return ", ".join(written(each) for each in value)
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {written(each)}" for name, each in value.items())
    return "" if value is None else str(value)


_TYPED = str.maketrans({"“": '"', "”": '"', "’": "'", "›": ">", "→": ">", "…": "~"})


def typed(text: str, glyphs: Glyphs) -> str:
    """A sentence of the log in the signs that the terminal has."""
    return text.translate(_TYPED) if glyphs.rule.isascii() else text


def parsed(text: object) -> Mapping[str, Any]:
    """A JSON object of a report. What is none stands for itself: the log is shown whatever is in it."""
    try:
        found = json.loads(str(text)) if text else {}
    except ValueError:
        return {"as written": str(text)}
    return found if isinstance(found, dict) else {"as written": str(text)}


def difference_lines(found: Sequence[Difference], look: Look) -> Iterator[Paragraph]:
    """`- contact  ops@acme` above `+ contact  it@acme`; signs and words, colour last."""
    palette = look.palette
    width = max((len(each.name) for each in found), default=0)
    for each in found:
        for sign, value, role in (("-", each.before, "muted"), ("+", each.after, "text")):
            if value is not None:
                lead = [
                    (f"  {sign} ", palette.style("accent", bold=True)),
                    (f"{each.name:<{width}}  ", palette.style("muted")),
                ]
                yield Paragraph(lead, value or "nothing", palette.style(role))


def chain_words(verified: Verification | None, at: datetime | None, look: Look, now: datetime, zone: tzinfo) -> str:
    """`chain ● 14:31`: verified up to then. Until it has been read `chain …`."""
    glyphs = look.glyphs.status
    if verified is None or at is None:
        return f"chain {glyphs[Status.PENDING]}"
    if verified.is_ok:
        return f"chain {glyphs[Status.OK]} {formats.time(at, now, zone)}"
    return f"chain {glyphs[Status.ERROR]} broken at {verified.bad_seq}"


def check_line(seq: int, digest: str, verified: Verification | None, look: Look) -> Paragraph:
    """The hash of an entry, and whether the chain holds up to it."""
    palette, glyphs = look.palette, look.glyphs.status
    if verified is None:
        sign, said, status = glyphs[Status.PENDING], "being verified", Status.PENDING
    elif verified.bad_seq is None or seq < verified.bad_seq:
        sign, said, status = glyphs[Status.OK], "as it was written", Status.OK
    elif seq == verified.bad_seq:
        sign, said, status = glyphs[Status.ERROR], verified.problem, Status.ERROR
    else:
        sign, said, status = glyphs[Status.UNKNOWN], f"behind the break at {verified.bad_seq}", Status.UNKNOWN
    lead = [("    ", palette.style()), ("hash  ", palette.style("muted")), (f"{sign} {said}  ", palette.status(status))]
    return Paragraph(lead, digest, palette.style("muted"), is_problem=status is Status.ERROR)
