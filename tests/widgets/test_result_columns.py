"""Which columns are shown: numbers whole, nothing wider than the room, everything within reach."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cloutui.model.table import Column, Kind
from cloutui.widgets.result_columns import Want, fit, sort_sign
from cloutui.widgets.result_rows import SortKey

WANTS = st.lists(
    st.builds(
        lambda kind, natural, priority: (kind, natural, priority),
        st.sampled_from([Kind.TEXT, Kind.BYTES, Kind.TIME, Kind.STATUS, Kind.COUNT]),
        st.integers(1, 60),
        st.integers(1, 9),
    ),
    min_size=1,
    max_size=14,
)


def wanted(found: list[tuple[Kind, int, int]], frozen: int = 1) -> list[Want]:
    return [
        Want(
            column=Column(name=f"c{place}", kind=kind, priority=priority),
            natural=min(natural, 20) if kind is not Kind.TEXT else natural,
            is_frozen=place < frozen,
        )
        for place, (kind, natural, priority) in enumerate(found)
    ]


def want(name: str, natural: int, kind: Kind = Kind.TEXT, priority: int = 1, *, frozen: bool = False) -> Want:
    return Want(column=Column(name=name, kind=kind, priority=priority), natural=natural, is_frozen=frozen)


@given(WANTS, st.integers(0, 200), st.integers(0, 13), st.integers(0, 5), st.integers(0, 2))
def test_nothing_is_wider_than_the_room_and_the_cursor_is_in_view(
    found: list[tuple[Kind, int, int]], room: int, cursor: int, left: int, frozen: int
) -> None:
    wants = wanted(found, frozen)
    name = wants[cursor % len(wants)].column.name
    layout = fit(wants, room, cursor=name, left=left)
    end = 0
    for placed in layout.placed:
        assert placed.start >= end
        assert placed.width > 0
        end = placed.start + placed.width
    assert end <= max(room, 0)
    assert sorted(layout.order) == sorted(want.column.name for want in wants), "every column can be walked to"
    shown = [placed.name for placed in layout.placed]
    assert set(shown) | set(layout.left_out) == set(layout.order)
    if room >= 60 * (frozen + 1):
        assert name in shown


@given(WANTS, st.integers(60, 200))
def test_a_number_is_drawn_whole_or_not_at_all(found: list[tuple[Kind, int, int]], room: int) -> None:
    wants = {want.column.name: want for want in wanted(found)}
    for placed in fit(list(wants.values()), room).placed:
        if not wants[placed.name].is_flexible:
            assert placed.width == wants[placed.name].natural


@given(WANTS, st.integers(60, 200))
def test_walking_right_reaches_every_column(found: list[tuple[Kind, int, int]], room: int) -> None:
    wants = wanted(found)
    layout = fit(wants, room)
    for name in layout.order:
        layout = fit(wants, room, cursor=name, left=layout.left)
        assert name in [placed.name for placed in layout.placed]
    for name in reversed(layout.order):
        layout = fit(wants, room, cursor=name, left=layout.left)
        assert name in [placed.name for placed in layout.placed]
    assert layout.left == 0, "back at the first column all is as it was"


def test_the_least_important_go_first_and_the_rightmost_of_equals() -> None:
    wants = [
        want("node", 12, frozen=True),
        want("unit", 12, priority=5),
        want("stored", 8, Kind.BYTES, 2),
        want("sent", 8, Kind.BYTES, 3),
        want("files", 8, Kind.COUNT, 3),
    ]
    assert fit(wants, 60).left_out == ()
    assert fit(wants, 51).left_out == ("unit",)
    assert fit(wants, 35).left_out == ("unit", "files")
    assert fit(wants, 29).left_out == ("unit", "sent", "files")


def test_names_are_cut_last_and_not_below_twelve_cells() -> None:
    wants = [want("node", 30, frozen=True), want("message", 80, priority=2), want("stored", 8, Kind.BYTES, 2)]
    widths = {placed.name: placed.width for placed in fit(wants, 60).placed}
    assert widths == {"node": 30, "message": 20, "stored": 8}
    widths = {placed.name: placed.width for placed in fit(wants, 46).placed}
    assert widths == {"node": 24, "message": 12, "stored": 8}
    assert fit(wants, 45).left_out == ("stored",), "a column goes before a name is cut further"
    first = [wants[0], want("stored", 8, Kind.BYTES)]
    assert [placed.width for placed in fit(first, 30).placed] == [21, 8], "but not one of the first importance"
    assert [placed.width for placed in fit(first, 21).placed] == [12, 8]
    assert fit(first, 20).left_out == ("stored",)
    assert [placed.width for placed in fit(wants[:1], 20).placed] == [20]


def test_gaps_are_wide_where_there_is_room_and_where_a_text_follows_a_number() -> None:
    wants = [want("node", 10, frozen=True), want("stored", 8, Kind.BYTES), want("unit", 10)]
    assert [placed.start for placed in fit(wants, 32).placed] == [0, 12, 22]
    assert [placed.start for placed in fit(wants, 31).placed] == [0, 11, 21]


def test_the_sign_of_an_order_has_its_rank_where_several_columns_decide() -> None:
    name, age = Column(name="name", kind=Kind.TEXT), Column(name="age", kind=Kind.AGE)
    by_age, by_name = SortKey("age", descending=False), SortKey("name", descending=False)

    def signs(*sort: SortKey) -> tuple[str, str]:
        return sort_sign(sort, name, ("▲", "▼")), sort_sign(sort, age, ("▲", "▼"))

    assert signs() == ("", "")
    assert signs(by_name) == ("▲", "")
    # The earliest moment first is the highest age first.
    assert signs(by_age) == ("", "▼")
    assert signs(by_age, by_name) == ("▲2", "▼1")
