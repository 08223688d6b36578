"""Log lines: each is kept once, however often it is told."""
# ruff: noqa: DTZ001 - a server's times have no zone

from __future__ import annotations

from datetime import datetime, timedelta

from tests.world import NOON, World, a_line, lines


def test_a_line_told_twice_is_kept_once_and_archived_once(world: World) -> None:
    server = world.server()
    first = world.cache.store(server, lines(a_line(), a_line(), a_line("ANE4005E other")), NOON)
    again = world.cache.store(server, lines(a_line(), a_line("ANE4005E new")), NOON + timedelta(hours=1))
    assert (first.changed, again.changed) == (2, 1)
    assert len(world.cache.archive.batches("log_lines", server)) == 2
    said = [row[0] for row in world.rows("SELECT message FROM log_line ORDER BY message")]
    assert said == ["ANE4005E new", "ANE4005E other", "ANE4987E file in use"]


def test_lines_that_differ_in_anything_a_server_says_are_two(world: World) -> None:
    server = world.server()
    differing = [
        a_line(),
        a_line(session=8),
        a_line(session=None),
        a_line(node=None),
        a_line(schedule=None),
        a_line(logged_local=datetime(2026, 11, 21, 1, 11)),
    ]
    assert world.cache.store(server, lines(*differing), NOON).changed == len(differing)
    assert world.cache.store(server, lines(*differing), NOON + timedelta(minutes=5)).changed == 0


def test_a_line_is_the_same_line_after_the_servers_clock_has_changed(world: World) -> None:
    server = world.server()
    world.cache.store(server, lines(a_line(utc_offset_s=7200)), NOON)
    assert world.cache.store(server, lines(a_line(utc_offset_s=3600)), NOON + timedelta(hours=1)).changed == 0
    assert world.rows("SELECT logged_at FROM log_line") == [(datetime(2026, 11, 20, 23, 10),)]


def test_the_same_line_of_two_servers_is_two(world: World) -> None:
    for name in ("SPA01", "SPA02"):
        world.cache.store(world.server(name), lines(a_line()), NOON)
    assert world.rows("SELECT count(*) FROM log_line") == [(2,)]
