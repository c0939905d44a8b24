-- construct: SET, RESET, USE, CALL, jobs

-- case: set
SET 'table.exec.mini-batch.enabled' = 'true';

-- case: set with escapes
SET 'k' = 'it''s; a -- value';

-- case: set alone
SET;

-- case: reset
RESET 'table.exec.mini-batch.enabled';

-- case: reset all
RESET;

-- case: use catalog
USE CATALOG my_catalog;

-- case: use database
USE my_db;

-- case: use full name
USE `cat`.db;

-- case: use modules
USE MODULES hive, core;

-- case: call
CALL proc();

-- case: call with arguments
CALL `cat`.sys.roll_back('db.t', 5, TRUE, NULL, CAST(1 AS BIGINT), ARRAY['a'], -3);

-- case: call with named arguments
CALL sys.compact(`table` => 'db.t', partitions => 'dt=1', options => 'k=v');

-- case: stop job
STOP JOB '228d70913eab60dda85c5e7f78b5782c';

-- case: stop job with savepoint
STOP JOB '228d70913eab60dda85c5e7f78b5782c' WITH SAVEPOINT;

-- case: stop job with drain
STOP JOB '228d70913eab60dda85c5e7f78b5782c' WITH SAVEPOINT WITH DRAIN;

-- case: a script
-- the settings
SET 'execution.runtime-mode' = 'batch'; -- not streaming
SET 'parallelism.default' = '4';
/* the catalog */
USE CATALOG c;
USE db;
RESET 'pipeline.name';

-- case: setting of the system
ALTER SYSTEM SET a = 1;

-- case: setting of the session is reset
ALTER SESSION RESET a;

-- case: delete from a table with a column that it does not declare
DELETE FROM t EXTEND (a INT, b STRING NOT NULL) AS x WHERE x.a = 1;
