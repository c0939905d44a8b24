-- What did each visitor buy first?
SELECT
    event_time AS paid_at,  -- when the first order was paid
    user_id,                -- the visitor
    amount                  -- money paid
FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY user_id ORDER BY event_time) AS nth FROM purchase)
WHERE nth = 1
