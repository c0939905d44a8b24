-- construct: CREATE TABLE LIKE

-- case: plain
CREATE TABLE t LIKE other;

-- case: with more columns and options
CREATE TABLE t (extra STRING, WATERMARK FOR ts AS ts - INTERVAL '5' SECOND) WITH ('connector' = 'print') LIKE cat.db.other (EXCLUDING ALL INCLUDING GENERATED);

-- case: every option
CREATE TEMPORARY TABLE IF NOT EXISTS t WITH ('a' = 'b') LIKE other (
  INCLUDING ALL OVERWRITING OPTIONS EXCLUDING CONSTRAINTS INCLUDING PARTITIONS OVERWRITING WATERMARKS INCLUDING METADATA EXCLUDING GENERATED
);

-- case: distribution
CREATE TABLE t (a INT) LIKE other (EXCLUDING DISTRIBUTION);

-- case: lower case
create table t with ('x'='y') like `other` (excluding options);
