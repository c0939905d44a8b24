{% macro minutes(event, count) -%}
TABLE(TUMBLE(TABLE {{ event }}, DESCRIPTOR(event_time), INTERVAL '{{ count }}' MINUTE))
{%- endmacro %}
