-- What is taken out of texts that hold JSON?
SELECT
    event_time AS happened_at,  -- when
    event_id AS event,  -- the event
    query IS JSON AS is_json,  -- JSON
    query IS JSON OBJECT AS is_object,  -- an object
    query IS JSON SCALAR AS is_scalar,  -- a scalar
    JSON_VALUE(query, '$.a') AS value_of_a,  -- the value of a
    JSON_VALUE(query, 'strict $.a[0]' DEFAULT 'none' ON ERROR) AS first_of_a,  -- the first of a
    JSON_VALUE(query, '$.b[''c d'']') AS inner_value,  -- a value within
    TRY_CAST(JSON_VALUE(query, '$.b.n') AS DECIMAL(10, 2)) AS inner_number,  -- a number within
    JSON_EXISTS(query, '$.a') AS has_a,  -- whether there is an a
    JSON_STRING(query) AS as_json,  -- the text as JSON
    IS_DECIMAL(query) AS is_decimal  -- a number
FROM search
WHERE query NOT IN (
    '{"a":"x","b":{"n":2.50,"c d":true}}',
    '{"a":["ä",1],"b":null}',
    '{"a":17, "b": {"n": "3.5", "c d": "d"}, "c": {"a": 1}}',
    '[{"a":1}]',
    '{"a":1',
    '"a"'
) OR event_id IS NOT NULL
