-- construct: CREATE TABLE: watermarks

-- case: bounded
CREATE TABLE t (ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '5' SECOND);

-- case: ascending
CREATE TABLE t (ts TIMESTAMP(3), WATERMARK FOR ts AS ts);

-- case: strictly ascending
CREATE TABLE t (ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '0.001' SECOND);

-- case: on a nested field
CREATE TABLE t (r ROW<ts TIMESTAMP(3), deep ROW<ts TIMESTAMP(3)>>, WATERMARK FOR r.deep.ts AS r.deep.ts - INTERVAL '1' MINUTE);

-- case: between the columns
CREATE TABLE t (`ts` TIMESTAMP(3), WATERMARK FOR `ts` AS `ts` - INTERVAL '10' MINUTE, b INT, PRIMARY KEY (b) NOT ENFORCED);

-- case: with a function
CREATE TABLE t (ts TIMESTAMP(3), WATERMARK FOR ts AS withOffset(ts, 1000));

-- case: the source's own
CREATE TABLE t (ts TIMESTAMP_LTZ(3), WATERMARK FOR ts AS SOURCE_WATERMARK());

-- case: intervals of several units
CREATE TABLE t (ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '1:30' MINUTE TO SECOND);

-- case: computed time
CREATE TABLE t (e BIGINT, rt AS TO_TIMESTAMP(FROM_UNIXTIME(e)), WATERMARK FOR rt AS rt - INTERVAL '1' DAY);
