-- How many clicks in each visit, in the old form?
SELECT
    SESSION_START(event_time, INTERVAL '30' MINUTE) AS began,  -- begin
    SESSION_END(event_time, INTERVAL '30' MINUTE) AS ended,  -- end
    user_id,  -- who
    COUNT(*) AS clicks  -- clicks
FROM click
GROUP BY SESSION(event_time, INTERVAL '30' MINUTE), user_id
