-- construct: hints

-- case: SELECT /*+ OPTIONS('a'='b'), BROADCAST(t1, t2), FOO, LOOKUP('table'='x
SELECT /*+ OPTIONS('a'='b'), BROADCAST(t1, t2), FOO, LOOKUP('table'='x') */ * FROM t /*+ OPTIONS('k'='v') */ AS x JOIN y /*+ OPTIONS('k'='v') */ ON x.a = y.a;

-- case: SELECT /*+ BROADCAST(a), SHUFFLE_HASH(b, c), LOOKUP('table'='d', 'retr
SELECT /*+ BROADCAST(a), SHUFFLE_HASH(b, c), LOOKUP('table'='d', 'retry-predicate'='lookup_miss', 'fixed-delay'='10s') */ a.x FROM a;

-- case: select /*+ STATE_TTL('a'='1d', 'b' = '2 h') */ * from a left join b on
select /*+ STATE_TTL('a'='1d', 'b' = '2 h') */ * from a left join b on a.x = b.x;

-- case: SELECT /*+ NO_ARGS() */ 1
SELECT /*+ NO_ARGS() */ 1;

-- case: SELECT /*+ ARG_LIST(1, 'a', 2.5) */ 1
SELECT /*+ ARG_LIST(1, 'a', 2.5) */ 1;

-- case: SELECT * FROM (SELECT /*+ OPTIONS('a'='b') */ * FROM t /*+ OPTIONS('sc
SELECT * FROM (SELECT /*+ OPTIONS('a'='b') */ * FROM t /*+ OPTIONS('scan.startup.mode'='earliest-offset', 'x.y' = '1') */ WHERE a > 1) x;

-- case: SELECT a FROM t /*+ OPTIONS('a'='b'), OTHER(x) */ x, u /*+ OPTIONS('c'
SELECT a FROM t /*+ OPTIONS('a'='b'), OTHER(x) */ x, u /*+ OPTIONS('c'='d') */ AS y;
