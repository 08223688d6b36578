"""QUERY NODE: client nodes, and other types only when asked for.

Titles and widths of the brief form were seen; the detailed titles are from memory, and it shows what `NODES` holds.
"""

from __future__ import annotations

from cloutui.simulator.dsmadmc.kinds import COUNT, DAYS_AGO, EXACT_NUMBER, MOMENT, WORD, with_unit
from cloutui.simulator.dsmadmc.queries.description import FORMAT, Choice, Names, Positional, Query, Shown

_NAME = Shown("Node Name", "NODE_NAME", 25)
_PLATFORM = Shown("Platform", "PLATFORM_NAME", 8)
_DOMAIN = Shown("Policy Domain Name", "DOMAIN_NAME", 14)
_ACCESSED_DAYS = Shown("Days Since Last Access", "DAYS(CURRENT_TIMESTAMP) - DAYS(LASTACC_TIME)", 10, DAYS_AGO)
_PASSWORD_DAYS = Shown("Days Since Password Set", "DAYS(CURRENT_TIMESTAMP) - DAYS(PWSET_TIME)", 10, DAYS_AGO)
_LOCKED = Shown("Locked?", "LOCKED", 7, WORD)

NODE = Query(
    head="QUERY NODE",
    source="NODES",
    positionals=(Positional("node", Names("NODE_NAME")),),
    keywords={
        "DOMAIN": Names("DOMAIN_NAME"),
        "AUTHENTICATION": Choice(
            {"LOcal": "UPPER(AUTHENTICATION) = 'LOCAL'", "LDap": "UPPER(AUTHENTICATION) = 'LDAP'"}
        ),
        "TYPE": Choice(
            {
                "Client": "NODETYPE = 'CLIENT'",
                "Any": "",
                "NAS": "NODETYPE = 'NAS'",
                "Server": "NODETYPE = 'SERVER'",
                "OBJECTClient": "NODETYPE = 'OBJECTCLIENT'",
                "OSSMClient": "NODETYPE = 'OSSMCLIENT'",
            }
        ),
        "FORMAT": FORMAT,
    },
    defaults={"TYPE": "Client"},
    brief=(_NAME, _PLATFORM, _DOMAIN, _ACCESSED_DAYS, _PASSWORD_DAYS, _LOCKED),
    detailed=(
        _NAME,
        _PLATFORM,
        Shown("Client OS Level", "CLIENT_OS_LEVEL"),
        Shown(
            "Client Version",
            "'Version ' || CLIENT_VERSION || ', release ' || CLIENT_RELEASE || ', level ' || CLIENT_LEVEL || '.' || "
            "CLIENT_SUBLEVEL",
        ),
        _DOMAIN,
        Shown("Last Access Date/Time", "LASTACC_TIME", kind=MOMENT),
        _ACCESSED_DAYS,
        Shown("Password Set Date/Time", "PWSET_TIME", kind=MOMENT),
        _PASSWORD_DAYS,
        Shown("Invalid Sign-on Count", "INVALID_PW_COUNT", kind=EXACT_NUMBER),
        _LOCKED,
        Shown("Contact", "CONTACT"),
        Shown("Compression", "COMPRESSION", kind=WORD),
        Shown("Archive Delete Allowed?", "ARCHDELETE", kind=WORD),
        Shown("Backup Delete Allowed?", "BACKDELETE", kind=WORD),
        Shown("Registration Date/Time", "REG_TIME", kind=MOMENT),
        Shown("Registering Administrator", "REG_ADMIN"),
        Shown("Last Communication Method Used", "LASTSESS_COMMMETH"),
        Shown("Bytes Received Last Session", "LASTSESS_RECVD", kind=COUNT),
        Shown("Bytes Sent Last Session", "LASTSESS_SENT", kind=COUNT),
        Shown("Duration of Last Session", "LASTSESS_DURATION", kind=EXACT_NUMBER),
        Shown("Pct. Idle Wait Last Session", "LASTSESS_IDLEWAIT", kind=EXACT_NUMBER),
        Shown("Pct. Comm. Wait Last Session", "LASTSESS_COMMWAIT", kind=EXACT_NUMBER),
        Shown("Pct. Media Wait Last Session", "LASTSESS_MEDIAWAIT", kind=EXACT_NUMBER),
        Shown("Optionset", "OPTION_SET"),
        Shown("URL", "URL"),
        Shown("Node Type", "NODETYPE", kind=WORD),
        Shown("Password Expiration Period", "PASSEXP", kind=with_unit("Day(s)")),
        Shown("Keep Mount Point?", "KEEP_MP", kind=WORD),
        Shown("Maximum Mount Points Allowed", "MAX_MP_ALLOWED", kind=EXACT_NUMBER),
        Shown("Auto Filespace Rename", "AUTO_FS_RENAME", kind=WORD),
        Shown("Validate Protocol", "VALIDATEPROTOCOL", kind=WORD),
        Shown("TCP/IP Name", "TCP_NAME"),
        Shown("TCP/IP Address", "TCP_ADDRESS"),
        Shown("Globally Unique ID", "GUID"),
        Shown("Transaction Group Max", "TXNGROUPMAX", kind=EXACT_NUMBER),
        Shown("Data Write Path", "DATAWRITEPATH"),
        Shown("Data Read Path", "DATAREADPATH"),
        Shown("Session Initiation", "SESSION_INITIATION"),
        Shown("High-level Address", "CLIENT_HLA"),
        Shown("Low-level Address", "CLIENT_LLA"),
        Shown("Collocation Group Name", "COLLOCGROUP_NAME"),
        Shown("Proxynode Target", "PROXY_TARGET"),
        Shown("Proxynode Agent", "PROXY_AGENT"),
        Shown("Email Address", "EMAIL_ADDRESS"),
        Shown("Deduplication", "DEDUPLICATION"),
        Shown("Replication State", "REPL_STATE", kind=WORD),
        Shown("Replication Mode", "REPL_MODE"),
        Shown("Backup Replication Rule", "REPL_BKRULE"),
        Shown("Archive Replication Rule", "REPL_ARRULE"),
        Shown("Space Management Replication Rule", "REPL_SPRULE"),
        Shown("Client OS Name", "CLIENT_OS_NAME"),
        Shown("Authentication", "AUTHENTICATION", kind=WORD),
        Shown("SSL Required", "SSL_REQUIRED", kind=WORD),
        Shown("Session Security", "SESSION_SECURITY", kind=WORD),
        Shown("Transport Method", "TRANSPORT_METHOD"),
        Shown("Decommissioned", "DECOMM_STATE"),
        Shown("Decommissioned Date", "DECOMM_DATE"),
    ),
    order="NODE_NAME",
)
