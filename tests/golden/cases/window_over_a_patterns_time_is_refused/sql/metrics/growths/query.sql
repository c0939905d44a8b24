-- How often does a visitor pay more than before, each minute?
WITH growth AS (
    SELECT * FROM purchase
    MATCH_RECOGNIZE (
        PARTITION BY user_id
        ORDER BY event_time
        MEASURES MATCH_ROWTIME(event_time) AS matched_at, A.currency AS currency
        ONE ROW PER MATCH
        AFTER MATCH SKIP PAST LAST ROW
        PATTERN (A B) WITHIN INTERVAL '1' HOUR
        DEFINE B AS B.amount > A.amount
    )
)
SELECT
    window_start AS minute_start,  -- start of the minute
    currency,                      -- ISO 4217 code
    COUNT(*) AS growths            -- pairs of orders
FROM TABLE(TUMBLE(TABLE growth, DESCRIPTOR(matched_at), INTERVAL '1' MINUTE))
GROUP BY window_start, window_end, currency
