-- What are texts hashed to?
SELECT
    event_time AS happened_at,  -- when
    event_id AS event,  -- the event
    MD5(query) AS md5_of,  -- MD5
    SHA256(query) AS sha256_of,  -- SHA-256
    TO_BASE64(query) AS base64_of  -- Base64
FROM search
