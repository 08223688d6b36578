-- The activity log of the days from $first_day to $last_day.
-- The message numbers are the product's. Where its words are not public the wording is ours; programs go by the numbers.
INSERT INTO line
WITH job AS (
    SELECT o.*, n.platform, a.command, a.process, s.number, s.address, s.number || ' ' AS the_number,
        datediff('second', o.starts, o.ends) AS seconds
    FROM occurrence o
    LEFT JOIN session s ON s.subject = o.subject AND s.part = 0
    LEFT JOIN node n ON n.node = o.node
    LEFT JOIN admin_schedule a ON a.name = o.schedule
    WHERE CAST(o.day AS DATE) BETWEEN $first_day AND $last_day
), client AS (
    SELECT * FROM job WHERE origin <> 'admin' AND starts IS NOT NULL
), admin AS (
    SELECT * FROM job WHERE origin = 'admin'
), trouble AS (
    SELECT client.*, 'CLIENT' AS originator, starts + seconds(seconds * i / 4.0) AS moment,
        object_name(platform, node, 1 + hash_of(subject || i, 6)) AS object, draw(subject, 'trouble') AS luck
    FROM client CROSS JOIN LATERAL (SELECT unnest(range(1, 1 + least(3, failed))) AS i)
), statistics AS (
    -- A script's run, and what was done by hand, is told in brief.
    SELECT client.*, 'CLIENT' AS originator, ends AS moment, unnest([
        {'brief': true, 'code': 4952, 'words': 'Total number of objects inspected: ' || format('{:,}', examined)},
        {'brief': true, 'code': 4954, 'words': 'Total number of objects backed up: ' || format('{:,}', affected)},
        {'brief': false, 'code': 4958, 'words': 'Total number of objects updated: ' || format('{:,}', affected // 40)},
        {'brief': false, 'code': 4960, 'words': 'Total number of objects rebound: 0'},
        {'brief': false, 'code': 4957, 'words': 'Total number of objects deleted: 0'},
        {'brief': false, 'code': 4970, 'words': 'Total number of objects expired: ' || format('{:,}', affected // 3)},
        {'brief': true, 'code': 4959, 'words': 'Total number of objects failed: ' || format('{:,}', failed)},
        {'brief': false, 'code': 4977, 'words': 'Total number of bytes inspected: ' || gigabytes(bytes * 3)},
        {'brief': true, 'code': 4961, 'words': 'Total number of bytes transferred: ' || gigabytes(bytes)},
        {'brief': false, 'code': 4963, 'words': 'Data transfer time: ' || format('{:,.2f}', seconds * 0.7) || ' sec'},
        {'brief': false, 'code': 4966, 'words': 'Network data transfer rate: ' || kilobytes(bytes, seconds * 0.7)},
        {'brief': false, 'code': 4967, 'words': 'Aggregate data transfer rate: ' || kilobytes(bytes, seconds)},
        {'brief': false, 'code': 4968, 'words': 'Objects compressed by: 0%'},
        {'brief': false, 'code': 4976, 'words': 'Total data reduction ratio: 72.00%'},
        {'brief': true, 'code': 4964, 'words': 'Elapsed processing time: ' || (TIME '00:00:00' + seconds(seconds))}
    ]) AS told
    FROM client WHERE outcome IN ('Completed', 'Failed')
), said AS (
    SELECT starts AS moment, 406 AS code, 'I' AS severity, NULL AS originator, client.*,
        'Session ' || the_number || 'started for node ' || node || ' (' || platform || ') (Tcp/Ip ' || address || ').' AS words
    FROM client
    UNION ALL BY NAME
    SELECT ends AS moment, 403 AS code, 'I' AS severity, client.*,
        'Session ' || the_number || 'ended for node ' || node || ' (' || platform || ').' AS words
    FROM client WHERE outcome IN ('Completed', 'Failed')
    UNION ALL BY NAME
    SELECT coalesce(severed, ends) AS moment, 480 AS code, 'W' AS severity, client.*,
        'Session ' || the_number || 'for node ' || node || ' (' || platform
        || ') terminated - connection with client severed.' AS words
    FROM client WHERE severed IS NOT NULL OR outcome = 'Failed - no restart'
    UNION ALL BY NAME
    SELECT told.code, CASE WHEN told.code = 4959 AND failed > 0 THEN 'E' ELSE 'I' END AS severity, told.words,
        statistics.* EXCLUDE (told)
    FROM statistics WHERE told.brief OR (action <> 'COMMAND' AND origin = 'client')
    UNION ALL BY NAME
    SELECT 4987 AS code, 'E' AS severity, trouble.*,
        'Error processing ''' || object || ''': the object is in use by another process' AS words
    FROM trouble WHERE luck < 0.5
    UNION ALL BY NAME
    SELECT 4037 AS code, 'E' AS severity, trouble.*,
        'Object ''' || object || ''' changed during processing. Object skipped.' AS words
    FROM trouble WHERE luck >= 0.5 AND luck < 0.7
    UNION ALL BY NAME
    SELECT 4007 AS code, 'E' AS severity, trouble.*,
        'Error processing ''' || object || ''': access to the object is denied' AS words
    FROM trouble WHERE luck >= 0.7 AND luck < 0.85
    UNION ALL BY NAME
    SELECT 4005 AS code, 'E' AS severity, trouble.*, 'Error processing ''' || object || ''': file not found' AS words
    FROM trouble WHERE luck >= 0.85
    UNION ALL BY NAME
    -- What a client warns of ends as result 8, and need not skip an object.
    SELECT starts + seconds(seconds // 2) AS moment, 4042 AS code, 'W' AS severity, 'CLIENT' AS originator, client.*,
        'Object name near ''' || object_name(platform, node, 1) || ''' holds unrecognized symbols' AS words
    FROM client WHERE result = 8
    UNION ALL BY NAME
    SELECT ends AS moment, 2507 AS code, 'I' AS severity, client.*,
        'Schedule ' || schedule || ' for domain ' || domain || ' started at ' || spoken_time(to_local(starts))
        || ' for node ' || node || ' completed successfully at ' || spoken_time(to_local(ends)) || '.' AS words
    FROM client WHERE origin = 'client' AND outcome = 'Completed'
    UNION ALL BY NAME
    SELECT ends AS moment, 2579 AS code, 'E' AS severity, client.*,
        'Schedule ' || schedule || ' in domain ' || domain || ' for node ' || node
        || ' failed (return code ' || result || ').' AS words
    FROM client WHERE origin = 'client' AND outcome = 'Failed'
    UNION ALL BY NAME
    SELECT closes AS moment, 2578 AS code, 'W' AS severity, job.*,
        'Schedule ' || schedule || ' in domain ' || domain || ' for node ' || node
        || ' has missed its scheduled start up window.' AS words
    FROM job WHERE origin = 'client' AND starts IS NULL
    UNION ALL BY NAME
    SELECT starts AS moment, 2750 AS code, 'I' AS severity, admin.* EXCLUDE (number),
        'Starting scheduled command ' || schedule || ' ( ' || command || ' ).' AS words
    FROM admin
    UNION ALL BY NAME
    SELECT ends AS moment, 2751 AS code, 'I' AS severity, admin.* EXCLUDE (number),
        'Scheduled command ' || schedule || ' completed successfully.' AS words
    FROM admin WHERE outcome = 'Completed'
    UNION ALL BY NAME
    SELECT ends AS moment, 2752 AS code, 'E' AS severity, admin.* EXCLUDE (number),
        'Scheduled command ' || schedule || ' did not complete successfully.' AS words
    FROM admin WHERE outcome <> 'Completed'
    UNION ALL BY NAME
    SELECT starts AS moment, 984 AS code, 'I' AS severity, admin.*,
        'Process ' || the_number || 'for ' || upper(process) || ' started in the FOREGROUND at '
        || strftime(to_local(starts), '%H:%M:%S') || '.' AS words
    FROM admin WHERE number IS NOT NULL
    UNION ALL BY NAME
    SELECT ends AS moment, 985 AS code, 'I' AS severity, admin.*,
        'Process ' || the_number || 'for ' || upper(process) || ' running in the FOREGROUND completed with completion state '
        || CASE outcome WHEN 'Completed' THEN 'SUCCESS' ELSE 'FAILURE' END || ' at '
        || strftime(to_local(ends), '%H:%M:%S') || '.' AS words
    FROM admin WHERE number IS NOT NULL
), days AS (
    SELECT CAST(unnest(generate_series($first_day, $last_day, INTERVAL 1 DAY)) AS TIMESTAMP) AS day
), hours AS (
    SELECT day + hour * INTERVAL 1 HOUR AS hour FROM days CROSS JOIN range(24) h(hour)
), mounts AS (
    SELECT * FROM session WHERE activity = 'TAPE MOUNT' AND CAST(to_local(starts) AS DATE) BETWEEN $first_day AND $last_day
), noise AS (
    -- What a server says by itself, and what its people ask it.
    SELECT to_utc(hour + seconds(7)) AS moment, 1959 AS code,
        'Status monitor collecting current data at ' || strftime(hour + seconds(7), '%H:%M:%S') || '.' AS words
    FROM hours
    UNION ALL BY NAME
    SELECT to_utc(hour + seconds(9)) AS moment, 1960 AS code,
        'Status monitor finished collecting data at ' || strftime(hour + seconds(9), '%H:%M:%S') || '.' AS words
    FROM hours
    UNION ALL BY NAME
    SELECT to_utc(day + seconds(25200 + 36000 * draw(day, 'command' || i))) AS moment, 2017 AS code,
        'Administrator ADMIN issued command: QUERY '
        || ['STATUS', 'SESSION', 'STGPOOL', 'DB', 'PROCESS'][1 + hash_of(day || ' ' || i, 5)] AS words
    FROM days CROSS JOIN range(4) r(i)
    UNION ALL BY NAME
    SELECT starts AS moment, 8337 AS code, 'LTO volume ' || volume || ' mounted in drive ' || drive || '.' AS words
    FROM mounts
    UNION ALL BY NAME
    SELECT ends AS moment, 8468 AS code,
        'LTO volume ' || volume || ' dismounted from drive ' || drive || ' in library ' || library || '.' AS words
    FROM mounts
)
SELECT moment, code AS number, severity,
    CASE originator WHEN 'CLIENT' THEN 'ANE' ELSE 'ANR' END || lpad(CAST(code AS VARCHAR), 4, '0') || severity || ' ' || words
        || coalesce(CASE origin WHEN 'admin' THEN ' (PROCESS: ' ELSE ' (SESSION: ' END || number || ')', '') AS message,
    coalesce(originator, 'SERVER') AS originator, node, schedule, domain,
    CASE WHEN origin <> 'admin' THEN number END AS session, CASE WHEN origin = 'admin' THEN number END AS process
FROM (SELECT * FROM said UNION ALL BY NAME SELECT *, 'I' AS severity FROM noise);
