-- construct: table functions, LATERAL

-- case: SELECT * FROM t, LATERAL TABLE(f(x)) AS s(a, b) LEFT JOIN LATERAL TABL
SELECT * FROM t, LATERAL TABLE(f(x)) AS s(a, b) LEFT JOIN LATERAL TABLE(g(y)) ON TRUE, LATERAL (SELECT 1) AS z;

-- case: SELECT * FROM TABLE(f(TABLE t, MAP['a', 'b'], DESCRIPTOR(a, b)))
SELECT * FROM TABLE(f(TABLE t, MAP['a', 'b'], DESCRIPTOR(a, b)));

-- case: SELECT * FROM TABLE(ML_PREDICT(TABLE t, DESCRIPTOR(a), MAP['async', 't
SELECT * FROM TABLE(ML_PREDICT(TABLE t, DESCRIPTOR(a), MAP['async', 'true']));

-- case: SELECT * FROM TABLE(f(input => TABLE t PARTITION BY k, uid => 'x', n =
SELECT * FROM TABLE(f(input => TABLE t PARTITION BY k, uid => 'x', n => 1, d => DEFAULT));

-- case: SELECT * FROM TABLE(f(TABLE t PARTITION BY (a, b) ORDER BY c DESC))
SELECT * FROM TABLE(f(TABLE t PARTITION BY (a, b) ORDER BY c DESC));

-- case: SELECT * FROM TABLE(f((SELECT a FROM t) PARTITION BY a ORDER BY b))
SELECT * FROM TABLE(f((SELECT a FROM t) PARTITION BY a ORDER BY b));

-- case: SELECT * FROM TABLE(f(a, b + 1, 'x'))
SELECT * FROM TABLE(f(a, b + 1, 'x'));

-- case: SELECT * FROM t, LATERAL TABLE(split(x)) AS T(w)
SELECT * FROM t, LATERAL TABLE(split(x)) AS T(w);

-- case: SELECT * FROM t LEFT JOIN LATERAL TABLE(split(x, ',')) AS T(w, l) ON T
SELECT * FROM t LEFT JOIN LATERAL TABLE(split(x, ',')) AS T(w, l) ON TRUE;

-- case: SELECT * FROM t LEFT JOIN LATERAL (SELECT a FROM u WHERE u.id = t.id L
SELECT * FROM t LEFT JOIN LATERAL (SELECT a FROM u WHERE u.id = t.id LIMIT 3) ON TRUE;

-- case: SELECT * FROM t CROSS JOIN LATERAL TABLE(cat.db.f(x)) AS T(w)
SELECT * FROM t CROSS JOIN LATERAL TABLE(cat.db.f(x)) AS T(w);
