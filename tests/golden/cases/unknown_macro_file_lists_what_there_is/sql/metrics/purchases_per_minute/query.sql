{% from "macros/window.sql" import minute %}
-- How many orders are paid each minute?
SELECT 1
