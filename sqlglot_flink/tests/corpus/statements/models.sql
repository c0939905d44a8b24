-- construct: MODEL

-- case: full
CREATE MODEL IF NOT EXISTS cat.db.m INPUT (text STRING COMMENT 'what', n INT NOT NULL) OUTPUT (label STRING) COMMENT 'x' WITH ('task' = 'classification', 'provider' = 'openai', 'openai.endpoint' = 'https://api.example/v1');

-- case: temporary
CREATE TEMPORARY MODEL m INPUT (a ARRAY<FLOAT>) OUTPUT (b ROW<x INT>) WITH ('k' = 'v');

-- case: as a query
CREATE MODEL m WITH ('k' = 'v') AS SELECT a, b FROM t;

-- case: rename
ALTER MODEL IF EXISTS m RENAME TO n;

-- case: set
ALTER MODEL m SET ('k' = 'v');

-- case: drop
DROP MODEL IF EXISTS cat.db.m;

-- case: drop temporary
DROP TEMPORARY MODEL m;

-- case: show
SHOW MODELS;

-- case: show some
SHOW MODELS FROM db LIKE 'a%';

-- case: show one
SHOW CREATE MODEL m;

-- case: describe
DESCRIBE MODEL m;

-- case: describe more
DESC MODEL EXTENDED cat.db.m;
