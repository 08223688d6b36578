"""One's own account as values: what one comes in with, what is still to be set up, and the rows that say so. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any

from cloutui.model import formats
from cloutui.model.status import Status
from cloutui.screens.account_preferences import AS_INSTALLED, PREFERABLES, Preferable
from cloutui.screens.moments import aware

_FEW_CODES = 3
"""Recovery codes left from which on new ones should be made."""


@dataclass(frozen=True, slots=True)
class Key:
    """An SSH key that opens the account."""

    fingerprint: str
    comment: str
    used_at: datetime | None = None
    """None: never."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What one may know of oneself."""

    name: str
    role: str
    unit: str
    has_password: bool
    has_second_factor: bool
    needs_second_factor: bool
    """Whether the role asks for it."""
    recovery_codes: int
    """Unused ones."""
    keys: Sequence[Key] = ()
    is_of_host: bool = False
    """Whether the operating system's user comes in without a sign-in of ours."""

    @property
    def has_first(self) -> bool:
        """Whether there is anything to come in with."""
        return self.has_password or bool(self.keys) or self.is_of_host

    @property
    def steps(self) -> Sequence[bool]:
        """What the role asks for, and whether it is done."""
        return (self.has_first, *((self.has_second_factor,) if self.needs_second_factor else ()))

    @property
    def is_complete(self) -> bool:
        """Whether everything is there that the role asks for: till then nothing else opens."""
        return all(self.steps)

    @property
    def progress(self) -> str:
        """`1 of 2 done`."""
        return f"{sum(self.steps)} of {len(self.steps)} done"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountRow:
    """One line of the screen."""

    status: Status
    label: str
    value: str
    note: str
    explained: str
    """What it is good for, for the peek."""
    does: str
    """What enter does, in words; nothing where it does nothing."""
    action: str = ""
    """The action that enter asks for."""
    key: Key | None = None
    preferable: Preferable | None = None
    is_second_factor: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """When it is, and where, for the words of ages."""

    now: datetime
    zone: tzinfo
    preferences: Mapping[str, str] = field(default_factory=dict)


def rows_of(account: Account | None, shown: Shown) -> list[AccountRow]:
    """Ways in first, then what one prefers. Without an account the preferences alone."""
    ways_in = [] if account is None else [_password(account), _second_factor(account), *_keys(account, shown)]
    return [*ways_in, *(_preference(each, shown.preferences) for each in PREFERABLES)]


def _password(account: Account) -> AccountRow:
    is_needed = not account.has_first
    return AccountRow(
        status=Status.OK if account.has_password else Status.WARNING if is_needed else Status.NONE,
        label="Password",
        value="set" if account.has_password else "none",
        note="or an SSH key: one of the two is needed" if is_needed else "",
        explained="12 characters or more. It opens the console over SSH, together with a code where there is one.",
        does="changes it" if account.has_password else "sets one",
        action="account.password",
    )


def _second_factor(account: Account) -> AccountRow:
    has, needs = account.has_second_factor, account.needs_second_factor
    left = formats.plural(account.recovery_codes, "recovery code") + " left"
    is_short = has and account.recovery_codes <= _FEW_CODES
    return AccountRow(
        status=(Status.WARNING if is_short else Status.OK) if has else Status.WARNING if needs else Status.NONE,
        label="Second factor",
        value="an app" if has else "none",
        note=left if has else f"your role {account.role} asks for it" if needs else "",
        explained="Codes of an authenticator app. Each is good once; recovery codes are for the day the phone is lost.",
        does="sets up another app" if has else "sets it up",
        is_second_factor=True,
    )


def _keys(account: Account, shown: Shown) -> Iterator[AccountRow]:
    for key in account.keys:
        used = f"used {formats.age(key.used_at, shown.now, shown.zone)}" if key.used_at else "never used"
        yield AccountRow(
            status=Status.OK,
            label="SSH key",
            value=key.comment or "without a name",
            note=f"{used}   {key.fingerprint}",
            explained=f"{key.fingerprint}. D removes it.",
            does="",
            key=key,
        )
    yield AccountRow(
        status=Status.NONE,
        label="SSH key",
        value="another one" if account.keys else "none",
        note="" if account.has_first else "or a password: one of the two is needed",
        explained="The one line of a .pub file: ssh-ed25519, ECDSA, a security key, or RSA of 3072 bits and more.",
        does="adds one",
        action="account.add-key",
    )


def _preference(preferable: Preferable, preferences: Mapping[str, str]) -> AccountRow:
    value = preferences.get(preferable.name, "")
    return AccountRow(
        status=Status.NONE,
        label=preferable.label,
        value=value or AS_INSTALLED,
        note="",
        explained=preferable.help,
        does="chooses; it is seen at once",
        preferable=preferable,
    )


def account_of(row: Mapping[str, Any], keys: Sequence[Mapping[str, Any]] = ()) -> Account:
    """From the row of the report `my-account`, and those of `my-keys`."""
    return Account(
        name=row["name"],
        role=row["role"],
        unit=row["unit"] or "",
        has_password=row["password"] == "set",  # noqa: S105 - a word, not a password
        has_second_factor=row["second_factor"] == "on",
        needs_second_factor=row["second_factor"] != "off",
        recovery_codes=row["recovery_codes"] or 0,
        keys=tuple(Key(key["fingerprint"], key["comment"] or "", aware(key["last_used"])) for key in keys),
        is_of_host=bool(row["os_user"]),
    )


def preferences_in(row: Mapping[str, Any]) -> dict[str, str]:
    """What one has chosen, by the key of `model.preference`."""
    return {each.name: str(row[f"prefers_{each.name}"] or "") for each in PREFERABLES}
