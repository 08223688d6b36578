"""Where else a thing can be looked at: the same node, job, server or unit on the other screens."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from cloutui.model import formats
from cloutui.model.filter.rendering import render_value
from cloutui.model.link import Link
from cloutui.screens.catalogue import ScreenSpec
from cloutui.screens.subject import Subject


@dataclass(frozen=True, slots=True)
class Place:
    """A screen with the thing on it."""

    title: str
    link: Link


def related(subject: Subject, unit: int | None, screens: Sequence[ScreenSpec], here: Link) -> list[Place]:
    """The places of it on the screens that the reader may see, but for the one that is shown."""
    words = {spec.word for spec in screens}
    return [
        place
        for place in _places(subject, unit, screens)
        if place.link.screen in words and not _is_same(place.link, here)
    ]


def _is_same(one: Link, other: Link) -> bool:
    return str(one) == str(other)


def _places(subject: Subject, unit: int | None, screens: Iterable[ScreenSpec]) -> Iterator[Place]:
    if subject.unit_id is not None:
        for spec in screens:
            yield Place(f"{spec.title} of it", Link(unit=subject.unit_id, screen=spec.word))
    if subject.node_id is not None:
        yield from _of_node(subject, unit)
    if subject.server:
        yield from _of_server(subject, unit)
    if subject.user:
        only = {"filter": f"name={render_value(subject.user)}"}
        yield Place(f"The user {subject.user}", Link(unit=unit, screen="access", query=only))
        did = {"filter": f"actor={render_value(subject.user)}"}
        yield Place(f"What {subject.user} did", Link(unit=unit, screen="activity", query=did))


def _of_node(subject: Subject, unit: int | None) -> Iterator[Place]:
    only = {"filter": f"node={render_value(subject.node)}"}
    day = {"day": subject.day.isoformat()} if subject.day else {}
    if subject.job_key and day:
        query = {**day, "job": subject.job_key}
        link = Link(unit=unit, screen="matrix", kind="job", id=subject.node_id, query=query)
        yield Place(f"The job {subject.job}".rstrip(), link)
    if subject.day:
        link = Link(unit=unit, screen="matrix", kind="node-day", id=subject.node_id, query=day)
        yield Place(f"Its jobs of {formats.dense_day(subject.day)}", link)
    report = f"Its report of {formats.dense_day(subject.day)}" if subject.day else "Its report"
    at = {"at": str(subject.node_id)}
    yield Place("The node", Link(unit=unit, screen="nodes", kind="node", id=subject.node_id))
    yield Place(report, Link(unit=unit, screen="daily", query={**day, **at}))
    yield Place("The node's weeks", Link(unit=unit, screen="weeks", query={**day, **at}))
    yield Place("The node's days", Link(unit=unit, screen="matrix", query={**day, **only}))
    yield Place("The node in the job list", Link(unit=unit, screen="jobs", query={**day, **only}))


def _of_server(subject: Subject, unit: int | None) -> Iterator[Place]:
    only = {"filter": f"server={render_value(subject.server)}"}
    name = subject.server
    yield Place(f"The server {name}", Link(unit=unit, screen="servers", query={"at": name}))
    yield Place(f"Nodes of {name}", Link(unit=unit, screen="nodes", query=only))
    yield Place(f"Days of {name}", Link(unit=unit, screen="matrix", query=only))
    yield Place(f"Jobs of {name}", Link(unit=unit, screen="jobs", query=only))
