"""Patterns of all shapes that Flink takes, among them those of fraud and of funnels."""

from __future__ import annotations

from textwrap import dedent

from pipeline.lower.engine import Engine

CASES: dict[str, str] = {
    "sequence": """
        MEASURES A.event_time AS started, B.amount AS amount, C.country AS country
        ONE ROW PER MATCH AFTER MATCH SKIP PAST LAST ROW
        PATTERN (A B C) WITHIN INTERVAL '5' SECOND
        DEFINE A AS A.kind = 'view', C AS C.kind IN ('cart', 'purchase')""",
    "sequence_at_next_row": """
        MEASURES A.arrived AS a, B.arrived AS b, C.arrived AS c
        AFTER MATCH SKIP TO NEXT ROW
        PATTERN (A B C) WITHIN INTERVAL '5' SECOND
        DEFINE A AS A.quantity > 0, C AS C.quantity > B.quantity""",
    "skip_is_to_the_next_row_where_nothing_is_said": """
        MEASURES FIRST(A.arrived) AS first_a, LAST(A.arrived) AS last_a, B.arrived AS b
        PATTERN (A{2} B) WITHIN INTERVAL '5' SECOND
        DEFINE A AS A.quantity >= 1, B AS B.quantity <= 1""",
    "greedy_plus_keeps_what_it_can_take": """
        MEASURES FIRST(A.arrived) AS first_a, LAST(A.arrived) AS last_a, B.arrived AS b,
            COUNT(A.quantity) AS taken
        ONE ROW PER MATCH AFTER MATCH SKIP PAST LAST ROW
        PATTERN (A+ B) WITHIN INTERVAL '5' SECOND
        DEFINE A AS A.quantity < 3, B AS B.quantity >= 1 OR B.status = 'failed'""",
    "greedy_star_may_be_empty": """
        MEASURES FIRST(A.arrived) AS first_a, LAST(A.arrived) AS last_a, B.arrived AS b, C.arrived AS c
        ONE ROW PER MATCH AFTER MATCH SKIP TO NEXT ROW
        PATTERN (A* B C) WITHIN INTERVAL '5' SECOND
        DEFINE A AS A.kind = 'view', B AS B.kind <> 'cart', C AS C.status = 'ok'""",
    "greedy_star_between": """
        MEASURES A.arrived AS a, FIRST(B.arrived) AS first_b, COUNT(B.arrived) AS taken, C.arrived AS c
        ONE ROW PER MATCH AFTER MATCH SKIP PAST LAST ROW
        PATTERN (A B* C) WITHIN INTERVAL '5' SECOND
        DEFINE A AS A.kind = 'view', B AS B.quantity <= 1, C AS C.kind = 'purchase'""",
    "greedy_bounds": """
        MEASURES FIRST(A.arrived) AS first_a, LAST(A.arrived) AS last_a, B.arrived AS b
        ONE ROW PER MATCH AFTER MATCH SKIP TO NEXT ROW
        PATTERN (A{1,2} B) WITHIN INTERVAL '5' SECOND
        DEFINE A AS A.quantity >= 1, B AS B.amount > 0.75""",
    "greedy_after_greedy": """
        MEASURES FIRST(A.arrived) AS a, FIRST(B.arrived) AS b, LAST(B.arrived) AS last_b, C.arrived AS c
        ONE ROW PER MATCH AFTER MATCH SKIP TO NEXT ROW
        PATTERN (A+ B+ C) WITHIN INTERVAL '5' SECOND
        DEFINE A AS A.quantity > 1, B AS B.quantity >= 1, C AS C.status IS NOT NULL""",
    "at_least_two": """
        MEASURES FIRST(A.arrived) AS first_a, COUNT(*) AS taken, B.arrived AS b
        ONE ROW PER MATCH AFTER MATCH SKIP PAST LAST ROW
        PATTERN (A{2,} B) WITHIN INTERVAL '10' SECOND
        DEFINE A AS A.quantity <= 1, B AS B.quantity > 1""",
    "reluctant_plus": """
        MEASURES FIRST(A.arrived) AS first_a, LAST(A.arrived) AS last_a, B.arrived AS b, C.arrived AS c
        ONE ROW PER MATCH AFTER MATCH SKIP TO NEXT ROW
        PATTERN (A+? B C) WITHIN INTERVAL '5' SECOND
        DEFINE B AS B.quantity > 1, C AS C.status = 'ok'""",
    "reluctant_star_and_bounds": """
        MEASURES FIRST(A.arrived) AS first_a, B.arrived AS b, COUNT(A.arrived) AS taken
        ONE ROW PER MATCH AFTER MATCH SKIP PAST LAST ROW
        PATTERN (A{0,2}? B) WITHIN INTERVAL '5' SECOND
        DEFINE A AS A.kind = 'view', B AS B.kind = 'purchase' OR B.quantity = 1""",
    "reluctant_at_the_end": """
        MEASURES A.arrived AS a, FIRST(B.arrived) AS first_b, LAST(B.arrived) AS last_b
        ONE ROW PER MATCH AFTER MATCH SKIP TO NEXT ROW
        PATTERN (A B{2,4}?) WITHIN INTERVAL '5' SECOND
        DEFINE A AS A.quantity = 1, B AS B.quantity >= 1""",
    "optional": """
        MEASURES A.arrived AS a, B.arrived AS b, C.arrived AS c
        ONE ROW PER MATCH AFTER MATCH SKIP TO NEXT ROW
        PATTERN (A B? C) WITHIN INTERVAL '5' SECOND
        DEFINE A AS A.kind = 'view', B AS B.quantity >= 1, C AS C.quantity <= 2""",
    "optional_first": """
        MEASURES A.arrived AS a, B.arrived AS b
        ONE ROW PER MATCH AFTER MATCH SKIP PAST LAST ROW
        PATTERN (A? B) WITHIN INTERVAL '1' SECOND
        DEFINE A AS A.quantity >= 1, B AS B.kind = 'purchase'""",
    "skip_to_first": """
        MEASURES FIRST(A.arrived) AS first_a, FIRST(B.arrived) AS first_b, C.arrived AS c
        ONE ROW PER MATCH AFTER MATCH SKIP TO FIRST B
        PATTERN (A+ B{2} C) WITHIN INTERVAL '5' SECOND
        DEFINE A AS A.quantity <= 1, B AS B.quantity >= 1, C AS C.arrived > 0""",
    "skip_to_last": """
        MEASURES FIRST(A.arrived) AS first_a, LAST(A.arrived) AS last_a, B.arrived AS b
        ONE ROW PER MATCH AFTER MATCH SKIP TO LAST A
        PATTERN (A{2,} B) WITHIN INTERVAL '10' SECOND
        DEFINE A AS A.quantity <= 1, B AS B.quantity > 0""",
    "define_looks_at_first_and_last": """
        MEASURES FIRST(A.quantity) AS first_quantity, LAST(A.quantity) AS last_quantity,
            B.quantity AS then_quantity,
            LAST(A.arrived, 1) AS one_before, FIRST(A.arrived, 1) AS one_on, FIRST(A.arrived, 7) AS far
        ONE ROW PER MATCH AFTER MATCH SKIP TO NEXT ROW
        PATTERN (A+ B) WITHIN INTERVAL '10' SECOND
        DEFINE
            A AS LAST(A.quantity, 1) IS NULL OR A.quantity >= LAST(A.quantity, 1),
            B AS B.quantity < FIRST(A.quantity) OR B.amount > LAST(A.amount)""",
    "define_looks_at_any_row": """
        MEASURES FIRST(arrived) AS first_row, LAST(arrived) AS last_row, arrived AS also_last,
            COUNT(*) AS taken
        ONE ROW PER MATCH AFTER MATCH SKIP PAST LAST ROW
        PATTERN (A B+ C) WITHIN INTERVAL '5' SECOND
        DEFINE
            A AS country = 'DE',
            B AS LAST(country, 1) = country,
            C AS country <> LAST(country, 1) AND COUNT(*) <= 4""",
    "define_adds_up": """
        MEASURES SUM(A.amount) AS total, COUNT(A.amount) AS counted, MAX(A.amount) AS most,
            B.amount AS last_amount
        ONE ROW PER MATCH AFTER MATCH SKIP PAST LAST ROW
        PATTERN (A+ B) WITHIN INTERVAL '10' SECOND
        DEFINE A AS SUM(A.amount) < 20 AND COUNT(A.quantity) <= 3, B AS B.amount > AVG(A.amount)""",
    "measures_add_up": """
        MEASURES SUM(A.quantity) AS quantity, AVG(A.quantity) AS mean_quantity, AVG(A.amount) AS mean,
            MIN(A.status) AS least, MAX(A.event_time) AS newest, SUM(A.amount * 2 + 1) AS reckoned,
            SUM(B.amount) AS no_sum, COUNT(B.amount) AS no_rows, COUNT(*) AS taken, SUM(quantity) AS of_all,
            COALESCE(FIRST(A.quantity, 9), -1) AS far, FIRST(COALESCE(A.quantity, -2), 9) AS moved,
            LAST(A.quantity + 1) AS one_more, MATCH_ROWTIME(event_time) AS ended
        ONE ROW PER MATCH AFTER MATCH SKIP PAST LAST ROW
        PATTERN (A{3} B? C) WITHIN INTERVAL '10' SECOND
        DEFINE A AS A.kind <> 'click', B AS B.kind = 'click', C AS C.kind = 'purchase'""",
    "funnel_with_fillers": """
        MEASURES V.event_time AS viewed, P.event_time AS saw_product, K.kind AS how, B.event_time AS bought,
            COUNT(X.arrived) AS passed
        ONE ROW PER MATCH AFTER MATCH SKIP PAST LAST ROW
        PATTERN (V X* P Y* K Z* B) WITHIN INTERVAL '30' SECOND
        DEFINE
            V AS V.kind = 'view', X AS X.kind <> 'product', P AS P.kind = 'product',
            Y AS Y.kind NOT IN ('cart', 'click'), K AS K.kind = 'cart' OR K.kind = 'click',
            Z AS NOT (Z.kind = 'purchase'), B AS B.kind = 'purchase'""",
    "funnel_with_shut_reluctant_fillers": """
        MEASURES V.arrived AS viewed, K.arrived AS put, B.arrived AS bought, COUNT(Y.arrived) AS passed
        ONE ROW PER MATCH AFTER MATCH SKIP TO NEXT ROW
        PATTERN (V X*? K Y*? B) WITHIN INTERVAL '20' SECOND
        DEFINE
            V AS V.kind = 'product', X AS X.kind NOT IN ('cart', 'purchase'), K AS K.kind = 'cart',
            Y AS Y.kind IN ('view', 'product', 'click', 'cart'), B AS B.kind = 'purchase'""",
    "card_testing": """
        MEASURES FIRST(S.event_time) AS since, COUNT(S.arrived) AS tries, SUM(S.amount) AS tried,
            L.amount AS bought
        ONE ROW PER MATCH AFTER MATCH SKIP PAST LAST ROW
        PATTERN (S{2,} L) WITHIN INTERVAL '10' SECOND
        DEFINE
            S AS S.status = 'failed' AND S.amount < 10,
            L AS (L.status = 'ok' OR L.status IS NULL) AND L.amount > 2 * MAX(S.amount)""",
    "velocity": """
        MEASURES FIRST(P.event_time) AS since, LAST(P.event_time) AS latest, COUNT(*) AS purchases
        ONE ROW PER MATCH AFTER MATCH SKIP PAST LAST ROW
        PATTERN (P{3}) WITHIN INTERVAL '2' SECOND
        DEFINE P AS P.quantity >= 1""",
    "account_takeover": """
        MEASURES U.country AS usual, N.country AS found, L.amount AS amount, L.event_time AS bought_at
        ONE ROW PER MATCH AFTER MATCH SKIP PAST LAST ROW
        PATTERN (U N Z*? L) WITHIN INTERVAL '10' SECOND
        DEFINE
            U AS U.country IS NOT NULL, N AS N.country <> U.country AND N.status <> U.status,
            L AS L.kind = 'purchase' AND L.amount >= 9.99 AND L.country = N.country""",
    "impossible_travel": """
        MEASURES A.country AS here, B.country AS there, A.event_time AS left_at, B.event_time AS seen_at
        ONE ROW PER MATCH AFTER MATCH SKIP TO LAST B
        PATTERN (A B) WITHIN INTERVAL '1' SECOND
        DEFINE B AS B.country <> A.country""",
    "several_ways_with_one_end": """
        MEASURES V.event_time AS viewed, B.event_time AS bought, COUNT(*) AS taken
        ONE ROW PER MATCH AFTER MATCH SKIP PAST LAST ROW
        PATTERN (V X*? K Y*? B) WITHIN INTERVAL '20' SECOND
        DEFINE V AS V.kind = 'view', K AS K.kind = 'cart', B AS B.kind = 'purchase'""",
}
"""Name -> what stands between ORDER BY and the closing parenthesis."""
ORDERED = {"sequence_at_next_row": "event_time, amount DESC, kind", "define_adds_up": "event_time, quantity"}
UNPARTITIONED = ("velocity", "skip_to_first")
NOT_ON: dict[str, tuple[Engine, ...]] = {"several_ways_with_one_end": ("trino",)}
"""Which engines refuse a pattern."""


def query(name: str) -> str:
    """The case as Flink SQL."""
    partition = "" if name in UNPARTITIONED else "PARTITION BY user_id "
    order = ORDERED.get(name, "event_time")
    body = dedent(CASES[name]).strip()
    return f"SELECT * FROM arrivals MATCH_RECOGNIZE (\n{partition}ORDER BY {order}\n{body}\n) AS m"
