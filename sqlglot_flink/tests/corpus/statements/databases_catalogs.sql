-- construct: CREATE, ALTER, DROP DATABASE and CATALOG; modules

-- case: database
CREATE DATABASE db;

-- case: database with all
CREATE DATABASE IF NOT EXISTS cat.db COMMENT 'x' WITH ('a' = 'b', 'c.d' = 'e');

-- case: alter database
ALTER DATABASE cat.db SET ('a' = 'b');

-- case: drop database
DROP DATABASE db;

-- case: drop database with its tables
DROP DATABASE IF EXISTS cat.db CASCADE;

-- case: drop database only if empty
DROP DATABASE IF EXISTS db RESTRICT;

-- case: catalog
CREATE CATALOG c WITH ('type' = 'jdbc', 'default-database' = 'd', 'username' = 'u', 'password' = 'p', 'base-url' = 'jdbc:postgresql://localhost:5432');

-- case: catalog with comment
CREATE CATALOG IF NOT EXISTS c COMMENT 'of hive' WITH ('type' = 'hive', 'hive-conf-dir' = '/opt/hive-conf');

-- case: alter catalog
ALTER CATALOG c SET ('default-database' = 'x');

-- case: reset catalog
ALTER CATALOG c RESET ('default-database', 'other');

-- case: comment a catalog
ALTER CATALOG c COMMENT 'new';

-- case: drop catalog
DROP CATALOG IF EXISTS c;

-- case: load module
LOAD MODULE hive WITH ('hive-version' = '3.1.3');

-- case: load module without options
LOAD MODULE core;

-- case: unload module
UNLOAD MODULE hive;
