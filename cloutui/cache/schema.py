"""The cache's tables. All of it can be made again, so it has a version and no migrations.

No primary keys and no indexes on fact tables: DuckDB's are slow to update and have lost rows under upserts
(duckdb#23645). `job_event` and `node_day` lie in day order, so that a bound on the day reads little.
"""

from __future__ import annotations

from cloutui.products.observation import KINDS, ObservationKind

CACHE_VERSION = 4
"""Raise it with any change here: an older file is rebuilt from the archive."""

LISTINGS = tuple(kind for kind in KINDS.values() if kind.is_listing)

_FIXED = """
CREATE TABLE cache_state (cache_version INTEGER NOT NULL, dimension_version BIGINT NOT NULL);
CREATE TABLE applied (kind VARCHAR NOT NULL, server_id INTEGER NOT NULL, batch VARCHAR NOT NULL);
CREATE TABLE sweep (
    server_id INTEGER NOT NULL, pace VARCHAR NOT NULL, collected_at TIMESTAMP, tried_at TIMESTAMP NOT NULL,
    code VARCHAR NOT NULL, problem VARCHAR NOT NULL, hint VARCHAR NOT NULL, failing_since TIMESTAMP
);

-- Copied in whole from the records.
CREATE TABLE unit (
    unit_id INTEGER NOT NULL, parent_id INTEGER, name VARCHAR NOT NULL, lo INTEGER NOT NULL, hi INTEGER NOT NULL,
    depth INTEGER NOT NULL, is_archived BOOLEAN NOT NULL, created_at TIMESTAMP NOT NULL, own_settings INTEGER NOT NULL
);
CREATE TABLE unit_clock (
    unit_id INTEGER NOT NULL, valid_from DATE NOT NULL, valid_to DATE NOT NULL, time_zone VARCHAR NOT NULL,
    day_start_s INTEGER NOT NULL
);
CREATE TABLE unit_limit (
    unit_id INTEGER NOT NULL, valid_from DATE NOT NULL, valid_to DATE NOT NULL, pool_full DOUBLE NOT NULL,
    day_good DOUBLE NOT NULL, day_poor DOUBLE NOT NULL
);
CREATE TABLE server (
    server_id INTEGER NOT NULL, name VARCHAR NOT NULL, product VARCHAR NOT NULL, unit_id INTEGER NOT NULL,
    time_zone VARCHAR, is_removed BOOLEAN NOT NULL
);
CREATE TABLE data_source (
    data_source_id INTEGER NOT NULL, server_id INTEGER NOT NULL, kind VARCHAR NOT NULL, native_key VARCHAR NOT NULL,
    name VARCHAR NOT NULL
);
-- Every key, today's and older ones, that a data source was archived under.
CREATE TABLE data_source_key (
    data_source_id INTEGER NOT NULL, server_id INTEGER NOT NULL, kind VARCHAR NOT NULL, native_key VARCHAR NOT NULL
);
-- Which unit owned a data source, and how that unit counted its days: periods that cover all time without overlap.
CREATE TABLE owner (
    data_source_id INTEGER NOT NULL, unit_id INTEGER NOT NULL, valid_from DATE NOT NULL, valid_to DATE NOT NULL,
    time_zone VARCHAR NOT NULL, day_start_s INTEGER NOT NULL
);
-- The units that see a server: the one that it belongs to, and those that ever owned something on it.
CREATE TABLE server_unit (server_id INTEGER NOT NULL, unit_id INTEGER NOT NULL, is_own BOOLEAN NOT NULL);

-- Facts, and what is added up from them (`roll_ups`).
CREATE TABLE job_event (
    day DATE, unit_id INTEGER, server_id INTEGER NOT NULL, data_source_id INTEGER NOT NULL,
    job_key VARCHAR NOT NULL, domain VARCHAR, schedule VARCHAR, activity VARCHAR,
    scheduled_at TIMESTAMP, started_at TIMESTAMP, ended_at TIMESTAMP,
    status UTINYINT NOT NULL, server_status VARCHAR, result INTEGER, reason VARCHAR,
    bytes BIGINT, files BIGINT, examined BIGINT, failed BIGINT,
    is_provisional BOOLEAN NOT NULL, was_ended BOOLEAN NOT NULL, collected_at TIMESTAMP NOT NULL,
    fingerprint UBIGINT NOT NULL
);
CREATE TABLE node_day (
    day DATE NOT NULL, unit_id INTEGER NOT NULL, data_source_id INTEGER NOT NULL, server_id INTEGER NOT NULL,
    worst UTINYINT NOT NULL, worst_ended UTINYINT, jobs INTEGER NOT NULL, bad INTEGER NOT NULL,
    bytes BIGINT, files BIGINT, took_s BIGINT, failed BIGINT,
    ok_at TIMESTAMP, bad_at TIMESTAMP, bad_result INTEGER
);
CREATE TABLE unit_day (
    day DATE NOT NULL, unit_id INTEGER NOT NULL, worst UTINYINT NOT NULL, worst_ended UTINYINT,
    jobs BIGINT NOT NULL, bad BIGINT NOT NULL, -- of its jobs
    bad_nodes INTEGER NOT NULL, warned_nodes INTEGER NOT NULL, noted_nodes INTEGER NOT NULL, -- whose worst is that
    bytes BIGINT, took_s BIGINT, failed BIGINT
);
CREATE TABLE node_last (
    unit_id INTEGER NOT NULL, data_source_id INTEGER NOT NULL,
    day DATE NOT NULL, unfinished UTINYINT, -- the newest day of all, and the worst of its week where nothing ended
    ended_day DATE, worst_ended UTINYINT, result INTEGER, -- the newest day on which something ended
    good_day DATE, bad_at TIMESTAMP, ok_at TIMESTAMP -- the newest good one, the first bad job since, the newest success
);
CREATE TABLE log_line (
    server_id INTEGER NOT NULL, logged_at TIMESTAMP NOT NULL, message_code VARCHAR, severity VARCHAR, message VARCHAR,
    node VARCHAR, schedule VARCHAR, session BIGINT, fingerprint UBIGINT NOT NULL
);
"""


def ddl() -> str:
    """Every table of an empty cache."""
    return _FIXED + "".join(_listing_table(kind) for kind in LISTINGS)


def listing_table(kind: ObservationKind) -> str:
    """The table that holds what is there now, for a kind that a server lists in whole."""
    return f"{kind.name}_now"


def _listing_table(kind: ObservationKind) -> str:
    columns = ", ".join(f'"{field.name}" {_DUCKDB_TYPES[str(field.type)]}' for field in kind.schema)
    extra = "server_id INTEGER NOT NULL, collected_at TIMESTAMP NOT NULL, fingerprint UBIGINT NOT NULL"
    return f"CREATE TABLE {listing_table(kind)} ({columns}, {extra});\n"


_DUCKDB_TYPES = {
    "string": "VARCHAR",
    "timestamp[us]": "TIMESTAMP",
    "int64": "BIGINT",
    "int32": "INTEGER",
    "uint8": "UTINYINT",
    "bool": "BOOLEAN",
    "double": "DOUBLE",
}
