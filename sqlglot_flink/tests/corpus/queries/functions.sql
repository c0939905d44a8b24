-- construct: function calls

-- case: SELECT NEXT VALUE FOR s, CURRENT VALUE FOR a.b, ?
SELECT NEXT VALUE FOR s, CURRENT VALUE FOR a.b, ?;

-- case: SELECT func(*), a.func(x), f(), f(DISTINCT x), f(ALL x, y), `f`(x), `m
SELECT func(*), a.func(x), f(), f(DISTINCT x), f(ALL x, y), `f`(x), `my func`(1), cat.`db`.`f`(x, y => 2);

-- case: SELECT NEW my.type1(a, b)
SELECT NEW my.type1(a, b);
