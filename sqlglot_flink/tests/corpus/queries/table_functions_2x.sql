-- construct: table functions of 2.x
-- flink: 2.3

-- case: SELECT * FROM ML_PREDICT(TABLE t, MODEL m, DESCRIPTOR(a))
SELECT * FROM ML_PREDICT(TABLE t, MODEL m, DESCRIPTOR(a));
