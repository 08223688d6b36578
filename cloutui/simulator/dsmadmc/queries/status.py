"""QUERY STATUS: the server's own settings, always a list.

The order of the 42 fields follows a captured answer; their titles, and the values that no table column holds, are from
memory. The list grows by release.
"""

from __future__ import annotations

from cloutui.simulator.dsmadmc.kinds import EXACT_NUMBER, MOMENT, WORD, with_unit
from cloutui.simulator.dsmadmc.queries.description import Query, Shown

_DAYS = with_unit("Day(s)")

STATUS = Query(
    head="QUERY STATUS",
    source="STATUS",
    is_list=True,
    brief=(
        Shown("Server Name", "SERVER_NAME"),
        Shown("Server host name or IP address", "SERVER_HLA"),
        Shown("Server TCP/IP port number", "SERVER_LLA"),
        Shown("Crossdefine", "CROSSDEFINE", kind=WORD),
        Shown("Server Password Set", "'Yes'"),
        Shown("Server Installation Date/Time", "INSTALL_DATE", kind=MOMENT),
        Shown("Server Restart Date/Time", "RESTART_DATE", kind=MOMENT),
        Shown("Authentication", "'On'"),
        Shown("Password Expiration Period", "PASSEXP", kind=_DAYS),
        Shown("Invalid Sign-on Attempt Limit", "0", kind=EXACT_NUMBER),
        Shown("Minimum Password Length", "MINPWLENGTH", kind=EXACT_NUMBER),
        Shown("Registration", "'Closed'"),
        Shown("Subfile Backup", "'No'"),
        Shown("Availability", "AVAILABILITY", kind=WORD),
        Shown("Inbound Sessions Disabled", "''"),
        Shown("Outbound Sessions Disabled", "''"),
        Shown("Accounting", "ACCOUNTING", kind=WORD),
        Shown("Activity Log Retention", "ACTLOGRETENTION", kind=_DAYS),
        Shown("Activity Log Number of Records", "(SELECT COUNT(*) FROM ACTLOG)", kind=EXACT_NUMBER),
        Shown("Activity Log Size", "'<1 M'"),
        Shown("Activity Summary Retention Period", "SUMMARYRETENTION", kind=_DAYS),
        Shown("License Audit Period", "30", kind=_DAYS),
        Shown("Last License Audit", "LASTLICENSEAUDIT", kind=MOMENT),
        Shown("Server License Compliance", "LICENSECOMPLIANCE", kind=WORD),
        Shown("Central Scheduler", "SCHEDULER", kind=WORD),
        Shown("Maximum Sessions", "MAXSESSIONS", kind=EXACT_NUMBER),
        Shown("Maximum Scheduled Sessions", "MAXSCHEDSESSIONS", kind=EXACT_NUMBER),
        Shown("Event Record Retention Period", "EVENTRETENTION", kind=_DAYS),
        Shown("Client Action Duration", "5", kind=_DAYS),
        Shown("Schedule Randomization Percentage", "RANDOMIZE", kind=EXACT_NUMBER),
        Shown("Query Schedule Period", "QUERYSCHEDPERIOD"),
        Shown("Maximum Command Retries", "'Client'"),
        Shown("Retry Period", "'Client'"),
        Shown("Client-side Deduplication Verification Level", "0", kind=EXACT_NUMBER),
        Shown("Scheduling Modes", "SCHEDMODE", kind=WORD),
        Shown("Active Receivers", "'CONSOLE ACTLOG'"),
        Shown("Configuration manager?", "'Off'"),
        Shown("Refresh interval", "60", kind=EXACT_NUMBER),
        Shown("Last refresh date/time", "''"),
        Shown("Context Messaging", "'Off'"),
        Shown("Table of Contents (TOC) Load Retention", "120", kind=with_unit("Minute(s)")),
        Shown("Machine Globally Unique ID", "''"),
    ),
)
