"""What stands in the bars of the shell: header, tabs, status bar and key bar. Values in, items out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.cells import cell_len
from textual.binding import Binding

from cloutui.model import formats
from cloutui.model.safe_text import safe
from cloutui.model.status import Status
from cloutui.model.write_mode import chip
from cloutui.screens.catalogue import ScreenSpec
from cloutui.screens.crumbs import fitted, path
from cloutui.screens.desk import Desk
from cloutui.screens.freshness import ServerAge, ages
from cloutui.screens.key_names import key_name
from cloutui.screens.layout import Layout, SizeClass
from cloutui.screens.tasks import Task
from cloutui.widgets.bar import Item
from cloutui.widgets.bars import bar
from cloutui.widgets.look import Look
from cloutui.widgets.text import Piece, cut

_TITLE = "cloutui"


def header(desk: Desk, layout: Layout, crumbs: Sequence[str]) -> tuple[list[Item], list[Item]]:
    """The mark and the path at the left; servers, clock and chips at the right."""
    palette, glyphs = desk.look.palette, desk.look.glyphs
    # Without a status bar there is one place for both. What is being done is soon over; `i` tells the ages meanwhile.
    work = [] if layout.has_status_bar else under_way(desk, "panel", is_short=True)
    end = [*(work or [_servers(desk, layout)]), _clock(desk)]
    if desk.demo:
        end.append(Item([(" DEMO ", palette.style("text", "mark-ground", bold=True))]))
    end.append(_mode(desk))
    mark: list[Piece] = [
        (f" {glyphs.mark} ", palette.style("accent", "panel")),
        (_TITLE, palette.style("text", "panel", bold=True)),
    ]
    used = sum(cell_len(safe(text)) for item in end for text, _ in item.pieces)
    room = layout.width - used - sum(cell_len(text) for text, _ in mark) - 2
    return [Item(mark), *_path(desk, crumbs, room)], end


def _path(desk: Desk, own: Sequence[str], room: int) -> list[Item]:
    palette, glyphs = desk.look.palette, desk.look.glyphs
    items: list[Item] = []
    for crumb in (shown := fitted(path(desk, own), room, glyphs.cut)):
        between = (f" {glyphs.crumb} " if items else f"  {glyphs.crumb} ", palette.style("muted", "panel"))
        items.append(Item([between]))
        items.append(Item([(crumb.text, palette.style("text", "panel", bold=crumb is shown[-1]))], leads_to=crumb))
    return items


def _servers(desk: Desk, layout: Layout) -> Item:
    palette, graded = desk.look.palette, ages(desk.as_of, desk.now())
    if not graded:
        return Item([])
    fresh = [age for age in graded if age.status in {Status.OK, Status.PENDING}]
    if len(fresh) == len(graded):
        text = f"{formats.plural(len(graded), 'server')}  " if layout.width_class > SizeClass.XS else ""
        return Item([(text, palette.style("muted", "panel"))], key="i")
    return Item([*_server_counts(desk, layout, len(fresh), graded), ("  ", palette.style(on="panel"))], key="i")


def _server_counts(desk: Desk, layout: Layout, fresh: int, graded: Sequence[ServerAge]) -> list[Piece]:
    palette, worst, now = desk.look.palette, graded[0], desk.now()
    sign = desk.look.glyphs.status[worst.status]
    wide = layout.width_class >= SizeClass.M
    words = worst.words(now, desk.zone) if wide else worst.short_words(now, desk.zone)
    others = len(graded) - fresh - 1
    more = f" +{others}" if others else ""
    counts = f"{fresh}/{len(graded)} servers " if wide else ""
    return [
        (counts, palette.style("muted", "panel")),
        (
            f"{sign} {cut(safe(worst.server), 16, desk.look.glyphs.cut)} {words}{more}",
            palette.status(worst.status, "panel"),
        ),
    ]


def _clock(desk: Desk) -> Item:
    now = desk.now()
    text = f"{formats.clock(now, desk.zone)} {formats.zone_name(now, desk.zone)} "
    return Item([(text, desk.look.palette.style("muted", "panel"))])


def _mode(desk: Desk) -> Item:
    """Whether things can be changed now, and for how long."""
    session, now, palette = desk.session, desk.now(), desk.look.palette
    mode = session.write_mode if session is not None else None
    said = chip(mode, now, may_write=session is None or session.may_write)
    on = "write-ground" if mode is not None and mode.is_on(now) else "panel"
    return Item([(f" {said} ", palette.style("write" if on == "write-ground" else "text", on, bold=True))], key="W")


def tabs(look: Look, layout: Layout, screens: Iterable[ScreenSpec], active: str) -> list[Item]:
    """The screens that have a number. One that is not there leaves its number unused: fingers learn it once."""
    palette = look.palette
    items = [Item([(" ", palette.style(on="surface"))])]
    for spec in screens:
        if not spec.key and spec.word != active:
            continue
        shown = spec.word == active
        on = "cursor-ground" if shown else "surface"
        name = spec.title if layout.width_class >= SizeClass.M else spec.short
        pieces = [
            (f" {spec.key or 'g' + spec.letter} ", palette.style("accent", on, bold=shown)),
            (f"{name} ", palette.style("muted", on, bold=shown)),
        ]
        items.append(Item(pieces, key=spec.key))
    return items


def status_bar(desk: Desk, progress: str) -> list[Item]:
    """How old the facts are; which server is silent, and why; what is being done."""
    palette, glyphs, now = desk.look.palette, desk.look.glyphs, desk.now()
    muted = palette.style("muted", "surface")
    items: list[Item] = under_way(desk, "surface")
    if progress:
        items.append(Item([(f" {glyphs.status[Status.PENDING]} {progress}   ", muted)]))
    graded = ages(desk.as_of, now)
    collected = [age.freshness.collected_at for age in graded if age.freshness.collected_at and age.status is Status.OK]
    if collected:
        oldest = min(collected)
        sign = (f" {glyphs.status[Status.OK]} ", palette.status(Status.OK, "surface"))
        items.append(
            Item(
                [sign, (f"collected {formats.time(oldest, now, desk.zone)}, {formats.long_age(oldest, now)}   ", muted)]
            )
        )
    following = [age.freshness.next_at for age in graded if age.freshness.next_at]
    if following:
        items.append(Item([(f"next {formats.time(min(following), now, desk.zone)}   ", muted)]))
    items += [_trouble(desk, age) for age in graded if age.freshness.problem]
    return items


def under_way(desk: Desk, on: str, *, is_short: bool = False) -> list[Item]:
    """The task that runs, how far it is, and the key that cancels it; of several the youngest, and how many."""
    task = desk.tasks.current
    if task is None:
        return []
    palette, running = desk.look.palette, len(desk.tasks.running)
    several = f" {running} tasks" if running > 1 else ""
    title = "" if is_short else f" {cut(safe(task.title), 32, desk.look.glyphs.cut)}"
    pieces = [(several or title, palette.style("text", on)), (" ", palette.style(on=on))]
    pieces += how_far(task, desk.look, on, 6, is_short=is_short)
    if not task.is_unwanted:
        label = " " if is_short else " cancel"
        pieces += [("ctrl+c", palette.style("accent", on, bold=True)), (f"{label}  ", palette.style("muted", on))]
    return [Item(pieces, key="ctrl+c")]


def how_far(task: Task, look: Look, on: str, width: int, *, is_short: bool = False) -> list[Piece]:
    """`━━━━── 64% 2,140 of 3,344 rows  `; only a sign while it is not known of how much."""
    muted = look.palette.style("muted", on)
    if task.is_unwanted:
        return [(f"{look.glyphs.status[Status.PENDING]} cancelling  ", muted)]
    if task.share is None or task.total is None:
        return [(f"{look.glyphs.status[Status.PENDING]}  ", muted)]
    counted = "" if is_short else f" {formats.count(task.done)} of {formats.count(task.total)} {task.noun}"
    told = f" {formats.percent(task.share)}{counted}  "
    return [*bar(task.share, width, look, on=on), (told, muted)]


def _trouble(desk: Desk, age: ServerAge) -> Item:
    palette = desk.look.palette
    sign = desk.look.glyphs.status[age.status]
    return Item(
        [
            (f"{sign} {safe(age.server)} ", palette.status(age.status, "surface")),
            (f"{safe(age.freshness.problem)}   ", palette.style("muted", "surface")),
        ],
        key="i",
    )


def key_bar(look: Look, bindings: Iterable[Binding], position: str, width: int) -> tuple[list[Item], list[Item]]:
    """The keys that do something now, the most particular first, as many as fit; the last one always does."""
    items = [_key_item(look, names, label) for label, names in _by_label(look, bindings).items()]
    end = [Item([(f"{position} ", look.palette.style("muted", "panel"))])] if position else []
    room = width - 1 - sum(_width(item) for item in end)
    while len(items) > 2 and sum(_width(item) for item in items) > room:
        del items[-2]
    return [Item([(" ", look.palette.style(on="panel"))]), *items], end


def _by_label(look: Look, bindings: Iterable[Binding]) -> dict[str, list[tuple[str, str]]]:
    """`[` day back and `]` day on are one entry: what is between the keys of a pair is said once."""
    labelled: dict[str, list[tuple[str, str]]] = {}
    seen: set[str] = set()
    for binding in bindings:
        if binding.action in seen:
            continue  # another key for the same
        seen.add(binding.action)
        labelled.setdefault(binding.tooltip or binding.description, []).append(
            (key_name(binding, look.glyphs), binding.key)
        )
    return labelled


def _key_item(look: Look, names: Sequence[tuple[str, str]], label: str) -> Item:
    text = " ".join(dict.fromkeys(name for name, _ in names))
    pieces = [
        (text, look.palette.style("accent", "panel", bold=True)),
        (f" {label}  ", look.palette.style("muted", "panel")),
    ]
    return Item(pieces, key=names[0][1])


def _width(item: Item) -> int:
    return sum(cell_len(text) for text, _ in item.pieces)
