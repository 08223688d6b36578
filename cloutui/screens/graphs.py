"""The screen `6 Graphs`: how a unit grows, what it is compared with, and what is to be expected."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.widget import Widget

from cloutui.errors import CloutuiError
from cloutui.model.forecast import METHOD
from cloutui.model.link import Link
from cloutui.model.step import Step
from cloutui.screens.background import ask_in_background
from cloutui.screens.desk import Desk
from cloutui.screens.finder import Entry, Finder
from cloutui.screens.graphs_facts import (
    METRICS,
    SPANS,
    Metric,
    Row,
    after,
    before,
    points_of,
    since_known,
    summary,
    why_no_forecast,
)
from cloutui.screens.layout import Layout, SizeClass
from cloutui.screens.notices import empty_notice, error_notice
from cloutui.screens.view import LinkOpened, View
from cloutui.widgets.line_chart import LineChart
from cloutui.widgets.lines import GO, VIEW, Lines
from cloutui.widgets.paragraph import Paragraph

if TYPE_CHECKING:
    from cloutui.model.question import Question

_LEAST_FOR_THREE = 26
"""Rows below which there is one graph: `s` shows the others."""
_PREVIOUS = "previous"
"""In links: the same time before. Any other comparison is the id of a unit."""


class Graphs(View):
    """How a unit grows: what it stores and sends, of how many nodes, and where that leads."""

    DEFAULT_CSS = """
    Graphs > #small { layout: horizontal; width: 1fr; height: 1fr; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("s", "metric", "what is shown", id="graphs.metric", tooltip="metric", group=VIEW),
        Binding("w", "span", "how far back", id="graphs.span", tooltip="range", group=VIEW),
        Binding("v", "previous", "compare with the time before", id="graphs.previous", tooltip="compare", group=VIEW),
        Binding("C", "unit", "compare with a unit, or no more", id="graphs.unit", tooltip="with unit", group=VIEW),
        Binding("enter", "open_day", "open the day", id="graphs.day", show=False, group=GO),
    ]

    def __init__(self, desk: Desk) -> None:
        self.chart = LineChart(desk.look)
        self.small = (LineChart(desk.look), LineChart(desk.look))
        super().__init__(desk, self.chart)
        self.metric, self.span, self.versus = "stored", "90d", ""
        self.rows: Sequence[Row] = ()
        self._others: Sequence[Row] = ()
        """Of the unit that it is compared with."""

    def compose(self) -> list[Widget]:
        """One large graph, two small ones below it or beside."""
        for chart in self.charts:
            chart.waiting = True
        for chart in self.small:
            chart.can_focus = False
        self._entitle()
        return [self.chart, Container(*self.small, id="small")]

    @property
    def charts(self) -> tuple[LineChart, ...]:
        """The large one first."""
        return (self.chart, *self.small)

    def crumbs(self) -> list[str]:
        """The screen."""
        return ["Graphs"]

    # Size.

    def fit(self, layout: Layout, *, peek: bool) -> None:
        """Three side by side where there is room for it, two below one, or one."""
        del peek
        beside = layout.width_class is SizeClass.XL
        self.styles.layout = "horizontal" if beside else "vertical"
        self.chart.edge = beside
        self.small[0].edge = True
        self.chart.styles.height = "1fr" if beside else "2fr"
        self.chart.styles.width = "1fr"
        for box in self.query("#small"):
            box.styles.width = "2fr" if beside else "1fr"
            box.display = layout.height >= _LEAST_FOR_THREE

    # As a link.

    def link_query(self) -> dict[str, str]:
        """What is shown, how far back, and what it is compared with."""
        return super().link_query() | {"metric": self.metric, "range": self.span, "vs": self.versus}

    def show(self, link: Link, place: Any = None) -> None:
        """What the link does not say stays as it is, and so does what it says in words that nobody knows."""
        metric, span, versus = (link.query.get(name, "") for name in ("metric", "range", "vs"))
        self.metric = metric if metric in METRICS else self.metric
        self.span = span if span in SPANS else self.span
        self.versus = versus if versus == _PREVIOUS or versus.isdecimal() else self.versus
        super().show(link, place)

    def question(self) -> Question:
        """The figures of all graphs."""
        from cloutui.model.question import Question

        return Question(report="trends", unit=self.desk.scope, parameters=self._asked())

    def _asked(self) -> dict[str, object]:
        span = SPANS[self.span]
        asked: dict[str, object] = {"days": span.days, "step": span.step.value}
        return {**asked, "previous": True} if self.versus == _PREVIOUS else asked

    # Facts.

    def reload(self, *, anew: bool = False) -> None:
        """Ask for the figures again."""
        del anew
        if self.desk.session is not None:
            ask_in_background(self, partial(self._load, self._asked(), self.versus), "load")

    async def _load(self, asked: dict[str, object], versus: str) -> None:
        assert self.desk.session is not None
        others: Sequence[Row] = ()
        try:
            answer = await self.ask("trends", **asked)
            if versus.isdecimal():
                told = await self.desk.session.ask("trends", unit=int(versus), **asked)
                others = told.rows.to_pylist()
        except CloutuiError as error:
            self._say(error_notice(error, self.desk.look))
            return
        if answer is not None and (asked, versus) == (self._asked(), self.versus):
            self.rows, self._others = since_known(answer.rows.to_pylist()), others
            self._show()

    def _show(self) -> None:
        if not self.rows:
            self._say(self._why_empty())
            return
        words = [self.metric, after(self.metric, METRICS), after(self.metric, METRICS, 2)]
        for chart, word in zip(self.charts, words, strict=True):
            metric, span = METRICS[word], SPANS[self.span]
            points = points_of(self.rows, self._compared(metric), metric, span)
            chart.show(points, metric.write, base=metric.base, other=self._compared_with())
            chart.entitle(metric.titled(span.step), summary(points, metric, span))
        self._entitle()
        self._follow()

    def _compared(self, metric: Metric) -> Mapping[date, float | None]:
        if self.versus == _PREVIOUS:
            return before(self.rows, metric)
        return {row["day"]: row[metric.word] for row in self._others}

    def _compared_with(self) -> str:
        """What it is called."""
        if self.versus == _PREVIOUS:
            return f"previous {self.span}"
        unit = next((unit for unit in self.desk.forest.units if str(unit.unit_id) == self.versus), None)
        return unit.name if unit else ""

    def _entitle(self) -> None:
        metric, span, other = METRICS[self.metric], SPANS[self.span], self._compared_with()
        ahead = ""
        if self.rows and metric.is_forecast:
            ahead = why_no_forecast(self.rows, metric, self.chart.points) or f"dotted: {METHOD}"
        parts = (span.word, other and f"vs {other}", ahead, "w range")
        self.chart.entitle(metric.titled(span.step), "   ".join(filter(None, parts)))

    def _say(self, notice: Sequence[Paragraph]) -> None:
        self.rows = ()
        for chart in self.charts:
            chart.points = ()
            chart.redraw()
            chart.say(())
        self.chart.say(notice)

    def _why_empty(self) -> list[Paragraph]:
        look = self.desk.look
        if not self.desk.as_of:
            return empty_notice(
                look,
                "No backup server yet, so nothing is known.",
                ("cloutui server add", "connects the first"),
                ("cloutui demo", "shows a simulated fleet"),
            )
        said = f"Nothing is known yet of what {self.desk.scope_name()} stores."
        return empty_notice(look, said, ("w", "looks further back"), ("b", "chooses another unit"))

    # The cursor.

    @on(Lines.Moved)
    def _moved(self, message: Lines.Moved) -> None:
        if message.lines is self.chart:
            self._follow()

    def _follow(self) -> None:
        """All graphs read the same day."""
        for chart in self.small:
            chart.read_day(self.chart.day)

    def action_open_day(self) -> None:
        """The weeks around the day that is read."""
        points, place = self.chart.points, self.chart.place
        if points and not points[place].is_expected and SPANS[self.span].step is Step.DAY:
            query = {"day": points[place].day.isoformat()}
            self.post_message(LinkOpened(Link(unit=self.desk.unit, screen="weeks", query=query)))

    # Other figures, other times, other units.

    def action_metric(self) -> None:
        """The next figure is the large one."""
        self.metric = after(self.metric, METRICS)
        if self.rows:
            self._show()

    def action_span(self) -> None:
        """Further back; after all of it a week."""
        self.span = after(self.span, SPANS)
        self.reload(anew=True)

    def action_previous(self) -> None:
        """Compare with the same time before, or no more."""
        self.versus = "" if self.versus == _PREVIOUS else _PREVIOUS
        self.reload(anew=True)

    def action_unit(self) -> None:
        """Choose a unit to compare with; while there is one, do so no more."""
        if self.versus.isdecimal():
            self._compare("")
        else:
            self.app.push_screen(UnitFinder(self.desk), self._compare)

    def _compare(self, unit: str | None) -> None:
        if unit is not None:
            self.versus = unit
            self.reload(anew=True)


class UnitFinder(Finder):
    """Only units. The answer is the id of the one that was chosen."""

    def own_entries(self) -> Iterable[Entry]:
        """Those of the tree, but for the one that is shown."""
        forest, crumb = self.desk.forest, f" {self.desk.look.glyphs.crumb} "
        for unit in forest.units:
            if unit.unit_id != self.desk.unit:
                path = crumb.join(above.name for above in forest.path(unit.unit_id)[:-1])
                yield Entry(kind="unit", name=unit.name, command=str(unit.unit_id), detail=path)

    async def ask(self) -> None:
        """All units are known."""

    def show(self, entries: list[Entry]) -> None:
        """What fits."""
        self.found.show(entries, f"{len(entries)} units   compare with")
