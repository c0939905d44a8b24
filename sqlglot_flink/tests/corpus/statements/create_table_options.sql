-- construct: CREATE TABLE: options, partitions, distribution

-- case: kafka with a schema registry
CREATE TABLE user_behavior (
  user_id BIGINT,
  behavior STRING,
  ts TIMESTAMP_LTZ(3) METADATA FROM 'timestamp',
  proctime AS PROCTIME(),
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH (
  'connector' = 'kafka',
  'topic' = 'user_behavior;other',
  'properties.bootstrap.servers' = 'localhost:9092',
  'properties.group.id' = 'testGroup',
  'scan.startup.mode' = 'earliest-offset',
  'properties.sasl.jaas.config' = 'org.apache.kafka.common.security.plain.PlainLoginModule required username="u" password="p;''x''";',
  'value.format' = 'avro-confluent',
  'value.avro-confluent.url' = 'http://localhost:8082'
);

-- case: values that look like other things
CREATE TABLE t (a INT) WITH (
  'true' = 'true', 'number' = '42', 'empty' = '', 'quote' = 'it''s', 'backslash' = 'C:\dir\n', 'dashes' = '-- no comment', 'slashes' = 's3://b/k//x', 'star' = '/* none */',
  'lines' = 'one
two

three', 'unicode' = 'äöü 漢字', 'regex' = '^\d+\.(csv|json)$', 'json' = '{"a": [1, 2], "b": null}', 'dollar' = '${secret_values.x}', 'percent' = '%s'
);

-- case: partitioned
CREATE TABLE t (a INT, dt STRING, hr STRING) PARTITIONED BY (dt, hr) WITH ('connector' = 'filesystem', 'path' = 's3://bucket/x', 'format' = 'parquet');

-- case: comment and partitions
CREATE TABLE t (a INT, dt STRING) COMMENT 'x' PARTITIONED BY (`dt`) WITH ('connector' = 'hudi');

-- case: distributed by hash
CREATE TABLE t (a INT, b INT) DISTRIBUTED BY HASH(a, b) INTO 4 BUCKETS;

-- case: distributed by range
CREATE TABLE t (a INT) DISTRIBUTED BY RANGE(a) INTO 3 BUCKETS WITH ('connector' = 'x');

-- case: distributed without a kind
CREATE TABLE t (a INT) COMMENT 'c' DISTRIBUTED BY (a) INTO 6 BUCKETS PARTITIONED BY (a);

-- case: distributed without buckets
CREATE TABLE t (a INT) DISTRIBUTED BY HASH (a);

-- case: distributed into buckets only
CREATE TABLE t (a INT) DISTRIBUTED INTO 6 BUCKETS;

-- case: trailing semicolons and blanks
CREATE TABLE t (a INT) WITH ('connector' = 'print') ;
