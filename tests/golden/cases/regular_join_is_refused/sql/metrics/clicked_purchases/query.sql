-- Which orders follow a click?
SELECT
    p.currency,          -- ISO 4217 code
    c.position AS place  -- place of what was clicked
FROM purchase AS p
JOIN click AS c ON p.user_id = c.user_id
