{% macro money(x) %}CAST(SUM({{ x }}) AS DECIMAL(18, 2)){% endmacro %}
