"""Backup servers: how they are reached is recorded, their passwords are not."""

from __future__ import annotations

import gc
import logging
import traceback
from typing import Any

import pytest

from cloutui.actions.registry import build
from cloutui.errors import Conflict, Invalid, NotConfirmed, NotFound, SecretsRefused
from cloutui.records.secrets import MemoryKeyring, Secrets
from tests.actions.site import SSH, Site

CANARY = "canary-7f3a91"


def kept(site: Site) -> dict[tuple[str, str], str]:
    """All secrets in the keyring."""
    keyring: Any = site.secrets._keyring
    assert isinstance(keyring, MemoryKeyring)
    return keyring._passwords


def test_a_server_and_its_passwords_can_be_had_again(site: Site) -> None:
    doors = [{**SSH, "password": "of the door"}, {"kind": "local", "command": "/opt/dsmadmc"}]
    params = {"name": "SPB01", "doors": doors, "administrator": "OPS", "password": "of the server"}
    site.do("server.add", {**params, "time_zone": "Europe/Copenhagen", "unit": "Skov Transport"})
    server = site.records.server("SPB01")
    assert (server.product, server.administrator, server.unit_id) == ("storage-protect", "OPS", site.skov)
    assert server.secret is not None
    assert site.secrets.get(server.secret) == "of the server"
    assert site.secrets.get(server.doors[0]["secret"]) == "of the door"
    assert {key: value for key, value in server.doors[0].items() if key != "secret"} == SSH
    assert server.doors[1] == {"kind": "local", "command": "/opt/dsmadmc"}


def test_a_password_is_nowhere_but_in_the_keyring(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    params = {"name": "SPB01", "doors": [{**SSH, "password": CANARY}], "administrator": "OPS", "password": CANARY}
    action = build("server.add", params)
    seen = [repr(action), str(action), repr(site.do("server.add", params))]
    with pytest.raises(Conflict) as taken:
        site.do("server.add", params)
    seen.append("".join(traceback.format_exception(taken.value)))
    with pytest.raises(Invalid) as wrong:
        build("server.add", {**params, "doors": [{"kind": CANARY, "secret": CANARY}]})
    seen.append("".join(traceback.format_exception(wrong.value)))
    seen += [repr(site.records.activity(1000)), repr(site.records.servers()), repr(site.records.dimensions())]
    site.records.close()
    gc.collect()
    seen += [file.read_bytes().decode("latin-1") for file in site.folder.iterdir()]
    seen.append(caplog.text)
    assert all(CANARY not in text for text in seen)
    assert CANARY in kept(site).values(), "it is where it belongs"


def test_an_update_changes_what_is_given_and_nothing_else(site: Site) -> None:
    before = site.records.server("SPA01")
    outcome = site.do("server.add", {"name": "spa01", "password": "new", "update": True})
    after = site.records.server("SPA01")
    assert (after.server_id, after.doors, after.administrator) == (before.server_id, before.doors, before.administrator)
    assert after.secret is not None
    assert site.secrets.get(after.secret) == "new"
    assert list(kept(site).values()) == ["new"], "the old password is forgotten"
    assert outcome.sentence == "Changed the server SPA01."


def test_when_the_change_fails_the_old_password_still_works(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> int:
        raise OSError("no room for the line")

    monkeypatch.setattr("cloutui.records.transaction.Tx.append_activity", fail)
    with pytest.raises(OSError, match="no room"):
        site.do("server.add", {"name": "SPA01", "password": "new", "update": True})
    server = site.records.server("SPA01")
    assert server.secret is not None
    assert site.secrets.get(server.secret) == "hunter2"
    assert list(kept(site).values()) == ["hunter2"], "the new one did not stay"


def test_when_the_keyring_fails_the_server_is_not_added(site: Site) -> None:
    class Locked(MemoryKeyring):
        def set_password(self, service: str, username: str, password: str) -> None:
            raise RuntimeError("locked")

    object.__setattr__(site.context, "secrets", Secrets(Locked(), "keyring"))
    with pytest.raises(SecretsRefused):
        site.do("server.add", {"name": "SPB01", "doors": [SSH], "administrator": "A", "password": "x"})
    with pytest.raises(NotFound):
        site.records.server("SPB01")


@pytest.mark.parametrize(
    ("params", "complaint"),
    [
        ({"administrator": "A"}, "doors"),
        ({"doors": [SSH]}, "administrator"),
        ({"doors": [SSH], "administrator": "A", "product": "netbackup"}, "netbackup"),
        ({"doors": [SSH], "administrator": "A", "time_zone": "Moon/Base"}, "time zone"),
        ({"doors": [{"host": "x"}], "administrator": "A"}, "kind"),
        ({"doors": [{**SSH, "password": 7}], "administrator": "A"}, "text"),
        ({"doors": [{**SSH, "secret": "server/0011"}], "administrator": "A"}, "secret"),
        ({"doors": [{**SSH, "jump": {"host": "x", "password": "y"}}], "administrator": "A"}, "password"),
        ({"name": "A/B", "doors": [SSH], "administrator": "A"}, "/"),
    ],
)
def test_what_is_missing_or_wrong_is_named(site: Site, params: dict[str, Any], complaint: str) -> None:
    before = len(kept(site))
    with pytest.raises(Invalid, match=complaint):
        site.do("server.add", {"name": "SPB01", "password": "x", **params})
    assert len(kept(site)) == before


def test_a_name_is_taken_in_any_case_of_letters(site: Site) -> None:
    with pytest.raises(Conflict, match="already") as taken:
        site.do("server.add", {"name": "spa01", "doors": [SSH], "administrator": "A"})
    assert "update=true" in taken.value.hint


def test_an_update_of_nothing_is_a_mistake(site: Site) -> None:
    with pytest.raises(Invalid, match="Nothing to change"):
        site.do("server.add", {"name": "SPA01", "update": True})


def test_removing_asks_for_the_name_and_keeps_what_was_reported(site: Site) -> None:
    for typed in (None, "", "SPA02"):
        with pytest.raises(NotConfirmed, match="name, typed") as asked:
            site.do("server.remove", {"name": "SPA01"}, proof=site.full_proof(typed))
        assert "SPA01" in asked.value.hint
    site.do("server.remove", {"name": "SPA01"}, proof=site.full_proof("spa01"))
    assert [server.name for server in site.records.servers()] == ["SPF01"]
    assert kept(site) == {}
    dimensions = site.records.dimensions()
    assert len(dimensions.data_sources) == 4
    assert [server.is_removed for server in dimensions.servers] == [True, False]


def test_a_name_that_is_free_again_gets_a_new_number(site: Site) -> None:
    site.do("server.remove", {"name": "SPA01"}, proof=site.full_proof("SPA01"))
    assert site.made("server.add", name="SPA01", doors=[SSH], administrator="A") > site.spf01
