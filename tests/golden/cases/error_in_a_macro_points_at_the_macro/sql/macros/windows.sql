{% macro minutes(event, count) -%}
TABLE(TUMBLE(TABLE {{ event }}, DESCRIPTOR(event_tme), INTERVAL '{{ count }}' MINUTE))
{%- endmacro %}
