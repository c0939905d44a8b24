-- What is in addresses, and what are texts hashed to?
SELECT
    event_time AS happened_at,  -- when
    event_id AS event,  -- the event
    PARSE_URL(page_url, 'HOST') AS host_of,  -- host of
    PARSE_URL(page_url, 'PATH') AS path_of,  -- path of
    PARSE_URL(page_url, 'QUERY', 'q') AS query_of,  -- query of
    MD5(query) AS md5_of,  -- md5 of
    SHA256(query) AS sha256_of,  -- sha256 of
    TO_BASE64(query) AS base64_of  -- base64 of
FROM search
