"""A worked example for every severity rule: facts in, status and reason out; and how rules descend."""

from __future__ import annotations

import pytest

from cloutui.model.severity import KINDS, STORAGE_PROTECT, checked_key, checked_value
from cloutui.model.severity_grading import DayFacts, Grade, JobFacts, LoggedLine, graded
from cloutui.model.severity_rules import Profiles, SetRule, changed, profiles
from cloutui.model.status import Status
from cloutui.model.unit_tree import build_tree

HOUR, DAY, TIB = 3600.0, 86_400.0, 2.0**40
SITE = 1
NODE = 77
TREE = build_tree(
    [(1, None, "Site"), (2, 1, "Region"), (3, 2, "Customer"), (4, 3, "Branch"), (5, 4, "Shop"), (6, 1, "Other")]
)


def a_rule(key: str, value: str, unit: int = SITE, node: int | None = None, product: str = "") -> SetRule:
    key = checked_key(key)
    return SetRule(unit, node, product, key, checked_value(key, value))


def resolved(*rules: SetRule, products: tuple[str, ...] = (STORAGE_PROTECT,)) -> Profiles:
    return profiles(TREE, rules, products, {NODE: [(unit, STORAGE_PROTECT) for unit in (5, 6)]})


def by(*rules: SetRule, unit: int = 5, **facts: object) -> Grade:
    return graded(DayFacts(**facts), resolved(*rules).of(unit, NODE, STORAGE_PROTECT))  # type: ignore[arg-type]


def a_day(
    *statuses: Status, result: int | None = None, lines: tuple[LoggedLine, ...] = (), **figures: float
) -> DayFacts:
    found = {name.replace("_", "-"): value for name, value in figures.items()}
    return DayFacts(jobs=[JobFacts(status=each, result=result, lines=lines) for each in statuses], figures=found)


SKIPPED = LoggedLine("ANE4987E", "ANE4987E Error processing /srv/Mail.pst: the object is in use.")
OK, FAILED = Status.OK, Status.ERROR

EXAMPLES = [
    # What the jobs came to, with no rule but the site's.
    ("", "", a_day(), Status.NONE, ""),
    ("", "", a_day(OK), Status.OK, "OK"),
    ("", "", a_day(OK, FAILED, Status.MISSED, result=12), Status.ERROR, "Failed 12"),
    ("", "", a_day(Status.MISSED), Status.MISSED, "Missed"),
    ("", "", a_day(Status.PENDING), Status.PENDING, "Pending"),
    ("", "", a_day(OK, Status.RUNNING), Status.RUNNING, "Running"),
    # How a job ended.
    ("status:missed", "warning", a_day(Status.MISSED), Status.WARNING, "Missed"),
    ("status:missed", "ok", a_day(Status.MISSED), Status.OK, "Missed"),
    ("status:missed", "ignored", a_day(Status.MISSED), Status.IGNORED, "Missed"),
    ("status:missed", "ignored", a_day(OK, Status.MISSED), Status.OK, "OK"),
    ("status:missed", "off", a_day(Status.MISSED), Status.MISSED, "Missed"),
    ("status:okwarn", "error", a_day(Status.OKWARN), Status.ERROR, "OK+warn"),
    ("result:8", "okwarn", a_day(Status.WARNING, result=8), Status.OKWARN, "Warning 8"),
    ("result:8", "okwarn", a_day(Status.WARNING, result=4), Status.WARNING, "Warning 4"),
    ("result:8", "off", a_day(Status.WARNING, result=8), Status.WARNING, "Warning 8"),
    # What was logged of it.
    ("message:ANE4987", "okwarn", a_day(FAILED, lines=(SKIPPED,)), Status.OKWARN, "Message ANE4987"),
    ("message:4987", "ignored", a_day(FAILED, lines=(SKIPPED,)), Status.IGNORED, "Message 4987"),
    ("message:ANE4988", "okwarn", a_day(FAILED, lines=(SKIPPED,)), Status.ERROR, "Failed"),
    ("message:ANE4987", "error", a_day(OK, lines=(SKIPPED,)), Status.ERROR, "Message ANE4987"),
    ("text:MAIL.pst", "okwarn", a_day(FAILED, lines=(SKIPPED,)), Status.OKWARN, "Text MAIL.pst"),
    ("text:/mail[.](pst|ost)/", "ok", a_day(FAILED, lines=(SKIPPED,)), Status.OK, "Text /mail[.](pst|ost)/"),
    ("text:mail.ost", "ok", a_day(FAILED, lines=(SKIPPED,)), Status.ERROR, "Failed"),
    # Figures of the day. On the limit is still fine.
    ("at-risk", "warning 24h", a_day(OK, at_risk=24 * HOUR), Status.OK, "OK"),
    ("at-risk", "warning 24h", a_day(OK, at_risk=24 * HOUR + 1), Status.WARNING, "At risk"),
    ("", "", a_day(at_risk=float("inf")), Status.WARNING, "At risk"),  # Storage Protect's interval holds by itself
    ("at-risk", "off", a_day(at_risk=float("inf")), Status.NONE, ""),
    ("no-activity", "error 3d", a_day(no_activity=4 * DAY), Status.ERROR, "No activity"),
    ("no-activity", "error 3d", a_day(no_activity=2 * DAY), Status.NONE, ""),
    ("growth", "warning 10%", a_day(OK, growth=18.2), Status.WARNING, "Growth"),
    ("growth", "warning 10%", a_day(OK, growth=-30.0), Status.OK, "OK"),
    ("growth", "off", a_day(OK, growth=900.0), Status.OK, "OK"),
    ("limit", "error 5TiB", a_day(OK, limit=5 * TIB + 1), Status.ERROR, "Limit"),
    ("limit", "error 5TiB", a_day(OK, limit=5 * TIB), Status.OK, "OK"),
    ("limit", "warning 90% of 5TiB", a_day(OK, limit=4.6 * TIB), Status.WARNING, "Limit"),
    ("limit", "warning 90% of 5TiB", a_day(OK, limit=4.4 * TIB), Status.OK, "OK"),
    ("duration", "warning 4h", a_day(OK, duration=5 * HOUR), Status.WARNING, "Duration"),
    ("failed-files", "warning 100", a_day(Status.OKWARN, failed_files=101.0), Status.WARNING, "Failed files"),
    ("failed-files", "warning 100", a_day(Status.OKWARN, failed_files=100.0), Status.OKWARN, "OK+warn"),
    ("no-schedule", "warning", a_day(no_schedule=1.0), Status.WARNING, "No schedule"),
    ("no-schedule", "warning", a_day(no_schedule=0.0), Status.NONE, ""),
    ("", "", a_day(FAILED, muted=1.0), Status.IGNORED, "Muted"),  # by itself, and the whole day
    ("", "", a_day(FAILED, muted=0.0), Status.ERROR, "Failed"),
    ("muted", "ignored", a_day(FAILED, muted=1.0), Status.IGNORED, "Muted"),
    ("muted", "off", a_day(FAILED, muted=1.0), Status.ERROR, "Failed"),
    ("locked", "error", a_day(OK, locked=1.0), Status.ERROR, "Locked"),
    ("locked", "ignored", a_day(FAILED, locked=1.0), Status.IGNORED, "Locked"),  # the whole day, failure and all
    ("no-schedule", "ignored", a_day(FAILED, no_schedule=1.0), Status.IGNORED, "No schedule"),
    ("locked", "ignored", a_day(FAILED, locked=0.0), Status.ERROR, "Failed"),
    ("", "", a_day(OK, server_silent=HOUR), Status.UNKNOWN, "No answer"),  # absence is not health
    ("server-silent", "error 2h", a_day(OK, server_silent=HOUR), Status.OK, "OK"),
    ("server-silent", "error 2h", a_day(OK, server_silent=3 * HOUR), Status.ERROR, "No answer"),
]


@pytest.mark.parametrize(("key", "value", "facts", "status", "reason"), EXAMPLES)
def test_a_worked_example(key: str, value: str, facts: DayFacts, status: Status, reason: str) -> None:
    rules = [a_rule(key, value)] if key else []
    found = graded(facts, resolved(*rules).of(5, None, STORAGE_PROTECT))
    assert (found.status, found.reason) == (status, reason)
    if key and found.rule and found.reason != "OK":
        assert found.status is not Status.NONE


def test_every_kind_of_rule_has_an_example_that_it_decides() -> None:
    decided = {
        graded(facts, resolved(*([a_rule(key, value)] if key else [])).of(5, None, STORAGE_PROTECT)).rule
        for key, value, facts, _, _ in EXAMPLES
    }
    assert {rule.key.partition(":")[0] for rule in decided if rule} == set(KINDS)


def test_every_hit_is_told_with_its_limit_and_the_worst_first() -> None:
    rules = (a_rule("growth", "okwarn 10%"), a_rule("limit", "warning 90% of 5TiB"))
    facts = a_day(FAILED, result=12, growth=18.2, limit=4.6 * TIB, at_risk=48 * HOUR)
    found = graded(facts, resolved(*rules).of(5, None, STORAGE_PROTECT))
    assert [(hit.rule.key, hit.status, hit.value, hit.limit) for hit in found.hits] == [
        ("status:error", Status.ERROR, None, ""),
        ("at-risk", Status.WARNING, 48 * HOUR, "24h"),
        ("limit", Status.WARNING, 4.6 * TIB, "90% of 5TiB"),
        ("growth", Status.OKWARN, 18.2, "10%"),
    ]


def test_what_is_not_known_hits_nothing() -> None:
    rules = resolved(
        *(
            a_rule(kind.name, "error 1%" if kind.name == "growth" else "error")
            for kind in KINDS.values()
            if kind.name in {"growth", "locked", "no-schedule"}
        )
    )
    facts = DayFacts(figures={"growth": None, "locked": None})
    assert graded(facts, rules.of(5, None, STORAGE_PROTECT)).status is Status.NONE


GROWN = a_day(OK, growth=30.0)


def stands(*rules: SetRule, unit: int = 5, node: int | None = None) -> tuple[Status, object]:
    """How a day on which much was added stands, and who said so."""
    found = graded(GROWN, resolved(*rules).of(unit, node, STORAGE_PROTECT))
    rule = found.rule
    assert rule is not None
    where = None if rule.key != "growth" else ("node" if rule.node_id else rule.unit_id)
    return found.status, where


def test_of_five_levels_the_nearest_decides_and_a_node_before_all() -> None:
    rules = [a_rule("growth", "okwarn 10%")]
    assert stands(*rules) == (Status.OKWARN, 1)
    rules.append(a_rule("growth", "warning 10%", unit=2))
    assert stands(*rules) == (Status.WARNING, 2)
    assert stands(*rules, unit=6) == (Status.OKWARN, 1)  # beside it, what the top says goes on
    rules.append(a_rule("growth", "error 20%", unit=4))
    assert stands(*rules) == (Status.ERROR, 4)
    assert stands(*rules, unit=3) == (Status.WARNING, 2)
    rules.append(a_rule("growth", "warning 50%", unit=5))
    assert stands(*rules) == (Status.OK, None)  # 30 % is below what the unit itself asks for
    rules.append(a_rule("growth", "warning 25%", unit=5, node=NODE))
    assert stands(*rules, node=NODE) == (Status.WARNING, "node")
    assert stands(*rules) == (Status.OK, None)
    assert stands(*rules, unit=6, node=NODE) == (Status.WARNING, "node")  # it goes with the node wherever that goes
    assert stands(*changed(rules, rules[-1], is_cleared=True), node=NODE) == (Status.OK, None)
    assert stands(*changed(rules, a_rule("growth", "off", unit=5)), node=None) == (Status.OK, None)


def test_on_one_level_the_products_own_rule_decides_and_a_nearer_level_before_it() -> None:
    of_product = a_rule("growth", "error 10%", unit=2, product=STORAGE_PROTECT)
    of_all = a_rule("growth", "okwarn 10%", unit=2)
    other = a_rule("growth", "warning 10%", unit=2, product="rubrik")
    assert stands(of_product, of_all, other) == (Status.ERROR, 2)
    assert stands(of_product, of_all, other, a_rule("growth", "warning 10%", unit=5)) == (Status.WARNING, 5)


def test_units_that_say_nothing_share_a_profile() -> None:
    found = resolved(a_rule("growth", "okwarn 10%", unit=3), products=(STORAGE_PROTECT, "rubrik"))
    assert found.of_unit[1, STORAGE_PROTECT] == found.of_unit[2, STORAGE_PROTECT] == found.of_unit[6, STORAGE_PROTECT]
    assert found.of_unit[3, STORAGE_PROTECT] == found.of_unit[5, STORAGE_PROTECT] != found.of_unit[2, STORAGE_PROTECT]
    assert len(found.by_id) == 4
