"""Which columns of a report a field means: its name, its head, or one of the other words that people use for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from cloutui.model.filter.problem import Place, unknown_word
from cloutui.model.table import Column, Kind

ALIASES: Mapping[str, Sequence[Sequence[str]]] = {
    "name": (("node",), ("name",), ("server",)),
    "unit": (("name",),),
    "id": (("node_id",), ("unit_id",)),
    "type": (("product",),),
    "os": (("platform",),),
    "client": (("client_version",),),
    "bytes": (("stored",),),
    "stored": (("bytes",),),
    # What never ran has no start: its age counts from when it should have started.
    "age": (("collected",), ("last_ok",), ("start", "scheduled_start"), ("logged",)),
    "lastok": (("last_ok",),),
    "started": (("start",),),
    "ended": (("end",),),
    "job": (("schedule",),),
    "rc": (("result",),),
    "dur": (("duration",),),
    "msg": (("message",), ("problem",)),
}
"""Word → what it may mean, in the order in which a report is asked for it. Several columns: the first that is known."""


@dataclass(frozen=True, slots=True)
class Field:
    """What a word means in one report."""

    kind: Kind
    names: tuple[str, ...]
    """Columns of that kind: the first that has a value counts."""


def find_field(word: str, columns: Sequence[Column], at: Place) -> Field:
    """Raises: BadFilter, with the fields that there are."""
    found = _meaning(word.lower(), columns)
    if found is not None:
        return found
    what = f"There is no field “{word}” here."
    # The nearest may be an alias; the list is of the columns, which everybody sees.
    listing = f"Fields: {', '.join(column.name for column in columns)}."
    raise unknown_word(what, word, at, known=field_words(columns), listing=listing)


def field_words(columns: Sequence[Column]) -> list[str]:
    """Every word that means something in a report, the columns first."""
    names = [column.name for column in columns]
    aliases = [alias for alias in ALIASES if alias not in names and _meaning(alias, columns)]
    return names + aliases


def text_names(columns: Iterable[Column]) -> list[str]:
    """The columns that a bare word is looked for in."""
    return [column.name for column in columns if column.kind is Kind.TEXT]


def _meaning(word: str, columns: Sequence[Column]) -> Field | None:
    kinds = {column.name: column.kind for column in columns}
    heads = {column.head.lower().replace(" ", "_"): column.name for column in columns}
    for names in ((word,), *ALIASES.get(word, ()), (heads.get(word, word),)):
        present = tuple(name for name in names if name in kinds)
        if present:
            return Field(kinds[present[0]], present)
    return None
