"""From tree to text: what is shown, kept and handed on. Parsing it again gives the same tree."""

from __future__ import annotations

import re

from cloutui.model.filter.tree import AllOf, AnyOf, Compare, Filter, Node, Not, Pattern, Saved, Text, Value, Word

_BARE_VALUE = re.compile(r'(?:(?!\.\.)[^\s()"|])+')


def render(tree: Filter) -> str:
    """One line."""
    parts = [] if tree.condition is None else [_written(tree.condition)]
    if tree.last_days is not None:
        parts.append(f"last:{tree.last_days}d")
    parts += [f"sort:{'-' if sort.is_descending else ''}{sort.name}" for sort in tree.sorts]
    return " ".join(parts)


def render_value(text: str) -> str:
    """A value that means exactly this text: in quotes where it would be read as something else."""
    is_bare = _BARE_VALUE.fullmatch(text) and not text.endswith(".") and not {"*", "?"} & set(text)
    return text if is_bare else _quoted(text)


def _written(node: Node) -> str:
    match node:
        case Word(word):
            return _text(word)
        case Pattern(pattern):
            return f"/{pattern}/"
        case Saved(name):
            return f"@{name}"
        case Compare(name, op, values):
            return f"{name}{op}{'|'.join(map(_value, values))}"
        case Not(part):
            return f"-{_inner(part, AllOf, AnyOf, Not)}"
        case AllOf(parts):
            return " ".join(_inner(part, AllOf, AnyOf) for part in parts)
        case AnyOf(parts):
            return " OR ".join(_inner(part, AnyOf) for part in parts)


def _inner(node: Node, *in_brackets: type[Node]) -> str:
    text = _written(node)
    return f"({text})" if isinstance(node, in_brackets) else text


def _value(value: Value) -> str:
    if isinstance(value, Text):
        return _text(value)
    return "..".join("" if end is None else _text(end) for end in (value.least, value.greatest))


def _text(text: Text) -> str:
    return _quoted(text.text) if text.is_quoted else text.text


def _quoted(text: str) -> str:
    doubled = text.replace('"', '""')
    return f'"{doubled}"'
