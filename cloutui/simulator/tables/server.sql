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
