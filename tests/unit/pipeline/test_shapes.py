"""Queries beyond one window: what is inferred about their rows, and where their mistakes are told."""

from __future__ import annotations

import pytest
from sqlglot import exp

from pipeline.compiler import compile_project
from pipeline.model.models import Classified
from tests.unit.pipeline.conftest import CompileQuery, MakeProject

WINDOW = "TABLE(TUMBLE(TABLE {}, DESCRIPTOR(event_time), INTERVAL '1' MINUTE))"
PAID = WINDOW.format("purchase")
CLICKED = WINDOW.format("click")
DAY_MS = 86_400_000
_BY_COUNTRY = "WITH " + ", ".join(
    f"""{name} AS (SELECT window_start, window_end, country, COUNT(*) AS n FROM {rows}
    GROUP BY window_start, window_end, country)"""
    for name, rows in (("a", PAID), ("b", CLICKED))
)

KEYS = {
    "session": (
        """SELECT window_start AS visit_start, -- a
        window_end AS visit_end, -- e
        user_id, -- b
        COUNT(*) AS orders -- c
        FROM TABLE(SESSION(TABLE purchase PARTITION BY user_id, DESCRIPTOR(event_time), INTERVAL '30' MINUTE))
        GROUP BY window_start, window_end, user_id""",
        ("visit_start", "visit_end", "user_id"),
    ),
    "window join": (
        f"""SELECT p.window_start AS minute_start, -- a
        p.event_id, -- b
        c.event_id AS click_id -- c
        FROM {PAID} AS p JOIN {CLICKED} AS c
        ON p.window_start = c.window_start AND p.window_end = c.window_end AND p.user_id = c.user_id""",
        ("minute_start", "event_id", "click_id"),
    ),
    "join of one row with one row": (
        f"""WITH a AS (SELECT window_start, window_end, user_id, COUNT(*) AS n FROM {PAID}
            GROUP BY window_start, window_end, user_id),
        b AS (SELECT window_start, window_end, user_id, COUNT(*) AS n FROM {CLICKED}
            GROUP BY window_start, window_end, user_id)
        SELECT a.window_start AS minute_start, -- a
        a.user_id, -- b
        a.n AS orders, -- c
        COALESCE(b.n, 0) AS clicks -- d
        FROM a LEFT JOIN b
        ON a.window_start = b.window_start AND a.window_end = b.window_end AND a.user_id = b.user_id""",
        ("minute_start", "user_id"),
    ),
    "ranks that are not given": (
        f"""SELECT window_start AS minute_start, -- a
        currency, -- b
        orders -- c
        FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY window_start, window_end
            ORDER BY orders DESC, currency)
            AS place FROM (SELECT window_start, window_end, currency, COUNT(*) AS orders FROM {PAID}
            GROUP BY window_start, window_end, currency)) WHERE place <= 3""",
        ("minute_start", "currency"),
    ),
    "first of each window": (
        f"""SELECT window_start AS minute_start, -- a
        user_id, -- b
        amount -- c
        FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY window_start, window_end, user_id
            ORDER BY event_time)
            AS nth FROM {PAID}) WHERE nth = 1""",
        ("minute_start", "user_id"),
    ),
    "rows of a window": (
        f"""SELECT window_start AS minute_start, -- a
        event_id, -- b
        amount -- c
        FROM {PAID}""",
        ("minute_start", "event_id"),
    ),
    "different values of a window": (
        f"""SELECT DISTINCT window_start AS minute_start, -- a
        window_end AS minute_end, -- b
        user_id -- c
        FROM {PAID}""",
        ("minute_start", "user_id"),
    ),
    "events of two kinds": (
        """SELECT event_time, -- a
        event_id, -- b
        'paid' AS what -- c
        FROM purchase UNION ALL SELECT event_time, event_id, 'clicked' AS what FROM click""",
        ("event_time", "event_id", "what"),
    ),
    "totals": (
        f"""SELECT window_start AS minute_start, -- a
        currency, -- b
        COUNT(*) AS orders -- c
        FROM {PAID} GROUP BY window_start, window_end, ROLLUP (currency)""",
        ("minute_start", "currency"),
    ),
    "windows upon windows": (
        f"""WITH counted AS (SELECT window_time AS minute_time, currency, COUNT(*) AS orders FROM {PAID}
            GROUP BY window_start, window_end, window_time, currency)
        SELECT window_start AS hour_start, -- a
        CAST(MAX(orders) AS BIGINT) AS busiest -- b
        FROM TABLE(TUMBLE(TABLE counted, DESCRIPTOR(minute_time), INTERVAL '1' HOUR))
        GROUP BY window_start, window_end""",
        ("hour_start",),
    ),
    "totals told by one number": (
        f"""SELECT window_start AS minute_start, -- a
        coupon, -- b
        country, -- c
        GROUPING_ID(coupon, country) AS level, -- d
        COUNT(*) AS orders -- e
        FROM {PAID} GROUP BY window_start, window_end, CUBE (coupon, country)""",
        ("minute_start", "coupon", "country", "level"),
    ),
    "rows that find no other": (
        """SELECT c.event_time AS clicked_at, -- a
        c.event_id AS click_id -- b
        FROM click AS c LEFT JOIN purchase AS p ON p.user_id = c.user_id
        AND p.event_time BETWEEN c.event_time AND c.event_time + INTERVAL '1' MINUTE
        WHERE p.event_id IS NULL""",
        ("clicked_at", "click_id"),
    ),
    "left join of windows, NULL with NULL": (
        _BY_COUNTRY
        + """SELECT a.window_start AS minute_start, -- a
        a.country, -- b
        COALESCE(b.n, 0) AS clicks -- c
        FROM a LEFT JOIN b ON a.window_start = b.window_start AND a.window_end = b.window_end
        AND a.country IS NOT DISTINCT FROM b.country""",
        ("minute_start", "country"),
    ),
    "full join of windows, NULL with NULL": (
        _BY_COUNTRY
        + """SELECT COALESCE(a.window_start, b.window_start) AS minute_start, -- a
        COALESCE(a.country, b.country) AS country, -- b
        COALESCE(b.n, 0) AS clicks -- c
        FROM a FULL JOIN b ON a.window_start = b.window_start AND a.window_end = b.window_end
        AND a.country IS NOT DISTINCT FROM b.country""",
        ("minute_start", "country"),
    ),
    "interval join of windows": (
        f"""WITH a AS (SELECT window_start, window_time AS closed_at, user_id, COUNT(*) AS n FROM {PAID}
            GROUP BY window_start, window_end, window_time, user_id),
        b AS (SELECT window_start, window_time AS closed_at, user_id, COUNT(*) AS n FROM {CLICKED}
            GROUP BY window_start, window_end, window_time, user_id)
        SELECT a.window_start AS minute_start, -- a
        b.window_start AS clicks_start, -- b
        a.user_id, -- c
        b.n AS clicks -- d
        FROM a JOIN b ON a.user_id = b.user_id
        AND b.closed_at BETWEEN a.closed_at - INTERVAL '5' MINUTE AND a.closed_at""",
        ("minute_start", "clicks_start", "user_id"),
    ),
    "first of the sessions of two columns": (
        """SELECT window_start AS visit_start, -- a
        window_end AS visit_end, -- b
        user_id, -- c
        country -- d
        FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY window_start, window_end, user_id
            ORDER BY n DESC, country) AS place
            FROM (SELECT window_start, window_end, user_id, country, COUNT(*) AS n
                FROM TABLE(SESSION(TABLE purchase PARTITION BY (user_id, country), DESCRIPTOR(event_time),
                    INTERVAL '30' MINUTE)) GROUP BY window_start, window_end, user_id, country))
        WHERE place = 1""",
        ("visit_start", "visit_end", "user_id"),
    ),
    "matches": (
        """SELECT user_id, -- a
        began, -- b
        first_id -- c
        FROM purchase MATCH_RECOGNIZE (PARTITION BY user_id ORDER BY event_time
            MEASURES A.event_time AS began, FIRST(A.event_id) AS first_id
            ONE ROW PER MATCH AFTER MATCH SKIP TO NEXT ROW
            PATTERN (A+ B) WITHIN INTERVAL '1' HOUR DEFINE B AS B.amount > 9)""",
        ("began", "user_id", "first_id"),
    ),
    "matches that share no row": (
        """SELECT user_id, -- a
        ended, -- b
        last_id -- c
        FROM purchase MATCH_RECOGNIZE (PARTITION BY user_id ORDER BY event_time
            MEASURES B.event_time AS ended, B.event_id AS last_id
            ONE ROW PER MATCH AFTER MATCH SKIP PAST LAST ROW
            PATTERN (A B) WITHIN INTERVAL '1' HOUR DEFINE B AS B.amount > 9)""",
        ("ended", "user_id", "last_id"),
    ),
    "matches of windows": (
        f"""WITH a AS (SELECT window_time AS closed_at, user_id, COUNT(*) AS n FROM {PAID}
            GROUP BY window_start, window_end, window_time, user_id)
        SELECT user_id, -- a
        began -- b
        FROM a MATCH_RECOGNIZE (PARTITION BY user_id ORDER BY closed_at
            MEASURES A.closed_at AS began
            ONE ROW PER MATCH AFTER MATCH SKIP TO NEXT ROW
            PATTERN (A B) WITHIN INTERVAL '1' HOUR DEFINE B AS B.n > A.n)""",
        ("began", "user_id"),
    ),
}


def _model(compiled: CompileQuery, query: str, yaml: str = "") -> Classified:
    compilation = compiled(f"-- Which?\n{query}", yaml)
    assert compilation.diagnostics == ()
    model = compilation.model("probe")
    assert model is not None
    return model


@pytest.mark.parametrize("shape", KEYS)
def test_key_is_what_tells_rows_apart(compiled: CompileQuery, shape: str) -> None:
    query, key = KEYS[shape]
    model = _model(compiled, query)
    assert model.key == key
    assert model.form == "strict"
    assert model.changelog == "append"


def test_lengths_of_nested_windows_add_up(compiled: CompileQuery) -> None:
    model = _model(compiled, KEYS["windows upon windows"][0])
    assert model.reach_ms == 61 * 60_000
    assert [window.size_ms for window in model.windows] == [3_600_000]


def test_first_rows_are_remembered_for_a_day(compiled: CompileQuery) -> None:
    model = _model(
        compiled,
        """SELECT event_time, -- a
        user_id -- b
        FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY user_id ORDER BY event_time) AS nth FROM purchase)
        WHERE nth = 1""",
    )
    assert model.resolved.rows.remembers
    assert model.reach_ms == DAY_MS
    assert model.state_ttl_ms == DAY_MS + 3 * 3_600_000


def test_column_of_a_join_is_qualified_with_its_table(compiled: CompileQuery) -> None:
    model = _model(
        compiled,
        """SELECT p.event_time, -- a
        p.event_id, -- b
        c.event_id AS click_id, -- c
        element -- d
        FROM purchase AS p JOIN click AS c ON p.user_id = c.user_id
        AND c.event_time BETWEEN p.event_time - INTERVAL '10' MINUTE AND p.event_time""",
    )
    select = model.resolved.tree
    assert isinstance(select, exp.Select)
    element = select.selects[-1]
    assert isinstance(element, exp.Column)
    assert (element.table, element.name) == ("c", "element")
    assert model.windows[0].kind == "row"


def test_mistake_in_a_model_is_not_told_again_where_it_is_read(project: MakeProject) -> None:
    inner = "-- How many?\nSELECT\n    window_start AS start_of, -- a\n    CONT(*) AS n -- b\n"
    inner += f"FROM {PAID}\nGROUP BY window_start, window_end\n"
    outer = "-- How many?\nSELECT\n    start_of, -- a\n    n -- b\nFROM inner_one\n"
    files = {"metrics/inner_one/query.sql": inner, "metrics/outer_one/query.sql": outer}
    found = compile_project(project(files)).diagnostics
    assert {item.position.file for item in found} == {"sql/metrics/inner_one/query.sql"}


def test_model_that_is_read_stands_where_its_name_stands(project: MakeProject) -> None:
    inner = "-- What?\nSELECT\n    event_time, -- a\n    event_id, -- b\n    amount -- c\nFROM purchase\n"
    outer = (
        "-- What?\nSELECT\n    event_time, -- a\n    event_id, -- b\n    amount -- c\nFROM inner_one AS i\n"
    )
    files = {"metrics/inner_one/query.sql": inner, "metrics/outer_one/query.sql": outer}
    compilation = compile_project(project(files))
    assert compilation.diagnostics == ()
    model = compilation.model("outer_one")
    assert model is not None
    assert model.resolved.upstream == ("inner_one",)
    assert model.resolved.reads == ("purchase",)
    assert model.sources == ("purchase",)
    expanded = model.resolved.tree.args["from_"].this
    starts = {part.meta["start"] for part in expanded.walk() if "start" in part.meta}
    assert starts == {outer.index("inner_one")}
