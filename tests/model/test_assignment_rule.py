"""Assignment rules: the first match by position, in any case of letters, and patterns that cannot be slow."""

from __future__ import annotations

import time
from dataclasses import dataclass
from fnmatch import translate
from re import match

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloutui.model.assignment_rule import AssignmentRule, RuleBook


@dataclass
class Facts:
    name: str = "ACME-SQL01"
    domain: str | None = "PD_SQL"
    contact: str | None = "it@acme.example"


def a_rule(rule_id: int = 1, position: int = 1, unit_id: int = 7, **conditions: object) -> AssignmentRule:
    return AssignmentRule(rule_id=rule_id, position=position, unit_id=unit_id, **conditions)  # type: ignore[arg-type]


def fits(facts: Facts, **conditions: object) -> bool:
    return RuleBook([a_rule(**conditions)]).first_match(1, facts) is not None


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        ({}, True),
        ({"server_id": 1}, True),
        ({"server_id": 2}, False),
        ({"domain": "pd_sql"}, True),
        ({"domain": "PD_*"}, False),  # a domain is named whole
        ({"name": "acme-*"}, True),
        ({"name": "acme"}, False),
        ({"name": "*sql0?"}, True),
        ({"name": "*sql?"}, False),
        ({"name": "a*m*e-*q*1"}, True),
        ({"name": "*"}, True),
        ({"name": "ACME[-]SQL01"}, False),
        ({"contact": "*@acme.example"}, True),
        ({"contact": "*@other.example"}, False),
        ({"name": "acme-*", "domain": "PD_WIN"}, False),
    ],
)
def test_all_conditions_must_fit(conditions: dict[str, object], expected: bool) -> None:
    assert fits(Facts(), **conditions) is expected


def test_what_is_not_known_fits_no_condition_but_any_text() -> None:
    assert not fits(Facts(domain=None, contact=None), domain="PD_SQL")
    assert not fits(Facts(contact=None), contact="?*")
    assert fits(Facts(contact=None), contact="*")


def test_brackets_and_dots_are_themselves() -> None:
    assert fits(Facts(name="vm [prod] a.b"), name="vm [prod] *.b")
    assert not fits(Facts(name="vm p a.b"), name="vm [prod] *")


def test_the_first_position_wins_whatever_the_order_they_come_in() -> None:
    book = RuleBook([a_rule(1, position=2, unit_id=20, name="*"), a_rule(2, position=1, unit_id=10, name="acme*")])
    assert book.first_match(1, Facts()) == a_rule(2, position=1, unit_id=10, name="acme*")
    other = book.first_match(1, Facts(name="OTHER"))
    assert other is not None
    assert other.unit_id == 20


letters = st.text("ab?*", max_size=8)


@given(letters, st.text("ab", max_size=10))
def test_patterns_mean_what_shell_patterns_mean(pattern: str, name: str) -> None:
    assert fits(Facts(name=name), name=pattern) == bool(match(translate(pattern), name))


def test_no_pattern_is_slow() -> None:
    facts = Facts(contact="a" * 5_000)
    started = time.process_time()
    assert not fits(facts, contact="*a" * 40 + "b")
    assert time.process_time() - started < 0.5
