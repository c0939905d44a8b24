"""Streaming queries with what arrived and what comes out, worked out by hand.

Times are milliseconds after noon of 15 January 2026. An arrival is a dictionary of columns with `t` for its
event time; arrivals stand in their order. Watermarks follow 5 s behind. Rows come out as tuples in the order
of the SELECT, times again as milliseconds after noon.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Arrival = dict[str, Any]
MINUTE = "INTERVAL '1' MINUTE"
TIME = "DESCRIPTOR(event_time)"


@dataclass(frozen=True)
class Scenario:
    """One query; `live` is what `metric.yaml` would say, `late` how many events came too late."""

    name: str
    sql: str
    rows: tuple[tuple[Any, ...], ...]
    click: Sequence[Arrival] = ()
    purchase: Sequence[Arrival] = ()
    live: bool | None = False
    late: int | None = None
    kind: str = "metric"

    @property
    def tables(self) -> Mapping[str, Sequence[Arrival]]:
        """Arrivals by event."""
        return {"click": self.click, "purchase": self.purchase}


def at(*times: int, **columns: Any) -> list[Arrival]:
    """Arrivals at these times with the same columns."""
    return [{"t": time, **columns} for time in times]


def select(*outputs: str) -> str:
    """SELECT of outputs, each with the description that a model must have."""
    last = len(outputs) - 1
    lines = [f"    {text}{',' if index < last else ''}  -- x" for index, text in enumerate(outputs)]
    return "-- What is it?\nSELECT\n" + "\n".join(lines) + "\n"


def windowed(window: str, *outputs: str, keys: str = "", having: str = "") -> str:
    """A count over a window of clicks."""
    group = f"GROUP BY window_start, window_end{keys}"
    return (
        select("window_start AS began", *outputs, "COUNT(*) AS n") + f"FROM TABLE({window})\n{group}{having}"
    )


TUMBLE = f"TUMBLE(TABLE click, {TIME}, {MINUTE})"
FIRST = """FROM (
    SELECT user_id, element, event_time, ROW_NUMBER() OVER (PARTITION BY user_id ORDER BY event_time) AS place
    FROM click
) AS ranked
WHERE place = 1"""
PURCHASES = """WITH latest AS (
    SELECT user_id, coupon, event_time
    FROM (
        SELECT user_id, coupon, event_time,
            ROW_NUMBER() OVER (PARTITION BY user_id ORDER BY event_time DESC) AS place
        FROM purchase
    ) AS ranked
    WHERE place = 1
)
"""
SIDES = f"""FROM (
    SELECT user_id, window_start, window_end FROM TABLE(TUMBLE(TABLE click, {TIME}, {MINUTE}))
) AS c
%s (
    SELECT user_id, window_start, window_end FROM TABLE(TUMBLE(TABLE purchase, {TIME}, {MINUTE}))
) AS p ON c.user_id = p.user_id AND c.window_start = p.window_start AND c.window_end = p.window_end"""
BOTH_SIDES = {
    "click": [*at(0, 59_999, 60_000, user_id="a"), *at(1, user_id="b")],
    "purchase": [*at(59_999, user_id="a"), *at(120_000, user_id="c")],
}

SCENARIOS: tuple[Scenario, ...] = (
    Scenario(
        "tumble_has_its_first_millisecond_and_not_its_end",
        windowed(f"TUMBLE(TABLE click, {TIME}, {MINUTE}, INTERVAL '10' SECOND)", "window_end AS ended"),
        ((-50_000, 10_000, 2), (10_000, 70_000, 2), (70_000, 130_000, 1)),
        click=at(0, 9_999, 10_000, 69_999, 70_000),
    ),
    # The watermark after 76,000 is 71,000: 69,999 has the last millisecond of a window that it has closed.
    Scenario(
        "tumble_drops_what_its_closed_window_would_have_held",
        windowed(TUMBLE),
        ((0, 1), (60_000, 2)),
        click=at(59_000, 66_000, 59_998, 119_999),
        late=1,
    ),
    Scenario(
        "watermark_on_the_last_millisecond_closes_the_window_and_one_before_it_does_not",
        windowed(TUMBLE, "MAX(element) AS element"),
        ((0, "b", 2), (60_000, "x", 2)),
        click=[
            *at(1, element="a"),
            *at(64_998, element="x"),
            *at(2, element="b"),
            *at(64_999, element="x"),
            *at(3, element="c"),
        ],
        late=1,
    ),
    Scenario(
        "hop_drops_a_late_row_from_the_closed_window_only",
        windowed(f"HOP(TABLE click, {TIME}, {MINUTE}, INTERVAL '2' MINUTE)"),
        ((-60_000, 1), (0, 3), (60_000, 1)),
        click=at(0, 65_000, 59_999),
        late=1,
    ),
    Scenario(
        "cumulate_grows_step_by_step",
        windowed(f"CUMULATE(TABLE click, {TIME}, {MINUTE}, INTERVAL '3' MINUTE)", "window_end AS ended"),
        ((0, 60_000, 2), (0, 120_000, 3), (0, 180_000, 4)),
        click=at(0, 59_999, 60_000, 179_999),
    ),
    Scenario(
        "cumulate_keeps_a_late_row_for_the_steps_that_are_open",
        windowed(f"CUMULATE(TABLE click, {TIME}, {MINUTE}, INTERVAL '3' MINUTE)", "window_end AS ended"),
        ((0, 60_000, 1), (0, 120_000, 3), (0, 180_000, 3)),
        click=at(0, 65_000, 1),
        late=1,
    ),
    Scenario(
        "window_before_1970_begins_before_its_events",
        windowed(f"TUMBLE(TABLE click, {TIME}, INTERVAL '7' SECOND, INTERVAL '-3' SECOND)"),
        ((-1_768_478_403_000, 1),),
        click=at(-1_768_478_400_001),
    ),
    Scenario(
        "session_holds_what_is_exactly_the_gap_apart",
        windowed(
            f"SESSION(TABLE click PARTITION BY user_id, {TIME}, INTERVAL '10' SECOND)",
            "window_end AS ended",
            "user_id",
            keys=", user_id",
        ),
        ((0, 20_000, "a", 3), (20_001, 30_001, "a", 1), (15_000, 25_000, None, 1)),
        click=[*at(0, 10_000, 10_000, 20_001, user_id="a"), *at(15_000)],
    ),
    # 15,000 comes at watermark 95,000 and is late; 92,000 is within 10 s of 100,000, whose session is open;
    # at watermark 101,000 the session [92,000 110,000) and 85,000 still meet; 74,999 is 10,001 before it.
    Scenario(
        "late_row_counts_in_a_session_that_is_open_and_no_other",
        windowed(
            f"SESSION(TABLE click PARTITION BY user_id, {TIME}, INTERVAL '10' SECOND)",
            "window_end AS ended",
            "user_id",
            keys=", user_id",
        ),
        ((0, 20_000, "a", 2), (85_000, 116_000, "a", 4)),
        click=at(0, 10_000, 100_000, 15_000, 92_000, 106_000, 85_000, 74_999, user_id="a"),
        late=2,
    ),
    Scenario(
        "sessions_without_a_partition_are_of_everyone",
        windowed(f"SESSION(TABLE click, {TIME}, INTERVAL '10' SECOND)"),
        ((0, 3), (30_000, 1)),
        click=[*at(0, 9_000, user_id="a"), *at(5_000, user_id="b"), *at(30_000, user_id="c")],
    ),
    Scenario(
        "old_group_window_is_a_window",
        select("HOP_START(event_time, INTERVAL '1' MINUTE, INTERVAL '2' MINUTE) AS began", "COUNT(*) AS n")
        + "FROM click GROUP BY HOP(event_time, INTERVAL '1' MINUTE, INTERVAL '2' MINUTE)",
        ((-60_000, 1), (0, 1)),
        click=at(0),
    ),
    Scenario(
        "old_session_is_made_of_the_rows_that_where_lets_through",
        select("SESSION_START(event_time, INTERVAL '10' SECOND) AS began", "user_id", "COUNT(*) AS n")
        + "FROM click WHERE `position` > 0 GROUP BY SESSION(event_time, INTERVAL '10' SECOND), user_id",
        ((0, "a", 1), (15_000, "a", 1)),
        click=[
            *at(0, user_id="a", position=1),
            *at(10_000, user_id="a", position=0),
            *at(15_000, user_id="a", position=1),
        ],
    ),
    Scenario(
        "windows_of_windows_count_each_row_once",
        "-- What?\nWITH minutes AS (\n    SELECT window_time AS minute_time, COUNT(*) AS clicks\n"
        "    FROM TABLE("
        + TUMBLE
        + ")\n    GROUP BY window_start, window_end, window_time\n)\n"
        + select("window_start AS began", "CAST(SUM(clicks) AS BIGINT) AS n").partition("\n")[2]
        + "FROM TABLE(TUMBLE(TABLE minutes, DESCRIPTOR(minute_time), INTERVAL '2' MINUTE))\n"
        + "GROUP BY window_start, window_end",
        ((0, 3), (120_000, 1)),
        click=at(0, 59_999, 60_000, 120_000),
    ),
    *(
        Scenario(
            f"windows_join_{kind.split()[0].lower()}",
            select("c.user_id AS clicked", "p.user_id AS bought", f"{side}.window_start AS began")
            + SIDES % kind,
            rows,
            **BOTH_SIDES,  # type: ignore[arg-type]
        )
        for kind, side, rows in (
            ("INNER JOIN", "c", (("a", "a", 0), ("a", "a", 0))),
            ("LEFT JOIN", "c", (("a", "a", 0), ("a", "a", 0), ("a", None, 60_000), ("b", None, 0))),
            ("RIGHT JOIN", "p", (("a", "a", 0), ("a", "a", 0), (None, "c", 120_000))),
        )
    ),
    Scenario(
        "most_active_users_of_a_minute",
        select("began", "user_id", "clicks", "place")
        + f"""FROM (
    SELECT began, user_id, clicks,
        ROW_NUMBER() OVER (PARTITION BY began, ended ORDER BY clicks DESC, user_id) AS place
    FROM (
        SELECT window_start AS began, window_end AS ended, user_id, COUNT(*) AS clicks
        FROM TABLE({TUMBLE})
        GROUP BY window_start, window_end, user_id
    ) AS counted
) AS ranked
WHERE place <= 2""",
        ((0, "a", 3, 1), (0, "b", 2, 2)),
        click=[*at(0, 1, 2, user_id="a"), *at(3, 4, user_id="b"), *at(5, user_id="c")],
    ),
    Scenario(
        "first_row_of_a_key_is_the_earliest_and_of_two_the_one_that_came_first",
        select("user_id", "element", "event_time AS happened") + FIRST,
        (("a", "y", 0),),
        click=[
            *at(5, user_id="a", element="x"),
            *at(0, user_id="a", element="y"),
            *at(0, user_id="a", element="z"),
        ],
    ),
    Scenario(
        "grouping_sets_of_a_window",
        select("window_start AS began", "user_id", "element", "COUNT(*) AS n")
        + f"FROM TABLE({TUMBLE})\n"
        + "GROUP BY window_start, window_end, GROUPING SETS ((user_id), (element), ())",
        ((0, "a", None, 2), (0, "b", None, 1), (0, None, "x", 2), (0, None, "y", 1), (0, None, None, 3)),
        click=[*at(5, 0, user_id="a", element="x"), *at(5, user_id="b", element="y")],
    ),
    Scenario(
        "cube_of_a_window",
        select("window_start AS began", "user_id", "element", "COUNT(*) AS n")
        + f"FROM TABLE({TUMBLE})\nGROUP BY window_start, window_end, CUBE (user_id, element)",
        ((0, "a", "x", 1), (0, "a", None, 1), (0, None, "x", 1), (0, None, None, 1)),
        click=at(5, user_id="a", element="x"),
    ),
    Scenario(
        "rollup_of_a_window",
        select("window_start AS began", "user_id", "element", "COUNT(*) AS n")
        + f"FROM TABLE({TUMBLE})\nGROUP BY window_start, window_end, ROLLUP (user_id, element)",
        ((0, "a", "x", 1), (0, "a", None, 1), (0, None, None, 1)),
        click=at(5, user_id="a", element="x"),
    ),
    Scenario(
        "interval_join_holds_both_of_its_ends",
        select("c.user_id AS user_id", "c.event_time AS clicked", "p.event_time AS bought")
        + "FROM click AS c JOIN purchase AS p ON c.user_id = p.user_id\n"
        + f"AND p.event_time BETWEEN c.event_time AND c.event_time + {MINUTE}",
        (("a", 0, 0), ("a", 0, 60_000)),
        click=at(0, user_id="a"),
        purchase=at(-1, 0, 60_000, 60_001, user_id="a"),
    ),
    Scenario(
        "version_is_the_newest_that_is_not_after_the_row",
        PURCHASES.join(["-- What?\n", ""])
        + select("c.event_time AS clicked", "c.user_id AS user_id", "p.coupon AS coupon").partition("\n")[2]
        + "FROM click AS c LEFT JOIN latest FOR SYSTEM_TIME AS OF c.event_time AS p ON c.user_id = p.user_id",
        (
            (0, "a", None),
            (9, "a", None),
            (10, "a", "one"),
            (11, "a", "one"),
            (20, "a", "three"),
            (25, "a", "three"),
        ),
        click=at(0, 9, 10, 11, 20, 25, user_id="a"),
        purchase=[
            *at(10, user_id="a", coupon="one"),
            *at(20, user_id="a", coupon="two"),
            *at(20, user_id="a", coupon="three"),
        ],
    ),
    Scenario(
        "range_of_over_holds_its_end_and_rows_of_the_same_time",
        select(
            "event_time AS happened",
            "user_id",
            "COUNT(*) OVER (PARTITION BY user_id ORDER BY event_time "
            "RANGE BETWEEN INTERVAL '10' SECOND PRECEDING AND CURRENT ROW) AS n",
        )
        + "FROM click",
        ((0, "a", 2), (0, "a", 2), (10_000, "a", 3), (10_001, "a", 2)),
        click=at(0, 0, 10_000, 10_001, user_id="a"),
    ),
    Scenario(
        "rows_of_over_come_in_the_order_of_arrival_where_times_are_equal",
        select(
            "event_time AS happened",
            "`position`",
            "SUM(`position`) OVER (PARTITION BY user_id ORDER BY event_time "
            "ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS n",
        )
        + "FROM click",
        ((0, 1, 1), (0, 10, 11), (0, 100, 110)),
        click=[{"t": 0, "position": 1}, {"t": 0, "position": 10}, {"t": 0, "position": 100}],
    ),
    # Both rows of time 5 see what stands before the last of them.
    Scenario(
        "lag_is_the_same_for_rows_of_one_time",
        select(
            "event_time AS happened",
            "element",
            "LAG(element) OVER (PARTITION BY user_id ORDER BY event_time) AS before_it",
        )
        + "FROM click\nWHERE `position` = 1",
        ((0, "a", None), (5, "b", "b"), (5, "c", "b"), (9, "d", "c")),
        click=[
            *at(0, element="a", position=1),
            *at(5, element="b", position=1),
            *at(5, element="c", position=1),
            *at(6, element="x", position=0),
            *at(9, element="d", position=1),
        ],
    ),
    Scenario(
        "over_without_a_frame_leaves_out_what_the_watermark_had_passed",
        select(
            "event_time AS happened",
            "SUM(`position`) OVER (PARTITION BY user_id ORDER BY event_time) AS n",
        )
        + "FROM click",
        ((0, 1), (30_000, 11), (30_001, 111)),
        click=[
            {"t": 0, "position": 1},
            {"t": 30_000, "position": 10},
            {"t": 25_000, "position": 1000},
            {"t": 30_001, "position": 100},
        ],
        late=1,
    ),
    Scenario(
        "branches_of_a_union_have_windows_of_their_own",
        select("'1m' AS period", "window_start AS began", "COUNT(*) AS n")
        + f"FROM TABLE({TUMBLE})\nGROUP BY window_start, window_end\nUNION ALL\n"
        + select("'1h' AS period", "window_start AS began", "COUNT(*) AS n").partition("\n")[2]
        + f"FROM TABLE(TUMBLE(TABLE click, {TIME}, INTERVAL '1' HOUR))\nGROUP BY window_start, window_end",
        (("1h", 0, 2), ("1m", 0, 1), ("1m", 60_000, 1)),
        click=at(0, 60_000),
    ),
    Scenario(
        "repeated_event_id_counts_as_its_first_arrival",
        windowed(TUMBLE),
        ((0, 1),),
        click=[{"t": 1, "event_id": "x"}, {"t": 60_001, "event_id": "x"}],
        late=0,
    ),
    Scenario(
        "live_model_counts_until_two_hours_after_the_event",
        windowed(TUMBLE),
        ((0, 1), (7_200_000, 1)),
        click=at(7_200_000, 1, 0),
        live=True,
        late=1,
    ),
    Scenario(
        "filter_and_names_of_a_subquery_keep_the_watermark",
        windowed(
            "TUMBLE((SELECT user_id AS who, event_time AS happened FROM click WHERE user_id = 'a'), "
            f"DESCRIPTOR(happened), {MINUTE})",
            "who",
            keys=", who",
        ),
        ((0, "a", 1), (60_000, "a", 1)),
        click=[*at(0, user_id="a"), *at(65_000, user_id="b"), *at(1, user_id="a"), *at(65_001, user_id="a")],
        late=1,
    ),
    Scenario(
        "pattern_reads_equal_times_in_the_order_of_arrival",
        select("user_id", "began", "n")
        + """FROM click MATCH_RECOGNIZE (
    PARTITION BY user_id
    ORDER BY event_time
    MEASURES FIRST(A.event_time) AS began, COUNT(A.event_id) AS n
    ONE ROW PER MATCH
    AFTER MATCH SKIP PAST LAST ROW
    PATTERN (A+ B) WITHIN INTERVAL '1' MINUTE
    DEFINE A AS A.element = 'x', B AS B.element = 'y'
) AS m""",
        (("a", 0, 2),),
        click=[
            *at(0, user_id="a", element="x"),
            *at(5, user_id="a", element="x"),
            *at(5, user_id="a", element="y"),
            *at(10, user_id="b", element="y"),
            *at(10, user_id="b", element="x"),
        ],
        kind="pattern",
    ),
)
