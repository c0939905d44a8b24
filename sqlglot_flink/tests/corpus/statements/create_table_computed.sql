-- construct: CREATE TABLE: computed and metadata columns

-- case: processing time
CREATE TABLE t (a INT, pt AS PROCTIME());

-- case: expressions
CREATE TABLE t (
  price DOUBLE, quantity INT, ts BIGINT, s STRING,
  cost AS price * quantity,
  event_time AS TO_TIMESTAMP_LTZ(ts, 3),
  day_part AS CAST(DATE_FORMAT(TO_TIMESTAMP_LTZ(ts, 3), 'yyyy-MM-dd') AS DATE),
  big AS CASE WHEN price > 100 THEN 'big' ELSE 'small' END,
  good AS price IS NOT NULL AND quantity > 0,
  text AS UPPER(s) || '!' COMMENT 'loud',
  negative AS -quantity,
  pick AS COALESCE(s, 'none'),
  between_ AS price BETWEEN 1 AND 2
);

-- case: fields of rows, arrays and maps
CREATE TABLE t (
  payload ROW<user_id STRING, items ARRAY<ROW<sku STRING>>, tags MAP<STRING, STRING>>,
  user_id AS payload.user_id,
  first_sku AS payload.items[1].sku,
  tag AS payload.tags['a']
);

-- case: metadata
CREATE TABLE t (
  `timestamp` TIMESTAMP_LTZ(3) METADATA,
  event_time TIMESTAMP_LTZ(3) METADATA FROM 'timestamp',
  `offset` BIGINT METADATA VIRTUAL,
  part INT NOT NULL METADATA FROM 'partition' VIRTUAL,
  headers MAP<STRING, BYTES> METADATA COMMENT 'of Kafka',
  topic STRING METADATA FROM 'value.source.topic' VIRTUAL COMMENT 'where from'
);

-- case: metadata as a plain name
CREATE TABLE t (metadata STRING, virtual INT);

-- case: user-defined function
CREATE TABLE t (a INT, b AS my_catalog.my_db.my_func(a, 'x'), c AS `my func`(a));

-- case: casts and intervals
CREATE TABLE t (a STRING, b AS TRY_CAST(a AS INT), c AS CAST(a AS TIMESTAMP(3)) + INTERVAL '1' HOUR, d AS CAST(a AS ROW<x INT>));
