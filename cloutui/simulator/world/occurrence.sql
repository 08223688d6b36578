-- The plan: every run of every schedule on the days from $first_day to $last_day, and what will become of it.
-- Moments are UTC; draws hang on the server's own date, so a day turns out the same whenever it is planned.
INSERT INTO occurrence
WITH days AS (
    SELECT CAST(unnest(generate_series($first_day, $last_day, INTERVAL 1 DAY)) AS DATE) AS day
), due AS (
    SELECT 'client' AS origin, n.*, s.name AS schedule, s.activity, s.action, s.share, s.window_minutes, length(s.hours) > 1 AS hourly,
        d.day + s.start + h.hour * INTERVAL 1 HOUR AS said
    FROM days d
    CROSS JOIN association a
    JOIN node n ON n.node = a.node
    JOIN schedule s ON s.domain = a.domain AND s.name = a.schedule
    CROSS JOIN LATERAL (SELECT unnest(s.hours) AS hour) h
    WHERE s.weekday IS NULL OR s.weekday = isodow(d.day)
    UNION ALL BY NAME
    -- What people do by hand, at some time of the working day.
    SELECT 'manual' AS origin, n.*, NULL AS schedule, 0.1 AS share, 1 AS window_minutes, false AS hourly,
        CASE WHEN draw(n.node || d.day, 'hand') < 0.5 THEN 'RESTORE' WHEN draw(n.node || d.day, 'hand') < 0.85 THEN 'BACKUP'
            WHEN draw(n.node || d.day, 'hand') < 0.95 THEN 'ARCHIVE' ELSE 'RETRIEVE' END AS activity,
        'MANUAL' AS action,
        d.day + seconds(27000 + 32000 * draw(n.node || d.day, 'hand at')) AS said
    FROM days d CROSS JOIN node n
    WHERE n.associated AND draw(n.node || d.day, 'by hand') < 0.012
), placed AS (
    SELECT *, to_utc(said) AS scheduled, concat_ws('|', node, coalesce(schedule, activity), said) AS subject,
        -- A troubled node has its bad spells: six days in one of four.
        troubled AND draw(concat_ws('|', node, day_number(said) // 6), 'spell') < 0.28 AS spell
    FROM due
    -- An hour that the clock skips has no hourly run of its own.
    WHERE (NOT hourly OR to_local(to_utc(said)) = said) AND said >= registered AND (gone IS NULL OR said < gone)
), fated AS (
    SELECT *, draw(subject, 'luck') * CASE WHEN hourly THEN 4 ELSE 1 END AS luck,
        CASE
            WHEN origin = 'manual' THEN CASE WHEN draw(subject, 'luck') < 0.02 THEN 'failed' ELSE 'fine' END
            WHEN locked IS NOT NULL AND said >= locked THEN 'missed'
            WHEN spell AND draw(subject, 'spell') < 0.62 THEN 'failed'
            WHEN spell AND draw(subject, 'spell') < 0.80 THEN 'missed'
            WHEN spell AND draw(subject, 'spell') < 0.88 THEN 'warned'
            WHEN luck < 0.0015 THEN 'severed'
            WHEN luck < 0.003 THEN 'abandoned'
            WHEN luck < 0.010 THEN 'missed'
            WHEN luck < 0.020 THEN 'failed'
            WHEN luck < 0.030 THEN 'warned'
            WHEN luck < 0.060 THEN 'skipped'
            ELSE 'fine'
        END AS fate
    FROM placed
), sized AS (
    SELECT *,
        CAST(ceil(grown(daily_bytes, growth, said) * share * exp(0.7 * sway(subject, 'bytes'))
            * CASE WHEN isodow(said) >= 6 AND NOT hourly THEN 0.4 ELSE 1 END
            * CASE WHEN activity IN ('RESTORE', 'RETRIEVE') THEN 0.6 ELSE 1 END
            * CASE WHEN fate IN ('failed', 'severed', 'abandoned') THEN draw(subject, 'part') ELSE 1 END) AS BIGINT) AS bytes,
        CASE WHEN hourly THEN 1 + CAST(5 * draw(subject, 'files') AS BIGINT)
            WHEN activity <> 'BACKUP' OR origin = 'manual' THEN 10 + CAST(4000 * draw(subject, 'files') AS BIGINT)
            ELSE CAST(grown(examined, growth, said) * (0.98 + 0.04 * draw(subject, 'files'))
                * CASE WHEN fate IN ('failed', 'severed', 'abandoned') THEN draw(subject, 'part') ELSE 1 END AS BIGINT) + 1
        END AS examined_now,
        least(examined_now, CASE fate WHEN 'skipped' THEN 1 + CAST(29 * pow(draw(subject, 'skipped'), 3) AS BIGINT)
            WHEN 'failed' THEN 1 + CAST(4 * draw(subject, 'skipped') AS BIGINT) ELSE 0 END) AS failed,
        -- The client waits for a moment in the first quarter of the window.
        CASE WHEN fate <> 'missed' THEN
            scheduled + seconds(CASE WHEN origin = 'manual' THEN 0 ELSE window_minutes * 15 * draw(subject, 'start') END)
        END AS starts
    FROM fated
), timed AS (
    SELECT *,
        least(CASE WHEN hourly THEN 900 ELSE 20000 END,
            15 + CAST(25 * draw(subject, 'slow') AS BIGINT) + bytes // bytes_per_second + examined_now // 1500) AS working,
        fate IN ('fine', 'skipped') AND origin = 'client' AND NOT hourly AND draw(subject, 'restart') < 0.006 AS restarts
    FROM sized
), done AS (
    SELECT *,
        starts + seconds(working + CASE WHEN restarts THEN 600 ELSE 0 END) AS ends,
        CASE WHEN restarts OR fate = 'severed' THEN starts + seconds(working // 3) END AS severed
    FROM timed
)
SELECT
    origin, activity, action, subject, said AS day, scheduled, domain, schedule, node,
    agent, streams, machines,
    scheduled + window_minutes * INTERVAL 1 MINUTE AS closes,
    starts,
    severed,
    CASE WHEN restarts THEN severed + INTERVAL 10 MINUTE END AS resumes,
    -- What was cut off and never came back ends as it was cut off. (Whether COMPLETED is then set is unverified.)
    CASE WHEN fate = 'severed' THEN severed ELSE ends END AS ends,
    CASE fate WHEN 'missed' THEN 'Missed' WHEN 'failed' THEN 'Failed' WHEN 'severed' THEN 'Severed'
        WHEN 'abandoned' THEN 'Failed - no restart' ELSE 'Completed' END AS outcome,
    CASE fate WHEN 'fine' THEN 0 WHEN 'skipped' THEN 4 WHEN 'warned' THEN 8
        -- A script ends with whatever code it likes.
        WHEN 'failed' THEN CASE WHEN action = 'COMMAND' AND draw(subject, 'code') < 0.5
            THEN CASE WHEN draw(subject, 'code') < 0.1 THEN -1 WHEN draw(subject, 'code') < 0.3 THEN 1 ELSE 402 END ELSE 12 END
    END AS result,
    CASE fate WHEN 'fine' THEN 'All operations completed successfully.'
        WHEN 'skipped' THEN 'The operation completed successfully, but some files were not processed.'
        WHEN 'warned' THEN 'The operation completed with at least one warning message.'
        WHEN 'failed' THEN 'The operation completed with at least one error message.'
        WHEN 'abandoned' THEN 'Failed - no restart' END AS reason,
    CASE WHEN fate <> 'missed' THEN examined_now END AS examined,
    CASE WHEN fate <> 'missed' THEN CASE WHEN examined_now < 5000 THEN greatest(0, examined_now - failed)
        ELSE greatest(1, CAST(examined_now * 0.006 * exp(sway(subject, 'affected')) AS BIGINT)) END END AS affected,
    CASE WHEN fate <> 'missed' THEN failed END AS failed,
    CASE WHEN fate <> 'missed' THEN bytes END AS bytes
FROM done
UNION ALL BY NAME
SELECT
    'admin' AS origin, s.activity, 'ADMIN' AS action, concat_ws('|', 'admin', s.name, d.day) AS subject,
    d.day + s.start AS day, to_utc(d.day + s.start) AS scheduled, s.name AS schedule, 1 AS streams, 0 AS machines,
    to_utc(d.day + s.start) + s.window_minutes * INTERVAL 1 MINUTE AS closes,
    to_utc(d.day + s.start) + seconds(3) AS starts,
    to_utc(d.day + s.start) + seconds(4 + s.minutes * 60 * (0.8 + 0.4 * draw('admin' || s.name || d.day, 'minutes'))) AS ends,
    CASE WHEN draw('admin' || s.name || d.day, 'luck') < 0.008 THEN 'Failed' ELSE 'Completed' END AS outcome,
    CASE WHEN draw('admin' || s.name || d.day, 'luck') < 0.008 THEN 11 ELSE 0 END AS result,
    CASE WHEN draw('admin' || s.name || d.day, 'luck') < 0.008 THEN 'Item not found' ELSE 'Ok' END AS reason,
    CAST(9000 + 90000 * draw('admin' || s.name || d.day, 'files') AS BIGINT) AS examined,
    CAST(4000 + 5000 * draw('admin' || s.name || d.day, 'files') AS BIGINT) AS affected,
    0 AS failed,
    CASE WHEN s.activity IS NULL OR s.activity = 'EXPIRATION' THEN 0
        ELSE CAST(s.minutes * 9e9 * exp(sway('admin' || s.name || d.day, 'bytes')) AS BIGINT) END AS bytes
FROM days d CROSS JOIN admin_schedule s;
