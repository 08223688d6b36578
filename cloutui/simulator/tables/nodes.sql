-- The nodes and what they store.

CREATE VIEW raw.nodes AS
WITH last_seen AS (
    SELECT node, max(ends) AS seen, arg_max(bytes, ends) AS bytes, arg_max(datediff('second', starts, ends), ends) AS seconds
    FROM occurrence WHERE ends <= present() AND node IS NOT NULL GROUP BY node
)
SELECT n.node AS node_name, platform AS platform_name, domain AS domain_name,
    registered AS pwset_time, 0 AS invalid_pw_count,
    lower(company) || '-it@' || lower(company) || '.example' AS contact,
    'CLIENT' AS compression, 'YES' AS archdelete, 'NO' AS backdelete,
    CASE WHEN locked <= getvariable('now') OR gone <= getvariable('now') THEN 'YES' ELSE 'NO' END AS locked,
    coalesce(to_local(seen), registered) AS lastacc_time, registered AS reg_time, 'ADMIN' AS reg_admin,
    'Tcp/Ip' AS lastsess_commmeth, bytes AS lastsess_recvd, 20480 AS lastsess_sent, seconds AS lastsess_duration,
    4.0 AS lastsess_idlewait, 1.5 AS lastsess_commwait, 0 AS lastsess_mediawait,
    level[1] AS client_version, level[2] AS client_release, level[3] AS client_level, level[4] AS client_sublevel,
    os_level AS client_os_level, CASE WHEN platform = 'WinNT' THEN 'OS_WIN_DEFAULT' ELSE 'OS_LX_DEFAULT' END AS option_set,
    'NO' AS aggregation, '' AS url, 'CLIENT' AS nodetype, NULL AS passexp, 'NO' AS keep_mp, 2 + streams AS max_mp_allowed,
    'NO' AS auto_fs_rename, 'NO' AS validateprotocol, lower(n.node) AS tcp_name, address AS tcp_address, guid,
    0 AS txngroupmax, 'ANY' AS datawritepath, 'ANY' AS datareadpath, 'ClientOrServer' AS session_initiation,
    '' AS collocgroup_name,
    coalesce(datacenter, (SELECT string_agg(m.node, ',') FROM node m WHERE m.agent = n.node)) AS proxy_target,
    coalesce(agent, (SELECT string_agg(m.node, ',') FROM node m WHERE m.datacenter = n.node)) AS proxy_agent,
    '' AS email_address, 'ClientOrServer' AS deduplication,
    CASE WHEN domain IN ('PD_SQL', 'PD_MAIL', 'PD_VM') THEN 'ENABLED' ELSE 'DISABLED' END AS repl_state,
    CASE WHEN domain IN ('PD_SQL', 'PD_MAIL', 'PD_VM') THEN 'SEND' ELSE 'NONE' END AS repl_mode,
    'DEFAULT' AS repl_bkrule, 'DEFAULT' AS repl_arrule, 'DEFAULT' AS repl_sprule,
    CASE WHEN platform = 'WinNT' THEN 'WIN:' ELSE 'LNX:' END || os AS client_os_name,
    'LOCAL' AS authentication, 'DEFAULT' AS ssl_required,
    CASE WHEN gone <= getvariable('now') THEN 'YES' END AS decomm_state,
    CASE WHEN gone <= getvariable('now') THEN CAST(gone AS VARCHAR) END AS decomm_date,
    'STRICT' AS session_security, 'TLS13' AS transport_method
FROM node n LEFT JOIN last_seen ON last_seen.node = n.node
WHERE registered <= getvariable('now');
