-- construct: CREATE, ALTER, DROP VIEW

-- case: plain
CREATE VIEW v AS SELECT * FROM t;

-- case: temporary with columns
CREATE TEMPORARY VIEW IF NOT EXISTS cat.db.v (a, `b c`) COMMENT 'it''s' AS SELECT x, y FROM t;

-- case: or replace
CREATE OR REPLACE VIEW v AS SELECT 1 AS a;

-- case: over a window
CREATE VIEW v AS SELECT window_start, SUM(a) AS s FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end;

-- case: with a common table expression
CREATE TEMPORARY VIEW v AS WITH x AS (SELECT a FROM t) SELECT a FROM x;

-- case: top n
CREATE VIEW top AS SELECT * FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY c ORDER BY s DESC) AS rn FROM t) WHERE rn <= 3;

-- case: a reference to the source's columns
create view v(x) as (select a from t union all select b from u);

-- case: rename
ALTER VIEW v RENAME TO db.w;

-- case: redefine
ALTER VIEW v AS SELECT a, b FROM t WHERE a > 1;

-- case: drop
DROP VIEW v;

-- case: drop temporary
DROP TEMPORARY VIEW IF EXISTS cat.db.v;
