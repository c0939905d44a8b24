"""Sessions as the stream made them, where rows came late: a fold over the rows of a key in arrival order.

An aggregate with a lambda, for no window function can say it: whether a late row counts depends on whether a
session that it touches was still open when it came, and that on which late rows counted before. Its cost
grows with the square of a key's rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pipeline.lower.engine import Engine

# A session `s`: it began at, it ends at (the gap behind its last row), the numbers of its rows. A row `e`:
# its time, the watermark it met, its number. A row joins the sessions that it touches and that the watermark
# has not closed; without one it begins a session of its own, unless the watermark has closed that already.
_TOUCHES = "s.ends - 1 > e.watermark AND s.began <= e.at + {gap} AND s.ends >= e.at"

_DUCKDB = """\
SELECT
  session.began AS _start,
  session.ends AS _end,
  UNNEST(session.members) AS _member
FROM (
  SELECT
    UNNEST(LIST_REDUCE(
      LIST({{'number': _sequence, 'at': _at, 'watermark': _watermark}} ORDER BY _sequence),
      LAMBDA kept, e: CASE
        WHEN e.at + {gap} - 1 <= e.watermark AND LEN(LIST_FILTER(kept, LAMBDA s: {touches})) = 0 THEN kept
        ELSE LIST_APPEND(
          LIST_FILTER(kept, LAMBDA s: NOT ({touches})),
          {{
            'began': LIST_MIN(LIST_APPEND(
              LIST_TRANSFORM(LIST_FILTER(kept, LAMBDA s: {touches}), LAMBDA s: s.began), e.at)),
            'ends': LIST_MAX(LIST_APPEND(
              LIST_TRANSFORM(LIST_FILTER(kept, LAMBDA s: {touches}), LAMBDA s: s.ends), e.at + {gap})),
            'members': LIST_APPEND(
              FLATTEN(LIST_TRANSFORM(LIST_FILTER(kept, LAMBDA s: {touches}), LAMBDA s: s.members)), e.number)
          }}
        )
      END,
      CAST([] AS STRUCT(began BIGINT, ends BIGINT, members BIGINT[])[])
    )) AS session
  FROM {rows}{group}
) AS folded"""

_SPARK = """\
SELECT
  session.began AS _start,
  session.ends AS _end,
  EXPLODE(session.members) AS _member
FROM (
  SELECT
    EXPLODE(AGGREGATE(
      ARRAY_SORT(COLLECT_LIST(STRUCT(_sequence AS number, _at AS at, _watermark AS watermark))),
      CAST(ARRAY() AS ARRAY<STRUCT<began: BIGINT, ends: BIGINT, members: ARRAY<BIGINT>>>),
      (kept, e) -> CASE
        WHEN e.at + {gap} - 1 <= e.watermark AND NOT EXISTS(kept, s -> {touches}) THEN kept
        ELSE CONCAT(
          FILTER(kept, s -> NOT ({touches})),
          ARRAY(NAMED_STRUCT(
            'began', ARRAY_MIN(CONCAT(
              TRANSFORM(FILTER(kept, s -> {touches}), s -> s.began), ARRAY(e.at))),
            'ends', ARRAY_MAX(CONCAT(
              TRANSFORM(FILTER(kept, s -> {touches}), s -> s.ends), ARRAY(e.at + {gap}))),
            'members', CONCAT(
              FLATTEN(TRANSFORM(FILTER(kept, s -> {touches}), s -> s.members)), ARRAY(e.number))
          ))
        )
      END
    )) AS session
  FROM {rows}{group}
) AS folded"""

_TRINO = """\
SELECT
  session.began AS _start,
  session.ends AS _end,
  member.number AS _member
FROM (
  SELECT
    REDUCE(
      ARRAY_AGG(
        CAST(ROW(_sequence, _at, _watermark) AS ROW(number BIGINT, at BIGINT, watermark BIGINT))
        ORDER BY _sequence
      ),
      CAST(ARRAY[] AS ARRAY(ROW(began BIGINT, ends BIGINT, members ARRAY(BIGINT)))),
      (kept, e) -> CASE
        WHEN e.at + {gap} - 1 <= e.watermark AND NOT ANY_MATCH(kept, s -> {touches}) THEN kept
        ELSE CONCAT(
          FILTER(kept, s -> NOT ({touches})),
          ARRAY[CAST(ROW(
            ARRAY_MIN(CONCAT(TRANSFORM(FILTER(kept, s -> {touches}), s -> s.began), ARRAY[e.at])),
            ARRAY_MAX(CONCAT(TRANSFORM(FILTER(kept, s -> {touches}), s -> s.ends), ARRAY[e.at + {gap}])),
            CONCAT(FLATTEN(TRANSFORM(FILTER(kept, s -> {touches}), s -> s.members)), ARRAY[e.number])
          ) AS ROW(began BIGINT, ends BIGINT, members ARRAY(BIGINT)))]
        )
      END,
      kept -> kept
    ) AS sessions
  FROM {rows}{group}
) AS folded
CROSS JOIN UNNEST(folded.sessions) AS session(began, ends, members)
CROSS JOIN UNNEST(session.members) AS member(number)"""

_TEMPLATES: Mapping[Engine, str] = {"duckdb": _DUCKDB, "spark": _SPARK, "trino": _TRINO}


def session_fold(engine: Engine, rows: str, keys: Sequence[str], gap_ms: int) -> str:
    """A query of `_start`, `_end` (milliseconds since 1970) and `_member`: each row's session.

    `rows` names a table with the columns `keys` (quoted where need be), `_at`, `_watermark` (milliseconds,
    never NULL) and `_sequence`, which is the `_member`. Rows that came too late are in no session.
    """
    group = f"\n  GROUP BY {', '.join(keys)}" if keys else ""
    touches = _TOUCHES.format(gap=gap_ms)
    return _TEMPLATES[engine].format(gap=gap_ms, touches=touches, rows=rows, group=group)
