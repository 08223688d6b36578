"""docs/filter.md tells the truth: every example is understood, and every other word of a field is named."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cloutui.model.filter.fields import ALIASES
from cloutui.model.filter.grammar import parse
from cloutui.model.status import Status

DOCUMENT = (Path(__file__).parents[3] / "docs" / "filter.md").read_text(encoding="utf-8")
EXAMPLES = [
    re.split(r" {3,}", line)[0]
    for block in re.findall(r"```filter\n(.*?)```", DOCUMENT, re.DOTALL)
    for line in block.splitlines()
]


@pytest.mark.parametrize("text", EXAMPLES)
def test_every_example_is_a_filter(text: str) -> None:
    assert parse(text) != parse("")


def test_every_other_word_of_a_field_is_named() -> None:
    assert len(EXAMPLES) > 20
    assert [word for word in ALIASES if f"`{word}`" not in DOCUMENT] == []


def test_every_status_is_named() -> None:
    assert [status.key for status in Status if f"`{status.key}`" not in DOCUMENT] == []
