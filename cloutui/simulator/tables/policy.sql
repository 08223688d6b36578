-- Policy, schedules and administrators.

CREATE VIEW raw.domains AS
SELECT d.name AS domain_name, 'STANDARD' AS set_last_activated, TIMESTAMP '2024-05-14 10:22:07' AS activate_date,
    'STANDARD' AS defmgmtclass, (SELECT count(*) FROM raw.nodes n WHERE n.domain_name = d.name) AS num_nodes,
    30 AS backretention, 365 AS archretention, d.description, TIMESTAMP '2024-05-14 10:21:40' AS chg_time,
    'ADMIN' AS chg_admin, '' AS profile, '' AS activestgpools
FROM domain d;

CREATE VIEW raw.policysets AS
SELECT d.name AS domain_name, s.name AS set_name, 'STANDARD' AS defmgmtclass, d.description,
    TIMESTAMP '2024-05-14 10:21:40' AS chg_time, 'ADMIN' AS chg_admin, '' AS profile
FROM domain d CROSS JOIN (VALUES ('ACTIVE'), ('STANDARD')) s(name);

CREATE VIEW raw.mgmtclasses AS
SELECT s.domain_name, s.set_name, c.name AS class_name, CASE c.name WHEN 'STANDARD' THEN 'Yes' ELSE 'No' END AS defaultmc,
    c.description, 'NONE' AS spacemgtechnique, 0 AS automignonuse, 'YES' AS migrequiresbkup, '' AS migdestination,
    s.chg_time, s.chg_admin, '' AS profile
FROM raw.policysets s CROSS JOIN (VALUES ('STANDARD', 'As the domain keeps'), ('LONG_365', 'One year')) c(name, description);

CREATE VIEW raw.bu_copygroups AS
SELECT c.domain_name, c.set_name, c.class_name, 'STANDARD' AS copygroup_name,
    d.versions AS verexists, CASE c.class_name WHEN 'STANDARD' THEN '1' ELSE '5' END AS verdeleted,
    CASE c.class_name WHEN 'STANDARD' THEN d.keep_extra_days ELSE '365' END AS retextra,
    CASE c.class_name WHEN 'STANDARD' THEN '60' ELSE '365' END AS retonly,
    'MODIFIED' AS mode, 'SHRSTATIC' AS serialization, 0 AS frequency, d.pool AS destination, '' AS toc_destination,
    c.chg_time, c.chg_admin, '' AS profile
FROM raw.mgmtclasses c JOIN domain d ON d.name = c.domain_name;

CREATE VIEW raw.ar_copygroups AS
SELECT domain_name, set_name, class_name, 'STANDARD' AS copygroup_name,
    CASE class_name WHEN 'STANDARD' THEN '365' ELSE 'NOLIMIT' END AS retver, 'SHRSTATIC' AS serialization,
    'TAPEPOOL' AS destination, 'CREATION' AS retinit, '365' AS retmin, chg_time, chg_admin, '' AS profile
FROM raw.mgmtclasses;

CREATE VIEW raw.client_schedules AS
SELECT domain AS domain_name, name AS schedule_name, description, action, subaction, options, objects, 5 AS priority,
    DATE '2024-05-14' AS startdate, start AS starttime,
    CASE WHEN window_minutes % 60 = 0 THEN window_minutes // 60 ELSE window_minutes END AS duration,
    CASE WHEN window_minutes % 60 = 0 THEN 'HOURS' ELSE 'MINUTES' END AS durunits, 0 AS max_run_time,
    1 AS period, CASE WHEN length(hours) > 1 THEN 'HOURS' WHEN weekday IS NOT NULL THEN 'WEEKS' ELSE 'DAYS' END AS perunits,
    coalesce(['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY'][weekday], 'ANY') AS dayofweek,
    NULL AS expiration, TIMESTAMP '2024-05-14 10:31:02' AS chg_time, 'ADMIN' AS chg_admin, '' AS profile,
    'CLASSIC' AS sched_style, '' AS enh_month, '' AS dayofmonth, '' AS weekofmonth
FROM schedule;

CREATE VIEW raw.admin_schedules AS
SELECT name AS schedule_name, description, command, 5 AS priority, DATE '2024-05-14' AS startdate, start AS starttime,
    window_minutes // 60 AS duration, 'HOURS' AS durunits, 0 AS max_run_time, 1 AS period, 'DAYS' AS perunits,
    'ANY' AS dayofweek, NULL AS expiration, 'YES' AS active, TIMESTAMP '2024-05-14 10:40:15' AS chg_time,
    'ADMIN' AS chg_admin, '' AS profile, 'CLASSIC' AS sched_style, '' AS enh_month, '' AS dayofmonth, '' AS weekofmonth
FROM admin_schedule;

-- A decommissioned node has lost its schedules.
CREATE VIEW raw.associations AS
SELECT a.domain AS domain_name, a.schedule AS schedule_name, a.node AS node_name,
    n.registered + INTERVAL 4 MINUTE AS chg_time, 'ADMIN' AS chg_admin
FROM association a JOIN node n ON n.node = a.node
WHERE n.registered <= getvariable('now') AND (n.gone IS NULL OR n.gone > getvariable('now'));

CREATE VIEW raw.admins AS
SELECT a.name AS admin_name,
    coalesce((SELECT to_local(max(since)) FROM connected c WHERE c.admin = a.name),
        days_ago(a.days_away) + INTERVAL '08:03:11') AS lastacc_time,
    days_ago(a.password_days) + INTERVAL '9 hours' AS pwset_time, a.contact, a.locked, 'YES' AS pw_case_sensitive,
    a.bad AS invalid_pw_count, a.system AS system_priv, a.policy AS policy_priv, '' AS storage_priv,
    a.operator AS operator_priv, '' AS client_access, '' AS client_owner, TIMESTAMP '2019-02-11 10:20:00' AS reg_time,
    'SERVER_CONSOLE' AS reg_admin, '' AS profile, 90 AS passexp, '' AS email_address
FROM (VALUES
    (getvariable('administrator'), 0, 21, 'Console of the provider', 'NO', 0, 'YES', '', ''),
    ('ADMIN', 1, 40, 'Backup operations', 'NO', 0, 'YES', '', ''),
    ('SERVER_CONSOLE', 20, 900, '', 'NO', 0, 'YES', '', ''),
    ('OPERATOR1', 2, 12, 'Service desk', 'NO', 1, '', '', 'YES'),
    ('POLICY_WIN', 9, 60, 'Windows team', 'NO', 0, '', 'PD_WIN', ''),
    ('OLDSVC', 212, 400, 'Retired monitoring', 'YES', 5, '', '', 'YES')
) a(name, days_away, password_days, contact, locked, bad, system, policy, operator);
