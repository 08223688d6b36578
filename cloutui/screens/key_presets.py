"""Sets of keys, by the ids of their bindings. A reader's own keys stand above them; what is not named stays as it is.

None takes a key that never reaches us: `ctrl+b`, a page up in vi, is tmux's.
"""

from __future__ import annotations

from collections.abc import Mapping

PRESETS: Mapping[str, Mapping[str, str]] = {
    "default": {},
    "vim": {
        "lines.page-down": "pagedown,ctrl+f",
        "table.find": "ctrl+t",
        "matrix.home": "home,circumflex_accent",
        "matrix.end": "end,dollar_sign",
    },
    # No letter moves: letters are for doing things, arrows for going, and with ctrl for going further.
    "arrows": {
        "lines.down": "down",
        "lines.up": "up",
        "lines.last": "ctrl+end",
        "list.next-problem": "ctrl+down",
        "list.previous-problem": "ctrl+up",
        "row.next-problem": "ctrl+down",
        "row.previous-problem": "ctrl+up",
        "page.next-problem": "ctrl+down",
        "page.previous-problem": "ctrl+up",
        "matrix.next-problem": "ctrl+down",
        "matrix.previous-problem": "ctrl+up",
        "matrix.left": "left",
        "matrix.right": "right",
        "matrix.page-left": "ctrl+left",
        "matrix.page-right": "ctrl+right",
        "table.left": "left",
        "table.right": "right",
        "tree.fold": "left",
        "tree.unfold": "right",
        "tree.fold-all": "ctrl+left",
        "tree.unfold-all": "ctrl+right",
        "overview.next-block": "ctrl+right",
        "overview.previous-block": "ctrl+left",
        "overview.attention": "ctrl+down",
        "overview.next-server": "ctrl+down",
        "overview.previous-server": "ctrl+up",
        "overview.next-bad-day": "ctrl+down",
        "overview.previous-bad-day": "ctrl+up",
        "overview.day-left": "left",
        "overview.day-right": "right",
        "overview.status-left": "left",
        "overview.status-right": "right",
        "crumbs.left": "left",
        "crumbs.right": "right",
        "node.next-part": "ctrl+right",
        "node.previous-part": "ctrl+left",
        "access.next-part": "ctrl+right",
        "access.previous-part": "ctrl+left",
        "servers.next-part": "ctrl+right",
        "servers.previous-part": "ctrl+left",
    },
}
