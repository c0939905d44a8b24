-- construct: ALTER TABLE, DROP TABLE, ANALYZE TABLE, TRUNCATE TABLE

-- case: rename
ALTER TABLE t RENAME TO db.u;

-- case: rename if exists
ALTER TABLE IF EXISTS cat.db.t RENAME TO u;

-- case: rename a column
ALTER TABLE t RENAME a TO b;

-- case: rename a nested column
ALTER TABLE t RENAME a.b TO c;

-- case: options
ALTER TABLE t SET ('k1' = 'v1', 'k2.x' = 'it''s');

-- case: reset options
ALTER TABLE t RESET ('k1', 'k2.x');

-- case: add a column
ALTER TABLE t ADD a INT;

-- case: add a column somewhere
ALTER TABLE t ADD (a INT NOT NULL COMMENT 'x' FIRST, b STRING AFTER a, c AS UPPER(b) AFTER b, d TIMESTAMP(3) METADATA FROM 'ts' VIRTUAL);

-- case: add a column first
ALTER TABLE IF EXISTS t ADD a.b INT FIRST;

-- case: add a key
ALTER TABLE t ADD PRIMARY KEY (a, b) NOT ENFORCED;

-- case: add a named key
ALTER TABLE t ADD CONSTRAINT pk PRIMARY KEY (a) NOT ENFORCED;

-- case: add unique
ALTER TABLE t ADD UNIQUE (a);

-- case: add a watermark
ALTER TABLE t ADD WATERMARK FOR ts AS ts - INTERVAL '1' MINUTE;

-- case: add several things
ALTER TABLE t ADD (a INT, CONSTRAINT pk PRIMARY KEY (a) NOT ENFORCED, WATERMARK FOR ts AS ts);

-- case: add a distribution
ALTER TABLE t ADD DISTRIBUTION BY HASH(a) INTO 4 BUCKETS;

-- case: modify a distribution
ALTER TABLE t MODIFY DISTRIBUTION INTO 5 BUCKETS;

-- case: modify a column
ALTER TABLE t MODIFY a BIGINT NOT NULL COMMENT 'x' AFTER b;

-- case: modify several things
ALTER TABLE t MODIFY (a DOUBLE FIRST, PRIMARY KEY (a) NOT ENFORCED, WATERMARK FOR ts AS ts - INTERVAL '2' SECOND);

-- case: modify a key
ALTER TABLE t MODIFY CONSTRAINT pk PRIMARY KEY (a) NOT ENFORCED;

-- case: modify a watermark
ALTER TABLE t MODIFY WATERMARK FOR ts AS ts;

-- case: drop a column
ALTER TABLE t DROP a;

-- case: drop columns
ALTER TABLE t DROP (a, b.c, `d e`);

-- case: drop the key
ALTER TABLE t DROP PRIMARY KEY;

-- case: drop a constraint
ALTER TABLE t DROP CONSTRAINT pk;

-- case: drop the watermark
ALTER TABLE t DROP WATERMARK;

-- case: drop the distribution
ALTER TABLE t DROP DISTRIBUTION;

-- case: add partitions
ALTER TABLE t ADD PARTITION (dt = '2024-01-01', hr = 1) WITH ('k' = 'v') PARTITION (dt = '2024-01-02', hr = 2);

-- case: add partitions if not exist
ALTER TABLE t ADD IF NOT EXISTS PARTITION (dt = '2024-01-01');

-- case: drop partitions
ALTER TABLE t DROP PARTITION (dt = '2024-01-01'), PARTITION (dt = '2024-01-02');

-- case: drop partitions if they exist
ALTER TABLE t DROP IF EXISTS PARTITION (dt = '2024-01-01', hr = 3);

-- case: compact
ALTER TABLE t COMPACT;

-- case: compact a partition
ALTER TABLE t PARTITION (dt = '2024-01-01') COMPACT;

-- case: drop
DROP TABLE t;

-- case: drop temporary if exists
DROP TEMPORARY TABLE IF EXISTS cat.db.`t`;

-- case: analyze
ANALYZE TABLE t COMPUTE STATISTICS;

-- case: analyze columns
ANALYZE TABLE t COMPUTE STATISTICS FOR COLUMNS a, `b`;

-- case: analyze all columns of a partition
ANALYZE TABLE cat.db.t PARTITION (dt = '2024-01-01', hr) COMPUTE STATISTICS FOR ALL COLUMNS;

-- case: analyze partitions
ANALYZE TABLE t PARTITION (dt, hr) COMPUTE STATISTICS;

-- case: truncate
TRUNCATE TABLE cat.db.t;
