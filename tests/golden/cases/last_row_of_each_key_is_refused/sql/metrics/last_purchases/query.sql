-- What did each visitor buy last?
SELECT
    event_time AS paid_at,  -- when
    user_id,                -- the visitor
    amount                  -- money paid
FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY user_id ORDER BY event_time DESC) AS nth FROM purchase)
WHERE nth = 1
