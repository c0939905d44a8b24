-- What is in addresses?
SELECT
    event_time AS happened_at,  -- when
    event_id AS event,  -- the event
    PARSE_URL(page_url, 'HOST') AS host_of,  -- host
    PARSE_URL(page_url, 'PATH') AS path_of,  -- path
    PARSE_URL(page_url, 'QUERY', 'q') AS query_of  -- query
FROM search
