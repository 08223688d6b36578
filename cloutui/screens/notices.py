"""What is said where rows would be: why there are none, what did not work, and which key helps."""

from __future__ import annotations

from collections.abc import Sequence

from cloutui.errors import CloutuiError
from cloutui.model.status import Status
from cloutui.widgets.look import Look
from cloutui.widgets.paragraph import Paragraph


def error_notice(error: CloutuiError, look: Look) -> list[Paragraph]:
    """What did not happen, the next step, and the key that tries again."""
    palette = look.palette
    sign = (f"  {look.glyphs.status[Status.ERROR]} ", palette.status(Status.ERROR))
    return [
        Paragraph([sign], error.what, palette.style(bold=True)),
        Paragraph([("    ", palette.style())], error.hint, palette.style("muted")),
        Paragraph(),
        _key("r", "tries again", look),
    ]


def empty_notice(look: Look, reason: str, *keys: tuple[str, str]) -> list[Paragraph]:
    """Why there is nothing, and what to press or type."""
    said = [Paragraph([("    ", look.palette.style())], reason)]
    return [*said, Paragraph(), *(_key(key, does, look) for key, does in keys)] if keys else said


def progress_notice(look: Look, lines: Sequence[str]) -> list[Paragraph]:
    """What is being done before there is anything to show."""
    style = look.palette.style("muted")
    return [Paragraph([("    ", style)], text, style) for text in lines]


def _key(key: str, does: str, look: Look) -> Paragraph:
    palette = look.palette
    return Paragraph(
        [("    ", palette.style()), (key, palette.style("accent", bold=True)), (" ", palette.style())],
        does,
        palette.style("muted"),
    )
