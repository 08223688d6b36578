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
