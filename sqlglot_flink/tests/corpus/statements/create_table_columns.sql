-- construct: CREATE TABLE: physical columns

-- case: one column
CREATE TABLE t (id INT);

-- case: temporary if not exists with a full name
create temporary table if not exists my_catalog.my_db.`my table` (
  id bigint,
  name string
);

-- case: every atomic type
CREATE TABLE all_types (
  c1 CHAR(10), c2 VARCHAR(255), c3 STRING, c4 BOOLEAN, c5 BINARY(4), c6 VARBINARY(16), c7 BYTES,
  c8 DECIMAL(10, 2), c9 DECIMAL, c10 NUMERIC(5), c11 DEC(4, 1), c12 TINYINT, c13 SMALLINT, c14 INT, c15 INTEGER, c16 BIGINT,
  c17 FLOAT, c18 DOUBLE, c19 DOUBLE PRECISION, c20 DATE, c21 TIME, c22 TIME(3), c23 TIMESTAMP,
  c24 TIMESTAMP(6), c25 TIMESTAMP_LTZ, c26 TIMESTAMP_LTZ(3), c27 TIMESTAMP(3) WITHOUT TIME ZONE,
  c28 TIMESTAMP(3) WITH LOCAL TIME ZONE, c29 CHAR, c30 VARCHAR
);

-- case: nested types
CREATE TABLE nested (
  a ARRAY<INT>, b ARRAY<ROW<x INT, y STRING>>, c MAP<STRING, BIGINT>, d MAP<STRING, ARRAY<MAP<INT, STRING>>>,
  e MULTISET<STRING>, f ROW<a INT, b ROW<c STRING, d TIMESTAMP(3)>>, g ROW(a INT, b STRING), h INT ARRAY,
  i STRING MULTISET
);

-- case: nullability at every depth
CREATE TABLE nullable (
  a INT NOT NULL, b STRING NULL, c ARRAY<INT NOT NULL> NOT NULL, d MAP<STRING NOT NULL, INT NOT NULL>,
  e ROW<x INT NOT NULL, y ROW<z STRING NOT NULL> NOT NULL> NOT NULL, f MULTISET<INT NOT NULL>
);

-- case: comments on columns and fields
CREATE TABLE commented (
  id INT NOT NULL COMMENT 'the key',
  name STRING COMMENT 'it''s a name',
  address ROW<street STRING 'with number', zip STRING NOT NULL 'post code'> COMMENT 'where'
) COMMENT 'a table
of two lines';

-- case: words that are no reserved words as names
CREATE TABLE t (
  `timestamp` TIMESTAMP(3), type STRING, data STRING, key STRING, name STRING, id INT, status STRING,
  metadata STRING, version INT, state STRING, level INT, source STRING, json STRING, label STRING, path STRING,
  length INT, server STRING, view INT, action STRING, number INT, schema STRING, catalog STRING, `database` STRING,
  week INT, quarter INT, days INT, hours INT, plan STRING, role STRING, session STRING, `size` INT, scale INT, zone STRING, format STRING, domain STRING,
  timestamp_col TIMESTAMP(3), topic STRING, `partition` INT, `offset` BIGINT, headers MAP<STRING, BYTES>, tag STRING, content STRING, url STRING,
  description STRING, `user` STRING, `value` DOUBLE, `order` INT, `date` DATE, `time` TIME, `year` INT, category STRING, price DECIMAL(10, 2), currency STRING, amount DOUBLE, country STRING, ip STRING, host STRING, port INT, code STRING, message STRING, title STRING, text STRING, temp DOUBLE, operation STRING, before STRING, after STRING, op STRING, `uuid` STRING, geometry STRING, enforced BOOLEAN, options STRING, virtual BOOLEAN, generated STRING, always STRING, first STRING, last STRING, sequence INT, ordinality INT, constraints STRING, partitions INT, input STRING, output STRING, job STRING, jar STRING, drain STRING, stop STRING, remove STRING, load STRING, unload STRING, analyze STRING, compute STRING, statistics STRING, compile STRING, bucket INT, columns STRING, compact STRING
);

-- case: reserved words between backticks stay quoted
CREATE TABLE `select` (`from` INT, `where` STRING, `group` INT, `table` STRING, `primary` INT, `a``b` INT, `mit Leerzeichen` INT);

-- case: comments in odd places
-- what this is for
CREATE TABLE /* here */ t ( -- the columns
  -- first
  id INT, -- key
  /* second
     over two lines */
  name STRING -- no comma
  , ts TIMESTAMP(3) /* last */
) -- options
WITH ( -- begin
  -- 'connector' = 'old',
  'connector' = 'datagen' -- end
);
-- done

-- case: raw type
CREATE TABLE t (r RAW('org.example.Thing', 'AEdvcmcuYXBhY2hl'));

-- case: no columns at all
CREATE TABLE t WITH ('connector' = 'datagen');

-- case: lower-case everything
create table orders (order_id string not null, price decimal(10,2), proc_time as proctime(), primary key (order_id) not enforced) with ('connector'='upsert-kafka','topic'='orders');

-- case: empty options
CREATE TABLE t (a INT) WITH ();
