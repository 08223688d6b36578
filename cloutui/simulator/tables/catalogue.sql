-- The catalogue of the tables, filled from `catalogue_column`, and the quirk of EVENTS.

CREATE VIEW SYSIBM.SYSDUMMY1 AS SELECT CAST('Y' AS VARCHAR) AS "IBMREQD";

CREATE VIEW SYSCAT.COLUMNS AS
SELECT 'TSMDB1' AS "TABSCHEMA", tabname AS "TABNAME", colno AS "COLNO", colname AS "COLNAME", typename AS "TYPENAME",
    length AS "LENGTH", scale AS "SCALE", 'Y' AS "NULLS", CAST(NULL AS VARCHAR) AS "REMARKS"
FROM catalogue_column;

CREATE VIEW SYSCAT.TABLES AS
SELECT 'TSMDB1' AS "TABSCHEMA", tabname AS "TABNAME", 'V' AS "TYPE", CAST(count(*) AS INTEGER) AS "COLCOUNT",
    CAST(NULL AS VARCHAR) AS "REMARKS"
FROM catalogue_column GROUP BY tabname;

-- The old views. Their columns are unverified.
CREATE VIEW "COLUMNS" AS
SELECT 'ADSM' AS "TABSCHEMA", tabname AS "TABNAME", colno AS "COLNO", colname AS "COLNAME", typename AS "TYPENAME",
    length AS "LENGTH", scale AS "SCALE", 'TRUE' AS "NULLS", CAST(NULL AS VARCHAR) AS "REMARKS"
FROM catalogue_column;

CREATE VIEW "TABLES" AS
SELECT 'ADSM' AS "TABSCHEMA", tabname AS "TABNAME", CAST(NULL AS TIMESTAMP) AS "CREATE_TIME",
    CAST(count(*) AS INTEGER) AS "COLCOUNT", CAST(NULL AS VARCHAR) AS "REMARKS"
FROM catalogue_column GROUP BY tabname;

CREATE VIEW events_today AS SELECT * FROM "EVENTS" WHERE CAST("SCHEDULED_START" AS DATE) = server_day();
