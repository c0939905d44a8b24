-- construct: rows, arrays, maps, element access

-- case: SELECT arr[1], m['k'], f(x)[1].y, t.row1.f, t.row1.*, a.b.c.d.e, arr[1
SELECT arr[1], m['k'], f(x)[1].y, t.row1.f, t.row1.*, a.b.c.d.e, arr[1][2].a.b FROM t;

-- case: SELECT ROW(1, 2), (1, 2), ARRAY[1, 2], ARRAY[], MAP['a', 1, 'b', 2], M
SELECT ROW(1, 2), (1, 2), ARRAY[1, 2], ARRAY[], MAP['a', 1, 'b', 2], MULTISET[1], ARRAY(SELECT 1), MULTISET(SELECT 1), MAP(SELECT 1, 2);

-- case: SELECT f(a).b.c, (a).b, (ROW(1,2)).f0, a.b[1].c['x'].d, m['a']['b'], f
SELECT f(a).b.c, (a).b, (ROW(1,2)).f0, a.b[1].c['x'].d, m['a']['b'], f(x).g(y), t.arr[CARDINALITY(t.arr)];

-- case: SELECT MAP['a', 1], MAP['k', ARRAY[1, 2]]['k'][1], ARRAY[ROW(1, 'a'),
SELECT MAP['a', 1], MAP['k', ARRAY[1, 2]]['k'][1], ARRAY[ROW(1, 'a'), ROW(2, 'b')], ARRAY[ARRAY[1], ARRAY[]], ROW(1, ROW(2, 3)), MAP[], MULTISET['a', 'b'], ROW(a, b) = ROW(c, d), (a, b) = (c, d), ROW(1);
