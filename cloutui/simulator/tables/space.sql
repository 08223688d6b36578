-- What is stored, and where: file spaces, occupancy, pools, volumes, tapes.

CREATE VIEW raw.filespaces AS
WITH backed_up AS (
    SELECT node, max(starts) AS starts, max(ends) AS ends FROM occurrence
    WHERE activity = 'BACKUP' AND outcome = 'Completed' AND origin = 'client' AND action <> 'COMMAND' AND ends <= present()
    GROUP BY node
)
SELECT f.node AS node_name, f.name AS filespace_name, f.id AS filespace_id, f.type AS filespace_type,
    -- A file space written through the API knows neither its size nor its backups.
    CASE WHEN f.type LIKE 'API:%' THEN 0 ELSE ceil(stored_mb(n.node, n.stored_bytes, f.share, n.growth) * 1.7) END AS capacity,
    CASE WHEN f.type LIKE 'API:%' OR f.share = 0 THEN 0
        ELSE round(100 * stored_mb(n.node, n.stored_bytes, f.share, n.growth)
            / ceil(stored_mb(n.node, n.stored_bytes, f.share, n.growth) * 1.7), 1) END AS pct_util,
    CASE WHEN f.type NOT LIKE 'API:%' THEN to_local(b.starts) END AS backup_start,
    CASE WHEN f.type NOT LIKE 'API:%' THEN date_trunc('second', to_local(b.ends)) END AS backup_end,
    CASE WHEN n.platform = 'WinNT' THEN 'YES' ELSE 'NO' END AS unicode_filespace
FROM filespace f JOIN node n ON n.node = f.node LEFT JOIN backed_up b ON b.node = f.node
WHERE n.registered <= getvariable('now');

CREATE VIEW raw.filespaceview AS
SELECT node_name, filespace_name, filespace_id, filespace_type, backup_start, backup_end FROM raw.filespaces;

CREATE VIEW raw.occupancy AS
WITH held AS MATERIALIZED (
    SELECT n.node, f.name, f.id, stored_mb(n.node, n.stored_bytes, f.share, n.growth) AS mb,
        greatest(1, CAST(grown(n.examined, n.growth, server_day()) * greatest(f.share, 0.01) * 1.6 AS BIGINT)) AS files,
        d.pool, n.agent IS NOT NULL AS on_tape, w.node IS NOT NULL AS archives
    FROM filespace f
    JOIN node n ON n.node = f.node
    JOIN domain d ON d.name = n.domain
    LEFT JOIN (SELECT DISTINCT node FROM association WHERE schedule = 'WEEKLY_ARCHIVE') w ON w.node = n.node AND f.share > 0.5
    WHERE n.registered <= getvariable('now') AND f.share > 0
)
-- A container pool has no physical size of its own: it stores extents, not files.
SELECT node AS node_name, 'Bkup' AS type, name AS filespace_name, pool AS stgpool_name, files AS num_files,
    NULL AS physical_mb, mb * 0.42 AS logical_mb, mb AS reporting_mb, id AS filespace_id
FROM held WHERE NOT on_tape
UNION ALL
SELECT node, 'Bkup', name, t.pool, files, mb * 1.02, mb, mb, id
FROM held CROSS JOIN (VALUES ('TAPEPOOL'), ('TAPE-COPY')) t(pool) WHERE on_tape
UNION ALL
SELECT node, 'Arch', name, t.pool, files // 10 + 1, mb * 0.21, mb * 0.2, mb * 0.2, id
FROM held CROSS JOIN (VALUES ('TAPEPOOL'), ('TAPE-COPY')) t(pool) WHERE archives
UNION ALL
-- Deleted, but still held by others' references.
SELECT NULL, NULL, NULL, 'DEDUP-B', 1370, NULL, NULL, NULL, NULL;

CREATE VIEW raw.auditocc AS
SELECT *, backup_mb + backup_copy_mb + archive_mb + archive_copy_mb AS total_mb, backup_mb * 6 // 10 AS backup_active_mb
FROM (
    SELECT node_name,
        CAST(coalesce(sum(logical_mb) FILTER (type = 'Bkup' AND stgpool_name <> 'TAPE-COPY'), 0) AS BIGINT) AS backup_mb,
        CAST(coalesce(sum(logical_mb) FILTER (type = 'Bkup' AND stgpool_name = 'TAPE-COPY'), 0) AS BIGINT) AS backup_copy_mb,
        CAST(coalesce(sum(logical_mb) FILTER (type = 'Arch' AND stgpool_name <> 'TAPE-COPY'), 0) AS BIGINT) AS archive_mb,
        CAST(coalesce(sum(logical_mb) FILTER (type = 'Arch' AND stgpool_name = 'TAPE-COPY'), 0) AS BIGINT) AS archive_copy_mb,
        0 AS spacemg_mb, 0 AS spacemg_copy_mb
    FROM raw.occupancy WHERE node_name IS NOT NULL GROUP BY node_name
);

-- A pool is made a fifth larger before it is fuller than its limit; in between it fills.
CREATE VIEW raw.stgpools AS
WITH pool(name, pooltype, devclass, stg_type, most, next, description) AS (VALUES
    ('DEDUP-A', 'PRIMARY', NULL, 'DIRECTORY', 0.78, NULL, 'Directory containers, site A'),
    ('DEDUP-B', 'PRIMARY', NULL, 'DIRECTORY', 0.95, NULL, 'Directory containers, site B'),
    ('CLOUD-ARC', 'PRIMARY', NULL, 'CLOUD', 0.9, NULL, 'Cloud containers, cold copies'),
    ('DISKPOOL', 'PRIMARY', 'DISK', 'DEVCLASS', 0.9, 'TAPEPOOL', 'Landing zone'),
    ('TAPEPOOL', 'PRIMARY', 'LTO8CLASS', 'DEVCLASS', 0.75, NULL, 'Tape, on site'),
    ('TAPE-COPY', 'COPY', 'LTO8CLASS', 'DEVCLASS', 0.68, NULL, 'Tape, vaulted')
), used AS (
    SELECT stgpool_name, sum(logical_mb) AS mb FROM raw.occupancy GROUP BY stgpool_name
), steady AS (
    SELECT CASE WHEN n.agent IS NULL THEN d.pool ELSE 'TAPE' END AS place,
        sum(grown(n.stored_bytes, n.growth, server_day()) * f.share) / 1048576
            * CASE WHEN n.agent IS NULL THEN 0.42 ELSE 1.1 END AS mb
    FROM filespace f JOIN node n ON n.node = f.node JOIN domain d ON d.name = n.domain
    WHERE n.registered <= getvariable('now') GROUP BY place, n.agent IS NULL
), sized AS (
    SELECT p.*, coalesce(u.mb, 0) AS used_mb,
        coalesce(pow(1.2, ceil(ln(s.mb * 1.06 / most / first_mb) / ln(1.2))) * first_mb, 1048576) AS whole_mb
    FROM (SELECT *, 1048576 * (1 + 0.2 * draw(getvariable('server') || name, 'size')) AS first_mb FROM pool) p
    LEFT JOIN used u ON u.stgpool_name = p.name
    LEFT JOIN steady s ON s.place = p.name OR (s.place = 'TAPE' AND p.name LIKE 'TAPE%')
)
SELECT name AS stgpool_name, pooltype, devclass, stg_type,
    CASE WHEN stg_type <> 'CLOUD' THEN whole_mb END AS est_capacity_mb,
    CASE WHEN stg_type <> 'CLOUD' THEN least(99.9, round(100 * used_mb / whole_mb, 1)) END AS pct_utilized,
    CASE WHEN devclass IS NOT NULL AND pooltype = 'PRIMARY' THEN least(99.9, round(100 * used_mb / whole_mb, 1)) END AS pct_migr,
    CASE WHEN devclass IS NOT NULL THEN 99.1 END AS pct_logical,
    CASE WHEN devclass IS NOT NULL AND pooltype = 'PRIMARY' THEN 90 END AS highmig,
    CASE WHEN devclass IS NOT NULL AND pooltype = 'PRIMARY' THEN 70 END AS lowmig,
    CASE WHEN devclass IS NOT NULL AND pooltype = 'PRIMARY' THEN 1 END AS migprocess,
    next AS nextstgpool, CASE WHEN name = 'DISKPOOL' THEN '10240' END AS maxsize, 'READWRITE' AS access, description,
    CASE WHEN devclass IS NOT NULL THEN 'NO' END AS cache, CASE WHEN devclass = 'LTO8CLASS' THEN 'NODE' END AS collocate,
    CASE WHEN devclass = 'LTO8CLASS' THEN 60 END AS reclaim, CASE WHEN devclass = 'LTO8CLASS' THEN 40 END AS maxscratch,
    CASE name WHEN 'TAPEPOOL' THEN 15 WHEN 'TAPE-COPY' THEN 10 END AS numscratchused,
    CASE WHEN devclass = 'LTO8CLASS' THEN 5 END AS reusedelay, CASE WHEN devclass IS NOT NULL THEN 'NO' END AS migr_running,
    CASE WHEN devclass = 'LTO8CLASS' THEN 'NO' END AS recl_running,
    TIMESTAMP '2024-05-14 09:55:31' AS chg_time, 'ADMIN' AS chg_admin,
    CASE WHEN devclass IS NOT NULL THEN 0 END AS migdelay, CASE WHEN devclass IS NOT NULL THEN 'YES' END AS migcontinue,
    'NATIVE' AS dataformat, CASE WHEN name = 'TAPEPOOL' THEN 'TAPE-COPY' END AS copystgpools,
    CASE WHEN devclass IS NULL THEN 'YES' ELSE 'NO' END AS deduplicate,
    CASE WHEN stg_type = 'CLOUD' THEN 0 END AS total_cloud_space_mb, CASE WHEN stg_type = 'CLOUD' THEN 0 END AS used_cloud_space_mb,
    CASE WHEN stg_type = 'CLOUD' THEN 524288 END AS local_est_capacity_mb, CASE WHEN stg_type = 'CLOUD' THEN 0.0 END AS local_pct_logical,
    CASE WHEN stg_type = 'CLOUD' THEN 0.0 END AS local_pct_utilized
FROM sized;

CREATE VIEW raw.containers AS
SELECT '/tsm/' || lower(replace(stgpool_name, '-', '')) || '/' || lpad(CAST(i % 4 AS VARCHAR), 2, '0') || '/'
        || lpad(to_hex(i), 16, '0') || '.dcf' AS container_name,
    stgpool_name, CASE WHEN i % 9 = 0 THEN 'Non Dedup' ELSE 'Dedup' END AS type,
    CASE WHEN i = 17 AND stgpool_name = 'DEDUP-B' THEN 'UNAVAILABLE' ELSE 'AVAILABLE' END AS state,
    CAST(10240 * draw(stgpool_name || i, 'free') AS BIGINT) AS free_space_mb
FROM raw.stgpools, range(1, 121) r(i) WHERE stg_type = 'DIRECTORY';

-- Forty tapes: 1 to 9 for database backups, then the pools', the last six are scratch.
CREATE VIEW tape AS
SELECT i, tape_name(i) AS name,
    CASE WHEN i < 10 THEN 'DBBACKUP' WHEN i < 25 THEN 'TAPEPOOL' WHEN i < 35 THEN 'TAPE-COPY' ELSE 'SCRATCH' END AS use,
    draw(getvariable('server') || i, 'full') AS luck,
    server_day() - CAST(1 + 60 * draw(getvariable('server') || i, 'written') AS INTEGER) + TIME '14:20:00' AS written
FROM range(1, 41) r(i);

CREATE VIEW raw.volumes AS
SELECT name AS volume_name, use AS stgpool_name, 'LTO8CLASS' AS devclass_name, 12582912 AS est_capacity_mb,
    CASE WHEN luck < 0.7 THEN 100 - round(40 * luck, 1) ELSE round(90 * luck, 1) END AS pct_utilized,
    CASE WHEN luck < 0.7 THEN 'FULL' ELSE 'FILLING' END AS status,
    CASE WHEN use = 'TAPE-COPY' AND luck < 0.7 THEN 'OFFSITE' WHEN i = 19 THEN 'READONLY' ELSE 'READWRITE' END AS access,
    CASE WHEN luck < 0.7 THEN round(40 * luck, 1) ELSE 0 END AS pct_reclaim, 'YES' AS scratch,
    CASE WHEN i = 19 THEN 'YES' ELSE 'NO' END AS error_state, 1 AS num_sides, 3 + CAST(40 * luck AS INTEGER) AS times_mounted,
    1 AS write_pass, written AS last_write_date, written + INTERVAL 2 DAY AS last_read_date, NULL AS pending_date,
    CASE WHEN i = 19 THEN 4 ELSE 0 END AS write_errors, 0 AS read_errors,
    CASE WHEN use = 'TAPE-COPY' AND luck < 0.7 THEN 'Vault' ELSE '' END AS location, written AS chg_time, 'ADMIN' AS chg_admin
FROM tape WHERE use IN ('TAPEPOOL', 'TAPE-COPY')
UNION ALL
SELECT '/tsm/disk/vol' || lpad(CAST(i AS VARCHAR), 2, '0') || '.dsm', 'DISKPOOL', 'DISK', 262144, 0.0, 'ONLINE', 'READWRITE', 0.0,
    'NO', 'NO', 1, 1, 1, server_day() + TIME '06:00:00', NULL, NULL, 0, 0, '', TIMESTAMP '2024-05-14 09:56:00', 'ADMIN'
FROM range(1, 5) r(i);

CREATE VIEW raw.volumeusage AS
SELECT o.node_name, CASE o.type WHEN 'Arch' THEN 'ARCHIVE' ELSE 'BACKUP' END AS copy_type, o.filespace_name, o.stgpool_name,
    tape_name(CASE o.stgpool_name WHEN 'TAPEPOOL' THEN 10 ELSE 25 END + hash_of(o.node_name || o.filespace_name, 10)) AS volume_name,
    o.filespace_id
FROM raw.occupancy o WHERE o.stgpool_name IN ('TAPEPOOL', 'TAPE-COPY');

CREATE VIEW raw.volhistory AS
SELECT to_local(starts) AS date_time, day_number(day) * 100 AS "unique", 'BACKUPFULL' AS type, day_number(day) - 2000 AS backup_series,
    0 AS backup_operation, 1 AS volume_seq, 'LTO8CLASS' AS devclass, tape_name(1 + hash_of(subject, 9)) AS volume_name,
    '' AS location, '' AS command
FROM occurrence
WHERE activity = 'FULL_DBBACKUP' AND outcome = 'Completed' AND ends <= present() AND ends > present() - INTERVAL 6 DAY
UNION ALL
SELECT written - INTERVAL 90 DAY, i, 'STGNEW', 0, 0, 0, 'LTO8CLASS', name, '', '' FROM tape WHERE use IN ('TAPEPOOL', 'TAPE-COPY')
UNION ALL
SELECT written, i + 1000, 'STGDELETE', 0, 0, 0, 'LTO8CLASS', name, '', '' FROM tape WHERE use = 'SCRATCH';

CREATE VIEW raw.libvolumes AS
SELECT 'LIB01' AS library_name, name AS volume_name, CASE use WHEN 'SCRATCH' THEN 'Scratch' ELSE 'Private' END AS status,
    getvariable('server') AS owner, CASE use WHEN 'DBBACKUP' THEN 'DbBackup' WHEN 'SCRATCH' THEN '' ELSE 'Data' END AS last_use,
    1000 + i AS home_element, NULL AS cleanings_left, 'LTO' AS devtype, 'LTO-8' AS mediatype
FROM tape WHERE NOT (use = 'TAPE-COPY' AND luck < 0.7);

CREATE VIEW raw.drives AS
SELECT 'LIB01' AS library_name, 'DRIVE0' || i AS drive_name, 'LTO' AS device_type, 'YES' AS online,
    'ULTRIUM8C,ULTRIUM8' AS read_formats, 'ULTRIUM8C,ULTRIUM8' AS write_formats, 255 + i AS element,
    CASE WHEN m.volume IS NULL THEN 'EMPTY' ELSE 'LOADED' END AS drive_state, m.volume AS volume_name,
    CASE WHEN m.volume IS NOT NULL THEN getvariable('server') END AS allocated_to, 'NONE' AS clean_freq,
    '10WT0' || (71300 + i) AS drive_serial, '500507630F0' || (71300 + i) AS wwn
FROM range(1, 5) r(i)
LEFT JOIN (SELECT drive, max(volume) AS volume FROM session
    WHERE activity = 'TAPE MOUNT' AND starts <= present() AND present() < ends GROUP BY drive) m ON m.drive = 'DRIVE0' || i;

CREATE VIEW raw.libraries AS
SELECT 'LIB01' AS library_name, 'SCSI' AS library_type, 'NO' AS shared, 'YES' AS autolabel, '78A1320' AS library_serial,
    'YES' AS resetdrives;

CREATE VIEW raw.paths AS
SELECT getvariable('server') AS source_name, 'SERVER' AS source_type, drive_name AS destination_name, 'DRIVE' AS destination_type,
    library_name, '' AS node_name, '/dev/IBMtape' || (element - 256) AS device, 'YES' AS online
FROM raw.drives
UNION ALL
SELECT getvariable('server'), 'SERVER', 'LIB01', 'LIBRARY', '', '', '/dev/IBMchanger0', 'YES';

CREATE VIEW raw.devclasses AS
SELECT * FROM (VALUES
    ('DISK', 'Random', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
    ('FILECLASS', 'Sequential', 'FILE', 'DRIVE', '51200', '64', NULL, NULL, '/tsm/file', NULL),
    ('LTO8CLASS', 'Sequential', 'LTO', 'ULTRIUM8C', NULL, 'DRIVES', '10', 'LIB01', NULL, NULL),
    ('PARTNERCLASS', 'Sequential', 'SERVER', NULL, '10240', '4', '5', NULL, NULL, getvariable('partner'))
) c(devclass_name, access_strategy, devtype, format, capacity, mountlimit, mountretention, library_name, directory, servername);

CREATE VIEW raw.drmedia AS
SELECT name AS volume_name, CASE WHEN luck < 0.6 THEN 'VAULT' WHEN luck < 0.7 THEN 'VAULTRETRIEVE' ELSE 'MOUNTABLE' END AS state,
    written AS upd_date, CASE WHEN luck < 0.7 THEN 'Vault' ELSE '' END AS location, use AS stgpool_name,
    CASE WHEN luck < 0.7 THEN '' ELSE 'LIB01' END AS lib_name, 'CopyStgPool' AS voltype
FROM tape WHERE use = 'TAPE-COPY';

CREATE VIEW raw.backups AS
SELECT f.node AS node_name, f.name AS filespace_name, f.id AS filespace_id,
    CASE WHEN v = 0 THEN 'ACTIVE_VERSION' ELSE 'INACTIVE_VERSION' END AS state, 'FILE' AS type,
    CASE WHEN n.platform = 'WinNT' THEN '\data\' ELSE '/data/' END AS hl_name,
    ['ledger', 'orders', 'people', 'stock'][k] || '.dat' AS ll_name,
    f.id * 100000 + hash_of(f.node || k || v, 90000) AS object_id,
    days_ago(v * 3 + hash_of(f.node || k, 3) + 1) + INTERVAL 23 HOUR AS backup_date,
    CASE WHEN v > 0 THEN days_ago((v - 1) * 3 + hash_of(f.node || k, 3) + 1) + INTERVAL 23 HOUR END AS deactivate_date,
    CASE WHEN n.platform = 'WinNT' THEN '' ELSE 'root' END AS owner, 'DEFAULT' AS class_name
FROM filespace f JOIN node n ON n.node = f.node CROSS JOIN range(1, 5) o(k) CROSS JOIN range(0, 3) r(v)
WHERE f.share > 0 AND n.registered <= getvariable('now');
