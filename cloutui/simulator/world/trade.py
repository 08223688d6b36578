"""What a backup provider runs: kinds of nodes, policy domains and schedules. Data, no rules."""

from __future__ import annotations

from dataclasses import dataclass, field

GIB = 2**30
ALL_HOURS = tuple(range(24))


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """A client schedule. Times are the server's own."""

    domain: str
    name: str
    start: str
    window_minutes: int
    action: str = "INCREMENTAL"
    subaction: str = ""
    objects: str = ""
    options: str = ""
    description: str = ""
    hours: tuple[int, ...] = (0,)
    """Added to `start`: an hourly schedule has all 24."""
    weekday: int | None = None
    """ISO number, Monday 1; None: every day."""
    activity: str = "BACKUP"
    """What SUMMARY calls the work."""
    share: float = 1.0
    """Of a node's daily amount, what one run moves."""


SCHEDULES = (
    Schedule(domain="PD_SQL", name="DAILY_SQL", start="01:00", window_minutes=120, description="Databases, nightly"),
    Schedule(
        domain="PD_SQL",
        name="LOG_SQL",
        start="00:00",
        window_minutes=20,
        hours=ALL_HOURS,
        action="COMMAND",
        objects="C:\\backup\\sqllog.cmd",
        description="Transaction logs, hourly",
        share=0.02,
    ),
    Schedule(domain="PD_WIN", name="DAILY_WIN", start="20:00", window_minutes=180, description="Windows, evening"),
    Schedule(domain="PD_WIN", name="DAILY_WIN_LATE", start="23:30", window_minutes=180, description="Windows, night"),
    Schedule(domain="PD_WIN", name="NOON_WIN", start="12:00", window_minutes=120, description="Windows, midday"),
    Schedule(
        domain="PD_WIN",
        name="WEEKLY_IMAGE",
        start="06:00",
        window_minutes=360,
        weekday=7,
        action="IMAGEBACKUP",
        description="Volume images, Sundays",
        share=6.0,
    ),
    Schedule(domain="PD_LX", name="DAILY_LX", start="22:00", window_minutes=180, description="Linux and AIX, evening"),
    Schedule(domain="PD_LX", name="DAILY_LX_0300", start="03:00", window_minutes=180, description="Linux, night"),
    Schedule(
        domain="PD_LX",
        name="LOG_ORA",
        start="00:30",
        window_minutes=20,
        hours=ALL_HOURS,
        action="COMMAND",
        objects="/opt/backup/oralog.sh",
        description="Archived redo logs, hourly",
        share=0.02,
    ),
    Schedule(
        domain="PD_LX",
        name="WEEKLY_ARCHIVE",
        start="09:00",
        window_minutes=360,
        weekday=6,
        action="ARCHIVE",
        objects="/srv/archive/",
        description="Archives, Saturdays",
        activity="ARCHIVE",
        share=3.0,
    ),
    Schedule(
        domain="PD_VM",
        name="DAILY_VM",
        start="21:00",
        window_minutes=240,
        action="BACKUP",
        subaction="VM",
        options="-vmbackuptype=fullvm -mode=ifincr",
        description="Virtual machines, nightly",
    ),
    Schedule(domain="PD_MAIL", name="DAILY_MAIL", start="00:30", window_minutes=120, description="Mail, nightly"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Domain:
    """A policy domain and where its data goes."""

    name: str
    description: str
    versions: str
    keep_extra_days: str
    pool: str = "DEDUP-A"


DOMAINS = (
    Domain(name="PD_LX", description="Linux and AIX", versions="4", keep_extra_days="30"),
    Domain(name="PD_MAIL", description="Mail servers", versions="NOLIMIT", keep_extra_days="60", pool="DEDUP-B"),
    Domain(name="PD_SQL", description="Databases", versions="NOLIMIT", keep_extra_days="35", pool="DEDUP-B"),
    Domain(name="PD_VM", description="Virtual machines", versions="14", keep_extra_days="30", pool="DEDUP-B"),
    Domain(name="PD_WIN", description="Windows", versions="4", keep_extra_days="30"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filespace:
    """A file space of a kind of node: `{node}` and `{host}` stand for its name."""

    name: str
    type: str
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of node, and how much it holds and moves."""

    weight: int
    names: tuple[str, ...]
    domain: str
    schedules: tuple[str, ...]
    """One of these; the nightly work."""
    extra: tuple[tuple[str, float], ...] = ()
    """Further schedules, and which share of the nodes has them."""
    platform: str = "WinNT"
    os: str = "Windows Server 2022"
    os_level: str = "10.00"
    stored_gib: tuple[float, float] = (40, 2_000)
    daily_share: float = 0.01
    """Of what is stored, what a day changes."""
    files: tuple[int, int] = (40_000, 900_000)
    streams: tuple[int, ...] = (1, 1, 2, 3)
    filespaces: tuple[Filespace, ...] = field(default_factory=tuple)


_WINDOWS = (
    Filespace(name="\\\\{host}\\c$", type="NTFS", share=0.1),
    Filespace(name="\\\\{host}\\d$", type="NTFS", share=0.9),
    Filespace(name="{node}\\SystemState\\NULL\\System State\\SystemState", type="VSS", share=0.0),
)
_UNIX = (
    Filespace(name="/", type="XFS", share=0.05),
    Filespace(name="/var", type="XFS", share=0.05),
    Filespace(name="/srv", type="XFS", share=0.9),
)
_SQL = (
    Filespace(name="\\\\{host}\\c$", type="NTFS", share=0.05),
    Filespace(name="\\\\{host}\\e$", type="NTFS", share=0.35),
    Filespace(name="{node}\\data\\0001", type="API:SqlData", share=0.6),
)

FILE = Kind(
    weight=13,
    names=("FILE", "FS"),
    domain="PD_WIN",
    schedules=("DAILY_WIN", "DAILY_WIN_LATE"),
    extra=(("WEEKLY_IMAGE", 0.15),),
    stored_gib=(300, 12_000),
    daily_share=0.004,
    files=(300_000, 9_000_000),
    filespaces=_WINDOWS,
)
WINDOWS = Kind(
    weight=26,
    names=("WEB", "APP", "DC", "AD", "PRINT", "CAD", "RDS"),
    domain="PD_WIN",
    schedules=("DAILY_WIN", "DAILY_WIN", "DAILY_WIN_LATE", "NOON_WIN"),
    extra=(("WEEKLY_IMAGE", 0.25),),
    filespaces=_WINDOWS,
)
SQL = Kind(
    weight=13,
    names=("SQL", "DB"),
    domain="PD_SQL",
    schedules=("DAILY_SQL",),
    extra=(("LOG_SQL", 0.45),),
    stored_gib=(200, 6_000),
    daily_share=0.05,
    files=(200, 60_000),
    streams=(2, 3, 4),
    filespaces=_SQL,
)
MAIL = Kind(
    weight=3,
    names=("EXCH",),
    domain="PD_MAIL",
    schedules=("DAILY_MAIL",),
    stored_gib=(900, 9_000),
    files=(400, 9_000),
    streams=(3, 4),
    filespaces=(
        Filespace(name="\\\\{host}\\c$", type="NTFS", share=0.05),
        Filespace(name="{node}\\MailboxDatabase", type="API:ExcData", share=0.95),
    ),
)
LINUX = Kind(
    weight=27,
    names=("LX", "ERP", "HIST", "JOURNAL", "GW"),
    domain="PD_LX",
    schedules=("DAILY_LX", "DAILY_LX", "DAILY_LX_0300"),
    extra=(("WEEKLY_ARCHIVE", 0.2),),
    platform="Linux x86-64",
    os="Red Hat Enterprise Linux 9.4",
    os_level="5.14.0-427",
    stored_gib=(20, 3_000),
    filespaces=_UNIX,
)
ORACLE = Kind(
    weight=6,
    names=("ORA",),
    domain="PD_LX",
    schedules=("DAILY_LX_0300",),
    extra=(("LOG_ORA", 0.75),),
    platform="AIX",
    os="AIX 7.3",
    os_level="7.3",
    stored_gib=(400, 9_000),
    daily_share=0.04,
    files=(100, 20_000),
    streams=(2, 4),
    filespaces=(
        Filespace(name="/", type="JFS2", share=0.1),
        Filespace(name="/adsmorc", type="API:ORACLE", share=0.9),
    ),
)
ARCHIVE = Kind(
    weight=2,
    names=("PACS", "ARC"),
    domain="PD_LX",
    schedules=("DAILY_LX",),
    platform="Linux x86-64",
    os="SUSE Linux Enterprise Server 15 SP5",
    os_level="5.14.21",
    stored_gib=(4_000, 40_000),
    daily_share=0.003,
    files=(2_000_000, 11_000_000),
    streams=(4,),
    filespaces=_UNIX,
)
"""Backed up by an agent on its behalf: ENTITY is `NODE (AGENT)`."""
MOVER = Kind(
    weight=4,
    names=("VC",),
    domain="PD_VM",
    schedules=("DAILY_VM",),
    platform="Linux x86-64",
    os="Red Hat Enterprise Linux 9.4",
    os_level="5.14.0-427",
    stored_gib=(2_000, 20_000),
    daily_share=0.015,
    files=(40, 400),
)
"""A data mover: it backs up the virtual machines of a datacenter node, whose file spaces they are."""

KINDS = (FILE, WINDOWS, SQL, MAIL, LINUX, ORACLE, ARCHIVE, MOVER)

FEATURED = (
    ("ACME-SQL01", SQL, True),
    ("NETTRAFO-DC1", WINDOWS, True),
    ("KS-FILE03", FILE, True),
    ("ACME-WEB04", WINDOWS, True),
    ("OH-PACS-ARC", ARCHIVE, False),
    ("KS-AD02", WINDOWS, False),
    ("VIND-HIST01", LINUX, False),
    ("KS-JOURNAL", LINUX, True),
    ("BOLT-VM-PROXY", MOVER, True),
    ("OH-EPJ-DB1", SQL, False),
    ("CIRKEL-DC1", WINDOWS, False),
    ("ACME-EXCH01", MAIL, False),
    ("BOLT-ERP", LINUX, False),
    ("MOL-CAD01", WINDOWS, False),
    ("MOL-CAD02", WINDOWS, False),
    ("BOLT-LX12", LINUX, False),
    ("OH-LAB02", LINUX, False),
    ("ACME-SQL02", SQL, False),
    ("KS-SKOLE-AD", WINDOWS, False),
)
"""Nodes that every fleet has, as far as it is large enough: name, kind, and whether it is often in trouble."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AdminSchedule:
    """A schedule of the server's own housekeeping."""

    name: str
    command: str
    start: str
    window_minutes: int = 60
    activity: str | None = None
    """What SUMMARY and QUERY PROCESS call the work; None: over at once."""
    process: str | None = None
    minutes: int = 0
    """About how long it takes."""
    description: str = ""


ADMIN_SCHEDULES = (
    AdminSchedule(
        name="BACKUP_DB",
        command="BACKUP DB DEVCLASS=LTO8CLASS TYPE=FULL WAIT=YES",
        start="06:00",
        activity="FULL_DBBACKUP",
        process="Database Backup",
        minutes=24,
        description="Database, full",
    ),
    AdminSchedule(name="PREPARE_DRM", command="PREPARE WAIT=YES", start="07:00", description="Recovery plan file"),
    AdminSchedule(
        name="PROTECT_POOLS",
        command="PROTECT STGPOOL DEDUP-A WAIT=YES",
        start="08:00",
        activity="STGPOOL PROTECTION",
        process="Protect Storage Pool",
        minutes=50,
        description="Container pools to the partner",
    ),
    AdminSchedule(
        name="DELETE_VOLHIST",
        command="DELETE VOLHISTORY TODATE=TODAY-5 TYPE=DBBACKUP",
        start="09:00",
        description="Old database backups",
    ),
    AdminSchedule(
        name="EXPIRE_INV",
        command="EXPIRE INVENTORY RESOURCE=8 WAIT=YES",
        start="10:00",
        activity="EXPIRATION",
        process="Expiration",
        minutes=35,
        description="Expiration",
    ),
    AdminSchedule(
        name="REPL_NODES",
        command="REPLICATE NODE * WAIT=YES",
        start="13:00",
        activity="REPLICATION",
        process="Replicate Node",
        minutes=80,
        description="Node replication",
    ),
    AdminSchedule(
        name="RECLAIM_TAPE",
        command="RECLAIM STGPOOL TAPE-COPY THRESHOLD=60 WAIT=YES",
        start="16:00",
        activity="RECLAMATION",
        process="Space Reclamation",
        minutes=70,
        description="Tapes with little left on them",
    ),
)
