"""What a client writes between the lines of an answer: prompts, page ends, echoes. How to know it and take it out."""

from __future__ import annotations

import re

_PROMPT = rb"(?:Protect|tsm): ?[^\s>]{1,64}> ?"
"""`Protect: NAME>`, before 8.1 `tsm: NAME>`. With the echo off, the first row of an answer follows on its line."""

_AT_PROMPT = re.compile(rb"(?:\A|[\r\n]|> ?)" + _PROMPT + rb"\s*\Z")
_LEADING = re.compile(rb"\A(?:\s|" + _PROMPT + rb")+")
_AT_LINE_START = re.compile(rb"^(?:" + _PROMPT + rb")+", re.MULTILINE)
_PAGE_END = re.compile(rb"^more\.\.\. .*\)[ \r]*\Z", re.MULTILINE)
_PAGE_ENDS = re.compile(rb"^more\.\.\. [^\n]*?\)[ \r]*\n?", re.MULTILINE)

TAIL = 512
"""More bytes than any prompt or mark has."""


def is_at_prompt(tail: bytes) -> bool:
    """Whether the client waits for a command."""
    return _AT_PROMPT.search(tail[-TAIL:]) is not None


def is_question(tail: bytes) -> bool:
    """Whether the text may be a question: a last line without an end, closed by a colon. Its words are translated."""
    return tail.rstrip(b" ").endswith(b":")


def is_at_page_end(tail: bytes) -> bool:
    """Whether the client waits for a key before it goes on."""
    return _PAGE_END.search(tail) is not None


def closing(mark: bytes) -> re.Pattern[bytes]:
    """Finds the row that holds the mark and nothing else, with the prompts in front of it."""
    return re.compile(rb"(?:\A|(?<=[\r\n]))(?:" + _PROMPT + rb')*"?' + re.escape(mark) + rb'"?[ \t\r]*\n')


def without(body: bytes, command: bytes, tag: bytes) -> bytes:
    """An answer without prompts, page ends, the echo of its command, and the marks of earlier ones (all hold `tag`)."""
    body = _LEADING.sub(b"", body)
    if b"more..." in body:
        body = _PAGE_ENDS.sub(b"", body)
    if b"\nProtect:" in body or b"\ntsm:" in body:
        body = _AT_LINE_START.sub(b"", body)
    if tag in body or body.startswith(command):
        kept = (line for line in body.split(b"\n") if tag not in line and line.strip() != command)
        body = b"\n".join(kept)
    return body
