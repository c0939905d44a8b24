-- How many orders are paid each minute?
INSERT INTO purchases SELECT amount FROM purchase
