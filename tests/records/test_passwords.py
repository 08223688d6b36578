"""How dear a hash is: outside of the tests, which hash cheaply."""

from __future__ import annotations

import runpy

from argon2 import Type

from cloutui.model.secret import Secret
from cloutui.records import passwords


def test_a_hash_costs_at_least_what_is_recommended() -> None:
    """Source: OWASP, "Password Storage Cheat Sheet": Argon2id with 19 MiB and two rounds at least."""
    used = runpy.run_path(passwords.__file__)["_hasher"]()
    assert used.type is Type.ID
    assert used.memory_cost >= 19 * 1024
    assert used.time_cost >= 2


def test_in_tests_it_costs_next_to_nothing() -> None:
    assert "m=128,t=1,p=1" in passwords.hashed(Secret("a long password"))
