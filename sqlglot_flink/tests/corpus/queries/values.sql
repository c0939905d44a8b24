-- construct: VALUES and TABLE as queries

-- case: SELECT * FROM (VALUES (1, 'a'), (2, 'b')) AS t(a, b)
SELECT * FROM (VALUES (1, 'a'), (2, 'b')) AS t(a, b);

-- case: VALUES 1, 2
VALUES 1, 2;

-- case: VALUES (1, 2), ROW(3, 4) ORDER BY 1 LIMIT 1
VALUES (1, 2), ROW(3, 4) ORDER BY 1 LIMIT 1;

-- case: TABLE t
TABLE t;

-- case: SELECT EXISTS (SELECT 1), NOT EXISTS (SELECT 1 FROM t), UNIQUE (SELECT
SELECT EXISTS (SELECT 1), NOT EXISTS (SELECT 1 FROM t), UNIQUE (SELECT 1), a = ANY (SELECT 1), a <> ALL (VALUES 1), a > SOME (1, 2);

-- case: SELECT * FROM (VALUES 1, 2, 3) AS t(x)
SELECT * FROM (VALUES 1, 2, 3) AS t(x);

-- case: SELECT * FROM (VALUES ROW(1, 'a'), ROW(2, 'b')) t
SELECT * FROM (VALUES ROW(1, 'a'), ROW(2, 'b')) t;

-- case: SELECT * FROM (TABLE t) AS x
SELECT * FROM (TABLE t) AS x;

-- case: TABLE a.b.c ORDER BY 1
TABLE a.b.c ORDER BY 1;

-- case: SELECT (SELECT 1), ARRAY(SELECT a FROM t ORDER BY b), a = ANY (1, 2),
SELECT (SELECT 1), ARRAY(SELECT a FROM t ORDER BY b), a = ANY (1, 2), EXISTS (TABLE t), EXISTS (VALUES 1), EXISTS ((SELECT 1));

-- case: SELECT f(x => 1, `Y z` => 'a'), f(TABLE t), f(a, DEFAULT)
SELECT f(x => 1, `Y z` => 'a'), f(TABLE t), f(a, DEFAULT);
