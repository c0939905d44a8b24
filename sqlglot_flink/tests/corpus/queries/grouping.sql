-- construct: GROUP BY, GROUPING SETS, HAVING

-- case: SELECT a, SUM(b) FROM t GROUP BY a, CUBE(b, c), GROUPING SETS ((a), (a
SELECT a, SUM(b) FROM t GROUP BY a, CUBE(b, c), GROUPING SETS ((a), (a, b), (), ROLLUP(x)), ROLLUP((a, b), c), d, () HAVING SUM(b) > 1;

-- case: SELECT TUMBLE_START(ts, INTERVAL '1' HOUR), COUNT(*) FROM t GROUP BY T
SELECT TUMBLE_START(ts, INTERVAL '1' HOUR), COUNT(*) FROM t GROUP BY TUMBLE(ts, INTERVAL '1' HOUR), HOP(ts, INTERVAL '1' HOUR, INTERVAL '2' HOUR), SESSION(ts, INTERVAL '1' HOUR);

-- case: SELECT IF(a > 1, 'x', 'y'), IFNULL(a, b), COALESCE(a, b, c), NULLIF(a,
SELECT IF(a > 1, 'x', 'y'), IFNULL(a, b), COALESCE(a, b, c), NULLIF(a, b), GREATEST(a, b), DATE_FORMAT(ts, 'yyyy'), TO_TIMESTAMP_LTZ(x, 3), CHAR_LENGTH(a), CHARACTER_LENGTH(a), UPPER(a), lower(a), POWER(a, 2), POW(a, 2), LOG10(a), ABS(-1), MOD(5, 2), LN(x), EXP(1), SQRT(x), TRUNCATE(x, 2), YEAR(d), HOUR(ts), SECOND(ts), ELEMENT(m), CARDINALITY(a), COLLECT(x), REGEXP(a, b), REPLACE(a, 'b', 'c'), MD5(a), UUID(), SPLIT_INDEX(a, ',', 1), ARRAY_CONTAINS(a, 1), MAP_KEYS(m), GROUPING(a), GROUP_ID(), GROUPING_ID(a, b), RAND(), ASCII(x), CHR(65), CONVERT_TZ(a, b, c), DECODE(a, 'x'), ENCODE(b, 'y'), FORMAT(a, b), FIRST_VALUE(a), LAST_VALUE(b), STDDEV_POP(x), VAR_SAMP(x), EVERY(x), SOME(x), DATE_ADD(a, 1), LEFT(a, 1), RIGHT(b, 2), REPEAT(a, 2), REVERSE(a), LPAD(a, 1, 'x'), INITCAP(x), TYPEOF(x), EXPLODE(x), FUSION(x), INTERSECTION(x), BIN(1), HEX(x);

-- case: SELECT a FROM t GROUP BY ROLLUP(a, b), CUBE((a, b), c)
SELECT a FROM t GROUP BY ROLLUP(a, b), CUBE((a, b), c);

-- case: SELECT a FROM t GROUP BY GROUPING SETS ((a, b), (a), ())
SELECT a FROM t GROUP BY GROUPING SETS ((a, b), (a), ());

-- case: SELECT a FROM t GROUP BY GROUPING SETS (a, (b, c), CUBE(d, e), GROUPIN
SELECT a FROM t GROUP BY GROUPING SETS (a, (b, c), CUBE(d, e), GROUPING SETS ((a), b));

-- case: SELECT a FROM t GROUP BY DISTINCT a, ROLLUP(b)
SELECT a FROM t GROUP BY DISTINCT a, ROLLUP(b);

-- case: SELECT a FROM t GROUP BY ALL a
SELECT a FROM t GROUP BY ALL a;

-- case: SELECT a FROM t GROUP BY (a, b), (c), 1, a + 1, ()
SELECT a FROM t GROUP BY (a, b), (c), 1, a + 1, ();

-- case: SELECT COUNT(*) FROM t HAVING COUNT(*) > 1
SELECT COUNT(*) FROM t HAVING COUNT(*) > 1;

-- case: SELECT GROUPING(a), GROUPING_ID(b) FROM t GROUP BY CUBE(a, b)
SELECT GROUPING(a), GROUPING_ID(b) FROM t GROUP BY CUBE(a, b);
