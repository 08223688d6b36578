"""The installation's own settings, from one YAML file. Nothing of tenants: that is records.

Read once and passed in, never a global. An unknown key is an error that names the file, the key and the nearest one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal, TypeVar, get_type_hints

from cloutui.errors import Invalid

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectSettings:
    """`collect:` how often each server is asked, and how long it may take to answer."""

    events_every_s: int = field(
        default=300, metadata={"help": "Seconds between two looks at jobs and their log.", "least": 1}
    )
    inventory_every_s: int = field(
        default=3600, metadata={"help": "Seconds between two looks at nodes, schedules, …", "least": 1}
    )
    occupancy_every_s: int = field(
        default=86400, metadata={"help": "Seconds between two looks at what nodes store.", "least": 1}
    )
    answer_timeout_s: float = field(
        default=60, metadata={"help": "Seconds of silence after which a server is given up.", "least": 1}
    )
    servers_at_once: int = field(
        default=16, metadata={"help": "How many servers are asked at the same time.", "least": 1}
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretsSettings:
    """`secrets:` where the passwords of servers are kept."""

    backend: Literal["sealed", "os", "memory"] | None = field(
        default=None,
        metadata={"help": "`sealed`: our encrypted file; `os`: the operating system's keyring; never plaintext."},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivitySettings:
    """`activity:` who else knows how far the activity log has come."""

    witness: str | None = field(
        default=None,
        metadata={"help": "Each signed head is told to it: a file that is appended to (its path), or `syslog`."},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class DisplaySettings:
    """`display:` how the console looks, what it shows first, and which keys it takes."""

    theme: str = field(default="nightwatch", metadata={"help": "The name of a theme."})
    glyphs: Literal["full", "safe", "ascii"] | None = field(
        default=None, metadata={"help": "Which characters the terminal has; found out from the locale when absent."}
    )
    start: str = field(default="overview", metadata={"help": "The word of the first screen, as in the command bar."})
    clipboard: Literal["auto", "osc52", "box"] = field(
        default="auto",
        metadata={"help": "How copies leave: `osc52` by the terminal, `box` as text to mark; `auto` by `$TERM`."},
    )
    key_preset: Literal["default", "vim", "arrows"] = field(
        default="default", metadata={"help": "Which set of keys `keys` stands above; `arrows`: no letter moves."}
    )
    title: bool = field(default=True, metadata={"help": "Whether the terminal's title says what has the focus."})
    cursor: bool = field(
        default=False, metadata={"help": "Whether the terminal's own cursor is shown on the cell that has the focus."}
    )
    keys: dict[str, str] | None = field(
        default=None, metadata={"help": "Other keys, by the id of what they do: `view.export: E`."}
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ServeSettings:
    """`serve:` what `cloutui serve` listens on, and how much it gives to whom."""

    ssh: str = field(
        default="127.0.0.1:2222", metadata={"help": "Address and port for SSH; `0.0.0.0:2222` is every address."}
    )
    host: str | None = field(
        default=None,
        metadata={"help": "What users write behind `ssh`, for what they copy; this host's name if absent."},
    )
    sessions: int = field(default=60, metadata={"help": "Consoles that are open at the same time.", "least": 1})
    idle_minutes: int = field(
        default=15, metadata={"help": "Minutes without a key before a console closes; 0: never.", "least": 0}
    )
    grace_s: int = field(
        default=60, metadata={"help": "Seconds that open consoles have when the server stops.", "least": 0}
    )
    sign_in_s: int = field(
        default=60, metadata={"help": "Seconds to sign in, before the connection is cut.", "least": 5}
    )
    tries: int = field(default=5, metadata={"help": "Wrong answers before the connection is cut.", "least": 1})
    strangers: int = field(
        default=100, metadata={"help": "Connections at the same time that have not signed in yet.", "least": 1}
    )
    strangers_of_one_source: int = field(default=10, metadata={"help": "The same, of one address.", "least": 1})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The whole file."""

    collect: CollectSettings = field(default_factory=CollectSettings)
    secrets: SecretsSettings = field(default_factory=SecretsSettings)
    activity: ActivitySettings = field(default_factory=ActivitySettings)
    display: DisplaySettings = field(default_factory=DisplaySettings)
    serve: ServeSettings = field(default_factory=ServeSettings)


def read_settings(path: Path) -> Settings:
    """Raises: Invalid, with file, key and remedy."""
    if not path.exists():
        return Settings()
    import msgspec
    import yaml

    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except (OSError, UnicodeDecodeError) as error:
        raise Invalid(f"{path} cannot be read: {error}.", hint="Check its permissions and encoding.") from error
    except yaml.YAMLError as error:
        place = getattr(error, "problem_mark", None)
        where = f" in line {place.line + 1}" if place else ""
        raise Invalid(f"{path} is not YAML{where}.", hint="Check indents and quotes there.") from error
    _refuse_unknown(content, Settings, path, ())
    try:
        settings = msgspec.convert(content, Settings)
    except msgspec.ValidationError as error:
        raise Invalid(
            f"{path}: {error}.", hint="Correct the value, or take the line out to have the default."
        ) from error
    _refuse_too_small(settings, path)
    return settings


def write_setting(path: Path, section: str, key: str, value: str) -> None:
    """Set one key of the file. What else it holds stays, except for comments."""
    import yaml

    content = yaml.safe_load(path.read_text(encoding="utf-8")) if path.exists() else None
    content = content or {}
    content.setdefault(section, {})[key] = value
    pending = path.with_name(path.name + ".writing")
    pending.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    pending.replace(path)


def _refuse_unknown(content: Any, shape: type[Any], path: Path, above: tuple[str, ...]) -> None:
    place = ".".join(above) or "the file"
    if not isinstance(content, Mapping):
        raise Invalid(f"{path}: {place} must be a list of `key: value`.", hint="See docs/settings.md.")
    hints = get_type_hints(shape)
    known = [entry.name for entry in fields(shape)]
    for key, value in content.items():
        if key not in known:
            near = get_close_matches(str(key), known, n=1)
            hint = f"Did you mean “{near[0]}”?" if near else f"Known here: {', '.join(known)}."
            raise Invalid(f"{path}: unknown key “{'.'.join((*above, str(key)))}”.", hint=hint)
        if is_dataclass(hints[key]):
            _refuse_unknown(value, hints[key], path, (*above, key))


def _refuse_too_small(settings: Settings, path: Path) -> None:
    """A pace of no seconds would never rest, and asking no server at once would never begin."""
    for section in fields(settings):
        values = getattr(settings, section.name)
        for entry in fields(values):
            least = entry.metadata.get("least")
            if least is not None and getattr(values, entry.name) < least:
                raise Invalid(f"{path}: {section.name}.{entry.name} is too small.", hint=f"It must be {least} or more.")
