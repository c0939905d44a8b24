"""Small sequences whose matches are worked out by hand, from what Flink's documentation and measurements say.

A row is (milliseconds, quantity); rows are numbered from 0 in order of arrival. A match is written as the
numbers of its first and its last row.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from tests.integration.match.rows import START


@dataclass(frozen=True)
class ByHand:
    """One pattern over one sequence of rows."""

    rows: tuple[tuple[int, int | None], ...]
    pattern: str
    define: str
    matches: tuple[tuple[int, int], ...]
    after: str = "SKIP PAST LAST ROW"
    order: str = "event_time"


def seconds(*quantities: int | None) -> tuple[tuple[int, int | None], ...]:
    """One row a second."""
    return tuple((1000 * number, quantity) for number, quantity in enumerate(quantities))


CASES: dict[str, ByHand] = {
    "row_exactly_within_after_the_first_is_too_late": ByHand(
        ((0, 1), (5000, 2)), "A B", "A AS A.quantity = 1, B AS B.quantity = 2", ()
    ),
    "row_a_millisecond_before_that_is_in_time": ByHand(
        ((0, 1), (4999, 2)), "A B", "A AS A.quantity = 1, B AS B.quantity = 2", ((0, 1),)
    ),
    "within_is_measured_from_the_first_row": ByHand(
        ((0, 1), (3000, 1), (6000, 2)), "A+ B", "A AS A.quantity = 1, B AS B.quantity = 2", ((1, 2),)
    ),
    "greedy_variable_gives_no_row_back": ByHand(
        seconds(1, 2, 3), "A+ B", "A AS A.quantity >= 1, B AS B.quantity = 3", ()
    ),
    "bounded_greedy_variable_keeps_its_rows_from_what_follows": ByHand(
        seconds(1, 1, 1, 3), "A{1,2} B", "A AS A.quantity < 3, B AS B.quantity >= 1", ((1, 3),)
    ),
    "reluctant_variable_ends_as_early_as_it_can": ByHand(
        seconds(1, 1, 3, 3), "A+? B", "A AS A.quantity >= 1, B AS B.quantity = 3", ((0, 2),)
    ),
    "optional_variable_ends_as_early_as_it_can": ByHand(
        seconds(3, 3), "A? B", "A AS A.quantity = 3, B AS B.quantity = 3", ((0, 0), (1, 1))
    ),
    "rows_between_break_a_match": ByHand(
        seconds(1, 0, 2), "A B", "A AS A.quantity = 1, B AS B.quantity = 2", ()
    ),
    "each_first_row_has_one_match_at_next_row": ByHand(
        seconds(1, 1, 2),
        "A+ B",
        "A AS A.quantity = 1, B AS B.quantity = 2",
        ((0, 2), (1, 2)),
        "SKIP TO NEXT ROW",
    ),
    "past_last_row_begins_behind_the_match": ByHand(
        seconds(1, 1, 1, 1, 1), "A B", "A AS A.quantity = 1", ((0, 1), (2, 3))
    ),
    "to_last_begins_with_that_row": ByHand(
        seconds(1, 1, 1), "A B", "A AS A.quantity = 1", ((0, 1), (1, 2)), "SKIP TO LAST B"
    ),
    "to_first_begins_with_that_row": ByHand(
        seconds(1, 2, 2, 2), "A B{2}", "B AS B.quantity = 2", ((0, 2), (1, 3)), "SKIP TO FIRST B"
    ),
    "match_that_began_earlier_wins_though_it_ends_later": ByHand(
        seconds(1, 2, 3, 4), "A X*? B", "A AS A.quantity IN (1, 2), B AS B.quantity = 4", ((0, 3),)
    ),
    "match_that_waited_counts_once_the_earlier_one_fails": ByHand(
        ((0, 9), (4000, 1), (4500, 2), (5500, 0)),
        "A B? C",
        "A AS A.quantity IN (1, 9), B AS B.quantity = 1, C AS C.quantity = 2 AND FIRST(A.quantity) = 1",
        ((1, 2),),
    ),
    "rows_of_one_time_come_as_they_arrived": ByHand(
        ((0, 1), (0, 2), (0, 1), (0, 3)), "A B", "A AS A.quantity = 1, B AS B.quantity = 2", ((0, 1),)
    ),
    "second_key_of_order_by_orders_rows_of_one_time": ByHand(
        ((0, 2), (0, 1)),
        "A B",
        "A AS A.quantity = 1, B AS B.quantity = 2",
        ((1, 0),),
        order="event_time, quantity",
    ),
    "null_comes_before_all_values": ByHand(
        ((0, 1), (0, None)),
        "A B",
        "A AS A.quantity IS NULL, B AS B.quantity = 1",
        ((1, 0),),
        order="event_time, quantity",
    ),
    "null_comes_behind_all_values_where_the_order_goes_down": ByHand(
        ((0, None), (0, 1)),
        "A B",
        "A AS A.quantity = 1, B AS B.quantity IS NULL",
        ((1, 0),),
        order="event_time, quantity DESC",
    ),
    "row_that_arrives_out_of_order_takes_its_place": ByHand(
        ((1000, 2), (0, 1)), "A B", "A AS A.quantity = 1, B AS B.quantity = 2", ((1, 0),)
    ),
    "condition_that_is_null_is_not_met": ByHand(
        seconds(None, 1, None, 2), "A+ B", "A AS A.quantity > 0, B AS B.quantity IS NULL", ((1, 2),)
    ),
    "sum_in_define_holds_the_row_at_hand": ByHand(
        seconds(2, 2, 2), "A+ B", "A AS SUM(A.quantity) <= 4", ((0, 2),)
    ),
    "variable_without_a_condition_is_any_row": ByHand(
        seconds(None, 0, 2), "A B C", "C AS C.quantity = 2", ((0, 2),)
    ),
}


def arrivals() -> list[dict[str, Any]]:
    """The rows of all cases, each a user of its own, one case after the other; no row is late."""
    found = []
    for hours, (name, case) in enumerate(CASES.items()):
        for number, (milliseconds, quantity) in enumerate(case.rows):
            time = START + dt.timedelta(hours=hours, milliseconds=milliseconds)
            found.append({"user_id": name, "event_time": time, "arrived": number, "quantity": quantity})
    return found


def query(name: str) -> str:
    """The case as Flink SQL, over the rows of all cases."""
    case = CASES[name]
    return (
        f"SELECT * FROM by_hand MATCH_RECOGNIZE (PARTITION BY user_id ORDER BY {case.order} "
        "MEASURES FIRST(arrived) AS first_row, LAST(arrived) AS last_row "
        f"ONE ROW PER MATCH AFTER MATCH {case.after} PATTERN ({case.pattern}) WITHIN INTERVAL '5' SECOND "
        f"DEFINE {case.define}) AS m"
    )
