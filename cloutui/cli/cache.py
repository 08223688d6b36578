"""`cloutui cache`: make the cache again from the archive, or see what is in it."""

from __future__ import annotations

from time import perf_counter

import click

from cloutui.cli.invocation import Invocation

_TABLES = "SELECT table_name FROM duckdb_tables() WHERE NOT temporary ORDER BY table_name"


@click.group()
def cache() -> None:
    """The local cache, which can always be made again from the archive and the records."""


@cache.command()
@click.pass_obj
def rebuild(invocation: Invocation) -> None:
    """Make the cache again from the archive and the records. The old one is replaced when the new one is complete."""
    from cloutui.installation import Installation

    started = perf_counter()
    Installation.rebuild_cache(invocation.home, progress=invocation.note)
    invocation.say(f"The cache was made again in {perf_counter() - started:.1f} s.")


@cache.command()
@click.pass_obj
def stats(invocation: Invocation) -> None:
    """How many rows there are, from when to when, and how much room they take."""
    with invocation.installation() as (installation, _):
        with installation.cache.database.reader() as reader:
            tables = [name for (name,) in reader.execute(_TABLES).fetchall()]
            counts = [(name, reader.table(name).count("*").fetchall()[0][0]) for name in tables]
            span = reader.execute("SELECT min(day), max(day) FROM job_event").fetchone()
        archive_files = list(installation.cache.archive.root.rglob("*.parquet"))
    for table, rows in counts:
        invocation.say(f"{table:20} {rows:>12,}")
    if span and span[0]:
        invocation.say(f"jobs from {span[0]} to {span[1]}")
    cache_file = invocation.home.data_dir / "cache.duckdb"
    archived = sum(file.stat().st_size for file in archive_files)
    invocation.say(f"cache {cache_file.stat().st_size / 2**20:,.1f} MiB at {cache_file}")
    invocation.say(f"archive {archived / 2**20:,.1f} MiB in {len(archive_files):,} files")
