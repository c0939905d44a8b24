-- How much money does the shop take each minute?
SELECT 1
