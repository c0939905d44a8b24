-- construct: CREATE TABLE AS, REPLACE TABLE AS

-- case: plain
CREATE TABLE t AS SELECT a, b FROM s;

-- case: with options
CREATE TABLE IF NOT EXISTS t COMMENT 'x' PARTITIONED BY (dt) WITH ('connector' = 'filesystem') AS SELECT id, COUNT(*) AS n, dt FROM s WHERE id > 1 GROUP BY id, dt;

-- case: with columns
CREATE TABLE t (pt AS PROCTIME(), PRIMARY KEY (id) NOT ENFORCED, WATERMARK FOR ts AS ts - INTERVAL '1' SECOND) WITH ('a' = 'b') AS SELECT id, ts FROM s;

-- case: with a common table expression
CREATE TABLE t AS WITH x AS (SELECT 1 AS a) SELECT * FROM x UNION ALL SELECT 2;

-- case: from values
CREATE TABLE t AS SELECT * FROM (VALUES (1, 'a'), (2, 'b')) AS v(id, name);

-- case: or replace
CREATE OR REPLACE TABLE t WITH ('a' = 'b') AS SELECT * FROM s;

-- case: replace
REPLACE TABLE t AS SELECT a FROM s;

-- case: replace with everything
REPLACE TABLE cat.db.t COMMENT 'x' WITH ('a' = 'b') AS SELECT a FROM s;

-- case: distributed
CREATE TABLE t DISTRIBUTED BY HASH(a) INTO 2 BUCKETS AS SELECT a FROM s;

-- case: query in parentheses
CREATE TABLE t AS (SELECT a FROM s);
