"""What a block of the matrix comes to: how it went in short, and the days of nodes in it that need somebody."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from cloutui.model import formats
from cloutui.model.status import Status
from cloutui.model.step import Step
from cloutui.screens.desk import Desk
from cloutui.screens.matrix_facts import NODES, Facts, RowKind
from cloutui.screens.peek import Peek
from cloutui.screens.subject import Subject
from cloutui.widgets.matrix import Matrix
from cloutui.widgets.matrix_block import Block
from cloutui.widgets.paragraph import Paragraph
from cloutui.widgets.text import Piece, length

_BETWEEN = "   "


def days_in(block: Block, matrix: Matrix, facts: Facts, kind: RowKind) -> list[Subject]:
    """The days with a warning or worse; none where columns are longer, or rows no nodes."""
    if kind is not NODES or matrix.rows.step is not Step.DAY:
        return []
    rows = matrix.rows
    return [
        Subject(name=fact["node"], node_id=fact["node_id"], node=fact["node"], server=fact["server"], day=rows.days[at])
        for row, at in block.problems(rows)
        if (fact := facts.get(rows.keys[row])) is not None
    ]


def tell(desk: Desk, peek: Peek, matrix: Matrix, block: Block, *, handled: int) -> None:
    """How large it is, how many cells stand how, and what a key would do with it. `handled`: so many at once."""
    rows, step = matrix.rows, matrix.rows.step
    size = f"{formats.plural(len(block.rows), matrix.noun)} {desk.look.glyphs.times} {len(block.columns)} {step}s"
    first, last = rows.days[block.columns.start], rows.days[block.columns.stop - 1]
    words = step.short_words(first) if first == last else f"{step.short_words(first)} - {step.short_words(last)}"
    peek.entitle(f"Block  {size}", words)
    parts = [*_flowed(_counts(desk, block, matrix), peek.inner_width), Paragraph()]
    peek.look_at_once([*parts, *_flowed(_keys(desk, matrix, handled), peek.inner_width)])


def _counts(desk: Desk, block: Block, matrix: Matrix) -> Iterator[Sequence[Piece]]:
    """`× 4 Failed   ○ 2 Missed   ● 39 OK`, the worst first."""
    palette, glyphs, counts = desk.look.palette, desk.look.glyphs, Counter[int]()
    for statuses in block.statuses(matrix.rows):
        counts.update(statuses)
    for status in sorted(map(Status, counts), reverse=True):
        sign = (f"{glyphs.status[status]} ", palette.status(status))
        yield [sign, (f"{formats.count(counts[status])} {status.word}", palette.style())]


def _keys(desk: Desk, matrix: Matrix, handled: int) -> Iterator[Sequence[Piece]]:
    """`a acknowledges 6 problems   c comments on them   esc lets go`."""
    palette = desk.look.palette
    problems = formats.plural(handled, "problem")
    handles = [("a", f"acknowledges {problems}"), ("c", "comments on them")] if handled else []
    for key, does in (*handles, ("y", "copies"), ("space", f"marks the {matrix.noun}s"), ("esc", "lets go")):
        yield [(key, palette.style("accent", bold=True)), (f" {does}", palette.style("muted"))]


def _flowed(parts: Iterable[Sequence[Piece]], width: int) -> list[Paragraph]:
    """As many in a line as fit, three blanks between."""
    lines: list[list[Piece]] = []
    for part in parts:
        if lines and length(lines[-1]) + len(_BETWEEN) + length(part) < width:
            lines[-1] += [(_BETWEEN, part[-1][1]), *part]
        else:
            lines.append([("  ", part[-1][1]), *part])
    return [Paragraph(line) for line in lines]
