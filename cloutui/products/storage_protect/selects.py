"""Every question that is asked, as data: explicit columns, and bounds of time wherever a table grows.

Two rules keep answers readable. The first column is never free text, so that no row begins like a message. And `>` is
written without blanks, because the client may take a lone one for redirection.
Source: the column names are those that public tools select; older servers lack some, so what a server does not list in
SYSCAT.COLUMNS is not asked for and comes as null.
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa

from cloutui.products.storage_protect.quoting import As, argument
from cloutui.products.storage_protect.values import BIG, DECIMAL, INTEGER, TEXT, TIME


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a question."""

    name: str
    """In the server's table, and in the answer."""
    type: pa.DataType
    expression: str = ""
    """What is selected when it is not the column itself."""
    is_needed: bool = False
    """Asked for even where the catalogue does not list it: without it the rows mean nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Select:
    """One question to one table."""

    table: str
    columns: tuple[Column, ...]
    where: str = ""
    """`{since}` and `{until}` stand for moments in the server's own time."""
    group_by: str = ""
    is_optional: bool = False
    """Asked only where the catalogue lists all that is needed: an older server is not bothered with it."""

    def is_offered(self, listed: Set[str]) -> bool:
        """Whether a server with these columns is to be asked at all."""
        return not self.is_optional or listed >= {column.name for column in self.columns if column.is_needed}

    def asked(self, listed: Set[str]) -> tuple[Column, ...]:
        """The columns that a server has. `listed` empty: it does not say, so all of them."""
        return tuple(column for column in self.columns if not listed or column.is_needed or column.name in listed)

    def statement(self, listed: Set[str], **moments: datetime) -> str:
        """The SQL for a server with these columns. `moments` are those that `where` names."""
        columns = ",".join(column.expression or column.name for column in self.asked(listed))
        where = (
            " WHERE " + self.where.format(**{name: _moment(at) for name, at in moments.items()}) if self.where else ""
        )
        group_by = f" GROUP BY {self.group_by}" if self.group_by else ""
        return f"SELECT {columns} FROM {self.table}{where}{group_by}"


def _moment(moment: datetime) -> str:
    return argument(f"{moment:%Y-%m-%d %H:%M:%S}", As.LITERAL, what="moment")


def _texts(*names: str) -> tuple[Column, ...]:
    return tuple(Column(name, TEXT) for name in names)


CLOCK = Select(
    table="SYSIBM.SYSDUMMY1",
    columns=(
        Column("CURRENT TIMESTAMP", TIME, is_needed=True),
        # A decimal of hours, minutes and seconds: -50000 is five hours west.
        Column("CURRENT TIMEZONE", BIG, is_needed=True),
    ),
)

EVENTS = Select(
    table="EVENTS",
    columns=(
        Column("DOMAIN_NAME", TEXT, is_needed=True),
        Column("SCHEDULE_NAME", TEXT, is_needed=True),
        Column("NODE_NAME", TEXT, is_needed=True),
        Column("SCHEDULED_START", TIME, is_needed=True),
        Column("ACTUAL_START", TIME),
        Column("COMPLETED", TIME),
        Column("STATUS", TEXT, is_needed=True),
        Column("RESULT", INTEGER),
        Column("REASON", TEXT),
    ),
    # Without bounds a server answers for the current day alone. Administrative schedules have no node.
    where="SCHEDULED_START>={since} AND SCHEDULED_START<{until} AND NODE_NAME IS NOT NULL",
)

SESSIONS = Select(
    table="SUMMARY",
    columns=(
        Column("START_TIME", TIME, is_needed=True),
        Column("END_TIME", TIME),
        Column("ACTIVITY", TEXT, is_needed=True),
        Column("NUMBER", BIG),
        Column("ENTITY", TEXT, is_needed=True),
        Column("SCHEDULE_NAME", TEXT),
        Column("EXAMINED", BIG),
        Column("AFFECTED", BIG),
        Column("FAILED", BIG),
        Column("BYTES", BIG),
        Column("SUCCESSFUL", TEXT),
    ),
    # By their end: a row appears when its session ends, and the last look may have been while it ran.
    where="ACTIVITY IN ('BACKUP','ARCHIVE','RESTORE','RETRIEVE') AND END_TIME>={since} AND START_TIME<{until}",
)

ACTING = Select(
    table="SUMMARY_EXTENDED",
    columns=(
        Column("START_TIME", TIME, is_needed=True),
        Column("ENTITY", TEXT, is_needed=True),
        Column("SCHEDULE_NAME", TEXT),
        # Whose backup it was: of a data mover, the datacenter node.
        Column("AS_ENTITY", TEXT, is_needed=True),
    ),
    where="ACTIVITY IN ('BACKUP','ARCHIVE') AND AS_ENTITY NOT IN ('') AND END_TIME>={since} AND START_TIME<{until}",
    is_optional=True,
)

START_WINDOWS = Select(
    table="CLIENT_SCHEDULES",
    columns=(*_texts("DOMAIN_NAME", "SCHEDULE_NAME"), Column("DURATION", BIG), Column("DURUNITS", TEXT)),
)

NODES = Select(
    table="NODES",
    columns=(
        Column("NODE_NAME", TEXT, is_needed=True),
        *_texts("NODETYPE", "DOMAIN_NAME", "PLATFORM_NAME", "LOCKED", "DECOMM_STATE"),
        *(Column(f"CLIENT_{part}", INTEGER) for part in ("VERSION", "RELEASE", "LEVEL", "SUBLEVEL")),
        Column("REG_TIME", TIME),
        Column("LASTACC_TIME", TIME),
        *_texts("CONTACT", "PROXY_TARGET"),
    ),
)

NODE_COUNT = Select(table="NODES", columns=(Column("NODES", BIG, "COUNT(*)", is_needed=True),))

OCCUPANCY = Select(
    table="OCCUPANCY",
    columns=(
        *_texts("NODE_NAME", "STGPOOL_NAME", "TYPE"),
        Column("NUM_FILES", BIG, "SUM(NUM_FILES)"),
        Column("PHYSICAL_MB", DECIMAL, "SUM(PHYSICAL_MB)"),
        Column("LOGICAL_MB", DECIMAL, "SUM(LOGICAL_MB)"),
        Column("REPORTING_MB", DECIMAL, "SUM(REPORTING_MB)"),
    ),
    # Deleted data that others still refer to has no node.
    where="NODE_NAME IS NOT NULL",
    group_by="NODE_NAME,STGPOOL_NAME,TYPE",
)

FILESPACES = Select(
    table="FILESPACES",
    columns=(
        Column("NODE_NAME", TEXT, is_needed=True),
        Column("FILESPACE_NAME", TEXT, is_needed=True),
        Column("FILESPACE_TYPE", TEXT),
        Column("CAPACITY", DECIMAL),
        Column("PCT_UTIL", DECIMAL),
        Column("BACKUP_START", TIME),
        Column("BACKUP_END", TIME),
    ),
)

SCHEDULES = Select(
    table="CLIENT_SCHEDULES",
    columns=(
        *_texts("DOMAIN_NAME", "SCHEDULE_NAME", "ACTION", "STARTTIME", "DURATION", "DURUNITS", "SCHED_STYLE"),
        *_texts("PERIOD", "PERUNITS", "DAYOFWEEK", "ENH_MONTH", "DAYOFMONTH", "WEEKOFMONTH"),
    ),
)

ASSOCIATIONS = Select(table="ASSOCIATIONS", columns=_texts("DOMAIN_NAME", "SCHEDULE_NAME", "NODE_NAME"))

POOLS = Select(
    table="STGPOOLS",
    columns=(
        Column("STGPOOL_NAME", TEXT, is_needed=True),
        Column("POOLTYPE", TEXT),
        Column("EST_CAPACITY_MB", DECIMAL),
        Column("PCT_UTILIZED", DECIMAL),
        # Cloud pools say their size here.
        Column("TOTAL_CLOUD_SPACE_MB", DECIMAL),
        Column("USED_CLOUD_SPACE_MB", DECIMAL),
    ),
)

STATUS = Select(
    table="STATUS",
    columns=(
        Column("SERVER_NAME", TEXT, is_needed=True),
        Column("PLATFORM", TEXT),
        *(Column(part, INTEGER) for part in ("VERSION", "RELEASE", "LEVEL", "SUBLEVEL")),
        Column("EVENTRETENTION", INTEGER),
        Column("RESTART_DATE", TIME),
        Column("LICENSECOMPLIANCE", TEXT),
    ),
)

DATABASE = Select(
    table="DB",
    columns=(
        Column("TOT_FILE_SYSTEM_MB", DECIMAL),
        Column("FREE_SPACE_MB", DECIMAL),
        Column("LAST_BACKUP_DATE", TIME),
    ),
)

RECOVERY_LOG = Select(
    table="LOG",
    columns=(Column("TOTAL_SPACE_MB", DECIMAL), Column("USED_SPACE_MB", DECIMAL)),
)

VOLUME_COUNT = Select(table="VOLUMES", columns=(Column("VOLUMES", BIG, "COUNT(*)", is_needed=True),))

SESSION_COUNT = Select(table="SESSIONS", columns=(Column("SESSIONS", BIG, "COUNT(*)", is_needed=True),))

LOG_LINES = Select(
    table="ACTLOG",
    columns=(
        Column("DATE_TIME", TIME, is_needed=True),
        Column("MSGNO", INTEGER),
        *_texts("SEVERITY", "ORIGINATOR", "NODENAME", "SCHEDNAME"),
        Column("SESSION", BIG),
        Column("MESSAGE", TEXT, is_needed=True),
    ),
    # What explains a job: the complaints of clients, and that a schedule was completed (2507), missed (2578) or
    # failed (2579). The whole log of a busy server is a hundred thousand lines a day.
    where=(
        "DATE_TIME>={since} AND DATE_TIME<{until} AND (MSGNO IN (2507,2578,2579)"
        " OR (ORIGINATOR='CLIENT' AND SEVERITY IN ('W','E','S') AND NODENAME IS NOT NULL))"
    ),
)

EVERY = (
    EVENTS,
    SESSIONS,
    ACTING,
    START_WINDOWS,
    NODES,
    OCCUPANCY,
    FILESPACES,
    SCHEDULES,
    ASSOCIATIONS,
    POOLS,
    STATUS,
    DATABASE,
    RECOVERY_LOG,
    LOG_LINES,
)
"""Those whose columns are looked up when a conversation begins."""

CATALOGUE = Select(
    table="SYSCAT.COLUMNS",
    columns=(Column("TABNAME", TEXT, is_needed=True), Column("COLNAME", TEXT, is_needed=True)),
    where="TABNAME IN (" + ",".join(sorted({f"'{select.table}'" for select in EVERY})) + ")",
)
