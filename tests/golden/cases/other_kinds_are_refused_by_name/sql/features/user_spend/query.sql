-- How much has each user spent?
SELECT 1
