"""Which columns of a report a field means: its name, its head, or one of the other words that people use for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from cloutui.model.filter.problem import BadFilter, Place, unknown_word
from cloutui.model.filter.tree import Compare, Node, Not, Op, Text, Value
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
    "user": (("actor",),),
    "object": (("target",),),
    "app": (("face",),),
}
"""Word → what it may mean, in the order in which a report is asked for it. Several columns: the first that is known."""


FLAGS: Mapping[str, tuple[str, Sequence[str]]] = {
    "locked": ("state", ("Locked",)),
    "ack": ("handled", ("acknowledged *", "resolved *", "ignored *")),
}
"""Words that are answered with yes or no → the column of texts, and the texts in it that mean yes."""

_STAND_ALONE = frozenset({"ack"})
"""Flags that need no answer: `-ack` is `ack:no`."""

ANSWERS = ("yes", "no")

TAG = "tag"
"""Asks for the tags of a row's node, which stand in no column: in every report that says which node a row is about."""

NODE_ID = "node_id"
"""The column that says it."""


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
    if is_tag(word, columns):
        raise BadFilter("Tags have no order.", hint=f"Ask for one: {TAG}:vip.", at=at)
    what = f"There is no field “{word}” here."
    # The nearest may be an alias; the list is of the columns, which everybody sees.
    listing = f"Fields: {', '.join(column.name for column in columns)}."
    tag = [TAG] if takes_tags(columns) else []
    raise unknown_word(what, word, at, known=[*field_words(columns), *flag_words(columns), *tag], listing=listing)


def field_words(columns: Sequence[Column]) -> list[str]:
    """Every word that means columns of a report, the columns themselves first."""
    names = [column.name for column in columns]
    aliases = [alias for alias in ALIASES if alias not in names and _meaning(alias, columns)]
    return names + aliases


def flag_words(columns: Sequence[Column]) -> list[str]:
    """Every word that is answered with yes or no in a report."""
    return [word for word in FLAGS if is_flag(word, columns)]


def is_flag(word: str, columns: Iterable[Column]) -> bool:
    """Whether a word is answered with yes or no in a report with these columns."""
    names = {column.name for column in columns}
    return word in FLAGS and word not in names and FLAGS[word][0] in names


def flag_of(word: Text, columns: Iterable[Column]) -> Compare | None:
    """What a word says that is a flag and stands alone; None for any other."""
    if word.is_quoted or word.text not in _STAND_ALONE or not is_flag(word.text, columns):
        return None
    return Compare(word.text, Op.IS, (Text("yes", at=word.at),), at=word.at)


def takes_tags(columns: Iterable[Column]) -> bool:
    """Whether a report with these columns can be asked with `tag:`."""
    names = {column.name for column in columns}
    return NODE_ID in names and TAG not in names


def is_tag(word: str, columns: Iterable[Column]) -> bool:
    """Whether a word asks for tags in a report with these columns."""
    return word.lower() == TAG and takes_tags(columns)


def without_flag(asked: Compare) -> Node:
    """What a comparison with a flag says of its column: `locked:yes` is `state=Locked`. Raises: BadFilter."""
    column, texts = FLAGS[asked.name]
    answers = [_answer(asked, value) for value in asked.values]
    if asked.op.is_order or len(answers) > 1:
        hint = f"Write {asked.name}:yes or {asked.name}:no."
        raise BadFilter(f"“{asked.name}” is yes or no.", hint=hint, at=asked.at)
    is_meant = (answers[0] == "yes") is (asked.op is not Op.UNEQUAL)
    meant = Compare(column, Op.EQUAL, tuple(Text(text, at=asked.at) for text in texts), at=asked.at)
    return meant if is_meant else Not(meant)


def _answer(asked: Compare, value: Value) -> str:
    word = value.text.lower() if isinstance(value, Text) else ".."
    if word not in ANSWERS:
        what = f"“{asked.name}” is yes or no."
        raise unknown_word(what, word, value.at, known=ANSWERS, listing=f"Write {asked.name}:yes or {asked.name}:no.")
    return word


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
