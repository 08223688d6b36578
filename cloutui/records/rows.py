"""What the records hand out, as plain values. Loads no database library.

Tuples with names, because the cache copies hundreds of thousands of them at a time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, NamedTuple

from cloutui.model.unit_tree import UnitTree, build_tree

JsonMapping = Mapping[str, Any]
"""A JSON object."""


class HowAssigned(StrEnum):
    """Who assigned a node: a person, whose word stands, or a rule, which may change its mind."""

    HAND = "hand"
    RULE = "rule"


class UnitRow(NamedTuple):
    """A business unit, with its place in the tree: see `model.unit_tree`."""

    unit_id: int
    parent_id: int | None
    name: str
    lo: int
    hi: int
    depth: int
    is_archived: bool
    created_at: datetime
    own_settings: int
    """How many settings it says something about itself, now or from a later day on."""


class UnitClockRow(NamedTuple):
    """How a unit counts its days in a period, inherited values included. Every unit has one period or more."""

    unit_id: int
    valid_from: date | None
    """None: since the beginning."""
    valid_to: date | None
    """The first day it no longer holds; None: still in force."""
    time_zone: str
    backup_day_start_s: int
    """Seconds after midnight."""


class UnitLimitRow(NamedTuple):
    """From where on a unit's days and pools are bad, in a period, inherited values included. In percent."""

    unit_id: int
    valid_from: date | None
    """None: since the beginning."""
    valid_to: date | None
    """The first day they no longer hold; None: still in force."""
    pool_full: float
    day_good: float
    day_poor: float


class UnitSlaRow(NamedTuple):
    """What was promised to a unit, and which of its jobs count, in a period, inherited values included."""

    unit_id: int
    valid_from: date | None
    """None: since the beginning."""
    valid_to: date | None
    """The first day it no longer holds; None: still in force."""
    goal: int
    """In tenths of a percent."""
    goal_set_on_id: int | None
    """The unit that said it: itself or one above. None: nobody did."""
    okwarn: bool
    warning: bool
    unscheduled: bool
    locked: bool
    without_handled: str
    """This and the tags: words with blanks between them, or nothing."""
    tags_only: str
    tags_without: str


class ServerRow(NamedTuple):
    """A backup server. Removed ones too: their observations stay."""

    server_id: int
    name: str
    product: str
    unit_id: int
    time_zone: str | None
    """None: as the server says itself."""
    is_removed: bool


class DataSourceRow(NamedTuple):
    """A node, virtual machine, database or mailbox, and the consumption unit that wraps it."""

    data_source_id: int
    server_id: int
    kind: str
    native_key: str
    name: str
    domain: str | None
    consumer_id: int


class AliasRow(NamedTuple):
    """An older native key of a data source: what was archived under it is the same data source."""

    data_source_id: int
    server_id: int
    kind: str
    native_key: str


class AssignmentRow(NamedTuple):
    """To which unit a consumption unit belongs in a period."""

    consumer_id: int
    data_source_id: int | None
    """None: it wraps no data source yet."""
    unit_id: int
    valid_from: date | None
    """A backup day; None: since the beginning."""
    valid_to: date | None
    """The first backup day it no longer holds; None: still."""
    how: str


class TagRow(NamedTuple):
    """A tag, and the unit that owns it."""

    tag_id: int
    unit_id: int
    text: str
    is_inheritable: bool
    """Whether it is handed down to the units below its owner."""


class TaggingRow(NamedTuple):
    """What a tag is put on: a unit or a data source, one of both."""

    tag_id: int
    unit_id: int | None
    data_source_id: int | None


class SeverityProfileRow(NamedTuple):
    """Which severity rules are in force for the nodes of a unit, or for one node while that unit has it."""

    unit_id: int
    data_source_id: int | None
    """None: of every node of the unit that has no row of its own."""
    product: str
    profile_id: int


class SeverityRow(NamedTuple):
    """What is in force in a profile about one key."""

    profile_id: int
    key: str
    product: str
    """What it is said of; empty for every product."""
    grade: int | None
    """A `Status`; None: the rule is off."""
    bound: float
    """What a figure has to be above."""
    share: float
    """Which percentage of its limit that is."""
    limit_text: str
    value_text: str
    """The whole, as people write it."""
    unit_id: int | None
    """The unit that said it; None: nobody, or a node's own."""
    data_source_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dimensions:
    """Everything the cache copies, as it stood at one version."""

    version: int
    units: Sequence[UnitRow]
    """In tree order."""
    unit_clocks: Sequence[UnitClockRow]
    unit_limits: Sequence[UnitLimitRow]
    unit_slas: Sequence[UnitSlaRow]
    servers: Sequence[ServerRow]
    data_sources: Sequence[DataSourceRow]
    aliases: Sequence[AliasRow]
    assignments: Sequence[AssignmentRow]
    tags: Sequence[TagRow] = ()
    taggings: Sequence[TaggingRow] = ()
    severity_profiles: Sequence[SeverityProfileRow] = ()
    severity_rules: Sequence[SeverityRow] = ()

    def tree(self) -> UnitTree:
        """The units as a tree that can be asked."""
        return build_tree((unit.unit_id, unit.parent_id, unit.name) for unit in self.units)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerRecord:
    """A backup server and how to reach it. Holds no secret: only the names of secrets."""

    server_id: int
    name: str
    product: str
    unit_id: int
    time_zone: str | None
    doors: Sequence[JsonMapping]
    """Tried in this order. A door that needs a password names it: `{"secret": NAME}`."""
    administrator: str
    secret: str | None
    """The name under which `Secrets` holds the administrator's password; None when none was given."""
    added_at: datetime
    removed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DataSourceFacts:
    """A data source as its server reports it."""

    kind: str
    native_key: str
    name: str
    domain: str | None = None
    contact: str | None = None
    """Kept for the assignment rules alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityEntry:
    """One line of the activity log."""

    seq: int
    at: datetime
    user_id: int | None
    actor: str
    role: str
    actor_unit_id: int
    face: str
    session_id: str
    action: str
    action_class: int
    unit_id: int
    """The unit it touched."""
    target_kind: str
    target_id: int | None
    target_name: str
    params: JsonMapping
    before: JsonMapping
    after: JsonMapping
    sentence: str
    outcome: str
    """`done`, `intent`, `failed` or `broken off`."""
    reason: str
    intent_seq: int | None
    """On the outcome of a command: the line that announced it."""
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What became of reading the whole chain again."""

    entries: int
    """How many were read and found right."""
    head: str
    """The hash of the last right entry, in hexadecimal."""
    bad_seq: int | None = None
    """The first entry that is not as it was written; None when all are."""
    problem: str = ""

    @property
    def is_ok(self) -> bool:
        """Whether the chain holds from the first entry to the head."""
        return self.bad_seq is None
