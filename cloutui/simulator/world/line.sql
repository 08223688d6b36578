-- The activity log of the days from $first_day to $last_day.
-- The message numbers are the product's. Where its words are not public the wording is ours; programs go by the numbers.
INSERT INTO line
WITH job AS (
    SELECT o.*, n.platform, s.number, s.address, 'Session ' || s.number || ' ' AS this_session, ' (SESSION: ' || s.number || ')' AS in_session,
        ' (PROCESS: ' || s.number || ')' AS in_process, datediff('second', o.starts, o.ends) AS seconds
    FROM occurrence o
    LEFT JOIN session s ON s.subject = o.subject AND s.part = 0
    LEFT JOIN node n ON n.node = o.node
    WHERE CAST(o.day AS DATE) BETWEEN $first_day AND $last_day
), client AS (
    SELECT * FROM job WHERE origin <> 'admin' AND starts IS NOT NULL
), trouble AS (
    SELECT client.*, i, starts + seconds(seconds * i / 4.0) AS moment,
        1 + CAST(5 * draw(client.subject || i, 'file') AS INTEGER) AS which, draw(client.subject, 'trouble') AS luck
    FROM client CROSS JOIN LATERAL (SELECT unnest(range(1, 1 + least(3, failed))) AS i)
), statistics AS (
    SELECT client.*, unnest([
        {'at': 0, 'code': 4952, 'say': 'Total number of objects inspected: ' || format('{:,}', examined)},
        {'at': 0, 'code': 4954, 'say': 'Total number of objects backed up: ' || format('{:,}', affected)},
        {'at': 1, 'code': 4958, 'say': 'Total number of objects updated: ' || format('{:,}', affected // 40)},
        {'at': 1, 'code': 4960, 'say': 'Total number of objects rebound: 0'},
        {'at': 1, 'code': 4957, 'say': 'Total number of objects deleted: 0'},
        {'at': 1, 'code': 4970, 'say': 'Total number of objects expired: ' || format('{:,}', affected // 3)},
        {'at': 0, 'code': 4959, 'say': 'Total number of objects failed: ' || format('{:,}', failed)},
        {'at': 1, 'code': 4977, 'say': 'Total number of bytes inspected: ' || gigabytes(bytes * 3)},
        {'at': 0, 'code': 4961, 'say': 'Total number of bytes transferred: ' || gigabytes(bytes)},
        {'at': 1, 'code': 4963, 'say': 'Data transfer time: ' || format('{:,.2f}', seconds * 0.7) || ' sec'},
        {'at': 1, 'code': 4966, 'say': 'Network data transfer rate: ' || format('{:,.2f}', bytes / 716.8 / seconds) || ' KB/sec'},
        {'at': 1, 'code': 4967, 'say': 'Aggregate data transfer rate: ' || format('{:,.2f}', bytes / 1024.0 / seconds) || ' KB/sec'},
        {'at': 1, 'code': 4968, 'say': 'Objects compressed by: 0%'},
        {'at': 1, 'code': 4976, 'say': 'Total data reduction ratio: 72.00%'},
        {'at': 0, 'code': 4964, 'say': 'Elapsed processing time: ' || CAST(TIME '00:00:00' + seconds(seconds) AS VARCHAR)}
    ]) AS told
    FROM client WHERE outcome IN ('Completed', 'Failed')
), said AS (
    SELECT starts AS moment, 406 AS code, 'I' AS severity,
        'ANR0406I ' || this_session || 'started for node ' || node || ' (' || platform || ') (Tcp/Ip ' || address || ').' || in_session AS message,
        NULL AS originator, client.* FROM client
    UNION ALL BY NAME
    SELECT ends AS moment, 403 AS code, 'I' AS severity,
        'ANR0403I ' || this_session || 'ended for node ' || node || ' (' || platform || ').' || in_session AS message,
        client.* FROM client WHERE outcome IN ('Completed', 'Failed')
    UNION ALL BY NAME
    SELECT coalesce(severed, ends) AS moment, 480 AS code, 'W' AS severity,
        'ANR0480W ' || this_session || 'for node ' || node || ' (' || platform || ') terminated - connection with client severed.' || in_session AS message,
        client.* FROM client WHERE severed IS NOT NULL OR outcome = 'Failed - no restart'
    UNION ALL BY NAME
    SELECT ends AS moment, told.code, CASE WHEN told.code = 4959 AND failed > 0 THEN 'E' ELSE 'I' END AS severity,
        'ANE' || told.code || CASE WHEN told.code = 4959 AND failed > 0 THEN 'E ' ELSE 'I ' END || told.say || in_session AS message,
        'CLIENT' AS originator, statistics.* FROM statistics WHERE told.at = 0 OR (action <> 'COMMAND' AND origin = 'client')
    UNION ALL BY NAME
    SELECT moment, CASE WHEN luck < 0.5 THEN 4987 WHEN luck < 0.7 THEN 4037 WHEN luck < 0.85 THEN 4007 ELSE 4005 END AS code, 'E' AS severity,
        CASE WHEN luck < 0.5 THEN 'ANE4987E Error processing ''' || object_name(platform, node, which) || ''': the object is in use by another process'
            WHEN luck < 0.7 THEN 'ANE4037E Object ''' || object_name(platform, node, which) || ''' changed during processing. Object skipped.'
            WHEN luck < 0.85 THEN 'ANE4007E Error processing ''' || object_name(platform, node, which) || ''': access to the object is denied'
            ELSE 'ANE4005E Error processing ''' || object_name(platform, node, which) || ''': file not found' END || in_session AS message,
        'CLIENT' AS originator, trouble.* EXCLUDE (moment) FROM trouble
    UNION ALL BY NAME
    -- What a client warns of ends as result 8, and need not skip an object.
    SELECT starts + seconds(seconds // 2) AS moment, 4042 AS code, 'W' AS severity,
        'ANE4042W Object name of a file below ''' || object_name(platform, node, 1) || ''' holds unrecognized symbols, it was matched by its bytes' || in_session AS message,
        'CLIENT' AS originator, client.* FROM client WHERE result = 8
    UNION ALL BY NAME
    SELECT ends AS moment, 2507 AS code, 'I' AS severity,
        'ANR2507I Schedule ' || schedule || ' for domain ' || domain || ' started at ' || spoken_time(to_local(starts)) || ' for node ' || node
        || ' completed successfully at ' || spoken_time(to_local(ends)) || '.' || in_session AS message,
        client.* FROM client WHERE origin = 'client' AND outcome = 'Completed'
    UNION ALL BY NAME
    SELECT ends AS moment, 2579 AS code, 'E' AS severity,
        'ANR2579E Schedule ' || schedule || ' in domain ' || domain || ' for node ' || node || ' failed (return code ' || result || ').' || in_session AS message,
        client.* FROM client WHERE origin = 'client' AND outcome = 'Failed'
    UNION ALL BY NAME
    SELECT closes AS moment, 2578 AS code, 'W' AS severity,
        'ANR2578W Schedule ' || schedule || ' in domain ' || domain || ' for node ' || node || ' has missed its scheduled start up window.' AS message,
        job.* FROM job WHERE origin = 'client' AND starts IS NULL
    UNION ALL BY NAME
    SELECT starts AS moment, 2750 AS code, 'I' AS severity,
        'ANR2750I Starting scheduled command ' || schedule || ' ( ' || command || ' ).' AS message,
        job.* FROM job JOIN (SELECT name, command FROM admin_schedule) a ON a.name = schedule WHERE origin = 'admin'
    UNION ALL BY NAME
    SELECT ends AS moment, CASE WHEN outcome = 'Completed' THEN 2751 ELSE 2752 END AS code,
        CASE WHEN outcome = 'Completed' THEN 'I' ELSE 'E' END AS severity,
        CASE WHEN outcome = 'Completed' THEN 'ANR2751I Scheduled command ' || schedule || ' completed successfully.'
            ELSE 'ANR2752E Scheduled command ' || schedule || ' did not complete successfully.' END AS message,
        job.* FROM job WHERE origin = 'admin'
    UNION ALL BY NAME
    SELECT starts AS moment, 984 AS code, 'I' AS severity,
        'ANR0984I Process ' || number || ' for ' || upper(process) || ' started in the FOREGROUND at ' || strftime(to_local(starts), '%H:%M:%S') || '.' || in_process AS message,
        job.* FROM job JOIN (SELECT name, process FROM admin_schedule) a ON a.name = schedule WHERE origin = 'admin' AND number IS NOT NULL
    UNION ALL BY NAME
    SELECT ends AS moment, 985 AS code, 'I' AS severity,
        'ANR0985I Process ' || number || ' for ' || upper(process) || ' running in the FOREGROUND completed with completion state '
        || CASE WHEN outcome = 'Completed' THEN 'SUCCESS' ELSE 'FAILURE' END || ' at ' || strftime(to_local(ends), '%H:%M:%S') || '.' || in_process AS message,
        job.* FROM job JOIN (SELECT name, process FROM admin_schedule) a ON a.name = schedule WHERE origin = 'admin' AND number IS NOT NULL
), noise AS (
    SELECT to_utc(CAST(day AS TIMESTAMP) + hour * INTERVAL 1 HOUR + INTERVAL 7 SECOND) AS moment, 1959 AS code, 'I' AS severity,
        'ANR1959I Status monitor collecting current data at ' || lpad(CAST(hour AS VARCHAR), 2, '0') || ':00:07.' AS message
    FROM generate_series($first_day, $last_day, INTERVAL 1 DAY) d(day), generate_series(0, 23) h(hour)
    UNION ALL
    SELECT to_utc(CAST(day AS TIMESTAMP) + hour * INTERVAL 1 HOUR + INTERVAL 9 SECOND), 1960, 'I',
        'ANR1960I Status monitor finished collecting data at ' || lpad(CAST(hour AS VARCHAR), 2, '0') || ':00:09.'
    FROM generate_series($first_day, $last_day, INTERVAL 1 DAY) d(day), generate_series(0, 23) h(hour)
    UNION ALL
    SELECT to_utc(CAST(day AS TIMESTAMP) + seconds(25200 + 36000 * draw(day, 'command' || i))), 2017, 'I',
        'ANR2017I Administrator ADMIN issued command: ' || ['QUERY STATUS', 'QUERY SESSION', 'QUERY STGPOOL', 'QUERY DB', 'QUERY PROCESS'][1 + CAST(4 * draw(day, 'which' || i) AS INTEGER)]
    FROM generate_series($first_day, $last_day, INTERVAL 1 DAY) d(day), generate_series(1, 4) h(i)
    UNION ALL
    SELECT starts, 8337, 'I', 'ANR8337I LTO volume ' || volume || ' mounted in drive ' || drive || '.'
    FROM session WHERE activity = 'TAPE MOUNT' AND CAST(to_local(starts) AS DATE) BETWEEN $first_day AND $last_day
    UNION ALL
    SELECT ends, 8468, 'I', 'ANR8468I LTO volume ' || volume || ' dismounted from drive ' || drive || ' in library ' || library || '.'
    FROM session WHERE activity = 'TAPE MOUNT' AND CAST(to_local(starts) AS DATE) BETWEEN $first_day AND $last_day
)
SELECT moment, code AS number, severity, message, coalesce(originator, 'SERVER') AS originator, node, schedule, domain,
    CASE WHEN origin <> 'admin' THEN number END AS session, CASE WHEN origin = 'admin' THEN number END AS process
FROM said
UNION ALL BY NAME
SELECT moment, code AS number, severity, message, 'SERVER' AS originator FROM noise;
