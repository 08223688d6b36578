"""Principals and secrets: what they may do, and what they never show."""

from __future__ import annotations

import copy
import pickle
import re
import traceback
from dataclasses import replace

import pytest

from cloutui.errors import NotAllowed
from cloutui.model.action_class import ActionClass, ProofPart
from cloutui.model.principal import local_principal, system_principal
from cloutui.model.privilege import Privilege
from cloutui.model.secret import Secret


def test_the_local_principal_may_do_everything_and_the_product_itself_nothing() -> None:
    local, system = local_principal("op", 1, "terminal"), system_principal("collector", 1)
    for privilege in Privilege:
        local.require(privilege)
        with pytest.raises(NotAllowed, match=re.escape(privilege)):
            system.require(privilege)
    assert local.is_local
    assert not system.is_local


def test_who_has_not_set_up_the_account_is_told_so_and_not_which_right_is_missing() -> None:
    invited = replace(system_principal("op", 1), is_set_up=False)
    with pytest.raises(NotAllowed, match="not set up") as refused:
        invited.require(Privilege.NODE_VIEW)
    assert "administrator" not in refused.value.hint


def test_each_sign_in_is_a_session_of_its_own() -> None:
    assert local_principal("op", 1, "terminal").session_id != local_principal("op", 1, "terminal").session_id


@pytest.mark.parametrize("privilege", Privilege)
def test_a_privilege_is_a_resource_and_an_operation(privilege: Privilege) -> None:
    assert f"{privilege.resource}.{privilege.operation}" == privilege.value


def test_each_class_asks_for_at_least_what_the_class_below_asks_for() -> None:
    for lower, higher in zip(ActionClass, list(ActionClass)[1:], strict=False):
        assert lower.needs <= higher.needs
    assert ProofPart.TYPED_NAME in ActionClass.DESTROY.needs


def test_a_secret_shows_nothing_of_itself() -> None:
    secret = Secret("hunter2")
    shown = [repr(secret), str(secret), f"{secret}", repr([secret]), repr({"a": secret})]
    try:
        raise ValueError(secret)
    except ValueError:
        shown.append(traceback.format_exc())
    assert "hunter2" not in "".join(shown)
    assert secret.reveal() == "hunter2"
    for written_down in (pickle.dumps, copy.copy):
        with pytest.raises(TypeError):
            written_down(secret)
