-- What Db2 means by an operator or a function where DuckDB means something else.
-- A macro with several signatures is chosen by the types of its arguments, so none of those stands inside another macro,
-- where types are not known yet.

CREATE MACRO server_time() AS CAST(getvariable('now') AS TIMESTAMP);
CREATE MACRO server_date() AS CAST(server_time() AS DATE);
CREATE MACRO server_clock() AS CAST(date_trunc('second', server_time()) AS TIME);
-- A signed decimal hhmmss: -50000 is five hours west.
CREATE MACRO server_timezone() AS CAST(getvariable('timezone') AS INTEGER);

-- Whole numbers stay whole and lose their fraction. The scale of a decimal quotient depends on both precisions
-- in Db2; here it is always 6.
CREATE MACRO db2_divide
    (a HUGEINT, b HUGEINT) AS CASE WHEN b = 0 THEN error('SQL0801N Division by zero was attempted.') ELSE a // b END,
    (a DECIMAL(38, 10), b DECIMAL(38, 10)) AS CASE WHEN b = 0 THEN error('SQL0801N Division by zero was attempted.')
        ELSE CAST(a / b AS DECIMAL(31, 6)) END,
    (a DOUBLE, b DOUBLE) AS CASE WHEN b = 0 THEN error('SQL0801N Division by zero was attempted.') ELSE a / b END;

-- The difference of two timestamps is a decimal: yyyymmddhhmmss.ffffff.
-- (A list of one names a value that is needed more than once: a macro would write it out each time.)
CREATE MACRO db2_duration(later, earlier) AS list_transform([age(later, earlier)], lambda i: CAST(
    year(i) * 10000000000 + month(i) * 100000000 + day(i) * 1000000 + hour(i) * 10000 + minute(i) * 100
    + (microsecond(i) / 1000000)::DECIMAL(8, 6) AS DECIMAL(20, 6)))[1];
CREATE MACRO db2_minus
    (a TIMESTAMP, b TIMESTAMP) AS CASE WHEN a >= b THEN db2_duration(a, b) ELSE -db2_duration(b, a) END,
    (a DATE, b DATE) AS CASE WHEN a >= b THEN CAST(db2_duration(a::TIMESTAMP, b::TIMESTAMP) / 1000000 AS DECIMAL(8, 0))
        ELSE -CAST(db2_duration(b::TIMESTAMP, a::TIMESTAMP) / 1000000 AS DECIMAL(8, 0)) END,
    (a DATE, b INTERVAL) AS CAST(a - b AS DATE),
    (a, b) AS a - b;
CREATE MACRO db2_plus
    (a DATE, b INTERVAL) AS CAST(a + b AS DATE),
    (a, b) AS a + b;

-- Counts whole units in a duration written out by CHAR(). Db2 takes 30 days for a month, 365 for a year.
CREATE MACRO duration_seconds(d) AS
    (d // 10000000000) * 31536000 + ((d // 100000000) % 100) * 2592000 + ((d // 1000000) % 100) * 86400
    + ((d // 10000) % 100) * 3600 + ((d // 100) % 100) * 60 + d % 100;
CREATE MACRO db2_timestampdiff(code, written) AS list_transform(
    [CAST(written AS DECIMAL(20, 6))],
    lambda d: CAST(sign(d) * CASE code
        WHEN 1 THEN duration_seconds(CAST(trunc(abs(d)) AS HUGEINT)) * 1000000 + CAST((abs(d) % 1) * 1000000 AS HUGEINT)
        ELSE duration_seconds(CAST(trunc(abs(d)) AS HUGEINT)) // CASE code
            WHEN 2 THEN 1 WHEN 4 THEN 60 WHEN 8 THEN 3600 WHEN 16 THEN 86400 WHEN 32 THEN 604800
            WHEN 64 THEN 2592000 WHEN 128 THEN 7776000 WHEN 256 THEN 31536000 END
    END AS BIGINT))[1];

CREATE MACRO db2_char
    (x TIMESTAMP) AS strftime(x, '%Y-%m-%d-%H.%M.%S.%f'),
    (x DATE) AS strftime(x, '%Y-%m-%d'),
    (x) AS CAST(x AS VARCHAR);
CREATE MACRO db2_format(x, pattern) AS strftime(CAST(x AS TIMESTAMP), pattern);
CREATE MACRO db2_parse(x, pattern) AS strptime(x, pattern);

CREATE MACRO db2_timestamp
    (x) AS CAST(x AS TIMESTAMP),
    (d, t) AS CAST(CAST(CAST(d AS DATE) AS VARCHAR) || ' ' || CAST(CAST(t AS TIME) AS VARCHAR) AS TIMESTAMP);
CREATE MACRO db2_date(x) AS CAST(CAST(x AS TIMESTAMP) AS DATE);
CREATE MACRO db2_time
    (x TIME) AS x,
    (x) AS CAST(date_trunc('second', CAST(x AS TIMESTAMP)) AS TIME);
CREATE MACRO db2_days(x) AS CAST(datediff('day', DATE '0001-01-01', CAST(CAST(x AS TIMESTAMP) AS DATE)) + 1 AS INTEGER);
CREATE MACRO db2_part
    (unit, x TIME) AS CAST(date_part(unit, x) AS INTEGER),
    (unit, x) AS CAST(date_part(unit, CAST(x AS TIMESTAMP)) AS INTEGER);

-- Db2 cuts where DuckDB rounds.
CREATE MACRO db2_cut
    (x HUGEINT, digits) AS x,
    (x DECIMAL(38, 10), digits) AS trunc(x, digits),
    (x DOUBLE, digits) AS trunc(x, digits),
    (x, digits) AS CAST(x AS DECIMAL(38, 10));
CREATE MACRO db2_double(x) AS CAST(x AS DOUBLE);
CREATE MACRO db2_avg
    (x HUGEINT) AS CAST(trunc(avg(x)) AS BIGINT),
    (x DECIMAL(38, 10)) AS CAST(avg(x) AS DECIMAL(31, 6)),
    (x DOUBLE) AS avg(x);

CREATE MACRO db2_posstr(text, wanted) AS CAST(instr(text, wanted) AS INTEGER);
CREATE MACRO db2_locate
    (wanted, text) AS CAST(instr(text, wanted) AS INTEGER),
    (wanted, text, start) AS CAST(CASE WHEN instr(substr(text, start), wanted) = 0 THEN 0
        ELSE instr(substr(text, start), wanted) + start - 1 END AS INTEGER);
CREATE MACRO db2_length(x) AS CAST(length(CAST(x AS VARCHAR)) AS INTEGER);
CREATE MACRO db2_concat(a, b) AS CAST(a AS VARCHAR) || CAST(b AS VARCHAR);
CREATE MACRO db2_translate
    (x) AS upper(x),
    (x, becomes, what) AS translate(x, what, rpad(becomes, CAST(length(what) AS INTEGER), ' '));
CREATE MACRO db2_strip(x) AS trim(x);
CREATE MACRO db2_mod(a, b) AS a % b;
