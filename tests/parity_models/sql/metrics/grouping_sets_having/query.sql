-- Which currencies and states of payment are busy each minute, and how much was refunded?
SELECT
    window_start AS began,  -- begin
    currency,  -- ISO code; empty for all
    payment_status,  -- what the provider said; empty for all, or where it said nothing
    GROUPING(currency) AS of_all_currencies,  -- 1 for all
    GROUPING(payment_status) AS of_all_states,  -- 1 for all
    CASE WHEN COUNT(*) > 2 THEN 'busy' ELSE 'calm' END AS mood,  -- busy or calm
    CAST(COALESCE(SUM(amount) FILTER (WHERE is_refund), 0) AS DECIMAL(18, 2)) AS refunded  -- money given back
FROM TABLE(TUMBLE(TABLE purchase, DESCRIPTOR(event_time), INTERVAL '1' MINUTE))
GROUP BY window_start, window_end, GROUPING SETS ((currency, payment_status), (currency), ())
HAVING COUNT(*) > 1 OR SUM(quantity) IS NULL
