-- The server itself.

CREATE VIEW raw.status AS
SELECT getvariable('server') AS server_name, getvariable('address') AS server_hla, getvariable('port') AS server_lla,
    TIMESTAMP '2019-02-11 10:12:44' AS install_date,
    CAST(date_trunc('month', server_day()) AS TIMESTAMP) + INTERVAL '3 hours 14 minutes' AS restart_date,
    90 AS passexp, 8 AS minpwlength, 'ENABLED' AS availability, 'ON' AS accounting,
    getvariable('actlog_retention') AS actlogretention, getvariable('summary_retention') AS summaryretention,
    CAST(server_day() - 12 AS TIMESTAMP) + INTERVAL '4 hours' AS lastlicenseaudit, 'Valid' AS licensecompliance,
    'ACTIVE' AS scheduler, 500 AS maxsessions, 80 AS maxschedsessions, getvariable('event_retention') AS eventretention,
    25 AS randomize, NULL AS queryschedperiod, 'ANY' AS schedmode, 'ON' AS crossdefine, getvariable('platform') AS platform,
    getvariable('version')[1] AS version, getvariable('version')[2] AS release,
    getvariable('version')[3] AS level, getvariable('version')[4] AS sublevel;

CREATE VIEW raw.db AS
SELECT 'TSMDB1' AS database_name, 2097152 AS tot_file_system_mb, used AS used_db_space_mb, 2097152 - used AS free_space_mb,
    16384 AS page_size, used * 64 + 90112 AS total_pages, used * 64 + 88064 AS usable_pages, used * 64 AS used_pages,
    88064 AS free_pages, 99.6 AS buff_hit_ratio, 48211907345 AS total_buff_req, 0 AS sort_overflow, 99.9 AS pkg_hit_ratio,
    CAST(server_day() - 2 AS TIMESTAMP) + INTERVAL '2 hours 11 minutes' AS last_reorg, 'LTO8CLASS' AS full_dev_class,
    0 AS num_backup_incr,
    (SELECT to_local(max(starts)) FROM occurrence
        WHERE activity = 'FULL_DBBACKUP' AND outcome = 'Completed' AND ends <= present()) AS last_backup_date,
    4 AS physical_volumes
FROM (SELECT 410000 + (SELECT count(*) FROM node) * 900 + datediff('day', DATE '2026-01-01', server_day()) * 120 AS used);

CREATE VIEW raw.log AS
SELECT 131072 AS total_space_mb, 900 + hour(CAST(getvariable('now') AS TIMESTAMP)) * 410 AS used_space_mb,
    131072 - 900 - hour(CAST(getvariable('now') AS TIMESTAMP)) * 410 AS free_space_mb, '/tsm/actlog' AS active_log_dir,
    153600 AS activelog_tol_fs_mb, 131072 AS activelog_used_fs_mb, 22528 AS activelog_free_fs_mb,
    '' AS mirror_log_dir, '/tsm/failarchlog' AS afailover_log_dir, '/tsm/archlog' AS arch_log_dir, 524288 AS archlog_tol_fs_mb,
    -- A database backup empties it.
    20000 + ((hour(CAST(getvariable('now') AS TIMESTAMP)) + 17) % 24) * 3600 AS archlog_used_fs_mb,
    524288 - 20000 - ((hour(CAST(getvariable('now') AS TIMESTAMP)) + 17) % 24) * 3600 AS archlog_free_fs_mb;

CREATE VIEW raw.servers AS
SELECT getvariable('partner') AS server_name, lower(getvariable('partner')) || '.nordhavn.example' AS hl_address,
    '1500' AS ll_address, '' AS node_name
WHERE getvariable('partner') <> getvariable('server');

CREATE VIEW raw.options AS
SELECT * FROM (VALUES
    ('ACTIVELOGSIZE', '131072'), ('COMMTIMEOUT', '600'), ('DEDUPREQUIRESBACKUP', 'No'), ('EXPINTERVAL', '0'),
    ('IDLETIMEOUT', '60'), ('LANGUAGE', 'en_US'), ('MAXSESSIONS', '500'), ('NUMOPENVOLSALLOWED', '10'),
    ('SSLTCPPORT', '1500'), ('TCPPORT', getvariable('port')), ('TXNGROUPMAX', '4096'), ('VOLUMEHISTORY', '/tsm/cfg/volhist.dat')
) o(option_name, option_value);

CREATE VIEW raw.scripts AS
SELECT * FROM (VALUES
    ('MAINTENANCE', 1, 'SERIAL'),
    ('MAINTENANCE', 5, 'BACKUP DB DEVCLASS=LTO8CLASS TYPE=FULL WAIT=YES'),
    ('MAINTENANCE', 10, 'EXPIRE INVENTORY RESOURCE=8 WAIT=YES'),
    ('Q_FAILED', 1, 'SELECT NODE_NAME, SCHEDULE_NAME, STATUS FROM EVENTS WHERE STATUS IN (''Failed'', ''Missed'')')
) s(name, line, command);

CREATE VIEW raw.drmstatus AS
SELECT '/tsm/drm/plan' AS planprefix, '/tsm/drm/instr' AS instrprefix, 'NOTMOUNTABLE' AS nonmountname, 'COURIER' AS couriername,
    'VAULT' AS vaultname, 60 AS dbbexpiredays, 'Yes' AS checklabel, 'No' AS fileprocess;

CREATE VIEW raw.retrules AS
SELECT 'MONTHLY_7Y' AS name, '2555' AS retdays, 'RETAIN' AS retdest, 'Month ends, seven years' AS descr,
    'NO' AS hold, '' AS holdreason,
    'NO' AS stack, '4' AS maxcopyproc, '2024-06-01' AS start,
    strftime(date_trunc('month', server_day()), '%Y-%m-%d') AS prevstart,
    strftime(date_trunc('month', server_day()) + INTERVAL 1 MONTH, '%Y-%m-%d') AS nextstart, 'ENHANCED' AS schedstyle,
    'MONTHLY' AS frequency, '' AS day_of_week, 'ANY' AS month, '1' AS day_of_month, '' AS week_of_month, 'YES' AS isactive,
    'ADMIN' AS updator, TIMESTAMP '2024-05-28 13:02:00' AS upddate, '' AS freqmap;

CREATE VIEW raw.retsets AS
SELECT datediff('month', DATE '2024-05-01', made) AS id, 'MONTHLY_7Y' AS rulename, CAST(made AS TIMESTAMP) AS pitdate,
    '2555' AS retperiod,
    CAST(made AS TIMESTAMP) + INTERVAL 2555 DAY AS expdate, 'ACTIVE' AS state, 0 AS size_mb, 0 AS file_count, 'ADMIN' AS updator,
    CAST(made AS TIMESTAMP) AS upddate, '' AS holds, '' AS descr, '' AS retpool, 'NO' AS stack, 4 AS maxcopyproc, 'YES' AS statscomplete
FROM (SELECT CAST(unnest(generate_series(DATE '2024-06-01', server_day(), INTERVAL 1 MONTH)) AS DATE) AS made);

CREATE VIEW raw.stgrules AS
SELECT 'TIER_COLD' AS rulename, 'CLOUD-ARC' AS tgtpool, 'TIERBYAGE' AS type, 180 AS delay, 4 AS maxprocess,
    'CLOUD' AS tgttype, 120 AS duration, '17:00:00' AS starttime, 'What is half a year old' AS description,
    'NO' AS active, 'DEDUP-A' AS srcpool, '' AS nodelist, '' AS fslist, 'SERVER' AS nametype, 'BOTH' AS codetype,
    NULL AS lastexetime, '' AS pctunused, '' AS audittype, '' AS auditlevel, NULL AS maxsessions,
    '' AS transfermethod, '' AS tgtsrv;
