{% macro money(x) %}
CAST(SUM({{ y }}) AS DECIMAL(18, 2)){% endmacro %}
