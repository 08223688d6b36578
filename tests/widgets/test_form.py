"""The form as a widget: its keys, its mouse, and what it draws."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from textual import on
from textual.app import App, ComposeResult
from textual.pilot import Pilot

from cloutui.widgets.form import Form
from cloutui.widgets.form_fields import Choice, FieldKind, FormField
from cloutui.widgets.form_state import SUBMIT, Stop
from cloutui.widgets.glyphs import ASCII, FULL, Glyphs
from cloutui.widgets.look import Look
from cloutui.widgets.palette import Depth

SECRET = "hunter2-the-password"
ZONES = [Choice("Europe/Copenhagen"), Choice("Europe/Oslo"), Choice("UTC")]
FIELDS = (
    FormField(name="name", label="Name", required=True, check=lambda text: "no blanks" if " " in text else ""),
    FormField(name="zone", label="Time zone", choices=lambda: ZONES, hint="of the server"),
    FormField(name="password", label="Password", kind=FieldKind.SECRET),
)


class FormApp(App[None]):
    def __init__(self, glyphs: Glyphs) -> None:
        super().__init__()
        self.form = Form(Look.of("nightwatch", Depth.TRUECOLOR, glyphs), "New server", FIELDS, submit="Add the server")
        self.told: list[str] = []

    def compose(self) -> ComposeResult:
        yield self.form

    def on_mount(self) -> None:
        self.form.focus()

    @on(Form.Submitted)
    def _submitted(self) -> None:
        self.told.append("submitted")

    @on(Form.Left)
    def _left(self) -> None:
        self.told.append("left")


@asynccontextmanager
async def form_app(
    size: tuple[int, int] = (100, 24), glyphs: Glyphs = FULL
) -> AsyncIterator[tuple[FormApp, Pilot[None], Any]]:
    app = FormApp(glyphs)
    async with app.run_test(size=size) as pilot:

        def text() -> str:
            return "\n".join(app.form.render_line(y).text for y in range(size[1]))

        yield app, pilot, text


async def test_keys_alone_fill_it_in_and_submit_it() -> None:
    async with form_app() as (app, pilot, text):
        await pilot.press(*"SPA01", "tab", *"oslo", "down", "enter", *SECRET, "ctrl+j")
        assert app.told == ["submitted"]
        assert app.form.state.values == {"name": "SPA01", "zone": "Europe/Oslo"}
        assert SECRET not in text()
        assert "•" * len(SECRET) in text()


async def test_submitting_what_is_wrong_tells_nobody_and_goes_to_it() -> None:
    async with form_app() as (app, pilot, text):
        await pilot.press("tab", "ctrl+j")
        assert app.told == []
        assert app.form.state.at == Stop("name")
        assert "× is needed" in text()


async def test_leaving_asks_once_when_something_would_be_lost() -> None:
    async with form_app() as (app, pilot, text):
        await pilot.press("x", "escape")
        assert app.told == []
        assert "esc again leaves" in text()
        await pilot.press("y", "escape")
        assert app.told == [], "a key in between means that one stays"
        await pilot.press("escape")
        assert app.told == ["left"]


async def test_leaving_what_is_untouched_asks_nothing() -> None:
    async with form_app() as (app, pilot, _):
        await pilot.press("escape")
        assert app.told == ["left"]


async def test_a_secret_is_revealed_by_its_button_until_the_cursor_goes_on() -> None:
    async with form_app() as (app, pilot, text):
        await pilot.press("tab", "tab", *SECRET, "tab", "enter")
        assert SECRET in text()
        await pilot.press("tab")
        assert SECRET not in text()
        assert app.form.state.at == SUBMIT


async def test_the_mouse_does_what_keys_do() -> None:
    async with form_app() as (app, pilot, _):
        await pilot.press(*"SPA01")
        await pilot.click(Form, offset=(30, 3))
        assert app.form.state.at == Stop("zone")
        await pilot.press("down")
        await pilot.click(Form, offset=(30, 6))
        assert app.form.state.values["zone"] == "UTC"
        await pilot.click(Form, offset=(25, 6))
        assert app.told == ["submitted"]


async def test_while_it_is_busy_only_leaving_is_taken() -> None:
    async with form_app() as (app, pilot, text):
        app.form.work("asking SPA01")
        await pilot.press("x", "ctrl+j")
        assert app.form.state.values["name"] == ""
        assert "asking SPA01" in text()
        await pilot.press("escape")
        assert app.told == ["left"]


async def test_a_narrow_form_says_below_what_a_wide_one_says_beside() -> None:
    async with form_app((60, 24)) as (_, pilot, text):
        await pilot.press(*"a b", "tab")
        lines = text().splitlines()
        assert lines[2].strip().startswith("Name *")
        assert lines[3].strip() == "× no blanks"
        assert any(line.strip() == "of the server" for line in lines)


async def test_seven_bits_are_enough_to_draw_it() -> None:
    async with form_app(glyphs=ASCII) as (_, pilot, text):
        await pilot.press(*"a b", "tab", "tab", *SECRET)
        assert text().isascii()
