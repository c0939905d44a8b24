-- construct: Statement sets, EXECUTE, COMPILE PLAN

-- case: execute statement set
EXECUTE STATEMENT SET BEGIN
INSERT INTO a SELECT * FROM s;
INSERT INTO b SELECT x, CASE WHEN x > 1 THEN 'a' ELSE 'b' END FROM s;
END;

-- case: execute statement set in lower case with comments
execute statement set
begin
  -- first
  insert into a select * from s; -- done
  /* second */
  insert into b (x, y) select x, y from s where z = 'END;';
end;

-- case: client form
BEGIN STATEMENT SET;
INSERT INTO a SELECT * FROM s;
INSERT INTO b SELECT CASE x WHEN 1 THEN 2 END FROM s;
END;

-- case: client form begun only
BEGIN STATEMENT SET;

-- case: client form ended only
END;

-- case: a script around a set
CREATE TABLE s (a INT) WITH ('connector' = 'datagen');
CREATE TABLE t (a INT) WITH ('connector' = 'print');
SET 'pipeline.name' = 'x';
EXECUTE STATEMENT SET BEGIN
INSERT INTO t SELECT a FROM s;
INSERT INTO t VALUES (1);
END;
SHOW JOBS;

-- case: execute insert
EXECUTE INSERT INTO t SELECT * FROM s;

-- case: execute query
EXECUTE SELECT a FROM s WHERE a > 1;

-- case: execute plan
EXECUTE PLAN '/tmp/plan.json';

-- case: compile plan
COMPILE PLAN '/tmp/plan.json' FOR INSERT INTO t SELECT * FROM s;

-- case: compile plan if not exists
COMPILE PLAN 'file:///tmp/plan.json' IF NOT EXISTS FOR STATEMENT SET BEGIN
INSERT INTO a SELECT * FROM s;
INSERT INTO b SELECT * FROM s;
END;

-- case: compile and execute plan
COMPILE AND EXECUTE PLAN '/tmp/plan.json' FOR INSERT INTO t SELECT a FROM s;
