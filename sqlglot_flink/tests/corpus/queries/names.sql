-- construct: names, aliases, reserved words, comments

-- case: SELECT a, b.c, `d e` FROM t
SELECT a, b.c, `d e` FROM t;

-- case: ((SELECT 1))
((SELECT 1));

-- case: SELECT ALL a FROM t
SELECT ALL a FROM t;

-- case: SELECT STREAM a FROM t
SELECT STREAM a FROM t;

-- case: SELECT LEFT(a, 2), RIGHT(a, 2), YEAR(x), MINUTE(y), MOD(a, b), `user`,
SELECT LEFT(a, 2), RIGHT(a, 2), YEAR(x), MINUTE(y), MOD(a, b), `user`, `order` FROM t;

-- case: SELECT a AS x
SELECT a AS x;

-- case: SELECT `a`.`b`.`c`, `T`.`x y`, a.`b`.c FROM `a`
SELECT `a`.`b`.`c`, `T`.`x y`, a.`b`.c FROM `a`;

-- case: SELECT A, a, aB FROM t
SELECT A, a, aB FROM t;

-- case: SELECT DISTINCT a, b FROM t WHERE a
SELECT DISTINCT a, b FROM t WHERE a;

-- case: SELECT STREAM DISTINCT a FROM t
SELECT STREAM DISTINCT a FROM t;

-- case: SELECT t.*, cat.db.t.*, 1 FROM t
SELECT t.*, cat.db.t.*, 1 FROM t;

-- case: SELECT 1 AS `select`, a `from` FROM `group`
SELECT 1 AS `select`, a `from` FROM `group`;

-- case: SELECT `value`, `timestamp`, type, data, name, source, version, state
SELECT `value`, `timestamp`, type, data, name, source, version, state FROM t;

-- case: SELECT type, data, name, source, version, state, id, key, index_, firs
SELECT type, data, name, source, version, state, id, key, index_, first, last, total, zone FROM t AS session;

-- case: SELECT a AS type, b AS level, c AS json FROM data.catalog.schema1
SELECT a AS type, b AS level, c AS json FROM data.catalog.schema1;

-- case: SELECT tumble, hop, session FROM t AS tumble
SELECT tumble, hop, session FROM t AS tumble;

-- case: try_cast is a name where nothing is called
SELECT try_cast, TRY_CAST(try_cast AS INT) FROM t;
