-- How many orders has each visitor paid?
WITH counted AS (SELECT user_id, COUNT(*) AS purchases FROM purchase GROUP BY user_id)
SELECT
    user_id,   -- the visitor
    purchases  -- orders
FROM counted
