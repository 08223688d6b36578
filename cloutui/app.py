"""The Textual application: it wires look, session and shell together, and sees to it that a failure ends cleanly."""

from __future__ import annotations

import gc
import logging
import os
import traceback
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Any, ClassVar, Literal

from rich.console import RenderableType
from rich.text import Text
from textual import events, on
from textual.app import App
from textual.binding import Binding, BindingType
from textual.filter import LineFilter
from textual.screen import Screen
from textual.theme import Theme as TextualTheme
from textual.worker import WorkerFailed

from cloutui.errors import Invalid
from cloutui.screens.clipboard import way_out
from cloutui.screens.commanding import ThemeChanged
from cloutui.screens.desk import Desk
from cloutui.screens.session import OpenSession
from cloutui.screens.shell import Shell
from cloutui.screens.terminal import FocusMoved, Terminal, place_of
from cloutui.screens.view import Preferred
from cloutui.widgets.gate import Gate
from cloutui.widgets.glyphs import glyphs_for
from cloutui.widgets.look import Look
from cloutui.widgets.palette import Depth, Palette
from cloutui.widgets.theme import DEFAULT_THEME, Theme

_log = logging.getLogger(__name__)
# Without a handler Python would write tracebacks to the terminal of the user.
_log.addHandler(logging.NullHandler())

_LOADING_S = 1.0
"""By then the first answers are there."""

_DEPTHS = {"truecolor": Depth.TRUECOLOR, "256": Depth.XTERM, "standard": Depth.ANSI}


class CloutuiApp(App[None], inherit_bindings=False):
    """The console, for one reader on one terminal."""

    TITLE = "cloutui"
    ENABLE_COMMAND_PALETTE = False
    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q", "quit", "leave at once", id="app.quit", show=False, priority=True)
    ]

    def __init__(
        self,
        open_session: OpenSession,
        *,
        demo: bool = False,
        time_zone: tzinfo = UTC,
        start: str = "overview",
        theme: str = DEFAULT_THEME,
        keys: Mapping[str, str] | None = None,
        key_preset: str = "default",
        title: bool = True,
        cursor: bool = False,
        glyphs: str | None = None,
        colours: Depth | None = None,
        clipboard: Literal["auto", "osc52", "box"] = "auto",
        log_file: Path | None = None,
        is_alone: bool = True,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """`log_file` takes the details of a failure of ours; its user sees one line with an id that is also there.

        `start` is the word of the first screen; `keys` are other ones than ours, by the id of their binding, above
        those of `key_preset`. `title` and `cursor`: whether the terminal's own ones follow the focus. `is_alone`: the
        process is this console's own, so its garbage is ours to tune. Nothing is opened or read yet but the theme.
        Raises: Invalid, when there is no such theme or key; NotFound, when there is no such screen.
        """
        super().__init__()
        depth = colours or self._depth()
        look = Look.of(theme, depth, glyphs_for(glyphs))
        copies_by = way_out(clipboard, os.environ.get("TERM", ""))
        self.desk = Desk(look=look, now=now, zone=time_zone, demo=demo, copies_by=copies_by, keys=keys or {})
        self.shell = Shell(self.desk, open_session, start=start)
        self._gate = Gate()
        self._log_file = log_file
        self._is_alone = is_alone
        self.ansi_color = _is_plain(depth)
        self._take_theme(look.palette)
        self.animation_level = "none"
        self._terminal = Terminal(self._write, has_title=title, has_cursor=cursor)
        if keys or key_preset != "default":
            from cloutui.screens.key_map import key_map

            self.set_keymap(key_map(keys or {}, key_preset))

    def _take_theme(self, palette: Palette) -> None:
        self.register_theme(_textual_theme(palette.theme, is_plain=_is_plain(palette.depth)))
        self.theme = palette.theme.name

    @on(ThemeChanged)
    def _theme_changed(self, message: ThemeChanged) -> None:
        self._take_theme(message.palette)

    @on(Preferred)
    def _preferred(self, message: Preferred) -> None:
        self.wear(message.name, message.value)

    def wear(self, name: str, value: str) -> None:
        """Be as the reader prefers it; what cannot be seen waits. What does not exist must not keep anybody out."""
        from cloutui.screens.wearing import wear

        try:
            wear(self.shell, name, value)
        except Invalid as error:
            self.shell.complain(error)

    @on(FocusMoved)
    def _focus_moved(self, message: FocusMoved) -> None:
        self._terminal.say(message.said)

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        # Every paint leaves the terminal's cursor where keys go, in boxes too: nobody has to say that it moved.
        self.cursor_position = place_of(self.screen)
        super()._display(screen, renderable)

    def _write(self, text: str) -> None:
        """Past what is drawn: what steers the terminal itself."""
        if self._driver is not None and not self.is_headless:
            self._driver.write(text)

    def _depth(self) -> Depth:
        if self.no_color:
            return Depth.NONE
        return _DEPTHS.get(self.console.color_system or "", Depth.NONE)

    def get_default_screen(self) -> Screen[None]:
        """The shell."""
        return self.shell

    def get_line_filters(self) -> Sequence[LineFilter]:
        """The gate sees every line of every widget, before anything else does."""
        return [self._gate, *super().get_line_filters()]

    def on_ready(self) -> None:
        """Painted. If garbage was held back, it is for a moment more: what answers is loaded now, and lasts as long."""
        if self._is_alone:  # among others, what is frozen now would never be freed when they leave
            self.set_timer(_LOADING_S, _collect_garbage)

    async def on_event(self, event: events.Event) -> None:
        """Who presses a key is there: write mode ends when nobody is."""
        if isinstance(event, events.InputEvent):
            self.shell.touched()
        await super().on_event(event)

    async def action_quit(self) -> None:
        """Leave; ask before when that would end work, and do not ask twice."""
        if (self.desk.tasks.running or self.desk.guests) and self.screen is self.shell:
            self.shell.ask_to_leave()
        else:
            self.exit()

    async def on_unmount(self) -> None:
        """The session ends with the console, and the terminal has its title back."""
        self._terminal.leave()
        await self.shell.close_session()

    def _handle_exception(self, error: Exception) -> None:
        # Textual would print a traceback with local variables: they hold names, and may hold secrets.
        self._return_code = 1
        if self._exception is None:
            self._exception = error
            self._exception_event.set()
        cause = error.error if isinstance(error, WorkerFailed) else error
        incident = os.urandom(4).hex()
        _log.error("incident %s", incident, exc_info=cause)
        where = self._keep_details(incident, cause)
        self._exit_renderables[:] = [Text(f"cloutui broke down: {type(cause).__name__}, incident {incident}{where}.")]
        self._close_messages_no_wait()

    def _keep_details(self, incident: str, cause: BaseException) -> str:
        """Write the traceback, without the values of variables, where it was asked for. The answer ends the line."""
        if self._log_file is None:
            return ""
        details = "".join(traceback.format_exception(cause))
        with self._log_file.open("a", encoding="utf-8") as log:
            log.write(f"{self.desk.now().isoformat()} incident {incident}\n{details}\n")
        return f", see {self._log_file}"


def _collect_garbage() -> None:
    """From now on, and not among what lives as long as we do."""
    gc.freeze()
    gc.enable()


def _is_plain(depth: Depth) -> bool:
    """Whether the terminal's own colours are left alone."""
    return depth in {Depth.ANSI, Depth.NONE}


def _textual_theme(theme: Theme, *, is_plain: bool) -> TextualTheme:
    """Our roles as Textual's theme, for the few style sheets there are."""
    roles = dict.fromkeys(theme.roles, "ansi_default") if is_plain else theme.roles
    return TextualTheme(
        name=theme.name,
        dark=theme.dark,
        primary=roles["accent"],
        foreground=roles["text"],
        background=roles["background"],
        surface=roles["surface"],
        panel=roles["panel"],
        ansi=is_plain,
        variables={**roles, "ansi-background": "ansi_default", "ansi-foreground": "ansi_default"},
    )
