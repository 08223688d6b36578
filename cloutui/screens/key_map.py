"""Keys of the reader's own: `keys:` in the configuration says which keys do what, by the id of the binding.

Loaded only when there are any: to judge them, every pane's bindings must be known.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from importlib import import_module

from textual.binding import Binding
from textual.dom import DOMNode
from textual.keys import _character_to_key

from cloutui.errors import Invalid
from cloutui.screens.catalogue import SCREENS
from cloutui.screens.key_presets import PRESETS

RESERVED: Mapping[str, str] = {
    "ctrl+b": "tmux",
    "ctrl+a": "screen and the shells",
    "ctrl+s": "the flow control of terminals",
    "ctrl+z": "the shell",
    "ctrl+backslash": "the shell",
    "ctrl+i": "tab, which it is to a terminal",
    "ctrl+m": "enter, which it is to a terminal",
    "ctrl+h": "backspace, which it is to some terminals",
    "tilde": "ssh",
    "~": "ssh",
}
"""Keys that never reach us, or reach us as others; and who takes them."""

PANES: Mapping[str, str] = {
    "Everywhere": "cloutui.screens.shell:Shell",
    "Every list": "cloutui.widgets.lines:Lines",
    "Tables": "cloutui.widgets.result_table:ResultTable",
    "Short lists": "cloutui.widgets.row_list:RowList",
    "The matrix": "cloutui.widgets.matrix:Matrix",
    "The tree of units": "cloutui.widgets.unit_tree:UnitTree",
    "Text and the peek": "cloutui.widgets.page:Page",
    "A node": "cloutui.screens.node:NodeDetail",
    "A second factor": "cloutui.screens.account_enrol:Enrolment",
    "Overview: jobs of today": "cloutui.screens.overview_jobs:JobsBlock",
    "Overview: what was promised": "cloutui.screens.overview_sla:SlaBlock",
    "Overview: backup servers": "cloutui.screens.overview_lists:ServersBlock",
    "Overview: days": "cloutui.screens.overview_days:DaysBlock",
    "Weeks and years": "cloutui.widgets.days:DayPane",
    "Charts": "cloutui.widgets.line_chart:LineChart",
    "The path in the header": "cloutui.widgets.crumb_bar:CrumbBar",
    **{spec.title: spec.view for spec in SCREENS},
}
"""What takes keys, by what it is called: `module:Class`."""


def key_map(keys: Mapping[str, str], preset: str = "default") -> dict[str, str]:
    """What Textual takes: the preset, and above it the reader's own keys.

    Raises: Invalid, for an unknown preset or id, a key that cannot be had, or one that is taken twice.
    """
    if preset not in PRESETS:
        raise Invalid(f"There are no keys called “{preset}”.", hint=f"There are: {', '.join(PRESETS)}.")
    keys = {**PRESETS[preset], **keys}
    panes = [_class(name) for name in PANES.values()]
    known = {binding.id for pane in panes for binding in _bindings(pane) if binding.id}
    for binding_id, wanted in keys.items():
        if binding_id not in known:
            near = get_close_matches(binding_id, known, n=1)
            hint = f"Did you mean “{near[0]}”?" if near else "docs/keys.md lists them."
            raise Invalid(f"keys: there is no “{binding_id}”.", hint=hint)
        for key in _keys_of(wanted):
            _require_usable(binding_id, key)
    for pane in panes:
        _refuse_doubles(pane, keys)
    return {binding_id: ",".join(_keys_of(wanted)) for binding_id, wanted in keys.items()}


def bindings_by_pane() -> Iterator[tuple[str, Mapping[str, list[Binding]]]]:
    """For each pane its bindings by their ids, one for each key. What several panes have is told at the first."""
    told: set[str] = set()
    for title, name in PANES.items():
        own: dict[str, list[Binding]] = {}
        for binding in _bindings(_class(name)):
            if binding.id and binding.id not in told:
                own.setdefault(binding.id, []).append(binding)
        told |= own.keys()
        if own:
            yield title, own


def _class(name: str) -> type[DOMNode]:
    module, _, attribute = name.partition(":")
    found: type[DOMNode] = getattr(import_module(module), attribute)
    return found


def _bindings(pane: type[DOMNode]) -> Iterator[Binding]:
    for above in pane.__mro__:
        yield from Binding.make_bindings(vars(above).get("BINDINGS", ()))


def _keys_of(wanted: str) -> list[str]:
    """`?` and `question_mark` are one key."""
    keys = (part.strip() for part in wanted.split(","))
    return [_character_to_key(key) if len(key) == 1 else key for key in keys if key]


def _require_usable(binding_id: str, key: str) -> None:
    if key in RESERVED:
        raise Invalid(f"keys: “{key}” for {binding_id} belongs to {RESERVED[key]}.", hint="Choose another key.")


def _refuse_doubles(pane: type[DOMNode], keys: Mapping[str, str]) -> None:
    """Two bindings of one pane may not have the same key; one of a pane may hide one of the shell, as it always did."""
    taken: dict[str, Binding] = {}
    known: dict[str, set[str]] = {}
    for binding in _bindings(pane):
        known.setdefault(binding.id or "", set()).add(binding.key)
    for binding in _bindings(pane):
        if binding.id is None:
            continue
        for key in _keys_of(keys[binding.id]) if binding.id in keys else [binding.key]:
            other = taken.setdefault(key, binding)
            is_ours = binding.id in keys or other.id in keys
            is_as_ever = key in known.get(binding.id, ()) and key in known.get(other.id or "", ())
            if is_ours and not is_as_ever and other.id != binding.id and other.action != binding.action:
                raise Invalid(
                    f"keys: “{key}” is both {other.id} and {binding.id}.", hint="Give one of the two another key."
                )
