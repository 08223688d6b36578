"""Colours: every pair of text and ground can be read, in every theme and on every terminal."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from rich.color import Color, ColorSystem
from rich.style import Style

from cloutui.errors import Invalid
from cloutui.model.status import Status
from cloutui.widgets import theme as themes
from cloutui.widgets.glyphs import ASCII, FULL, SAFE, glyphs_for
from cloutui.widgets.palette import Depth, Palette
from cloutui.widgets.theme import ROLES, load_theme, theme_names

GROUNDS = ("background", "surface", "panel")
INKS = ("text", "muted", "faint", "accent", *(status.key for status in Status))


def ratio(style: Style, depth: Depth) -> float:
    """The WCAG 2 contrast of a style's text and ground, as the terminal shows them."""
    assert style.color is not None
    assert style.bgcolor is not None
    lighter, darker = sorted((luminance(style.color, depth), luminance(style.bgcolor, depth)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(color: Color, depth: Depth) -> float:
    if depth is Depth.XTERM:
        color = color.downgrade(ColorSystem.EIGHT_BIT)
    channels = [channel / 255 for channel in color.get_truecolor()]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def pairs(palette: Palette) -> Iterator[tuple[str, Style]]:
    for ink in INKS:
        for ground in GROUNDS:
            yield f"{ink} on {ground}", palette.style(ink, ground)
    for status in Status:
        yield f"cell {status.key}", palette.cell(status)
        yield f"text beside {status.key}", palette.beside(status)
        yield f"{status.key} under the cursor", palette.status(status, "cursor-ground")
    yield "text on a mark", palette.style("muted", "mark-ground")
    yield "write chip", palette.style("write", "write-ground")


def test_nightwatch_is_the_default_and_there_are_others() -> None:
    assert load_theme().name == "nightwatch"
    assert theme_names() == ["beacon", "daybook", "ink", "nightwatch"]


@pytest.mark.parametrize("depth", [Depth.TRUECOLOR, Depth.XTERM])
@pytest.mark.parametrize("name", ["nightwatch", "daybook", "beacon", "ink"])
def test_every_text_keeps_the_contrast_its_theme_promises(name: str, depth: Depth) -> None:
    theme = load_theme(name)
    # The promise is made in true colour; the coarser steps of 256 colours may take a high one down, never below 4.5.
    least = theme.least_contrast if depth is Depth.TRUECOLOR else 4.5
    failing = {what: round(ratio(style, depth), 2) for what, style in pairs(Palette(theme, depth))}
    failing = {what: found for what, found in failing.items() if found < least}
    assert not failing


def test_the_contrast_is_really_measured() -> None:
    assert ratio(Style(color="#000000", bgcolor="#ffffff"), Depth.TRUECOLOR) == pytest.approx(21)
    assert ratio(Style(color="#777777", bgcolor="#ffffff"), Depth.TRUECOLOR) < 4.5


@pytest.mark.parametrize("glyphs", [FULL, SAFE, ASCII], ids=["full", "safe", "ascii"])
def test_every_status_has_a_shape_of_its_own(glyphs: object) -> None:
    signs = [glyphs.status[status] for status in Status]  # type: ignore[attr-defined]
    assert len(set(signs)) == len(Status)
    assert all(len(sign) == 1 for sign in signs)


def test_the_ascii_set_is_seven_bit() -> None:
    texts = [*ASCII.status.values(), *(getattr(ASCII, name) for name in ASCII.__slots__ if name != "status")]
    assert all(text.isascii() for text in texts)


@pytest.mark.parametrize("status", list(Status))
def test_without_colour_there_are_only_attributes(status: Status) -> None:
    palette = Palette(load_theme(), Depth.NONE)
    for style in (palette.cell(status), palette.status(status), palette.style("text", "cursor-ground")):
        assert style.color is None
        assert style.bgcolor is None
        assert not any((style.dim, style.italic, style.blink))
    assert bool(palette.cell(status).reverse) is status.is_problem


@pytest.mark.parametrize("status", list(Status))
def test_with_16_colours_the_ground_is_the_terminals_own(status: Status) -> None:
    palette = Palette(load_theme(), Depth.ANSI)
    assert palette.cell(status).bgcolor is None
    assert palette.status(status).bgcolor is None
    assert palette.style("text", "cursor-ground").reverse


def test_styles_are_made_once() -> None:
    palette = Palette(load_theme(), Depth.TRUECOLOR)
    assert palette.style("muted", "panel") is palette.style("muted", "panel")
    assert palette.cell(Status.ERROR) is palette.cell(Status.ERROR)


def test_an_unknown_theme_is_refused_with_the_known_ones() -> None:
    with pytest.raises(Invalid) as refused:
        load_theme("../nightwatch")
    assert "nightwatch" in refused.value.hint


def test_a_theme_that_lacks_a_role_is_refused_by_name(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    text = (themes.themes_folder() / "nightwatch.toml").read_text(encoding="utf-8")
    (tmp_path / "torn.toml").write_text(text.replace("accent =", "akzent ="), encoding="utf-8")  # type: ignore[operator]
    monkeypatch.setattr(themes, "themes_folder", lambda: tmp_path)
    with pytest.raises(Invalid, match="accent"):
        load_theme("torn")


def test_a_wheel_carries_its_themes_inside(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "cloutui" / "_themes").mkdir(parents=True)  # type: ignore[operator]
    monkeypatch.setattr(themes, "_PACKAGE", tmp_path / "cloutui")  # type: ignore[operator]
    assert themes.themes_folder() == tmp_path / "cloutui" / "_themes"  # type: ignore[operator]


def test_every_theme_has_every_role() -> None:
    for name in theme_names():
        assert load_theme(name).roles.keys() == ROLES


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({"LANG": "da_DK.UTF-8", "TERM": "xterm-256color"}, FULL),
        ({"TERM": "xterm"}, FULL),
        ({"LANG": "C"}, FULL),
        ({"LANG": "de_DE.ISO-8859-1", "TERM": "xterm"}, ASCII),
        ({"LC_ALL": "de_DE.ISO-8859-1", "LANG": "da_DK.UTF-8"}, ASCII),
        ({"LANG": "da_DK.UTF-8", "TERM": "linux"}, ASCII),
        ({"LANG": "da_DK.UTF-8", "TERM": "vt100"}, ASCII),
    ],
)
def test_the_glyphs_fit_the_terminal(environ: dict[str, str], expected: object) -> None:
    assert glyphs_for(None, environ) is expected


def test_chosen_glyphs_win() -> None:
    assert glyphs_for("safe", {"TERM": "vt100"}) is SAFE
