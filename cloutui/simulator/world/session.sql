-- The sessions of the jobs planned for $first_day to $last_day: what SUMMARY keeps, one row a session.
-- The rows of a job add up to the job, and lie within it. ENTITY names first the node whose event it is, then, in brackets,
-- who moved its data; which of the two holds the event on a real server is unverified.
INSERT INTO session
WITH job AS (
    SELECT * FROM occurrence
    WHERE CAST(day AS DATE) BETWEEN $first_day AND $last_day AND starts IS NOT NULL AND activity IS NOT NULL
), shaped AS (
    -- One session does it all.
    SELECT job.*, 0 AS part, 1 AS parts, starts AS began, ends AS ended, examined AS e, affected AS a, failed AS f, bytes AS b,
        outcome = 'Completed' AS fine, NULL AS machine, false AS total
    FROM job WHERE machines = 0 AND resumes IS NULL AND (streams = 1 OR schedule IS NULL OR examined < 10 OR origin = 'admin')
    UNION ALL BY NAME
    -- A producer counts, the consumers carry.
    SELECT job.*, part, streams + 1 AS parts,
        CASE WHEN part = 0 THEN starts ELSE starts + seconds(2 * part) END AS began,
        CASE WHEN part = 0 THEN ends ELSE ends - seconds(streams + 1 - part) END AS ended,
        CASE WHEN part = 0 THEN examined ELSE 0 END AS e, CASE WHEN part = 0 THEN affected ELSE 0 END AS a,
        CASE WHEN part = 0 THEN failed ELSE 0 END AS f,
        CASE WHEN part = 0 THEN 0 ELSE nth_part(bytes, part, streams) END AS b,
        outcome = 'Completed' AS fine, NULL AS machine, false AS total
    FROM job CROSS JOIN LATERAL (SELECT unnest(range(0, streams + 1)) AS part) WHERE machines = 0 AND resumes IS NULL
        AND NOT (streams = 1 OR schedule IS NULL OR examined < 10 OR origin = 'admin')
    UNION ALL BY NAME
    -- A session that was cut off, and the one that took over.
    SELECT job.*, part, 2 AS parts, CASE WHEN part = 0 THEN starts ELSE resumes END AS began,
        CASE WHEN part = 0 THEN severed ELSE ends END AS ended,
        CASE WHEN part = 0 THEN examined // 3 ELSE examined - examined // 3 END AS e,
        CASE WHEN part = 0 THEN affected // 3 ELSE affected - affected // 3 END AS a,
        CASE WHEN part = 0 THEN 0 ELSE failed END AS f, CASE WHEN part = 0 THEN bytes // 3 ELSE bytes - bytes // 3 END AS b,
        part = 1 AS fine, NULL AS machine, false AS total
    FROM job CROSS JOIN LATERAL (SELECT unnest([0, 1]) AS part) WHERE machines = 0 AND resumes IS NOT NULL
    UNION ALL BY NAME
    -- A data mover takes its machines one after the other; part 0 is the total that SUMMARY_EXTENDED alone has.
    SELECT job.*, part, machines + 1 AS parts,
        CASE WHEN part = 0 THEN starts ELSE starts + (ends - starts) * (part - 1) / machines END AS began,
        CASE WHEN part = 0 THEN ends ELSE starts + (ends - starts) * part / machines END AS ended,
        CASE WHEN part = 0 THEN examined ELSE examined * part // machines - examined * (part - 1) // machines END AS e,
        CASE WHEN part = 0 THEN affected ELSE affected * part // machines - affected * (part - 1) // machines END AS a,
        -- The last ones are those that went wrong.
        CASE WHEN part IN (0, machines) THEN failed ELSE 0 END AS f,
        CASE WHEN part = 0 THEN bytes ELSE nth_part(bytes, part, machines) END AS b,
        outcome = 'Completed' OR (part > 0 AND part < machines) AS fine,
        CASE WHEN part > 0 THEN machine_name(node, part) ELSE 'Aggregate' END AS machine, part = 0 AS total
    FROM job CROSS JOIN LATERAL (SELECT unnest(range(0, machines + 1)) AS part) WHERE machines > 0
    UNION ALL BY NAME
    -- Work that writes to tape mounts one.
    SELECT job.* EXCLUDE (activity), 'TAPE MOUNT' AS activity, 1 AS part, 2 AS parts, starts AS began, ends AS ended,
        0 AS e, 0 AS a, 0 AS f, 0 AS b, true AS fine, NULL AS machine, false AS total
    FROM job WHERE activity IN ('FULL_DBBACKUP', 'RECLAMATION')
)
SELECT
    CAST(day_number(day) * CAST(getvariable('sessions_a_day') AS BIGINT)
        + row_number() OVER (PARTITION BY CAST(day AS DATE) ORDER BY starts, subject, part) AS INTEGER) AS number,
    part, parts, subject, origin, activity,
    date_trunc('second', began) AS starts, date_trunc('second', ended) AS ends, node,
    CASE WHEN agent IS NOT NULL THEN node || ' (' || agent || ')'
        WHEN activity = 'TAPE MOUNT' THEN getvariable('server')
        WHEN activity = 'RECLAMATION' THEN 'TAPE-COPY' WHEN activity = 'STGPOOL PROTECTION' THEN 'DEDUP-A'
        ELSE node END AS entity,
    n.address || ':' || (40000 + CAST(20000 * draw(subject, part) AS INTEGER)) AS address,
    -- A server process bears no schedule's name here, though one started it.
    CASE WHEN origin = 'client' THEN schedule END AS schedule, domain,
    e AS examined, a AS affected, f AS failed, b AS bytes, fine AS successful, machine AS sub_entity,
    CASE WHEN machines > 0 THEN n.datacenter END AS as_entity,
    CASE WHEN activity = 'TAPE MOUNT' THEN tape_name(
        CASE schedule WHEN 'BACKUP_DB' THEN 1 + hash_of(subject, 9) ELSE 25 + hash_of(subject, 10) END) END AS volume,
    CASE WHEN activity = 'TAPE MOUNT' THEN 'DRIVE0' || (1 + CAST(3 * draw(subject, 'drive') AS INTEGER)) END AS drive,
    CASE WHEN activity = 'TAPE MOUNT' THEN 'LIB01' END AS library,
    total
FROM shaped LEFT JOIN (SELECT node AS named, address, datacenter FROM node) n ON n.named = node;
