"""The options of `dsmadmc`, in any abbreviation, and the one command that may follow them.

Capitals in a name are its shortest form, as IBM's option pages print them. Unverified: the text and the status of a
refused option, `-DATAONLY` without a value (taken as Yes), and that of two contradicting shapes the last one counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from itertools import takewhile
from types import MappingProxyType

REFUSED_STATUS = 255
"""Exit status after a refused option. Unverified."""


class Shape(Enum):
    """How rows are laid out. `AUTO` is the server's choice: a table for a brief answer, a list for a detailed one."""

    AUTO = auto()
    TABLE = auto()
    LIST = auto()
    COMMA = auto()
    TAB = auto()


class Takes(Enum):
    """What may follow an option's name."""

    NOTHING = auto()
    VALUE = auto()
    OPTIONAL_VALUE = auto()


@dataclass(frozen=True, slots=True)
class Option:
    """One option. The capitals of `name` are the shortest form that is accepted."""

    name: str
    takes: Takes
    choices: tuple[str, ...] = ()
    """Accepted values with their own shortest forms; empty: any text."""


YES_NO = ("Yes", "No")

OPTIONS: tuple[Option, ...] = (
    Option("ID", Takes.VALUE),
    Option("PAssword", Takes.VALUE),
    Option("CREDENTIALSfile", Takes.VALUE),
    Option("SErvername", Takes.VALUE),
    Option("TCPServeraddress", Takes.VALUE),
    Option("TCPPort", Takes.VALUE),
    Option("OPTFILE", Takes.VALUE),
    # IBM prints DATAONLY in capitals alone, yet `-datao=yes` is in use: the abbreviation must be accepted.
    Option("DATAOnly", Takes.OPTIONAL_VALUE, YES_NO),
    Option("COMMAdelimited", Takes.NOTHING),
    Option("TABdelimited", Takes.NOTHING),
    Option("DISPLaymode", Takes.VALUE, ("LISt", "TABle")),
    Option("ITEMCOMMIT", Takes.NOTHING),
    Option("NOConfirm", Takes.NOTHING),
    Option("OUTfile", Takes.OPTIONAL_VALUE),
    Option("ALWAYSPrompt", Takes.NOTHING),
    Option("Quiet", Takes.NOTHING),
    Option("CONsolemode", Takes.NOTHING),
    Option("MOUNTmode", Takes.NOTHING),
    Option("NEWLINEAFTERPrompt", Takes.NOTHING),
    Option("CHECKAliashalt", Takes.NOTHING),
    Option("ERRORLOGNAME", Takes.VALUE),
    Option("TRACEFILE", Takes.VALUE),
)


class OptionRefused(Exception):
    """The command line cannot be used; the message is what `dsmadmc` prints."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Invocation:
    """One command line, understood."""

    given: Mapping[str, str] = field(default_factory=dict)
    """Upper-case full option name → value; "" where none was given."""
    shape: Shape = Shape.AUTO
    command: str = ""
    """What follows the options, joined with blanks; "" means that commands come from the input."""

    def has(self, name: str) -> bool:
        """Whether the option was given."""
        return name in self.given

    def value(self, name: str) -> str | None:
        """The option's value; None when it was not given."""
        return self.given.get(name)

    @property
    def is_dataonly(self) -> bool:
        """Rows and messages alone: no banner, no session lines, no headings, no trailer."""
        return self.given.get("DATAONLY", "NO") == "YES"

    @property
    def is_talkative(self) -> bool:
        """Whether banner, session lines, echo and trailer are printed."""
        return not self.is_dataonly and not self.has("QUIET")


def parse(arguments: Sequence[str]) -> Invocation:
    """Read the arguments that follow the program's name.

    Raises: OptionRefused for an option or a value that no spelling matches.
    """
    options = list(takewhile(lambda argument: argument.startswith("-"), arguments))
    given: dict[str, str] = {}
    shape = Shape.AUTO
    for argument in options:
        option, value = _recognise(argument)
        given[option.name.upper()] = value
        shape = _shape_after(option, value, shape)
    return Invocation(given=MappingProxyType(given), shape=shape, command=" ".join(arguments[len(options) :]).strip())


def abbreviates(text: str, name: str) -> bool:
    """Whether `text` is `name` or a prefix of it that covers its leading capitals (`displ` → `DISPLaymode`).

    In a name such as `SErvername` the capitals are a prefix; what follows the first small letter is never required.
    """
    return len(text) >= shortest(name) and name.upper().startswith(text.upper())


def shortest(name: str) -> int:
    """The length of the shortest accepted form: everything before the first small letter."""
    return sum(1 for _ in takewhile(lambda letter: not letter.islower(), name))


def _recognise(argument: str) -> tuple[Option, str]:
    name, equals, value = argument[1:].partition("=")
    for option in OPTIONS:
        if abbreviates(name, option.name):
            return option, _value_of(option, argument, value, has_value=bool(equals))
    raise OptionRefused(f"ANS1107E Invalid option/value: '{argument}'")


def _value_of(option: Option, argument: str, value: str, *, has_value: bool) -> str:
    if (option.takes is Takes.NOTHING and has_value) or (option.takes is Takes.VALUE and not has_value):
        raise OptionRefused(f"ANS1107E Invalid option/value: '{argument}'")
    if not option.choices:
        return value
    if not has_value:
        return option.choices[0].upper()
    for choice in option.choices:
        if abbreviates(value, choice):
            return choice.upper()
    raise OptionRefused(f"ANS1107E Invalid option/value: '{argument}'")


def _shape_after(option: Option, value: str, shape: Shape) -> Shape:
    match option.name, value:
        case "COMMAdelimited", _:
            return Shape.COMMA
        case "TABdelimited", _:
            return Shape.TAB
        case "DISPLaymode", chosen if shape not in (Shape.COMMA, Shape.TAB):
            return Shape[chosen]
    return shape
