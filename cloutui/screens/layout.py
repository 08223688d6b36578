"""Which parts of the shell a terminal has room for. Width and height are judged on their own.

The classes: S from 80×24, M from 120×36, L from 160×48, XL from 220×60; below S is XS.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

LEAST_WIDTH, LEAST_HEIGHT = 60, 16


class SizeClass(IntEnum):
    """Of a width or of a height."""

    XS = 0
    S = 1
    M = 2
    L = 3
    XL = 4


_WIDTHS = {SizeClass.S: 80, SizeClass.M: 120, SizeClass.L: 160, SizeClass.XL: 220}
_HEIGHTS = {SizeClass.S: 24, SizeClass.M: 36, SizeClass.L: 48, SizeClass.XL: 60}
_TREE_WIDTHS = {SizeClass.XS: 33, SizeClass.S: 33, SizeClass.M: 26, SizeClass.L: 31, SizeClass.XL: 37}
"""With the divider. Where the tree is no pane of its own, as a drawer over the content."""
_PEEK_ROWS = {SizeClass.XS: 0, SizeClass.S: 5, SizeClass.M: 7, SizeClass.L: 9, SizeClass.XL: 9}
"""With the title rule."""
_PEEK_WIDTHS = {SizeClass.L: 45, SizeClass.XL: 61}
_TAIL_ROWS = {SizeClass.L: 11, SizeClass.XL: 16}
_STATUS_BAR_FROM = 30
_SCOPE_BLOCK_FROM = 30


@dataclass(frozen=True, slots=True)
class Layout:
    """What a terminal of this size shows."""

    width: int
    height: int
    is_zoomed: bool = False
    """Whether the reader wants more room for what is looked at."""
    peek_is_alone: bool = False
    """Whether that is the peek."""

    @property
    def is_too_small(self) -> bool:
        """Whether there is room for nothing but saying so."""
        return self.width < LEAST_WIDTH or self.height < LEAST_HEIGHT

    @property
    def width_class(self) -> SizeClass:
        """By the columns."""
        return max((size for size, least in _WIDTHS.items() if self.width >= least), default=SizeClass.XS)

    @property
    def height_class(self) -> SizeClass:
        """By the rows."""
        return max((size for size, least in _HEIGHTS.items() if self.height >= least), default=SizeClass.XS)

    @property
    def is_narrow(self) -> bool:
        """Whether only glyph, name and word fit."""
        return self.width_class is SizeClass.XS

    @property
    def has_drawer(self) -> bool:
        """Whether the tree comes as a drawer over the content, and is away until asked for."""
        return self.width_class <= SizeClass.S

    @property
    def tree_width(self) -> int:
        """As a pane or as a drawer."""
        return _TREE_WIDTHS[self.width_class]

    @property
    def has_tabs(self) -> bool:
        """Whether a row is left for them."""
        return self.height_class > SizeClass.XS

    @property
    def has_status_bar(self) -> bool:
        """Whether a row is left for it."""
        return self.height >= _STATUS_BAR_FROM

    @property
    def has_scope_block(self) -> bool:
        """Whether rows are left for it below the tree."""
        return self.height >= _SCOPE_BLOCK_FROM

    @property
    def peek_is_beside(self) -> bool:
        """Whether the peek stands right of the list and not below it."""
        return self.width_class is SizeClass.XL or (self.is_zoomed and self.width_class is SizeClass.L)

    @property
    def hides_sides(self) -> bool:
        """Whether tree and peek make room: zoomed, where the peek does not stand beside for that."""
        return self.peek_is_alone or (self.is_zoomed and self.width_class is not SizeClass.L)

    @property
    def peek_rows(self) -> int:
        """Its height below the list; 0 when there is none."""
        return 0 if self.is_narrow else _PEEK_ROWS[self.height_class]

    @property
    def peek_width(self) -> int:
        """Its width beside the list."""
        return _PEEK_WIDTHS.get(self.width_class, 0)

    @property
    def tail_rows(self) -> int:
        """The height of what stands below a peek that is beside the list; 0 where there is no room for it."""
        return _TAIL_ROWS.get(self.height_class, 0) if self.width_class is SizeClass.XL else 0
