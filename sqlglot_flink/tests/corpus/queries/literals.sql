-- construct: literals

-- case: SELECT 1+2*3, (1+2)*3, -a, +a, - -a, a||b||c, a||b+c, a%b, 5/2, 'it''s
SELECT 1+2*3, (1+2)*3, -a, +a, - -a, a||b||c, a||b+c, a%b, 5/2, 'it''s', 1e5, 1., .5, 1.5E-3;

-- case: SELECT X'AB', N'abc', U&'d\0061t', U&'d!0061t' UESCAPE '!', _UTF8'abc'
SELECT X'AB', N'abc', U&'d\0061t', U&'d!0061t' UESCAPE '!', _UTF8'abc', 'a' 'b';

-- case: SELECT 'a' AS `a b`, t.* FROM `cat`.`db`.`t` t
SELECT 'a' AS `a b`, t.* FROM `cat`.`db`.`t` t;

-- case: SELECT X'1F', X'', x'ab' 'cd', N'a''b', U&'\00E9', _latin1'x', 'multi
SELECT X'1F', X'', x'ab' 'cd', N'a''b', U&'\00E9', _latin1'x', 'multi
line', '', 'unicode ☃ é', 'a\nb', 'back\\slash';

-- case: SELECT 1e10, 1E-5, 0.1, 00012, 123456789012345678901234567890, 1.0e+3,
SELECT 1e10, 1E-5, 0.1, 00012, 123456789012345678901234567890, 1.0e+3, -1.5, +2;

-- case: SELECT DATE '2020-02-29', TIME '12:30:15.123', TIMESTAMP '2020-01-01 0
SELECT DATE '2020-02-29', TIME '12:30:15.123', TIMESTAMP '2020-01-01 00:00:00.123456', DATE'2020-01-01', {d '2020-01-01'}, {t '10:00:00'};

-- case: SELECT 'a' 'b', 'a' 'b'
SELECT 'a' 'b', 'a'
'b';
