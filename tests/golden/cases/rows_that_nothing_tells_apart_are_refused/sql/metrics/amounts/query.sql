-- What was paid?
SELECT
    event_time AS paid_at,  -- when
    amount                  -- money paid
FROM purchase
