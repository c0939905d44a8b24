"""Strategies that write queries and expressions by Flink's grammar, for the property tests."""

from __future__ import annotations

from hypothesis import strategies as st

S = st.SearchStrategy[str]


def joined(*parts: S | str) -> S:
    """Concatenate texts and strategies, with a space between."""
    drawn = [st.just(part) if isinstance(part, str) else part for part in parts]
    return st.tuples(*drawn).map(lambda texts: " ".join(text for text in texts if text))


def listed(items: S, low: int = 1, high: int = 3) -> S:
    """A comma-separated list."""
    return st.lists(items, min_size=low, max_size=high).map(", ".join)


def maybe(text: S | str) -> S:
    """The text, or nothing."""
    return st.one_of(st.just(""), st.just(text) if isinstance(text, str) else text)


def called(name: S | str, inside: S) -> S:
    """A call."""
    return joined(name, inside.map(lambda text: f"({text})"))


def word(text: str) -> S:
    """One of several words."""
    return st.sampled_from(text.split("|"))


NAME = word("a|b|c1|`d e`|Amount|`select`|type|data|ts|`x``y`|session|hop|first")
TABLE = word("t|u|`cat`.`db`.`t`|db.orders|`Order`")
UNIT = word("SECOND|MINUTE|HOUR|DAY|MONTH|YEAR")
COLUMN = st.one_of(NAME, st.tuples(word("t|u|A"), NAME).map(".".join), st.just("t.f.g.h.i"))
INTERVAL = st.one_of(
    st.tuples(st.integers(0, 99), UNIT).map(lambda p: f"INTERVAL '{p[0]}' {p[1]}"),
    word(
        "INTERVAL '1 2:3' DAY(3) TO MINUTE|INTERVAL '1-2' YEAR TO MONTH|INTERVAL -'1' DAY|"
        "INTERVAL '1.5' SECOND(2, 3)|"
        "INTERVAL '1 02:03:04.5' DAY TO SECOND(3)|INTERVAL '5' MINUTES|INTERVAL a HOUR|INTERVAL 3 DAY"
    ),
)
TEXT = st.text(alphabet="ab 'é%_\\;-/*☃\n", max_size=6).map(lambda text: "'" + text.replace("'", "''") + "'")
LITERAL = st.one_of(
    st.integers(0, 10**12).map(str),
    word(
        "1.5|.5|1.|1e3|2E-4|007|TRUE|FALSE|NULL|UNKNOWN|DATE '2024-02-29'|TIME '10:00:00'|"
        "X'0aFF'|N'x'|_UTF8'x'"
    ),
    word("TIMESTAMP '2024-01-01 00:00:00.123'|U&'\\00e9'|U&'!00e9' UESCAPE '!'|'a' 'b'"),
    TEXT,
    INTERVAL,
)
PLAIN_TYPE = word(
    "INT|INTEGER|BIGINT|STRING|BYTES|BOOLEAN|DOUBLE|DOUBLE PRECISION|FLOAT|REAL|DECIMAL(10, 2)|DEC|"
    "NUMERIC(5)|DATE|"
    "TIME(3)|TIMESTAMP(3)|TIMESTAMP_LTZ(3)|TIMESTAMP(3) WITH LOCAL TIME ZONE|"
    "TIMESTAMP WITHOUT TIME ZONE|CHAR(3)|"
    "CHAR VARYING(3)|VARCHAR|VARBINARY(8)|BINARY(2)|RAW('c', 's')|my.`Type`"
)
NULLABILITY = word("|NOT NULL|NULL")


def wider(inner: S) -> S:
    """One more level of type around `inner`."""
    part = joined(inner, NULLABILITY)
    field = joined(NAME, part, word("||'comment'"))
    return st.one_of(
        part.map(lambda text: f"ARRAY<{text}>"),
        part.map(lambda text: f"MULTISET<{text}>"),
        st.tuples(part, part).map(lambda pair: f"MAP<{pair[0]}, {pair[1]}>"),
        listed(field).map(lambda text: f"ROW<{text}>"),
        listed(field).map(lambda text: f"ROW({text})"),
        joined(inner, word("ARRAY|MULTISET")),
    )


TYPE: S = st.recursive(PLAIN_TYPE, wider, max_leaves=3)
SUBQUERY: S = st.deferred(lambda: QUERY.map(lambda query: f"({query})"))
ORDERED: S = st.deferred(lambda: joined(EXPRESSION, word("|ASC|DESC"), word("|NULLS FIRST|NULLS LAST")))
ORDER_BY = joined("ORDER BY", listed(ORDERED, high=2))
BOUND = st.one_of(
    word("UNBOUNDED PRECEDING|CURRENT ROW|5 PRECEDING|2 FOLLOWING|UNBOUNDED FOLLOWING"),
    INTERVAL.map(lambda i: f"{i} PRECEDING"),
)
FRAME = joined(word("ROWS|RANGE"), st.one_of(joined("BETWEEN", BOUND, "AND", BOUND), BOUND))


def window(expression: S) -> S:
    """What stands in the parentheses of OVER."""
    return joined(maybe(joined("PARTITION BY", listed(expression, high=2))), maybe(ORDER_BY), maybe(FRAME))


def extended(e: S) -> S:
    """One more level of expression around `e`."""
    binary = word("+|-|*|/|%|" + "||".replace("|", "\x00") + "|=|<>|<|<=|>|>=|AND|OR").map(
        lambda op: op.replace("\x00", "|")
    )
    binary_words = word(
        "IS DISTINCT FROM|IS NOT DISTINCT FROM|LIKE|NOT LIKE|SIMILAR TO|NOT SIMILAR TO|RLIKE|MEMBER OF"
    )
    postfix = word(
        "IS NULL|IS NOT NULL|IS TRUE|IS NOT FALSE|IS UNKNOWN|IS NOT UNKNOWN|IS JSON|IS NOT JSON ARRAY|"
        "IS A SET|IS EMPTY"
    )
    function = word(
        "ABS|upper|COALESCE|Count|my_udf|DATE_FORMAT|cat.db.f|`f g`|LEFT|MOD|GREATEST|IF|PROCTIME"
    )
    aggregate = word("SUM|COUNT|AVG|LISTAGG|MAX|FIRST_VALUE|my_agg")
    pair = st.tuples(e, e)
    return st.one_of(
        joined(e, binary, e),
        joined(e, binary, e),
        joined(e, binary_words, e),
        joined(e, postfix),
        joined(word("-|+|NOT"), e),
        e.map(lambda x: f"({x})"),
        joined(e, word("BETWEEN|NOT BETWEEN|BETWEEN SYMMETRIC|NOT BETWEEN ASYMMETRIC"), e, "AND", e),
        joined(e, word("IN|NOT IN"), listed(e).map(lambda x: f"({x})")),
        joined(e, word("IN|NOT IN|= ANY|<> ALL|> SOME"), SUBQUERY),
        joined(word("EXISTS|NOT EXISTS"), SUBQUERY),
        called(function, listed(e, low=0)),
        joined(called(aggregate, joined(word("|DISTINCT|ALL"), e)), maybe(joined("FILTER (WHERE", e, ")"))),
        joined(called(aggregate, e), word("||IGNORE NULLS"), "OVER (", window(e), ")"),
        st.tuples(e, TYPE, word("CAST|TRY_CAST")).map(lambda p: f"{p[2]}({p[0]} AS {p[1]})"),
        joined("CASE", maybe(e), "WHEN", e, "THEN", e, maybe(joined("ELSE", e)), "END"),
        listed(e).map(lambda x: f"ARRAY[{x}]"),
        pair.map(lambda p: f"MAP[{p[0]}, {p[1]}]"),
        listed(e).map(lambda x: f"ROW({x})"),
        pair.map(lambda p: f"({p[0]}, {p[1]})"),
        st.tuples(COLUMN, e, word("|.x|['k']")).map(lambda p: f"{p[0]}[{p[1]}]{p[2]}"),
        joined("EXTRACT(", UNIT, "FROM", e, ")"),
        joined(word("FLOOR(|CEIL("), e, "TO", UNIT, ")"),
        joined("TRIM(", word("BOTH|LEADING|TRAILING"), e, "FROM", e, ")"),
        joined("SUBSTRING(", e, "FROM", e, maybe(joined("FOR", e)), ")"),
        joined("OVERLAY(", e, "PLACING", e, "FROM", e, ")"),
        joined(word("TIMESTAMPADD(|TIMESTAMPDIFF("), UNIT, ",", e, ",", e, ")"),
        joined(
            "JSON_VALUE(",
            e,
            ", '$.a'",
            maybe(joined("RETURNING", PLAIN_TYPE)),
            word("|NULL ON EMPTY|ERROR ON ERROR"),
            ")",
        ),
        joined("JSON_OBJECT(", word("KEY 'k'|'k'"), "VALUE", e, word("|ABSENT ON NULL|NULL ON NULL"), ")"),
        joined(
            "JSON_QUERY(",
            e,
            ", '$'",
            word("|WITH WRAPPER|WITHOUT ARRAY WRAPPER"),
            word("|EMPTY ARRAY ON ERROR"),
            ")",
        ),
        SUBQUERY,
    )


EXPRESSION: S = st.deferred(lambda: st.recursive(st.one_of(COLUMN, COLUMN, LITERAL), extended, max_leaves=5))
SMALL: S = st.one_of(COLUMN, LITERAL, st.tuples(COLUMN, LITERAL).map(" + ".join))
HINT = word("||/*+ OPTIONS('k'='v', 'a.b' = 'c d') */")
ALIAS = joined(word("|AS"), word("x|y|`z z`"), word("||(p, q)"))
WINDOW_FUNCTION = st.one_of(
    joined(
        "TABLE(TUMBLE(TABLE", TABLE, ", DESCRIPTOR(", NAME, "),", INTERVAL, maybe(joined(",", INTERVAL)), "))"
    ),
    joined("TABLE(HOP(TABLE", TABLE, ", DESCRIPTOR(ts),", INTERVAL, ",", INTERVAL, "))"),
    joined(
        "TABLE(cumulate(DATA => TABLE",
        TABLE,
        ", SIZE =>",
        INTERVAL,
        ", TIMECOL => DESCRIPTOR(ts), Step =>",
        INTERVAL,
        "))",
    ),
    joined(
        "TABLE(SESSION(TABLE", TABLE, "PARTITION BY", word("k|(k, l)"), ", DESCRIPTOR(ts),", INTERVAL, "))"
    ),
)
PRIMARY_RELATION: S = st.deferred(
    lambda: st.one_of(
        joined(TABLE, HINT, maybe(joined("FOR SYSTEM_TIME AS OF", SMALL)), maybe(ALIAS)),
        joined(TABLE, HINT, maybe(ALIAS)),
        joined(WINDOW_FUNCTION, maybe(ALIAS)),
        joined(SUBQUERY, maybe(ALIAS)),
        joined("LATERAL TABLE(", called("f", listed(SMALL)), ")", maybe(ALIAS)),
        joined("UNNEST(", SMALL, ")", word("|WITH ORDINALITY"), maybe(ALIAS)),
        joined("(VALUES", listed(listed(SMALL).map(lambda r: f"({r})")), ")", maybe(ALIAS)),
        joined("(", TABLE, "CROSS JOIN", TABLE, ")"),
    )
)
JOINED = st.one_of(
    joined(",", PRIMARY_RELATION),
    joined(word("CROSS JOIN|NATURAL JOIN|JOIN"), PRIMARY_RELATION),
    joined(word("JOIN|INNER JOIN|LEFT JOIN|RIGHT OUTER JOIN|FULL JOIN"), PRIMARY_RELATION, "ON", EXPRESSION),
    joined(word("JOIN|LEFT OUTER JOIN"), PRIMARY_RELATION, "USING (", listed(NAME), ")"),
)
FROM = joined("FROM", PRIMARY_RELATION, st.lists(JOINED, max_size=2).map(" ".join))
GROUPING: S = st.one_of(
    SMALL,
    joined(word("CUBE|ROLLUP"), "(", listed(SMALL), ")"),
    joined("GROUPING SETS (", listed(word("a|(a, b)|()|ROLLUP (a)")), ")"),
    joined(word("TUMBLE|HOP|SESSION"), "(", NAME, ",", INTERVAL, ")"),
)
ITEM = st.one_of(word("*|t.*"), joined(EXPRESSION, maybe(joined(word("|AS"), word("x|y|`z z`")))))
SELECT: S = st.deferred(
    lambda: joined(
        "SELECT",
        word("||/*+ STATE_TTL('t' = '1d'), BROADCAST(t, u) */"),
        word("||DISTINCT|ALL"),
        listed(ITEM),
        st.one_of(
            joined(
                FROM,
                maybe(joined("WHERE", EXPRESSION)),
                maybe(joined("GROUP BY", listed(GROUPING))),
                maybe(joined("HAVING", EXPRESSION)),
                maybe(joined("WINDOW w AS (", window(SMALL), ")")),
            ),
            st.just(""),
        ),
    )
)
QUERY: S = st.deferred(
    lambda: st.one_of(
        SELECT,
        SELECT,
        joined("VALUES", listed(SMALL)),
        word("TABLE t|SELECT 1"),
        joined(
            SELECT,
            word("UNION|UNION ALL|UNION DISTINCT|INTERSECT|EXCEPT ALL"),
            st.one_of(SELECT, SELECT.map(lambda s: f"({s})")),
        ),
    )
)
STATEMENT = joined(
    maybe(joined("WITH q", word("|(c, d)"), "AS (", QUERY, ")")),
    QUERY,
    maybe(ORDER_BY),
    word("||LIMIT 5|LIMIT ALL|OFFSET 2|LIMIT 5 OFFSET 2|OFFSET 1 ROWS FETCH NEXT 2 ROWS ONLY"),
)
PATTERN = st.recursive(
    joined(word("A|B|C"), word("|+|*|?|{2}|{2,3}?|{,4}|+?")).map(lambda p: p.replace(" ", "")),
    lambda p: st.one_of(
        st.tuples(p, p).map(" ".join),
        st.tuples(p, p).map(" | ".join),
        p.map(lambda x: f"({x})"),
        p.map(lambda x: f"{{- {x} -}}"),
        st.tuples(p, p).map(lambda x: f"PERMUTE({x[0]}, {x[1]})"),
    ),
    max_leaves=4,
)
MATCH = joined(
    "SELECT * FROM",
    TABLE,
    "MATCH_RECOGNIZE (",
    maybe(joined("PARTITION BY", listed(NAME))),
    "ORDER BY ts",
    maybe(joined("MEASURES", word("|FINAL|RUNNING"), word("LAST(A.x, 1) AS y|FIRST(B.x) AS z"))),
    word("|ONE ROW PER MATCH|ALL ROWS PER MATCH"),
    word(
        "|AFTER MATCH SKIP PAST LAST ROW|AFTER MATCH SKIP TO NEXT ROW|AFTER MATCH SKIP TO LAST A|"
        "AFTER MATCH SKIP TO B"
    ),
    "PATTERN (",
    word("|^"),
    PATTERN,
    word("| $"),
    ")",
    maybe(INTERVAL.filter(lambda i: "'" in i).map(lambda i: f"WITHIN {i}")),
    word("|SUBSET S = (A, B)"),
    "DEFINE A AS",
    SMALL,
    ")",
    maybe(word("AS m|m")),
)
