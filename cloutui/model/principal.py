"""Who asks. A face makes a principal at sign-in, and it goes with every report and every action.

A principal sees its unit and everything below. Before `cloutui init` there is one local principal with every privilege.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Literal

from cloutui.errors import NotAllowed, ReadOnly
from cloutui.model.privilege import Privilege

Face = Literal["terminal", "ssh", "api", "command-line", "mail", "collector"]

LOCAL_ROLE = "local"
SYSTEM_ROLE = "system"


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """A person, or the product itself, with what it may do and where."""

    user_id: int | None
    """None: nobody in the records. That is the local principal, and the product itself."""
    name: str
    role: str
    unit_id: int
    """It sees this unit and all below."""
    privileges: frozenset[Privilege]
    face: Face
    session_id: str
    """One sign-in. Written to the activity log, so that what was done together can be found together."""
    is_read_only: bool = False
    """Whether it changes nothing, whatever its role allows: where it came in, things are only looked at."""
    is_set_up: bool = True
    """Whether it has what its role asks for; else it has its own account and nothing more."""

    @property
    def is_local(self) -> bool:
        """Whether this is the built-in principal of the time before `cloutui init`."""
        return self.user_id is None and self.role == LOCAL_ROLE

    def may(self, privilege: Privilege) -> bool:
        """Whether it holds the privilege. Says nothing about where."""
        return privilege in self.privileges

    def require(self, privilege: Privilege) -> None:
        """Raises: NotAllowed when it lacks the privilege."""
        if privilege not in self.privileges:
            raise NotAllowed(privilege, is_set_up=self.is_set_up)

    def require_to_change(self, privilege: Privilege) -> None:
        """The same, for what changes something. Raises: ReadOnly, NotAllowed."""
        if self.is_read_only:
            raise ReadOnly
        self.require(privilege)


def new_session_id() -> str:
    """No other sign-in has it."""
    return os.urandom(8).hex()


def local_principal(os_user: str, root_unit_id: int, face: Face) -> Principal:
    """The operating system's user with every privilege over everything: before there are users."""
    return Principal(
        user_id=None,
        name=os_user,
        role=LOCAL_ROLE,
        unit_id=root_unit_id,
        privileges=frozenset(Privilege),
        face=face,
        session_id=new_session_id(),
    )


def system_principal(name: str, root_unit_id: int) -> Principal:
    """The product itself, as the actor of what it found rather than of what somebody asked. It may ask for nothing."""
    return Principal(
        user_id=None,
        name=name,
        role=SYSTEM_ROLE,
        unit_id=root_unit_id,
        privileges=frozenset(),
        face="collector",
        session_id="",
    )
