-- construct: CREATE, ALTER, DROP FUNCTION; jars

-- case: class
CREATE FUNCTION f AS 'org.example.F';

-- case: language
CREATE FUNCTION IF NOT EXISTS cat.db.f AS 'org.example.F' LANGUAGE JAVA;

-- case: scala
CREATE TEMPORARY FUNCTION f AS 'org.example.F' LANGUAGE SCALA;

-- case: python
CREATE TEMPORARY SYSTEM FUNCTION f AS 'my.module.f' LANGUAGE PYTHON;

-- case: temporary system if not exists
CREATE TEMPORARY SYSTEM FUNCTION IF NOT EXISTS f AS 'org.example.F' LANGUAGE JAVA;

-- case: jars
CREATE FUNCTION f AS 'org.example.F' LANGUAGE JAVA USING JAR 'hdfs:///a.jar', JAR 's3://b/c.jar';

-- case: jar without a language
CREATE FUNCTION f AS 'org.example.F' USING JAR 'file:///tmp/a.jar';

-- case: alter
ALTER FUNCTION f AS 'org.example.G';

-- case: alter temporary system
ALTER TEMPORARY SYSTEM FUNCTION IF EXISTS f AS 'org.example.G' LANGUAGE SCALA;

-- case: drop
DROP FUNCTION f;

-- case: drop temporary system
DROP TEMPORARY SYSTEM FUNCTION IF EXISTS f;

-- case: drop temporary
DROP TEMPORARY FUNCTION IF EXISTS cat.db.f;

-- case: add jar
ADD JAR '/path/to/my.jar';

-- case: remove jar
REMOVE JAR '/path/to/my.jar';

-- case: lower case
create temporary system function if not exists parse_url as 'com.example.ParseUrl' language java using jar 'a.jar';
