-- The server's own definitions, filled once, and the plan, filled day by day.

CREATE TABLE node (
    node VARCHAR, company VARCHAR, domain VARCHAR, platform VARCHAR, os VARCHAR, os_level VARCHAR,
    registered TIMESTAMP, locked TIMESTAMP, gone TIMESTAMP, associated BOOLEAN, troubled BOOLEAN,
    agent VARCHAR, datacenter VARCHAR, machines INTEGER,
    stored_bytes BIGINT, daily_bytes BIGINT, examined BIGINT, bytes_per_second BIGINT, streams INTEGER, growth DOUBLE,
    level INTEGER[], address VARCHAR, guid VARCHAR);
CREATE TABLE schedule (
    domain VARCHAR, name VARCHAR, start TIME, window_minutes INTEGER, hours INTEGER[], weekday INTEGER,
    action VARCHAR, subaction VARCHAR, objects VARCHAR, options VARCHAR, description VARCHAR, activity VARCHAR, share DOUBLE);
CREATE TABLE association (domain VARCHAR, schedule VARCHAR, node VARCHAR);
CREATE TABLE admin_schedule (
    name VARCHAR, command VARCHAR, start TIME, window_minutes INTEGER, activity VARCHAR, process VARCHAR, minutes INTEGER,
    description VARCHAR);
CREATE TABLE domain (name VARCHAR, description VARCHAR, versions VARCHAR, keep_extra_days VARCHAR, pool VARCHAR);
CREATE TABLE filespace (node VARCHAR, id INTEGER, name VARCHAR, type VARCHAR, share DOUBLE);

CREATE TABLE catalogue_column (
    tabname VARCHAR, colno INTEGER, colname VARCHAR, typename VARCHAR, length INTEGER, scale INTEGER);

CREATE TABLE occurrence (
    origin VARCHAR, activity VARCHAR, action VARCHAR, subject VARCHAR, day TIMESTAMP, scheduled TIMESTAMP,
    domain VARCHAR, schedule VARCHAR, node VARCHAR, agent VARCHAR, streams INTEGER, machines INTEGER,
    closes TIMESTAMP, starts TIMESTAMP, severed TIMESTAMP, resumes TIMESTAMP, ends TIMESTAMP,
    outcome VARCHAR, result INTEGER, reason VARCHAR, examined BIGINT, affected BIGINT, failed BIGINT, bytes BIGINT);
CREATE TABLE session (
    number INTEGER, part INTEGER, parts INTEGER, subject VARCHAR, origin VARCHAR, activity VARCHAR, starts TIMESTAMP, ends TIMESTAMP,
    node VARCHAR, entity VARCHAR, address VARCHAR, schedule VARCHAR, domain VARCHAR, examined BIGINT, affected BIGINT,
    failed BIGINT, bytes BIGINT, successful BOOLEAN, sub_entity VARCHAR, as_entity VARCHAR,
    volume VARCHAR, drive VARCHAR, library VARCHAR, total BOOLEAN);
CREATE TABLE line (
    moment TIMESTAMP, number INTEGER, severity VARCHAR, message VARCHAR, originator VARCHAR, node VARCHAR, schedule VARCHAR,
    domain VARCHAR, session INTEGER, process INTEGER);

-- What happened to the running server: commands of its administrators, and who is connected.
CREATE TABLE spoken (moment TIMESTAMP, number INTEGER, severity VARCHAR, message VARCHAR, originator VARCHAR, session INTEGER);
CREATE TABLE connected (number INTEGER, admin VARCHAR, platform VARCHAR, since TIMESTAMP);
