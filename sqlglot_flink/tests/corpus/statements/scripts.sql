-- construct: Scripts, comments, and words as names

-- case: comments between a column's parts
CREATE TABLE t (
  a INT /* x */ NOT NULL, -- y
  -- z
  PRIMARY KEY (a) NOT ENFORCED -- w
) WITH ('connector'='x' -- c
, 'b'='c');

-- case: comment that begins like a hint
--+ not a hint
SELECT a /* + b */ FROM t;

-- case: comment of two slashes
// comment
CREATE TABLE t (a INT);

-- case: block comment with a semicolon
/* multi
 line; with semicolon */
DROP TABLE t;

-- case: words of other databases as names
CREATE TABLE t (if INT, system_id STRING, replace INT, show_id INT, desc STRING, cascade INT, restrict INT, overwrite INT, temporary STRING, `end` INT, increment INT, cache INT, comment_ STRING, index INT, top INT, percent_ INT, show_ INT, stage STRING, copy INT, window_ INT, keep INT, merge_ INT, sort INT, kill INT, force INT, pragma INT, lock INT, procedure_ INT, sequence_ INT, tag INT, warehouse STRING, streamlit STRING, storage INT, semantic INT, nothing INT, isnull INT, unknown_ INT, div INT, xor INT, rlike_ INT, glob INT, final INT, variadic INT, variable INT, dictionary INT, collate_ INT, attach INT, detach INT, begin_ INT, call_ INT, source INT, sink INT, namespace STRING, straight_join INT, array_ INT, object STRING, struct STRING, nested STRING, image STRING, money STRING, inet STRING, xml STRING, uuid STRING, enum STRING, json STRING, jsonb STRING, super STRING, map STRING, list STRING, vector STRING, text STRING, blob_ STRING, long STRING, short STRING, bool STRING, float4 STRING, int8 STRING, uint STRING, datetime STRING, datetime2 STRING, timestamptz STRING, geography STRING, point STRING, ring STRING, polygon STRING, nullable STRING, lowcardinality STRING, hllsketch STRING, rowversion STRING, serial STRING, fixed STRING, number STRING, varchar2 STRING, nvarchar2 STRING, longtext STRING, tinytext STRING, mediumint STRING, ubigint STRING, int128 STRING, name STRING, dynamic_ STRING, period_ STRING, years STRING, currency STRING, asc INT, operator STRING, escape_ STRING, exists_ INT, keys STRING, cube_ INT, limit_ INT, sample INT, semi INT, anti INT, asof INT, settings STRING, format STRING, prewhere INT, qualify INT, cluster INT, distribute INT, returning INT, uncache INT, unpivot_ INT, kind INT, execute_ INT, export INT, analyze INT, optimize INT, vacuum INT, prepare_ INT, explain_ INT, declare_ INT, global_ INT, current_ INT, session INT);

-- case: such words in queries
INSERT INTO t (type, data, key, desc, asc, kind, format, index, source, sink, final, settings, sample) SELECT type, data, key, desc, asc, kind, format, index, source, sink, final, settings, sample FROM t WHERE type = 1 AND data = 'x' ORDER BY key DESC;

-- case: such words as aliases
CREATE VIEW v AS SELECT a AS type, b AS data, c key FROM t AS source JOIN u AS sink ON source.id = sink.id;

-- case: hints in a query and an insert
INSERT INTO sink SELECT /*+ BROADCAST(d), STATE_TTL('o' = '1d') */ o.id FROM o JOIN d FOR SYSTEM_TIME AS OF o.pt ON o.id = d.id;

-- case: buckets by a key
CREATE TABLE fluss_catalog.fluss.`enriched_orders` (`order_key` BIGINT, `total_price` DECIMAL(15, 2), PRIMARY KEY (`order_key`) NOT ENFORCED) DISTRIBUTED BY (order_key) INTO 4 BUCKETS WITH ('bucket.num' = '4');

-- case: call of five texts
CALL sys.compact('default.T', 'p=0', '', '', 'sink.parallelism=4');

-- case: kinesis source
CREATE TABLE orders (
  order_id VARCHAR(6),
  price DECIMAL(10,2),
  order_time TIMESTAMP_LTZ(3),
  WATERMARK FOR order_time AS order_time - INTERVAL '5' SECOND
)
PARTITIONED BY (order_id)
WITH (
  'connector' = 'kinesis',
  'stream' = 'orders',
  'aws.region' = 'us-east-1',
  'scan.stream.initpos' = 'LATEST',
  'format' = 'json',
  'json.timestamp-format.standard' = 'ISO-8601'
);

-- case: time zone
SET 'table.local-time-zone' = 'UTC';

-- case: statement set over many lines
EXECUTE STATEMENT SET
BEGIN
INSERT INTO pageview_pv_sink
SELECT page_id, count(1) FROM clicks GROUP BY page_id;
INSERT INTO pageview_uv_sink
SELECT page_id, count(distinct user_id) FROM clicks GROUP BY page_id;
END;

-- case: metadata in small letters
create table t (`event_time` timestamp_ltz(3) metadata from 'timestamp', `partition` bigint metadata virtual) with ('connector'='kafka');

-- case: letters of other languages
CREATE TABLE `größe` (`naïve` INT);

-- case: row fields named by words
CREATE TABLE t (r ROW<`timestamp` BIGINT, type STRING, data ROW<key STRING, `value` STRING>>, x ROW<a INT, b ROW<c ARRAY<ROW<d INT>>>>);

-- case: delete with an alias
DELETE FROM t AS x WHERE x.a = 1;

-- case: update with an alias
UPDATE t AS x SET a = x.b WHERE x.a = 1;

-- case: merge
MERGE INTO t USING s ON t.id = s.id WHEN MATCHED THEN UPDATE SET a = s.a WHEN NOT MATCHED THEN INSERT (id, a) VALUES (s.id, s.a);

-- case: create table as in small letters
create table x with ('connector' = 'filesystem', 'path' = '/tmp') as select * from y;

-- case: values with an alias
SELECT * FROM (VALUES ('Bob', 1), ('Alice', 2)) AS NameTable(name, cnt);

-- case: column of a row
CREATE TABLE t (a.b INT, c INT);

-- case: text in two pieces
CREATE TABLE t (a INT) COMMENT 'abc'
 WITH ('k' = 'a'
 'b');

-- case: unicode text
CREATE TABLE t (a INT) WITH ('k' = U&'\00e9');

-- case: use a database named by a word
USE data;

-- case: use a quoted catalog
USE CATALOG `default_catalog`;

-- case: explain an insert of one row
EXPLAIN PLAN FOR INSERT INTO t SELECT 1;

-- case: drop by a quoted name
DROP TABLE IF EXISTS `a`.`b`.`c`;

-- case: a whole job
-- Counts clicks a minute.
SET 'execution.checkpointing.interval' = '10 s';
SET 'table.exec.source.idle-timeout' = '1 s';

DROP TABLE IF EXISTS clicks;
CREATE TABLE clicks (
    user_id STRING COMMENT 'who',          -- from the cookie
    `page` ROW<url STRING, `section` STRING NOT NULL>,
    event_time TIMESTAMP_LTZ(3),
    WATERMARK FOR event_time AS event_time - INTERVAL '5' SECOND
) WITH (
    'connector' = 'kinesis',               -- the old name
    'stream.arn' = 'arn:aws:kinesis:eu-west-1:123456789012:stream/clicks',
    'aws.region' = 'eu-west-1',
    'source.init.position' = 'LATEST',
    'format' = 'json'
);

/* one row a window */
CREATE TEMPORARY VIEW per_minute AS
SELECT window_start, window_end, `page`.`section` AS `section`, COUNT(*) AS clicks
FROM TABLE(TUMBLE(TABLE clicks, DESCRIPTOR(event_time), INTERVAL '1' MINUTE))
GROUP BY window_start, window_end, `page`.`section`;

CREATE TABLE sink (
    window_start TIMESTAMP(3), `section` STRING, clicks BIGINT NOT NULL,
    PRIMARY KEY (window_start, `section`) NOT ENFORCED
) WITH ('connector' = 'upsert-kafka', 'key.format' = 'json', 'value.format' = 'json');

EXECUTE STATEMENT SET
BEGIN
    INSERT INTO sink SELECT window_start, `section`, clicks FROM per_minute;
    -- and the raw rows
    INSERT INTO archive /*+ OPTIONS('sink.rolling-policy.file-size' = '128MB') */
    SELECT user_id, `page`.url, DATE_FORMAT(event_time, 'yyyy-MM-dd') AS dt FROM clicks;
END;
