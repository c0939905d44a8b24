{% macro minute() %}INTERVAL '1' MINUTE{% endmacro %}
