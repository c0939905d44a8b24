-- construct: CREATE TABLE: keys and constraints

-- case: table key
CREATE TABLE t (a INT, b INT, PRIMARY KEY (a, b) NOT ENFORCED);

-- case: column key
CREATE TABLE t (a INT PRIMARY KEY NOT ENFORCED, b STRING);

-- case: column key with nullability and comment
CREATE TABLE t (a INT NOT NULL PRIMARY KEY NOT ENFORCED COMMENT 'id', b STRING);

-- case: named constraints
CREATE TABLE t (a INT CONSTRAINT pk PRIMARY KEY NOT ENFORCED, b INT CONSTRAINT u UNIQUE NOT ENFORCED);

-- case: named table constraint
CREATE TABLE t (a INT NOT NULL, b INT, CONSTRAINT `my key` PRIMARY KEY (a) NOT ENFORCED, CONSTRAINT uq UNIQUE (b) NOT ENFORCED);

-- case: unique
CREATE TABLE t (a INT UNIQUE, b INT, UNIQUE (a, b));

-- case: enforced
CREATE TABLE t (a INT, PRIMARY KEY (a) ENFORCED);

-- case: no word about enforcement
CREATE TABLE t (a INT PRIMARY KEY, b INT, UNIQUE (b));

-- case: key before the columns
CREATE TABLE t (PRIMARY KEY (a) NOT ENFORCED, a INT, `primary` INT);

-- case: key over quoted names
CREATE TABLE t (`user id` STRING, `date` DATE, PRIMARY KEY (`user id`, `date`) NOT ENFORCED);
