"""A node's day put through the severity rules that are in force for it: how it stands, and by which rule.

`cloutui.reports.grading` says the same in SQL, for many nodes at once; a test holds the two equal.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from cloutui.model.severity import FIGURES, KINDS, RuleKind, kind_of, shown_limit
from cloutui.model.severity_rules import InForce, Profile
from cloutui.model.status import Status


class LoggedLine(NamedTuple):
    """What was logged of a job: a line of the log, or the reason that its server gives."""

    code: str
    """`ANE4959E`; empty where it has none."""
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JobFacts:
    """How one job went."""

    status: Status
    result: int | None = None
    lines: Sequence[LoggedLine] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DayFacts:
    """What is known of a node's day."""

    jobs: Sequence[JobFacts] = ()
    figures: Mapping[str, float | None] = field(default_factory=dict)
    """By kind of rule, in its measure; 1 or 0 where it has none. What is absent or None is not known, and hits nothing;
    infinite is what never happened."""


class Hit(NamedTuple):
    """A rule that has something to say about the day."""

    rule: InForce
    status: Status
    reason: str
    value: float | None = None
    """The figure; None of jobs."""

    @property
    def limit(self) -> str:
        """As people write it; empty where there is none."""
        return shown_limit(self.rule.key, self.rule.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grade:
    """How a node's day stands."""

    status: Status
    reason: str
    hits: Sequence[Hit]
    """The first is the one that decided; no job and nothing else to say: none at all."""

    @property
    def rule(self) -> InForce | None:
        """What decided."""
        return self.hits[0].rule if self.hits else None


class _JobHit(NamedTuple):
    """What a job counts as, and what of several that count the same is told."""

    hit: Hit
    is_logged: bool
    weight: tuple[object, ...]


def graded(facts: DayFacts, profile: Profile) -> Grade:
    """How the day stands by the rules in force: as the worst of its jobs and figures, unless the node is muted."""
    rules = {rule.key: rule for rule in profile}
    jobs = [_job_hit(job, rules) for job in facts.jobs]
    hits = []
    for is_logged in (False, True):
        alike = [each for each in jobs if each.is_logged is is_logged]
        hits += [max(alike, key=lambda each: each.weight).hit] if alike else []
    hits += [hit for kind in FIGURES if (hit := _figure_hit(kind, facts.figures.get(kind.name), rules))]
    muting = [hit for hit in hits if hit.status is Status.IGNORED and kind_of(hit.rule.key).mutes]
    # Sorting keeps the order of what weighs the same: jobs first, then figures as `KINDS` has them.
    hits = muting or sorted(hits, key=lambda hit: -hit.status)
    if not hits:
        return Grade(status=Status.NONE, reason="", hits=())
    return Grade(status=hits[0].status, reason=hits[0].reason, hits=hits)


def _job_hit(job: JobFacts, rules: Mapping[str, InForce]) -> _JobHit:
    """The most special rule that fits: something logged, else its result, else its status. Of logged ones the worst."""
    said = [
        (rule.value.grade, key)
        for key, rule in rules.items()
        if rule.value.grade is not None and _is_logged(key, job.lines)
    ]
    if said:
        grade, key = max(said)
        kind, _, argument = key.partition(":")
        return _JobHit(Hit(rules[key], grade, f"{KINDS[kind].title} {argument}"), True, (grade, key))
    rule = rules.get(f"result:{job.result}")
    if rule is None or rule.value.grade is None:
        rule = rules[f"status:{job.status.key}"]
    grade = job.status if rule.value.grade is None else rule.value.grade
    weight = (grade, job.status, job.result is not None, job.result)
    return _JobHit(Hit(rule, grade, job_words(job.status, job.result)), False, weight)


def job_words(status: Status, result: int | None) -> str:
    """`Failed 12`, `Missed`, `OK`: the code is told of what is no success."""
    word = "Failed" if status is Status.ERROR else status.word
    return f"{word} {result}" if result and status in (Status.WARNING, Status.ERROR) else word


def _figure_hit(kind: RuleKind, value: float | None, rules: Mapping[str, InForce]) -> Hit | None:
    rule = rules[kind.name]
    if value is None or rule.value.grade is None or not value > rule.value.bound:
        return None
    return Hit(rule, rule.value.grade, kind.title, value)


def _is_logged(key: str, lines: Sequence[LoggedLine]) -> bool:
    kind, _, argument = key.partition(":")
    if kind == "message":
        return any(argument in _numbers(line.code) for line in lines)
    if kind == "text":
        return any(_holds(line.text, argument) for line in lines)
    return False


def _numbers(code: str) -> tuple[str, ...]:
    """What a message may be called: `ANE4959E`, and `4959`."""
    found = re.fullmatch(r"([A-Z]*)([0-9]+)[A-Z]?", code.upper())
    return (found[1] + found[2], found[2]) if found else ()


def _holds(text: str, sought: str) -> bool:
    """A pattern stands between strokes; words are looked for in any case of letters, and so is a pattern."""
    if sought.startswith("/"):
        return re.search(sought[1:-1], text, re.IGNORECASE) is not None
    return sought.casefold() in text.casefold()
