-- What ran, is running and will run: the plan, cut at the present.

CREATE VIEW raw.events AS
SELECT to_local(scheduled) AS scheduled_start,
    CASE WHEN present() >= starts THEN date_trunc('second', to_local(starts)) END AS actual_start,
    domain AS domain_name, schedule AS schedule_name, node AS node_name,
    CASE
        WHEN present() < scheduled THEN 'Future'
        WHEN starts IS NULL THEN CASE WHEN present() < closes THEN 'Pending' ELSE outcome END
        WHEN present() < starts THEN 'Pending'
        WHEN present() >= ends THEN outcome
        WHEN present() >= resumes THEN 'Restarted'
        WHEN present() >= severed THEN 'Severed'
        WHEN present() < starts + INTERVAL 1 MINUTE THEN 'Started'
        ELSE 'In Progress'
    END AS status,
    CASE WHEN present() >= ends THEN result END AS result,
    CASE WHEN present() >= coalesce(ends, closes) THEN reason END AS reason,
    CASE WHEN present() >= ends THEN date_trunc('second', to_local(ends)) END AS completed
FROM occurrence
WHERE origin <> 'manual'
    AND CAST(to_local(scheduled) AS DATE) BETWEEN server_day() - CAST(getvariable('event_retention') AS INTEGER) AND server_day() + 1;

CREATE VIEW raw.summary_extended AS
SELECT to_local(starts) AS start_time, to_local(ends) AS end_time, activity, number, entity,
    CASE WHEN origin <> 'admin' THEN 'Tcp/Ip' END AS commmeth, address, schedule AS schedule_name,
    examined, affected, failed, bytes,
    CASE WHEN origin <> 'admin' THEN datediff('second', starts, ends) // 20 ELSE 0 END AS idle,
    CASE WHEN activity = 'FULL_DBBACKUP' THEN 35 ELSE 0 END AS mediaw,
    CASE WHEN total THEN parts - 1 ELSE 1 END AS processes,
    CASE WHEN successful THEN 'YES' ELSE 'NO' END AS successful,
    volume AS volume_name, drive AS drive_name, library AS library_name,
    CASE WHEN activity = 'TAPE MOUNT' THEN 'Dbb' END AS last_use,
    CASE WHEN origin <> 'admin' THEN datediff('second', starts, ends) // 50 ELSE 0 END AS comm_wait,
    0 AS num_offsite_vols,
    CASE WHEN activity IN ('BACKUP', 'ARCHIVE') THEN bytes END AS bytes_protected,
    CASE WHEN activity IN ('BACKUP', 'ARCHIVE') THEN bytes - bytes * 6 // 10 - (bytes - bytes * 6 // 10) * 3 // 10 END AS bytes_written,
    CASE WHEN activity IN ('BACKUP', 'ARCHIVE') THEN bytes * 6 // 10 END AS dedup_savings,
    CASE WHEN activity IN ('BACKUP', 'ARCHIVE') THEN (bytes - bytes * 6 // 10) * 3 // 10 END AS comp_savings,
    CASE WHEN sub_entity IS NOT NULL THEN 'VMware' END AS activity_details,
    CASE WHEN sub_entity IS NOT NULL THEN CASE WHEN isodow(starts) = 6 THEN 'Full' ELSE 'Incremental Forever - Incremental' END
    END AS activity_type,
    sub_entity, as_entity, total
FROM session
WHERE ends <= present()
    AND CAST(to_local(starts) AS DATE) >= server_day() - CAST(getvariable('summary_retention') AS INTEGER);

CREATE VIEW raw.summary AS
SELECT * EXCLUDE (activity_details, activity_type, sub_entity, as_entity, total) FROM raw.summary_extended WHERE NOT total;

CREATE VIEW raw.actlog AS
SELECT to_local(moment) AS date_time, number AS msgno, severity, message, originator, node AS nodename, '' AS ownername,
    schedule AS schedname, domain AS domainname, session AS sessid, getvariable('server') AS servername, session, process
FROM (
    SELECT * FROM line
    UNION ALL BY NAME
    SELECT * FROM spoken
)
WHERE moment <= present()
    AND CAST(to_local(moment) AS DATE) >= server_day() - CAST(getvariable('actlog_retention') AS INTEGER);

CREATE VIEW raw.processes AS
SELECT s.number AS process_num, a.process, to_local(o.starts) AS start_time,
    CAST(o.examined * done_share(o.starts, o.ends) AS BIGINT) AS files_processed,
    CAST(o.bytes * done_share(o.starts, o.ends) AS BIGINT) AS bytes_processed, o.bytes AS bytes_to_process,
    CASE o.activity
        WHEN 'FULL_DBBACKUP' THEN 'TYPE=FULL in progress. Current output volume(s): ' || tape_name(1) || '.'
        WHEN 'EXPIRATION' THEN 'Processed ' || CAST(o.examined * done_share(o.starts, o.ends) AS BIGINT) || ' objects.'
        ELSE 'Files completed: ' || CAST(o.examined * done_share(o.starts, o.ends) AS BIGINT) || ', bytes completed: '
            || gigabytes(o.bytes * done_share(o.starts, o.ends)) || '.' END AS status,
    s.number AS jobid
FROM occurrence o
JOIN session s ON s.subject = o.subject AND s.part = 0
JOIN admin_schedule a ON a.name = o.schedule
WHERE o.origin = 'admin' AND o.starts <= present() AND present() < o.ends;

CREATE VIEW raw.sessions AS
SELECT s.number AS session_id, to_local(s.starts) AS start_time, 'Tcp/Ip' AS commmethod,
    CASE WHEN s.bytes > 0 THEN 'RecvW' ELSE 'IdleW' END AS state,
    CASE WHEN s.bytes > 0 THEN 0 ELSE datediff('second', s.starts, present()) % 60 END AS wait_seconds,
    2048 + datediff('second', s.starts, present()) * 12 AS bytes_sent,
    CAST(s.bytes * done_share(s.starts, s.ends) AS BIGINT) + 512 AS bytes_received,
    'Node' AS session_type, n.platform AS client_platform, s.node AS client_name, '' AS owner_name,
    NULL AS mount_point_wait, NULL AS input_mount_wait, NULL AS input_vol_wait, NULL AS input_vol_access,
    NULL AS output_mount_wait, NULL AS output_vol_wait, NULL AS output_vol_access,
    CASE WHEN s.bytes > 0 THEN 'BackInsNorm' ELSE 'EndTxn' END AS last_verb, 'Recv' AS verb_state
FROM session s JOIN node n ON n.node = s.node
WHERE s.starts <= present() AND present() < s.ends AND NOT s.total
UNION ALL BY NAME
SELECT number AS session_id, to_local(since) AS start_time, 'Tcp/Ip' AS commmethod, 'Run' AS state, 0 AS wait_seconds,
    4096 AS bytes_sent, 1024 AS bytes_received, 'Admin' AS session_type, platform AS client_platform, admin AS client_name,
    'SQLQuery' AS last_verb, 'Recv' AS verb_state
FROM connected;

-- Each replication visits every file space of the nodes that take part, one after the other.
CREATE VIEW raw.replicationview AS
WITH part AS (
    SELECT n.node, f.name, f.share, n.daily_bytes, n.growth, o.starts, o.ends, o.outcome, o.subject,
        row_number() OVER w AS turn, count(*) OVER (PARTITION BY o.subject) AS turns
    FROM occurrence o
    JOIN node n ON n.domain IN ('PD_SQL', 'PD_MAIL', 'PD_VM') AND n.registered <= o.day AND (n.gone IS NULL OR o.day < n.gone)
    JOIN filespace f ON f.node = n.node
    WHERE o.activity = 'REPLICATION'
    WINDOW w AS (PARTITION BY o.subject ORDER BY n.node, f.id)
), timed AS (
    SELECT *, starts + (ends - starts) * (turn - 1) / turns AS began, starts + (ends - starts) * turn / turns AS ended FROM part
)
SELECT node AS node_name, name AS fsname, date_trunc('second', to_local(began)) AS start_time,
    CASE WHEN ended <= present() THEN date_trunc('second', to_local(ended)) ELSE TIMESTAMP '1900-01-01 00:00:00' END AS end_time,
    CASE WHEN ended <= present() THEN 20 + hash_of(subject || node || name, 4000) ELSE 0 END AS totfiles_replicated,
    CASE WHEN ended <= present() THEN CAST(grown(daily_bytes, growth, starts) * share AS BIGINT) ELSE 0 END AS totbytes_replicated,
    CASE WHEN ended > present() OR (outcome <> 'Completed' AND turn = turns) THEN 'INCOMPLETE' ELSE 'COMPLETE' END AS comp_state,
    CASE WHEN ended > present() THEN 'REPLICATION RUNNING' WHEN outcome <> 'Completed' AND turn = turns THEN 'CANCELLED'
        ELSE 'NONE' END AS comp_reason,
    getvariable('partner') AS bkserver, getvariable('partner') AS arserver, getvariable('partner') AS smserver
FROM timed
WHERE began <= present() AND CAST(to_local(starts) AS DATE) >= server_day() - 30;
