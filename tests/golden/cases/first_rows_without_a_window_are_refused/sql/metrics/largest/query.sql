-- Which orders are the largest?
SELECT
    event_time AS paid_at,  -- when
    event_id,               -- the order
    amount                  -- money paid
FROM (SELECT *, ROW_NUMBER() OVER (ORDER BY amount DESC) AS nth FROM purchase)
WHERE nth <= 10
