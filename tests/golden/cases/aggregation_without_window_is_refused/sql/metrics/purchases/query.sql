-- How many orders are paid in each currency?
SELECT
    currency,              -- ISO 4217 code
    COUNT(*) AS purchases  -- paid orders
FROM purchase
GROUP BY currency
