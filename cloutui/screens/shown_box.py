"""What an action lets a person see once, such as the code of an invitation: it is kept nowhere else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import ClassVar

from textual.binding import Binding, BindingType

from cloutui.model.safe_text import safe
from cloutui.model.secret import Secret
from cloutui.screens.action_words import label_of
from cloutui.screens.boxes import BoxScreen, Line, button
from cloutui.screens.desk import Desk
from cloutui.widgets.text import wrap


class ShownBox(BoxScreen):
    """Stays until it is put away. `y` copies."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("y", "copy", "copy", id="shown.copy")]

    def __init__(self, desk: Desk, said: str, shown: Mapping[str, Secret], copy: Callable[[str, str], None]) -> None:
        """`copy` is given the text, and what it is."""
        super().__init__(desk, "Shown this once", "y copies   esc closes")
        self._said = said
        self._shown = shown
        self._copy = copy

    def lines(self, width: int) -> list[Line]:
        """What was done, and below it each secret under its name."""
        palette = self.desk.look.palette
        plain, muted = palette.style("text", "panel"), palette.style("muted", "panel")
        strong = palette.style("accent", "panel", bold=True)
        lines: list[Line] = [[], *([(f" {part}", plain)] for part in wrap(safe(self._said), width - 2))]
        for name, secret in self._shown.items():
            lines += [[], [(f" {label_of(name)}", muted)], []]
            lines += [[(f"   {safe(part)}", strong)] for part in secret.reveal().splitlines()]
        return [
            *lines,
            [],
            [(" It is kept nowhere, and not shown again. ", muted)],
            [button(" y copy", strong, "copy")],
            [],
        ]

    def action_copy(self) -> None:
        """To the clipboard."""
        name = next(iter(self._shown))
        text = "\n".join(secret.reveal() for secret in self._shown.values())
        self._copy(text, label_of(name).lower())
