"""The cache's tables. All of it can be made again, so it has a version and no migrations.

No primary keys and no indexes on fact tables: DuckDB's are slow to update and have lost rows under upserts
(duckdb#23645). `job_event` and `node_day` lie in day order, so that a bound on the day reads little.
"""

from __future__ import annotations

from cloutui.products.observation import KINDS, ObservationKind

CACHE_VERSION = 8
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
-- What was promised to a unit, and which jobs count, by period. `goal` in tenths of a percent; who said it.
CREATE TABLE unit_sla (
    unit_id INTEGER NOT NULL, valid_from DATE NOT NULL, valid_to DATE NOT NULL, goal INTEGER NOT NULL,
    goal_set_on_id INTEGER, okwarn BOOLEAN NOT NULL, warning BOOLEAN NOT NULL, unscheduled BOOLEAN NOT NULL,
    locked BOOLEAN NOT NULL, without_handled VARCHAR NOT NULL, tags_only VARCHAR NOT NULL, tags_without VARCHAR NOT NULL
);
CREATE TABLE server (
    server_id INTEGER NOT NULL, name VARCHAR NOT NULL, product VARCHAR NOT NULL, unit_id INTEGER NOT NULL,
    time_zone VARCHAR, is_removed BOOLEAN NOT NULL
);
-- The severity rules in force, by profile; and whose nodes have which, of each product: a unit's, or one node's.
CREATE TABLE severity_profile (
    unit_id INTEGER NOT NULL, data_source_id INTEGER, product VARCHAR NOT NULL, profile_id INTEGER NOT NULL
);
CREATE TABLE severity (
    profile_id INTEGER NOT NULL, key VARCHAR NOT NULL, product VARCHAR NOT NULL, grade UTINYINT, bound DOUBLE NOT NULL,
    share DOUBLE NOT NULL, limit_text VARCHAR NOT NULL, value_text VARCHAR NOT NULL, unit_id INTEGER,
    data_source_id INTEGER
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

CREATE TABLE tag (
    tag_id INTEGER NOT NULL, unit_id INTEGER NOT NULL, text VARCHAR NOT NULL, is_inheritable BOOLEAN NOT NULL
);
CREATE TABLE tagging (tag_id INTEGER NOT NULL, unit_id INTEGER, data_source_id INTEGER);
-- The tags of each data source of now: its own and those of the units above it, as far as the tags' owners reach.
-- `unit_id`: whose it is now. `is_own`: it was put on the data source itself.
CREATE TABLE node_tag (
    data_source_id INTEGER NOT NULL, unit_id INTEGER NOT NULL, tag_id INTEGER NOT NULL, is_own BOOLEAN NOT NULL
);

-- Only ever added to, and followed by their last number (`appended`): of several the newest holds.
CREATE TABLE sla_month (
    sla_month_id INTEGER NOT NULL, unit_id INTEGER NOT NULL, month DATE NOT NULL, revision INTEGER NOT NULL,
    frozen_at TIMESTAMP NOT NULL, goal INTEGER NOT NULL, ok BIGINT NOT NULL, okwarn BIGINT NOT NULL,
    warning BIGINT NOT NULL, failed BIGINT NOT NULL, missed BIGINT NOT NULL, good BIGINT NOT NULL,
    counts VARCHAR NOT NULL
);
CREATE TABLE handling (
    handling_id INTEGER NOT NULL, data_source_id INTEGER NOT NULL, day DATE NOT NULL, job_key VARCHAR,
    state VARCHAR NOT NULL
);

-- How nodes stood on days that are frozen, and the files that this is from, each by its last number in the records
-- (`frozen_grades`).
CREATE TABLE frozen_grade (
    day DATE NOT NULL, unit_id INTEGER NOT NULL, data_source_id INTEGER NOT NULL, status UTINYINT NOT NULL
);
CREATE TABLE frozen_file (frozen_day_id INTEGER NOT NULL, day DATE NOT NULL);
-- Units of whose day nothing is known any more, because the file cannot be read or is not what it was.
CREATE TABLE frozen_lost (
    frozen_day_id INTEGER NOT NULL, day DATE NOT NULL, unit_id INTEGER NOT NULL, file VARCHAR NOT NULL
);

-- Facts, and what is added up from them (`roll_ups`).
CREATE TABLE job_event (
    day DATE, unit_id INTEGER, server_id INTEGER NOT NULL, data_source_id INTEGER NOT NULL,
    job_key VARCHAR NOT NULL, domain VARCHAR, schedule VARCHAR, activity VARCHAR,
    scheduled_at TIMESTAMP, started_at TIMESTAMP, ended_at TIMESTAMP,
    status UTINYINT NOT NULL, server_status VARCHAR, result INTEGER, reason VARCHAR,
    bytes BIGINT, files BIGINT, examined BIGINT, failed BIGINT,
    is_provisional BOOLEAN NOT NULL, was_ended BOOLEAN NOT NULL, made_for VARCHAR[], collected_at TIMESTAMP NOT NULL,
    fingerprint UBIGINT NOT NULL
);
-- Backups that succeeded and were for another node (`for_id`) than the one that made them; the day is the maker's.
CREATE TABLE made_for (
    day DATE NOT NULL, data_source_id INTEGER NOT NULL, for_id INTEGER NOT NULL, ok_at TIMESTAMP NOT NULL
);
CREATE TABLE node_day (
    day DATE NOT NULL, unit_id INTEGER NOT NULL, data_source_id INTEGER NOT NULL, server_id INTEGER NOT NULL,
    worst UTINYINT NOT NULL, worst_ended UTINYINT, jobs INTEGER NOT NULL, bad INTEGER NOT NULL,
    bytes BIGINT, files BIGINT, took_s BIGINT, failed BIGINT,
    ok_at TIMESTAMP, bad_at TIMESTAMP, bad_result INTEGER,
    -- Jobs by their final status, then those among them that no schedule asked for.
    n_ok INTEGER NOT NULL, n_okwarn INTEGER NOT NULL, n_warning INTEGER NOT NULL, n_missed INTEGER NOT NULL,
    n_error INTEGER NOT NULL,
    u_ok INTEGER NOT NULL, u_okwarn INTEGER NOT NULL, u_warning INTEGER NOT NULL, u_error INTEGER NOT NULL,
    longest_s BIGINT -- of one job
);
CREATE TABLE unit_day (
    day DATE NOT NULL, unit_id INTEGER NOT NULL, worst UTINYINT NOT NULL, worst_ended UTINYINT,
    jobs BIGINT NOT NULL, bad BIGINT NOT NULL, -- of its jobs
    bad_nodes INTEGER NOT NULL, warned_nodes INTEGER NOT NULL, noted_nodes INTEGER NOT NULL, -- whose worst is that
    bytes BIGINT, took_s BIGINT, failed BIGINT,
    n_ok BIGINT NOT NULL, n_okwarn BIGINT NOT NULL, n_warning BIGINT NOT NULL, n_missed BIGINT NOT NULL,
    n_error BIGINT NOT NULL,
    u_ok BIGINT NOT NULL, u_okwarn BIGINT NOT NULL, u_warning BIGINT NOT NULL, u_error BIGINT NOT NULL
);
CREATE TABLE node_last (
    unit_id INTEGER NOT NULL, data_source_id INTEGER NOT NULL,
    day DATE NOT NULL, unfinished UTINYINT, -- the newest day of all, and the worst of its week where nothing ended
    ended_day DATE, worst_ended UTINYINT, result INTEGER, -- the newest day on which something ended
    good_day DATE, bad_at TIMESTAMP, ok_at TIMESTAMP -- the newest good one, the first bad job since, the newest success
);

-- What nodes hold: their totals whenever a collection found one changed, by days, and added up by units (`stored`).
CREATE TABLE stored_change (
    collected_at TIMESTAMP NOT NULL, data_source_id INTEGER NOT NULL, server_id INTEGER NOT NULL,
    stored BIGINT NOT NULL, files BIGINT NOT NULL, logical BIGINT NOT NULL
);
CREATE TABLE stored_day (
    day DATE NOT NULL, unit_id INTEGER NOT NULL, data_source_id INTEGER NOT NULL, server_id INTEGER NOT NULL,
    stored BIGINT NOT NULL, files BIGINT NOT NULL, logical BIGINT NOT NULL
);
CREATE TABLE stored_last (data_source_id INTEGER NOT NULL, day DATE NOT NULL, stored BIGINT NOT NULL, before BIGINT);
CREATE TABLE unit_stored (
    day DATE NOT NULL, unit_id INTEGER NOT NULL, stored BIGINT NOT NULL, files BIGINT NOT NULL,
    logical BIGINT NOT NULL, nodes INTEGER NOT NULL
);

-- How full pools were: the newest of each UTC day on which it changed (`levels`).
CREATE TABLE pool_day (
    day DATE NOT NULL, server_id INTEGER NOT NULL, pool VARCHAR, capacity_bytes BIGINT, used_percent DOUBLE,
    collected_at TIMESTAMP NOT NULL
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
