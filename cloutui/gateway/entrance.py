"""How many strangers may stand at the door: connections that have not signed in yet, by address and in all."""

from __future__ import annotations

import logging
from collections import Counter
from ipaddress import IPv6Address, IPv6Network, ip_address

from cloutui.gateway.limits import Limits

_log = logging.getLogger(__name__)

_MOST_NOTED = 1000


class Entrance:
    """Every connection is admitted, or not, once, and leaves once: when it signs in, or when it is gone."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._strangers: Counter[str] = Counter()
        self._refused: set[str] = set()
        """Told of in the log already: a flood must not become one there too."""

    @property
    def strangers(self) -> int:
        """How many there are."""
        return self._strangers.total()

    def admit(self, source: str) -> bool:
        """Whether there is room for one more from there."""
        limits = self._limits
        if self._strangers[source] >= limits.strangers_of_one_source or self.strangers >= limits.strangers:
            self._note_refusal(source)
            return False
        self._strangers[source] += 1
        return True

    def leave(self, source: str) -> None:
        """Somebody who was admitted is not a stranger at the door any more."""
        self._strangers[source] -= 1
        if self._strangers[source] <= 0:
            del self._strangers[source]
        self._refused.discard(source)

    def _note_refusal(self, source: str) -> None:
        if source not in self._refused and len(self._refused) < _MOST_NOTED:
            self._refused.add(source)
            own = self._strangers[source]
            _log.warning("too many connections that have not signed in: %d, of %s %d", self.strangers, source, own)


def source_of(address: str) -> str:
    """Whom an address stands for. One who has an IPv6 address usually has all the 2**64 of its network."""
    try:
        known = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(known, IPv6Address):
        return str(known.ipv4_mapped or IPv6Network((known, 64), strict=False).network_address)
    return str(known)
