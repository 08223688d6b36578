"""How many strangers may stand at the door: connections that have not signed in yet, by address and in all."""

from __future__ import annotations

from collections import Counter
from ipaddress import IPv6Address, IPv6Network, ip_address

from cloutui.gateway.limits import Limits


class Entrance:
    """Every connection is admitted, or not, once, and leaves once: when it signs in, or when it is gone."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._strangers: Counter[str] = Counter()

    @property
    def strangers(self) -> int:
        """How many there are."""
        return self._strangers.total()

    def admit(self, source: str) -> bool:
        """Whether there is room for one more from there."""
        limits = self._limits
        if self._strangers[source] >= limits.strangers_of_one_source or self.strangers >= limits.strangers:
            return False
        self._strangers[source] += 1
        return True

    def leave(self, source: str) -> None:
        """Somebody who was admitted is not a stranger at the door any more."""
        self._strangers[source] -= 1
        if self._strangers[source] <= 0:
            del self._strangers[source]


def source_of(address: str) -> str:
    """Whom an address stands for. One who has an IPv6 address usually has all the 2**64 of its network."""
    try:
        known = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(known, IPv6Address):
        return str(known.ipv4_mapped or IPv6Network((known, 64), strict=False).network_address)
    return str(known)
