"""Texts that a hostile or broken client may put into names and messages."""

from __future__ import annotations

ESCAPES = (
    "N\x1b]0;T\x07",
    "\x1b]52;c;cm0gLXJmIC8=\x07",
    "\x1b[2J",
    "\x1b[?1049l",
    "\x1b[6n",
    "\x1b[>c",
    "\x1bc",
    '\x1bP$q"p\x1b\\',
    "\x1b_Gi=1\x1b\\",
    "\x1b]8;;http://evil\x1b\\X\x1b]8;;\x1b\\",
    "\x9b2J",
    "\x9d0;T\x9c",
    "\x90q\x9c",
    "A\rB",
    "abc\b\b\b",
    "NUL\x00",
    "DEL\x7f",
    "\u202egnp.exe",
    "\u2066iso",
    "zero\u200bwidth",
    "\ufeffbom",
    "lone\ud800",
    "\x1b]unterminated",
    "Z" + "\u0301" * 10_000,
)

MARKUP = ("[@click=app.quit]x[/]", "[/]", "[/PWN]", "[link=http://e]x[/link]", "[[", "\\[red]", "[bold red]loud[/]")
