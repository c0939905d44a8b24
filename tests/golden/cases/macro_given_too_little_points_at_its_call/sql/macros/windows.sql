{% macro per_minute(event) -%}
TABLE(TUMBLE(TABLE {{ event }}, DESCRIPTOR(event_time), INTERVAL '1' MINUTE))
{%- endmacro %}
