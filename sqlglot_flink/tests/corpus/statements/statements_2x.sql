-- construct: What else Flink 2 adds
-- flink: 2.3

-- case: connection
CREATE CONNECTION c COMMENT 'x' WITH ('type' = 'basic', 'endpoint' = 'https://example', 'username' = 'u', 'password' = 'p');

-- case: temporary connection
CREATE TEMPORARY CONNECTION IF NOT EXISTS cat.db.c WITH ('type' = 'bearer');

-- case: system connection
CREATE TEMPORARY SYSTEM CONNECTION c WITH ('type' = 'bearer');

-- case: alter connection
ALTER CONNECTION c SET ('endpoint' = 'x');

-- case: reset connection
ALTER CONNECTION IF EXISTS c RESET ('endpoint');

-- case: rename connection
ALTER CONNECTION c RENAME TO d;

-- case: drop connection
DROP CONNECTION IF EXISTS c;

-- case: drop system connection
DROP TEMPORARY SYSTEM CONNECTION c;

-- case: show connections
SHOW CONNECTIONS FROM db LIKE 'a%';

-- case: show one connection
SHOW CREATE CONNECTION c;

-- case: describe connection
DESCRIBE CONNECTION c;

-- case: on conflict do nothing
INSERT INTO t SELECT a, b FROM s ON CONFLICT DO NOTHING;

-- case: on conflict deduplicate
INSERT INTO t SELECT a, b FROM s WHERE a > 1 ON CONFLICT DO DEDUPLICATE;

-- case: on conflict error
INSERT INTO t (a) SELECT COUNT(*) FROM s GROUP BY b ON CONFLICT DO ERROR;

-- case: reset a model
ALTER MODEL m RESET ('k');

-- case: function with options
CREATE FUNCTION f AS 'org.example.F' LANGUAGE JAVA USING JAR 'a.jar' WITH ('k' = 'v');

-- case: structured type
CREATE TABLE t (a STRUCTURED<'com.example.User', name STRING, age INT NOT NULL>);

-- case: variant type
CREATE TABLE t (v VARIANT, w VARIANT NOT NULL);

-- case: with column names
CREATE TABLE t (b, a) WITH ('a' = 'b') AS SELECT a, b FROM s;

-- case: show catalogs like
SHOW CATALOGS LIKE 'hive%';

-- case: show views of a database
SHOW VIEWS IN db LIKE 'v%';

-- case: describe function
DESCRIBE FUNCTION f;

-- case: describe function extended
DESC FUNCTION EXTENDED cat.db.f;

-- case: explain create table as
EXPLAIN CREATE TABLE t AS SELECT a FROM s;

-- case: function of an artifact
CREATE FUNCTION f AS 'x' LANGUAGE JAVA USING ARTIFACT 's3://b/x.jar', JAR 'y.jar';

-- case: literal with the local time zone
SELECT TIMESTAMP WITH LOCAL TIME ZONE '2020-01-01 00:00:00', CAST(a AS TIMESTAMP WITH LOCAL TIME ZONE) FROM t;

-- case: text with escapes of C
SELECT E'a\n''b\\', e'it\'s' || '\n', e FROM t WHERE x = E'';
