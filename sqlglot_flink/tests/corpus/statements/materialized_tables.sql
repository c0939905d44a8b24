-- construct: MATERIALIZED TABLE

-- case: full
CREATE MATERIALIZED TABLE mt (PRIMARY KEY (ds, user_id) NOT ENFORCED) COMMENT 'x' PARTITIONED BY (ds) WITH ('format' = 'debezium-json', 'partition.fields.ds.date-formatter' = 'yyyy-MM-dd') FRESHNESS = INTERVAL '3' MINUTE REFRESH_MODE = FULL AS SELECT ds, user_id, COUNT(*) AS n FROM t GROUP BY ds, user_id;

-- case: continuous
CREATE MATERIALIZED TABLE db.mt FRESHNESS = INTERVAL '30' SECOND REFRESH_MODE = CONTINUOUS AS SELECT * FROM t;

-- case: named key
CREATE MATERIALIZED TABLE mt (CONSTRAINT pk PRIMARY KEY (id) NOT ENFORCED) FRESHNESS = INTERVAL '1' DAY AS SELECT id FROM t;

-- case: suspend
ALTER MATERIALIZED TABLE mt SUSPEND;

-- case: resume
ALTER MATERIALIZED TABLE mt RESUME;

-- case: resume with options
ALTER MATERIALIZED TABLE mt RESUME WITH ('sink.parallelism' = '4');

-- case: refresh
ALTER MATERIALIZED TABLE mt REFRESH;

-- case: refresh a partition
ALTER MATERIALIZED TABLE mt REFRESH PARTITION (ds = '2024-06-28');

-- case: set freshness
ALTER MATERIALIZED TABLE mt SET FRESHNESS = INTERVAL '1' HOUR;

-- case: set the refresh mode
ALTER MATERIALIZED TABLE mt SET REFRESH_MODE = FULL;

-- case: set options
ALTER MATERIALIZED TABLE mt SET ('k' = 'v');

-- case: reset options
ALTER MATERIALIZED TABLE mt RESET ('k');

-- case: drop
DROP MATERIALIZED TABLE IF EXISTS db.mt;
