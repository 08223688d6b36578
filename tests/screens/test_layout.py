"""Which parts fit which terminal, and the path that gives way in its middle."""

from __future__ import annotations

from datetime import UTC

import pytest
from rich.cells import cell_len

from cloutui.screens import bars
from cloutui.screens.desk import Desk
from cloutui.screens.layout import Layout, SizeClass
from cloutui.widgets.glyphs import FULL
from cloutui.widgets.look import Look
from cloutui.widgets.palette import Depth
from cloutui.widgets.units import Forest, Unit
from tests.screens.fake_session import NOW


@pytest.mark.parametrize(
    ("size", "width_class", "height_class"),
    [
        ((79, 23), SizeClass.XS, SizeClass.XS),
        ((80, 24), SizeClass.S, SizeClass.S),
        ((120, 36), SizeClass.M, SizeClass.M),
        ((160, 48), SizeClass.L, SizeClass.L),
        ((220, 60), SizeClass.XL, SizeClass.XL),
        ((220, 24), SizeClass.XL, SizeClass.S),
    ],
)
def test_width_and_height_are_judged_on_their_own(
    size: tuple[int, int], width_class: SizeClass, height_class: SizeClass
) -> None:
    layout = Layout(*size)
    assert (layout.width_class, layout.height_class) == (width_class, height_class)


def test_what_a_terminal_has_room_for() -> None:
    assert Layout(59, 40).is_too_small
    assert Layout(100, 15).is_too_small
    assert not Layout(60, 16).is_too_small
    assert Layout(119, 36).has_drawer
    assert not Layout(120, 36).has_drawer
    assert [Layout(120, rows).has_status_bar for rows in (29, 30)] == [False, True]
    assert Layout(220, 60).peek_is_beside
    assert [Layout(*size).tail_rows > 0 for size in ((220, 60), (220, 47), (219, 60))] == [True, False, False]
    assert Layout(220, 60, peek_is_alone=True).hides_sides
    # 120 columns: the content keeps the 94 that its columns are drawn for.
    assert 120 - Layout(120, 36).tree_width == 94
    assert 160 - Layout(160, 48).tree_width == 129


def desk(depth: int) -> Desk:
    units = [Unit(unit_id=n, parent_id=n - 1 or None, name=f"Unit number {n}") for n in range(1, depth + 1)]
    look = Look.of("nightwatch", Depth.TRUECOLOR, FULL)
    return Desk(look=look, now=lambda: NOW, zone=UTC, forest=Forest(units), scope=depth)


@pytest.mark.parametrize("width", [60, 80, 120, 160])
@pytest.mark.parametrize("depth", [1, 2, 3, 6, 12])
@pytest.mark.parametrize("crumbs", [[], ["Jobs", "ACME-SQL01", "21 Nov"]])
def test_the_path_fits_and_keeps_its_end(width: int, depth: int, crumbs: list[str]) -> None:
    items, end = bars.header(desk(depth), Layout(width, 36), crumbs)
    text = "".join(piece for item in items for piece, _ in item.pieces)
    rest = "".join(piece for item in end for piece, _ in item.pieces)
    assert cell_len(text) + cell_len(rest) <= width
    assert text.rstrip().endswith(crumbs[-1] if crumbs else f"{depth}")


def test_units_in_the_middle_give_way_first() -> None:
    items, _ = bars.header(desk(5), Layout(80, 24), ["Jobs", "ACME-SQL01"])
    text = "".join(piece for item in items for piece, _ in item.pieces)
    assert text == " ◘ cloutui  › Unit number 1 › … › Jobs › ACME-SQL01"
