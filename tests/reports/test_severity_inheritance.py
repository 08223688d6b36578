"""Severity rules on five levels of units and on nodes, as the daily report tells what came of them, and to whom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from itertools import pairwise
from typing import NamedTuple

import pytest
from sqlalchemy import insert

from cloutui.model.severity import STORAGE_PROTECT, checked_value
from cloutui.model.severity_rules import SetRule
from cloutui.model.status import Status
from cloutui.records import schema, severity
from tests.rounds import rounds
from tests.world import NOON, World, a_job, a_node, jobs, nodes

LEVELS = ("Top", "Region", "Customer", "Branch", "Shop")
NODES = {"top": "Top", "region": "Region", "customer": "Customer", "branch": "Branch", "shop": "Shop", "till": "Shop"}
"""One for each level, and a second one in the shop. A job of each took 18 minutes on the 21st."""
DAY = date(2026, 11, 21)
KEY = "duration"
OK, OKWARN, WARNING, ERROR = Status.OK, Status.OKWARN, Status.WARNING, Status.ERROR

Stands = tuple[Status, str]
"""A status, and where the rule stands that decided."""


class Said(NamedTuple):
    """A rule: on a level, or on a node in small letters."""

    place: str
    value: str
    product: str = ""


class Forest(World):
    """A tree of five levels for each case: `Shop 3` is the lowest of the fourth one."""

    def build(self, cases: Sequence[Sequence[Said]]) -> None:
        numbers = range(len(cases))
        self.units = {"": self.records.root_unit_id}
        for above, level in pairwise(("", *LEVELS)):
            rows = [{"name": f"{level} {n}", "parent_id": self.units[f"{above} {n}" if above else ""]} for n in numbers]
            self._change(insert(schema.unit), [{**row, "created_at": NOON} for row in rows])
            self.units |= {unit.name: unit.unit_id for unit in self.records.dimensions().units}
        names = [f"{node} {n}" for n in numbers for node in NODES]
        server = self.server()
        self.nodes(server, *names)
        self.ids = {source.native_key: source.data_source_id for source in self.records.dimensions().data_sources}
        self.assign_all([period for n in numbers for period in self._periods(n)])
        self.cache.store(server, nodes(*map(a_node, names)), NOON)
        self.cache.store(server, jobs(*map(a_job, names)), NOON)
        self.swept(server)
        self._hold([self._rule(n, rule) for n, rules in enumerate(cases) for rule in rules])

    def _periods(self, n: int) -> Iterator[tuple[str, int, date | None, date | None]]:
        for node, level in NODES.items():
            if node != "till":
                yield f"{node} {n}", self.units[f"{level} {n}"], None, None
        # It was elsewhere until the day before: what was said of it then goes with it.
        yield f"till {n}", self.units[f"Customer {n}"], None, DAY
        yield f"till {n}", self.units[f"Shop {n}"], DAY, None

    def _rule(self, n: int, rule: Said) -> SetRule:
        said_by = "Customer" if rule.place == "till" else NODES.get(rule.place, rule.place)
        node = self.ids.get(f"{rule.place} {n}")
        return SetRule(self.units[f"{said_by} {n}"], node, rule.product, KEY, checked_value(KEY, rule.value or "off"))

    def foreseen(self, n: int, reader: str, rule: Said) -> Mapping[str, Status]:
        """By node: how it would stand, of those of one case that would stand otherwise."""
        asked = {"key": KEY, "value": rule.value, "product": rule.product, "node_id": self.ids.get(f"{rule.place} {n}")}
        rows = self.run("severity-preview", self.units[f"{reader} {n}"], now=NOON, day=DAY, **asked).rows.to_pylist()
        return {row["node"]: Status(row["status"]) for row in rows if row["status"] != row["status_now"]}

    @contextmanager
    def changed(self, rule: Said) -> Iterator[None]:
        """With the rule in every case, in the place of what stands there; or with nothing there."""
        rules = [self._rule(n, rule) for n in range(len(CASES))]
        before = self._hold(rules, is_cleared=not rule.value)
        yield
        self._hold(rules, is_cleared=True)
        self._hold(list(filter(None, before)))

    def _hold(self, rules: Sequence[SetRule], *, is_cleared: bool = False) -> Sequence[SetRule | None]:
        """Each in its place, or nothing there. Returns what stood there before."""
        with self.records.begin() as tx:
            before = [
                severity.clear(tx.connection, rule) if is_cleared else severity.store(tx.connection, rule, NOON, "op")
                for rule in rules
            ]
            tx.bump_version()
            self._log(tx)
        self.cache.copy_dimensions()
        return before

    def stand(self, reader: str = "") -> Mapping[str, Stands]:
        """By node: how it stands."""
        rows = self.run("daily", self.units[reader], now=NOON, day=DAY).rows.to_pylist()
        found = {row["node"]: (Status(row["status"]), row["source"]) for row in rows}
        assert len(found) == len(rows), "each node once"
        return found


FINE = (OK, "site")
ON_TOP = Said("Top", "okwarn 10m")
BY_TOP = (OKWARN, "Top")
IN_REGION = Said("Region", "warning 10m")
BY_REGION = (WARNING, "Region")
IN_BRANCH = Said("Branch", "error 17m")
BY_BRANCH = (ERROR, "Branch")
BY_NODE = (OKWARN, "node")


CASES: Sequence[tuple[Sequence[Said], Sequence[Stands]]] = [
    (
        [ON_TOP, IN_REGION, IN_BRANCH, Said("till", "okwarn 10m")],
        [BY_TOP, BY_REGION, BY_REGION, BY_BRANCH, BY_BRANCH, BY_NODE],
    ),
    ([], [FINE, FINE, FINE, FINE, FINE, FINE]),
    ([ON_TOP], [BY_TOP, BY_TOP, BY_TOP, BY_TOP, BY_TOP, BY_TOP]),
    ([ON_TOP, IN_REGION], [BY_TOP, BY_REGION, BY_REGION, BY_REGION, BY_REGION, BY_REGION]),
    # The nearest decides, also where it is the milder one.
    ([ON_TOP, IN_REGION, IN_BRANCH], [BY_TOP, BY_REGION, BY_REGION, BY_BRANCH, BY_BRANCH, BY_BRANCH]),
    ([IN_BRANCH, Said("Shop", "okwarn 10m")], [FINE, FINE, FINE, BY_BRANCH, (OKWARN, "Shop"), (OKWARN, "Shop")]),
    # It replaces the whole rule: what is below its own limit is not held against the one above.
    ([ON_TOP, Said("Shop", "error 18m")], [BY_TOP, BY_TOP, BY_TOP, BY_TOP, FINE, FINE]),
    ([ON_TOP, Said("Customer", "off"), IN_BRANCH], [BY_TOP, BY_TOP, FINE, BY_BRANCH, BY_BRANCH, BY_BRANCH]),
    # A node's own is the nearest of all, and of no other node.
    ([ON_TOP, Said("till", "error 10m")], [BY_TOP, BY_TOP, BY_TOP, BY_TOP, BY_TOP, (ERROR, "node")]),
    ([IN_BRANCH, Said("till", "off")], [FINE, FINE, FINE, BY_BRANCH, BY_BRANCH, FINE]),
    ([IN_BRANCH, Said("till", "warning 18m")], [FINE, FINE, FINE, BY_BRANCH, BY_BRANCH, FINE]),
    ([Said("top", "error 10m")], [(ERROR, "node"), FINE, FINE, FINE, FINE, FINE]),
    # On one level its own product's decides; a nearer level before it.
    ([ON_TOP, Said("Top", "error 10m", STORAGE_PROTECT)], [(ERROR, "Top")] * 6),
    ([ON_TOP, Said("Top", "error 10m", "rubrik")], [BY_TOP] * 6),
    ([Said("Top", "error 10m", STORAGE_PROTECT), IN_REGION], [(ERROR, "Top"), *[BY_REGION] * 5]),
    ([IN_REGION, Said("Shop", "error 10m", "rubrik")], [FINE, *[BY_REGION] * 5]),
]
"""Rules, and how the nodes stand under them: of top, region, customer, branch and shop, and the till."""


@pytest.fixture(scope="module")
def forest(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forest]:
    """Only asked."""
    made = Forest(tmp_path_factory.mktemp("forest"))
    made.build([rules for rules, _ in CASES])
    yield made
    made.close()


@pytest.fixture(scope="module")
def told(forest: Forest) -> Mapping[str, Stands]:
    return forest.stand()


@pytest.mark.parametrize("case", range(len(CASES)))
def test_of_five_levels_the_nearest_decides(told: Mapping[str, Stands], case: int) -> None:
    rules, stands = CASES[case]
    found = [told[f"{node} {case}"] for node in NODES]
    assert [(status, source.removesuffix(f" {case}")) for status, source in found] == list(stands), rules


@pytest.mark.parametrize(
    ("reader", "named"),
    [
        ("Top", {"top": "Top", "region": "Region", "customer": "Region", "branch": "Branch", "shop": "Branch"}),
        ("Region", {"region": "Region", "customer": "Region", "branch": "Branch", "shop": "Branch"}),
        ("Customer", {"customer": "above", "branch": "Branch", "shop": "Branch"}),
        ("Branch", {"branch": "Branch", "shop": "Branch"}),
        ("Shop", {"shop": "above"}),
    ],
)
def test_who_said_it_is_named_to_those_alone_who_see_that_unit(
    forest: Forest, reader: str, named: Mapping[str, str]
) -> None:
    found = {node: source for node, (_, source) in forest.stand(f"{reader} 0").items()}
    expected = {f"{node} 0": source if source == "above" else f"{source} 0" for node, source in named.items()}
    assert found == {**expected, "till 0": "node"}


CHANGES: Sequence[tuple[str, Said, bool]] = [
    ("Top", Said("Top", "error 10m"), True),
    ("Top", Said("Top", "off"), True),
    ("Top", Said("Top", ""), True),
    ("Customer", Said("Customer", "missed 10m"), True),
    ("Customer", Said("Customer", "", STORAGE_PROTECT), False),
    ("Region", Said("Region", "unknown 10m", STORAGE_PROTECT), True),
    ("Region", Said("Region", "unknown 10m", "rubrik"), False),
    ("Region", Said("Region", ""), True),
    ("Branch", Said("Branch", "error 20m"), True),
    ("Shop", Said("till", "missed 10m"), True),
    ("Top", Said("till", ""), True),
    ("Branch", Said("till", "warning 10m", STORAGE_PROTECT), True),
    ("Shop", Said("till", "off", "rubrik"), False),
]
"""From where it is asked, which rule would be said, or taken back; and whether that changes anything in any case."""

TRIED = range(0, len(CASES), rounds(5, soak=1))
"""In which of the cases."""


@pytest.mark.parametrize(("reader", "rule", "tells"), CHANGES)
def test_what_a_change_would_do_is_what_it_does(
    forest: Forest, told: Mapping[str, Stands], reader: str, rule: Said, tells: bool
) -> None:
    foreseen = {n: forest.foreseen(n, reader, rule) for n in TRIED}
    with forest.changed(rule):
        after = forest.stand()
    for n in TRIED:
        now = {node: after[node][0] for node in after if node.endswith(f" {n}")}
        assert foreseen[n] == {node: status for node, status in now.items() if status is not told[node][0]}, CASES[n]
    assert any(foreseen.values()) is tells
