"""A PNG with a table of at most 256 colours: a quarter of the size of the same picture with four bytes a pixel.

Reads what `rsvg-convert` writes (8 bits, RGB or RGBA, not interlaced; PNG specification, section 9 "Filtering"). What
is transparent is taken as it is: a terminal's picture has a ground everywhere.
"""

from __future__ import annotations

import struct
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_SAMPLES = {2: 3, 6: 4}
"""Bytes a pixel, by the colour type."""


def indexed(png: bytes, kept: Iterable[bytes], *, colours: int) -> bytes:
    """The same picture in the colours to be kept and its most used other ones; each pixel takes the nearest."""
    width, height, pixels = _read(png)
    counted = Counter(pixels)
    used = (colour for colour, _ in counted.most_common())
    table = list(dict.fromkeys([*kept, *used]))[:colours]
    places = {colour: min(range(len(table)), key=lambda at: _distance(table[at], colour)) for colour in counted}
    drawn = bytes(map(places.__getitem__, pixels))
    lines = b"".join(b"\0" + drawn[start : start + width] for start in range(0, width * height, width))
    return b"".join(
        (
            _SIGNATURE,
            _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
            _chunk(b"PLTE", b"".join(table)),
            _chunk(b"IDAT", zlib.compress(lines, 9)),
            _chunk(b"IEND", b""),
        )
    )


def _read(png: bytes) -> tuple[int, int, list[bytes]]:
    """Width, height, and three bytes a pixel."""
    chunks = list(_chunks(png))
    width, height, depth, kind, _, _, interlaced = struct.unpack(">IIBBBBB", chunks[0][1])
    assert (depth, interlaced) == (8, 0)
    size = _SAMPLES[kind]
    raw = zlib.decompress(b"".join(data for name, data in chunks if name == b"IDAT"))
    before = bytearray(width * size)
    pixels: list[bytes] = []
    for start in range(0, len(raw), width * size + 1):
        line = bytearray(raw[start + 1 : start + 1 + width * size])
        _unfilter(raw[start], line, before, size)
        pixels += [bytes(line[at : at + 3]) for at in range(0, len(line), size)]
        before = line
    return width, height, pixels


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(_SIGNATURE)
    while at < len(png):
        length, name = struct.unpack_from(">I4s", png, at)
        yield name, png[at + 8 : at + 8 + length]
        at += 12 + length


def _unfilter(how: int, line: bytearray, above: bytearray, size: int) -> None:
    """Undo the filter of a line, in place."""
    for at in range(len(line)) if how else ():
        left = line[at - size] if at >= size else 0
        up = above[at]
        corner = above[at - size] if at >= size else 0
        guess = (0, left, up, (left + up) // 2, _paeth(left, up, corner))[how]
        line[at] = (line[at] + guess) & 0xFF


def _paeth(left: int, up: int, corner: int) -> int:
    guess = left + up - corner
    return min((left, up, corner), key=lambda known: abs(guess - known))


def _distance(one: bytes, other: bytes) -> int:
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True))


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
