-- construct: operators and precedence

-- case: SELECT a , /* c2 */ b /* c3 */ FROM t
SELECT a -- comment
, /* c2 */ b /* c3 */ FROM t -- end;

-- case: SELECT a - b - c, a - (b - c), a / b * c, (a / b) * c, a + b * c % d,
SELECT a - b - c, a - (b - c), a / b * c, (a / b) * c, a + b * c % d, -a * b, -(a * b), a * -b, (((a))), ((a + b));

-- case: SELECT a <> b, a >= b, a <= b, a < b AND b > c, a = b = c, a || b = c,
SELECT a <> b, a >= b, a <= b, a < b AND b > c, a = b = c, a || b = c, a = -1;

-- case: SELECT a , b /* block */ FROM t /* multi line */ WHERE a > 1
SELECT a -- line
  , b // other line
  /* block */ FROM t /* multi
 line */ WHERE a > 1 -- end;

-- case: SELECT a FROM t WHERE a > 1 AND b < 2 OR c = 3 AND NOT d OR (e AND f)
SELECT a FROM t WHERE a > 1 AND b < 2 OR c = 3 AND NOT d OR (e AND f);

-- case: SELECT a FROM t WHERE ((a > 1) AND (b < 2)) OR (c = 3)
SELECT a FROM t WHERE ((a > 1) AND (b < 2)) OR (c = 3);

-- case: SELECT * FROM t AS `x y`, u z
SELECT * FROM t AS `x y`, u z;
