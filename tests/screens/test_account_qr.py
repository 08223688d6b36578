"""What a camera sees is what was said: the modules are got back from the signs, and compared with the encoder's."""

from __future__ import annotations

import segno
from hypothesis import given, settings
from hypothesis import strategies as st

from cloutui.model.one_time_codes import enrolment_uri
from cloutui.model.secret import Secret
from cloutui.screens.account_qr import Modules, drawn, half_blocks, modules_of
from cloutui.widgets.glyphs import ASCII, FULL
from cloutui.widgets.look import Look
from cloutui.widgets.palette import Depth
from cloutui.widgets.text import length

URI = enrolment_uri(Secret("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"), "anna", "Nordhavn Backup")


def seen(lines: list[str]) -> list[list[bool]]:
    """The modules that half blocks show."""
    rows = []
    for line in lines:
        rows.append([sign in "▀█" for sign in line])
        rows.append([sign in "▄█" for sign in line])
    return rows


def inner(modules: Modules) -> list[list[bool]]:
    return [list(row[2:-2]) for row in modules[2:-2]]


@settings(max_examples=20)
@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=120))
def test_half_blocks_show_the_modules_of_the_encoder(text: str) -> None:
    modules = modules_of(text)
    made = segno.make(text, error="l", boost_error=False, micro=False).matrix
    assert inner(modules) == [[bool(module) for module in row] for row in made]
    assert seen(half_blocks(modules))[: len(modules)] == [list(row) for row in modules]


def test_around_the_code_it_is_light() -> None:
    modules = modules_of(URI)
    edges = [*modules[:2], *modules[-2:], *([row[at] for row in modules] for at in (0, 1, -2, -1))]
    assert not any(module for edge in edges for module in edge)


def test_the_code_of_an_account_fits_beside_its_words_on_the_smallest_terminal() -> None:
    lines = drawn(modules_of(URI), Look.of("nightwatch", Depth.TRUECOLOR, FULL))
    assert len(lines) <= 21
    assert {length(line) for line in lines} == {len(modules_of(URI))}
    assert len(modules_of(URI)) <= 44


def test_it_is_black_on_white_in_every_theme() -> None:
    for theme in ("nightwatch", "daybook"):
        styles = {style for line in drawn(modules_of(URI), Look.of(theme, Depth.TRUECOLOR, FULL)) for _, style in line}
        (style,) = styles
        assert (style.color.name, style.bgcolor.name) == ("#000000", "#ffffff")  # type: ignore[union-attr]


def test_without_such_signs_a_module_is_two_cells_of_ink_or_paper() -> None:
    modules = modules_of(URI)
    for depth in (Depth.ANSI, Depth.NONE):
        lines = drawn(modules, Look.of("nightwatch", depth, ASCII))
        inked = [
            [style.bgcolor.name == "black" if style.bgcolor else not style.reverse for _, style in line]
            for line in lines
        ]
        assert inked == [list(row) for row in modules]
        assert {text for line in lines for text, _ in line} <= {"##", "  "}
