"""How the client's language shows: words, numbers, dates and code page.

The client translates its own ANS messages and formats the server's numbers; ANR text stays in the server's language.
Seen at users of the real client: `Rückkehrcode 11.` in latin-1 bytes, and `59,94` for a DECIMAL. The other German
sentences here are our wording.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Locale:
    """One language of the client."""

    name: str
    decimal_point: str = "."
    thousands: str = ","
    moment_format: str = "%m/%d/%Y %H:%M:%S"
    encoding: str = "utf-8"
    sentences: Mapping[str, str] = field(default_factory=dict)
    """Message code → translated template; what is missing stays English."""

    def decimal(self, value: Decimal) -> str:
        """A DECIMAL with the decimal point of the language, and no thousands separator: `59,94`."""
        return f"{value:f}".replace(".", self.decimal_point)

    def grouped(self, value: Decimal | float, decimals: int = 0) -> str:
        """A number of a QUERY display: `1,194,850`."""
        text = f"{value:,.{decimals}f}"
        return text.translate(str.maketrans(",.", self.thousands + self.decimal_point))

    def moment(self, value: datetime) -> str:
        """A date and time of a QUERY display or of the session lines."""
        return value.strftime(self.moment_format)


ENGLISH = Locale(name="en_US")

GERMAN = Locale(
    name="de_DE",
    decimal_point=",",
    thousands=".",
    moment_format="%d.%m.%Y %H:%M:%S",
    encoding="latin-1",
    sentences=MappingProxyType(
        {
            "ANS8000I": "ANS8000I Serverbefehl: '{command}'",
            "ANS8001I": "ANS8001I Rückkehrcode {code}.",
            "ANS8002I": "ANS8002I Höchster Rückkehrcode war {code}.",
            "ANS8023E": "ANS8023E Es kann keine Sitzung mit dem Server hergestellt werden.",
            "ANS8004W": "ANS8004W Ihr Kennwort läuft in {days} Tag(en) ab.",
            "ANS1051I": "ANS1051I Ungültige Benutzer-ID oder ungültiges Kennwort",
        }
    ),
)
