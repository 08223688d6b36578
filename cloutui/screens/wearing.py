"""The console as its reader prefers it: colours, signs, keys and time zone, put on while it is used."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cloutui.errors import Invalid

if TYPE_CHECKING:
    from cloutui.screens.shell import Shell


def wear(shell: Shell, name: str, value: str) -> None:
    """Be like that from now on, as far as it can be seen. Raises: Invalid, and nothing has changed then."""
    if value and name in _WORN:
        _WORN[name](shell, value)


def _theme(shell: Shell, value: str) -> None:
    if value != shell.desk.look.palette.theme.name:
        shell.set_theme(value)
        _redraw(shell)


def _glyphs(shell: Shell, value: str) -> None:
    from cloutui.widgets.glyphs import GLYPH_SETS

    if value not in GLYPH_SETS:
        raise Invalid(f"There are no signs called “{value}”.", hint=f"There are: {', '.join(GLYPH_SETS)}.")
    if shell.desk.look.glyphs is not GLYPH_SETS[value]:
        shell.desk.look.glyphs = GLYPH_SETS[value]
        _redraw(shell)


def _time_zone(shell: Shell, value: str) -> None:
    from cloutui.screens.table_view import TableView

    try:
        shell.desk.zone = ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Invalid(f"There is no time zone “{value}”.", hint="Such as Europe/Copenhagen.") from None
    for view in {*shell.bases.values(), *shell.views}:
        if isinstance(view, TableView):
            view.table.zone = shell.desk.zone
    _redraw(shell)


def _keys(shell: Shell, value: str) -> None:
    from cloutui.screens.key_map import key_map

    shell.app.set_keymap(key_map(shell.desk.keys, value))


def _redraw(shell: Shell) -> None:
    for screen in shell.app.screen_stack:
        for widget in screen.walk_children():
            widget.refresh()
    shell.draw_bars()


_WORN: Mapping[str, Callable[[Shell, str], None]] = {
    "theme": _theme,
    "glyphs": _glyphs,
    "time_zone": _time_zone,
    "keys": _keys,
}
