"""What an action would do, as lines under its form: what was and what will be, and its line in the activity log."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from cloutui.screens.action_words import label_of
from cloutui.widgets.look import Look
from cloutui.widgets.paragraph import Paragraph

if TYPE_CHECKING:
    from cloutui.actions.plan import Plan

_LABEL = 19
_MOST_LINES = 8


def plan_lines(plan: Plan | None, look: Look, *, is_done: bool) -> Sequence[Paragraph]:
    """Nothing when nothing is known. `is_done`: what is told is of weight, and not a note that one takes."""
    if plan is None or not (plan.sentence or plan.before or plan.after or plan.outlook):
        return ()
    palette = look.palette
    lines = [*_differences(plan, look)]
    if len(lines) > _MOST_LINES:
        more = f"and {len(lines) - _MOST_LINES + 1} more"
        lines = [*lines[: _MOST_LINES - 1], Paragraph([("  ", palette.style())], more, palette.style("muted"))]
    if plan.outlook:
        lines.append(Paragraph([(f"  {'What follows':<{_LABEL}}", palette.style("muted"))], plan.outlook))
    if plan.sentence and is_done:
        lines.append(Paragraph([(f"  {'The log will say':<{_LABEL}}", palette.style("muted"))], plan.sentence))
    return lines


def _differences(plan: Plan, look: Look) -> Iterator[Paragraph]:
    palette = look.palette
    for name in dict.fromkeys([*plan.before, *plan.after]):
        old, new = plan.before.get(name), plan.after.get(name)
        if old == new or name.endswith(("_id", "_ids")):
            continue  # ids say nothing to a person; the sentence has the names
        label = label_of(name)
        for sign, value, role in (("-", old, "error"), ("+", new, "ok")):
            if value not in (None, "", {}, []):
                lead = [(f"  {label:<{_LABEL}}", palette.style("muted")), (f"{sign} ", palette.style(role))]
                yield Paragraph(lead, _words(value))
                label = ""


def _words(value: Any) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case Mapping():
            return ", ".join(f"{key} {_words(inner)}" for key, inner in value.items())
        case list() | tuple():
            return ", ".join(_words(inner) for inner in value)
    return str(value)
