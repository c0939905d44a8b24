"""What functions of other databases are called in Flink, for the author who brings them along."""

from __future__ import annotations

FOREIGN: dict[str, str] = {
    "APPROX_COUNT_DISTINCT": "COUNT(DISTINCT x)",
    "APPROX_DISTINCT": "COUNT(DISTINCT x)",
    "ARRAY_AGG": "one row for each value",
    "CHARINDEX": "LOCATE(part, text)",
    "CONTAINS": "POSITION(part IN text) > 0",
    "COUNTIF": "COUNT(*) FILTER (WHERE ...)",
    "COUNT_IF": "COUNT(*) FILTER (WHERE ...)",
    "DATEADD": "TIMESTAMPADD(DAY, 1, time), or time + INTERVAL '1' DAY",
    "DATEDIFF": "TIMESTAMPDIFF(DAY, earlier, later)",
    "DATEPART": "EXTRACT(HOUR FROM time)",
    "DATE_ADD": "TIMESTAMPADD(DAY, 1, time), or time + INTERVAL '1' DAY",
    "DATE_DIFF": "TIMESTAMPDIFF(DAY, earlier, later)",
    "DATE_PART": "EXTRACT(HOUR FROM time)",
    "DATE_TRUNC": "FLOOR(time TO MINUTE), or a window: TUMBLE with window_start",
    "DECODE": "CASE WHEN ... THEN ... END",
    "ENDSWITH": "text LIKE '%end'",
    "FORMAT_TIMESTAMP": "DATE_FORMAT(time, 'yyyy-MM-dd')",
    "GETDATE": "event_time",
    "GROUP_CONCAT": "LISTAGG(text), whose order is not fixed",
    "IIF": "CASE WHEN ... THEN ... END",
    "ISNULL": "COALESCE(x, other), or x IS NULL",
    **dict.fromkeys(
        ("GET_JSON_OBJECT", "JSON_EXTRACT", "JSON_EXTRACT_SCALAR", "JSON_EXTRACT_STRING"),
        "JSON_VALUE(text, '$.name'), which gives a scalar as text",
    ),
    "JSON_VALID": "text IS JSON",
    "LCASE": "LOWER(text)",
    "LEN": "CHAR_LENGTH(text)",
    "LENGTH": "CHAR_LENGTH(text)",
    "MAX_BY": "ROW_NUMBER() OVER (...) = 1 in a subquery",
    "MEDIAN": "AVG, or counts by range",
    "MIN_BY": "ROW_NUMBER() OVER (...) = 1 in a subquery",
    "NVL": "COALESCE(x, other)",
    "NVL2": "CASE WHEN x IS NOT NULL THEN ... END",
    "PERCENTILE_CONT": "counts by range",
    "RLIKE": "REGEXP(text, 'pattern')",
    "REGEXP_LIKE": "REGEXP(text, 'pattern')",
    "SAFE_CAST": "TRY_CAST(x AS type)",
    "SAFE_DIVIDE": "a / NULLIF(b, 0)",
    "SPLIT_PART": "SPLIT_INDEX(text, ',', 0), which counts from 0",
    "STARTSWITH": "text LIKE 'start%'",
    "STARTS_WITH": "text LIKE 'start%'",
    "STDDEV": "STDDEV_SAMP(x)",
    "STRFTIME": "DATE_FORMAT(time, 'yyyy-MM-dd')",
    "STRING_AGG": "LISTAGG(text), whose order is not fixed",
    "STRPOS": "POSITION(part IN text)",
    "SUM_IF": "SUM(x) FILTER (WHERE ...)",
    "SYSDATE": "event_time",
    "TIMESTAMP_DIFF": "TIMESTAMPDIFF(DAY, earlier, later)",
    "TIMESTAMP_TRUNC": "FLOOR(time TO MINUTE), or a window: TUMBLE with window_start",
    "TIME_BUCKET": "a window: TUMBLE with window_start",
    "TO_CHAR": "DATE_FORMAT(time, 'yyyy-MM-dd')",
    "TO_NUMBER": "TRY_CAST(text AS DECIMAL(18, 2))",
    "TRUNC": "TRUNCATE(x, 2), or FLOOR(time TO DAY)",
    "UCASE": "UPPER(text)",
    "UNIQ": "COUNT(DISTINCT x)",
    "VARIANCE": "VAR_SAMP(x)",
    "ZEROIFNULL": "COALESCE(x, 0)",
}
"""Name in upper case -> how it is written in a model."""


def written_here(name: str) -> str | None:
    """How Flink writes what another database calls `name`; None where nothing is known."""
    found = FOREIGN.get(name.upper())
    return f"in Flink: {found}" if found else None
