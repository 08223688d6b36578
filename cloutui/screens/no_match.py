"""Nothing fits a filter: how many rows it hides, which word may have been meant, and the key that brings them back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from difflib import get_close_matches
from typing import TYPE_CHECKING

from cloutui.errors import CloutuiError
from cloutui.model import formats
from cloutui.model.table import Kind
from cloutui.screens.desk import Desk
from cloutui.screens.notices import empty_notice
from cloutui.widgets.paragraph import Paragraph

if TYPE_CHECKING:
    from cloutui.model.filter.tree import Node, Text
    from cloutui.model.question import Question

_BEGINNING = 3
"""Letters of a word by which its neighbours are looked for, where there are too many values to look at all."""


def no_match(desk: Desk, text: str, hidden: int, meant: str = "") -> list[Paragraph]:
    """What is said in place of the rows."""
    question = f" Did you mean {meant}?" if meant else ""
    said = f"No match for {text}. {formats.plural(hidden, 'row')} hidden.{question}"
    return empty_notice(desk.look, said, ("esc", "clears the filter"))


async def meant_filter(desk: Desk, question: Question) -> str:
    """The filter with the first word that nothing has exchanged for the nearest one that there is; else nothing."""
    from cloutui.model.filter.grammar import parse
    from cloutui.model.filter.problem import BadFilter
    from cloutui.model.filter.rendering import render_value
    from cloutui.reports.registry import find_report

    text, everything = question.filter, replace(question, filter="", sort=())
    columns = find_report(question.report).filterable
    first = next((column.name for column in columns if column.kind is Kind.TEXT), "")
    try:
        for column, word in _words(parse(text).condition, first):
            near = await _nearest(desk, everything, column, word.text)
            if near:
                return f"{text[: word.at.start]}{render_value(near)}{text[word.at.end :]}"
    except BadFilter:
        return ""
    return ""


def _words(node: Node | None, first: str) -> Iterator[tuple[str, Text]]:
    """The words that are looked for, each with its field; a bare one may be in the first column of texts."""
    from cloutui.model.filter.tree import AllOf, AnyOf, Compare, Op, Text, Word

    match node:
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from _words(part, first)
        case Compare(name, Op.IS | Op.EQUAL, (Text() as word,)) if word.text and not word.has_wildcards:
            yield name, word
        case Word(word) if first and not word.has_wildcards:
            yield first, word


async def _nearest(desk: Desk, everything: Question, column: str, word: str) -> str:
    """The value that is nearest to a word that no value has in it; nothing where some have."""
    assert desk.session is not None
    try:
        if await desk.session.values(everything, column, word):
            return ""
        found = {**await desk.session.values(everything, column, word[:_BEGINNING])}
        found |= await desk.session.values(everything, column)
    except CloutuiError:
        return ""  # a number, a moment, a saved filter's field: nothing can be said of it
    by_word = {value.lower(): value for value in found}
    near = get_close_matches(word.lower(), list(by_word), n=1)
    return by_word[near[0]] if near else ""
