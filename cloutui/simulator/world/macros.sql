-- What the plan's own SQL is written in.

-- A number from 0 to 1 that hangs on the seed, a subject and the name of what it decides, and on nothing else.
CREATE MACRO draw(subject, what) AS
    CAST(md5_number_lower(concat_ws('|', getvariable('seed'), subject, what)) % 1000000007 AS DOUBLE) / 1000000007;
-- -1 to 1, seldom far from 0.
CREATE MACRO sway(subject, what) AS draw(subject, what || 1) + draw(subject, what || 2) - 1;
CREATE MACRO seconds(n) AS to_seconds(CAST(n AS BIGINT));
CREATE MACRO present() AS CAST(getvariable('now_utc') AS TIMESTAMP);
CREATE MACRO server_day() AS CAST(CAST(getvariable('now') AS TIMESTAMP) AS DATE);
CREATE MACRO days_ago(n) AS CAST(server_day() AS TIMESTAMP) - to_days(CAST(n AS INTEGER));
CREATE MACRO day_number(moment) AS datediff('day', DATE '2020-01-01', CAST(moment AS DATE));
-- What has grown by a share each day since sizes were drawn.
CREATE MACRO grown(amount, growth, moment) AS amount * pow(1 + growth, datediff('day', DATE '2026-01-01', CAST(moment AS DATE)));
CREATE MACRO machine_name(mover, number) AS
    lower(split_part(mover, '-', 1)) || '-vm' || lpad(CAST(number AS VARCHAR), 2, '0')
    || '-' || substr(md5(mover), 1, 3);
CREATE MACRO tape_name(number) AS 'NB' || lpad(CAST(number AS VARCHAR), 4, '0') || 'L8';

-- What the nth of several sessions carries: later ones carry more, and together they carry it all.
CREATE MACRO nth_part(whole, n, parts) AS
    CAST(whole::HUGEINT * n * n // (parts * parts) - whole::HUGEINT * (n - 1) * (n - 1) // (parts * parts) AS BIGINT);

-- Words of the activity log.
CREATE MACRO gigabytes(n) AS CASE WHEN n < 1073741824 THEN format('{:,.2f}', n / 1048576.0) || ' MB'
    ELSE format('{:,.2f}', n / 1073741824.0) || ' GB' END;
CREATE MACRO kilobytes(n, seconds) AS format('{:,.2f}', n / 1024.0 / seconds) || ' KB/sec';
CREATE MACRO spoken_time(moment) AS strftime(moment, '%m/%d/%Y %H:%M:%S');
CREATE MACRO object_name(platform, node, which) AS
    CASE WHEN platform = 'WinNT'
        THEN '\\' || lower(node) || '\d$\' || ['data\ledger.mdf', 'users\mail.pst', 'app\queue.dat', 'logs\trace.log',
            'share\plan.xlsx', 'temp\lock.tmp'][which]
        ELSE '/srv/' || ['data/ledger.dbf', 'home/mail.mbox', 'app/queue.dat', 'log/trace.log',
            'share/plan.ods', 'tmp/lock.pid'][which] END;

-- How far a piece of work has come, 0 to 1.
CREATE MACRO done_share(starts, ends) AS
    least(1.0, greatest(0.0, datediff('second', starts, present()) / greatest(1.0, datediff('second', starts, ends))));

CREATE MACRO hash_of(subject, below) AS CAST(draw(subject, 'choice') * below AS INTEGER) % below;

-- By how much a node is above its steady growth on a day. What retention lets go of comes in one night a month; one node
-- in twelve takes a jump now and then, as when a volume is copied, and what it added leaves a month later.
CREATE MACRO cycle_day(node, what, days, moment) AS (day_number(moment) + hash_of(node || what, days)) % days;
CREATE MACRO swell(node, moment) AS
    (1 + 0.002 * sway(node || day_number(moment), 'held'))
    * (1 + 0.012 * cycle_day(node, 'trim', 30, moment) / 30)
    * (1 + CASE WHEN draw(node, 'jumps') < 0.08
        THEN (0.1 + 0.5 * draw(node, 'jump')) * greatest(0.0, least(1.0, (38 - cycle_day(node, 'jump', 80, moment)) / 8.0))
        ELSE 0 END);
-- What a file space holds on this day, in MB.
CREATE MACRO stored_mb(node, stored_bytes, share, growth) AS
    grown(stored_bytes, growth, server_day()) * swell(node, server_day()) * share / 1048576.0;
