-- construct: INSERT, UPDATE, DELETE

-- case: select
INSERT INTO t SELECT a, b FROM s;

-- case: full name with columns
INSERT INTO cat.db.t (a, `b c`) SELECT x, y FROM s;

-- case: overwrite
INSERT OVERWRITE t SELECT * FROM s;

-- case: values
INSERT INTO t VALUES (1, 'a', TRUE, NULL, DATE '2024-01-01'), (2, 'b', FALSE, 1.5, CAST(NULL AS DATE));

-- case: values with columns
INSERT INTO t (a, b) VALUES (1, TIMESTAMP '2024-01-01 00:00:00'), (2, CURRENT_TIMESTAMP);

-- case: static partition
INSERT INTO t PARTITION (dt = '2024-01-01', hr = 1) SELECT a FROM s;

-- case: static partition with columns
INSERT INTO t PARTITION (dt = '2024-01-01') (a, b) SELECT a, b FROM s;

-- case: overwrite a partition
INSERT OVERWRITE t PARTITION (dt = '2024-01-01') VALUES (1), (2);

-- case: hint
INSERT INTO t /*+ OPTIONS('sink.parallelism' = '4', 'k' = 'it''s') */ SELECT a FROM s /*+ OPTIONS('scan.startup.mode' = 'latest-offset') */;

-- case: hint and columns
INSERT INTO db.t /*+ OPTIONS('a' = 'b') */ (a, b) SELECT a, b FROM s;

-- case: common table expression
INSERT INTO t WITH x AS (SELECT a FROM s), y AS (SELECT a FROM x) SELECT * FROM y;

-- case: query in parentheses
INSERT INTO t (SELECT a FROM s);

-- case: columns and query in parentheses
INSERT INTO t (a) (SELECT a FROM s);

-- case: union
INSERT INTO t SELECT a FROM s UNION ALL SELECT b FROM u;

-- case: window
INSERT INTO t SELECT window_start, window_end, COUNT(*) FROM TABLE(HOP(TABLE s, DESCRIPTOR(ts), INTERVAL '5' SECOND, INTERVAL '10' SECOND)) GROUP BY window_start, window_end;

-- case: order and limit
INSERT INTO t SELECT a FROM s ORDER BY a DESC LIMIT 10;

-- case: explicit table
INSERT INTO t TABLE s;

-- case: upsert
UPSERT INTO t SELECT a FROM s;

-- case: row values
INSERT INTO t SELECT ROW(1, 'a'), ARRAY[1, 2], MAP['k', 1], (1, 'b');

-- case: update
UPDATE t SET a = 1;

-- case: update where
UPDATE cat.db.t SET a = b + 1, c = CASE WHEN d > 0 THEN 'x' ELSE 'y' END WHERE e = 'z' AND f IS NULL;

-- case: delete
DELETE FROM t;

-- case: delete where
DELETE FROM cat.db.t WHERE a IN (1, 2) OR b = (SELECT MAX(b) FROM u);

-- case: comments around
-- fills t
INSERT INTO t -- the sink
/* from s */
SELECT a, -- first
  b
FROM s; -- done

-- case: columns that the table does not declare
INSERT INTO t (a INT) SELECT a FROM s;

-- case: extended table
INSERT INTO t EXTEND (c STRING) (a, c) SELECT a, c FROM s;

-- case: hint of a delete
DELETE FROM t /*+ OPTIONS('a' = 'b') */ WHERE a = 1;

-- case: values without parentheses
INSERT INTO t VALUES 1, 2;
