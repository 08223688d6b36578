"""What a graph can show of a unit, over which time, and the rows of the report `trends` as its points."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import Any

from cloutui.model import formats
from cloutui.model.forecast import forecast, why_none
from cloutui.model.step import Step
from cloutui.widgets.curves import Point

Row = Mapping[str, Any]

_BACK_FOR_ONE_AHEAD = 3
"""A graph looks back three steps for each that it looks ahead."""


def _size(value: float) -> str:
    return formats.size(int(value))


def _count(value: float) -> str:
    return formats.count(round(value))


def _percent(value: float) -> str:
    return f"{value:.1f}%".replace(".0%", "%")


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """One figure of the report, and how it is written."""

    word: str
    """In links, and the column of the report: never changed."""
    title: str
    write: Callable[[float], str]
    base: int = 1000
    is_flow: bool = False
    """Whether it is what happened in a step, and not how things stood at its end."""
    is_forecast: bool = True

    def titled(self, step: Step) -> str:
        """`Sent per week`."""
        return f"{self.title} per {step}" if self.is_flow else self.title


METRICS: Mapping[str, Metric] = {
    metric.word: metric
    for metric in (
        Metric(word="stored", title="Stored data", write=_size, base=1024),
        Metric(word="sent", title="Sent", write=_size, base=1024, is_flow=True),
        Metric(word="nodes", title="Nodes", write=_count),
        Metric(word="saved", title="Saved by deduplication", write=_percent, is_forecast=False),
    )
}
"""By their words, in the order of the key that changes them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """How far back a graph reaches, with what steps, and how far it looks ahead."""

    word: str
    """In links, and what people call it."""
    days: int
    step: Step = Step.DAY
    ahead: int
    """Steps, at most."""


SPANS: Mapping[str, Span] = {
    span.word: span
    for span in (
        Span(word="7d", days=7, ahead=2),
        Span(word="30d", days=30, ahead=10),
        Span(word="90d", days=90, ahead=30),
        Span(word="1y", days=365, ahead=90),
        Span(word="all", days=3_660, step=Step.MONTH, ahead=6),
    )
}
"""By their words, in the order of the key that changes them."""


def after(word: str, words: Mapping[str, object], by: int = 1) -> str:
    """The next one; after the last the first."""
    every = list(words)
    return every[(every.index(word) + by) % len(every)]


def since_known(rows: Sequence[Row]) -> Sequence[Row]:
    """Without the beginning, in which nothing is known."""
    start = next((place for place, row in enumerate(rows) if any(row[word] is not None for word in METRICS)), len(rows))
    return rows[start:]


def points_of(rows: Sequence[Row], others: Mapping[date, float | None], metric: Metric, span: Span) -> list[Point]:
    """What is known, each with what it is compared with; behind it what is expected."""
    known = [Point(row["day"], row[metric.word], others.get(row["day"])) for row in rows]
    if not metric.is_forecast:
        return known
    ahead = min(span.ahead, len(rows) // _BACK_FOR_ONE_AHEAD)
    days = [row["day"] for row in rows[-1:]]
    while days and len(days) <= ahead:
        days.append(span.step.moved(days[-1], 1))
    expected = forecast(_whole(rows, metric), ahead)
    return known + [
        Point(day, each.value, None, each.low, each.high) for day, each in zip(days[1:], expected, strict=False)
    ]


def _whole(rows: Sequence[Row], metric: Metric) -> list[float | None]:
    """Without the last step of a flow: half a day would bend the line."""
    values = [row[metric.word] for row in rows]
    return [*values[:-1], None] if metric.is_flow else values


def before(rows: Sequence[Row], metric: Metric) -> Mapping[date, float | None]:
    """What there was in the same time before."""
    return {row["day"]: row[f"{metric.word}_before"] for row in rows}


def why_no_forecast(rows: Sequence[Row], metric: Metric, points: Sequence[Point]) -> str:
    """Nothing where there is one, or where there never is."""
    if not metric.is_forecast or any(point.is_expected for point in points):
        return ""
    return why_none(sum(value is not None for value in _whole(rows, metric)))


def summary(points: Sequence[Point], metric: Metric, span: Span) -> str:
    """`median 11.2 TiB   peak Sun 26.0 TiB`, `+9 in 90d`."""
    known = [(point.day, point.value) for point in points if point.value is not None and not point.is_expected]
    if len(known) < 2:
        return ""
    (_, first), (_, last) = known[0], known[-1]
    if metric.is_flow:
        day, most = max(known, key=lambda each: each[1])
        peak = formats.short_day(day) if span.step is Step.DAY else span.step.short_words(day)
        return f"median {metric.write(median(value for _, value in known))}   peak {metric.write(most)} {peak}"
    if metric.base == 1024:
        return f"{formats.growth(last / first - 1)} in {span.word}" if first else ""
    return f"{last - first:+,.0f} in {span.word}".replace("+0 in", "±0 in")
