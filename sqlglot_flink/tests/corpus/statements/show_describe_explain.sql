-- construct: SHOW, DESCRIBE, EXPLAIN

-- case: show catalogs
SHOW CATALOGS;

-- case: show current catalog
SHOW CURRENT CATALOG;

-- case: show current database
SHOW CURRENT DATABASE;

-- case: show databases
SHOW DATABASES;

-- case: show databases of a catalog
SHOW DATABASES FROM cat NOT ILIKE 'a%';

-- case: show tables
SHOW TABLES;

-- case: show tables of a database
SHOW TABLES FROM cat.db LIKE '%n';

-- case: show tables in a database
SHOW TABLES IN db NOT LIKE 'it''s_';

-- case: show views
SHOW VIEWS;

-- case: show functions
SHOW FUNCTIONS;

-- case: show user functions
SHOW USER FUNCTIONS;

-- case: show functions of a database
SHOW FUNCTIONS IN cat.db ILIKE 'f%';

-- case: show user functions not like
SHOW USER FUNCTIONS FROM db NOT LIKE 'f%';

-- case: show procedures
SHOW PROCEDURES;

-- case: show procedures of a database
SHOW PROCEDURES FROM db ILIKE 'p%';

-- case: show columns
SHOW COLUMNS FROM cat.db.t;

-- case: show some columns
SHOW COLUMNS IN t NOT LIKE 'a%';

-- case: show partitions
SHOW PARTITIONS t;

-- case: show one partition
SHOW PARTITIONS cat.db.t PARTITION (dt = '2024-01-01', hr = 1);

-- case: show modules
SHOW MODULES;

-- case: show full modules
SHOW FULL MODULES;

-- case: show jars
SHOW JARS;

-- case: show jobs
SHOW JOBS;

-- case: show create table
SHOW CREATE TABLE cat.db.t;

-- case: show create view
SHOW CREATE VIEW v;

-- case: show create catalog
SHOW CREATE CATALOG c;

-- case: describe
DESCRIBE t;

-- case: desc
DESC cat.db.`t`;

-- case: describe extended
DESCRIBE EXTENDED cat.db.t;

-- case: describe catalog
DESCRIBE CATALOG c;

-- case: describe catalog extended
DESC CATALOG EXTENDED c;

-- case: describe database
DESCRIBE DATABASE EXTENDED db;

-- case: describe job
DESCRIBE JOB '228d70913eab60dda85c5e7f78b5782c';

-- case: explain
EXPLAIN SELECT * FROM t;

-- case: explain plan for
EXPLAIN PLAN FOR SELECT a, COUNT(*) FROM t GROUP BY a;

-- case: explain with details
EXPLAIN ESTIMATED_COST, CHANGELOG_MODE, JSON_EXECUTION_PLAN, PLAN_ADVICE SELECT a FROM t WHERE a LIKE 'x%' UNION ALL SELECT b FROM u;

-- case: explain an insert
EXPLAIN CHANGELOG_MODE INSERT INTO t SELECT a FROM s;

-- case: explain a statement set
EXPLAIN STATEMENT SET BEGIN
INSERT INTO a SELECT * FROM s;
INSERT INTO b SELECT * FROM s;
END;

-- case: explain plan for a statement set
EXPLAIN PLAN FOR STATEMENT SET BEGIN INSERT INTO a SELECT CASE WHEN x THEN 1 ELSE 2 END FROM s; END;

-- case: explain values
EXPLAIN PLAN FOR VALUES (1, 'a');

-- case: lower case
explain json_execution_plan select 1;

-- case: describe a table by its kind
DESCRIBE TABLE t;

-- case: describe a query
DESCRIBE SELECT a FROM t;

-- case: describe a statement
DESCRIBE STATEMENT SELECT a FROM t;
