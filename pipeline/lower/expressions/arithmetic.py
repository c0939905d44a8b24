"""Arithmetic as Flink does it: whole numbers divide to whole numbers, DECIMAL results have Flink's width.

A sum or product of whole numbers that does not fit wraps around on Flink and is an error on the engines, and
never another value. A DECIMAL that does not fit is NULL on Flink; so it is on DuckDB, an error elsewhere.
"""

from __future__ import annotations

from sqlglot import exp

from pipeline.lower.expressions.call import Call, literal_int
from pipeline.lower.expressions.stops import stop
from pipeline.sql_types import SqlType, decimal_of

_NUMBERS = {"integer", "decimal", "float"}
_DIGITS_OF_A_DIVISION = 34
"""Flink divides DECIMALs to 34 significant digits (Java's DECIMAL128) before it rounds to the scale: a longer
quotient fails here."""


def plus_minus_times(call: Call) -> str | exp.Expr:
    """`a + b`, `a - b`, `a * b`, of numbers, or of a time and an interval."""
    families = {call.family(0), call.family(1)}
    if "interval" in families:
        return _moved(call)
    if "null" in families:
        return "NULL"
    if not families <= _NUMBERS:
        raise call.refuse(f"{call.name} of other than numbers")
    text = f"_1 {call.name} _2"
    if "float" in families:
        return f"CAST(_1 AS DOUBLE) {call.name} CAST(_2 AS DOUBLE)"
    return _as_decimal(call, text) if "decimal" in families else text


def divide(call: Call) -> str | exp.Expr:
    """`a / b`."""
    families = {call.family(0), call.family(1)}
    if "null" in families:
        return "NULL"
    if not families <= _NUMBERS:
        raise call.refuse("a division of other than numbers")
    if families == {"integer"}:
        return {"duckdb": "_1 // _2", "trino": "_1 / _2", "spark": "_1 DIV _2"}[call.engine]
    if "float" in families:
        plain = "CAST(_1 AS DOUBLE) / CAST(_2 AS DOUBLE)"
        if call.engine != "spark":
            return plain
        # Spark fails where the others give Infinity or NaN; a power of zero keeps the zero's sign.
        zero = "CAST(_1 AS DOUBLE) * power(CAST(_2 AS DOUBLE), -1)"
        return f"CASE WHEN CAST(_2 AS DOUBLE) = 0 THEN {zero} ELSE {plain} END"
    return decimal_division(call, ("_1", call.kind(0)), ("_2", call.kind(1)), call.result())


def remainder(call: Call) -> str | exp.Expr:
    """`a % b` and `MOD(a, b)`: the sign is that of `a` everywhere."""
    families = {call.family(0), call.family(1)}
    if "null" in families:
        return "NULL"
    if not families <= {"integer", "decimal"}:
        raise call.refuse("a remainder of other than whole numbers and DECIMAL")
    text = "_1 % _2"
    return f"CAST({text} AS {call.result()})" if "decimal" in families else text


def negative(call: Call) -> str:
    """`-a`."""
    if call.family(0) not in _NUMBERS:
        raise call.refuse("the negative of other than a number")
    return "-_1"


def decimal_division(
    call: Call, dividend: tuple[str, SqlType], divisor: tuple[str, SqlType], result: SqlType
) -> str:
    """A template for the quotient of exact numbers, rounded half away from zero to the result's scale.

    Dividend and divisor are templates with their types.
    """
    (above, left), (below, right) = dividend, divisor
    (_, s1), (_, s2) = decimal_of(left), decimal_of(right)
    precision, scale = decimal_of(result)
    shift = scale - s1 + s2
    if shift < 0 or scale < s2:
        raise call.refuse(f"the division of {left} by {right}")
    if call.engine == "spark":
        quotient = f"{_decimal(above, left)} / {_decimal(below, right)}"
        return f"CAST({quotient} AS DECIMAL({precision}, {scale}))"
    if call.engine == "trino":
        if scale < s1:
            raise call.refuse(f"the division of {left} by {right}")
        quotient = f"CAST({above} AS DECIMAL(38, {scale})) / {_decimal(below, right)}"
        return f"CAST({quotient} AS DECIMAL({precision}, {scale}))"
    whole = (_unscaled(above, left), _unscaled(below, right))
    return _divided_on_duckdb(call, whole, decimal_of(left)[0], result, shift)


def _divided_on_duckdb(call: Call, whole: tuple[str, str], digits: int, result: SqlType, shift: int) -> str:
    """The quotient of two whole numbers, the first of them with `digits` digits, moved by `shift` digits."""
    above, below = whole
    _, scale = decimal_of(result)
    if scale > _DIGITS_OF_A_DIVISION:
        raise call.refuse(f"a division to {result}")
    # Twice the quotient, cut off, times one half: the CAST then rounds half away from zero, as Flink does.
    doubled = f"({above} * CAST('2{'0' * shift}' AS HUGEINT) // {below})"
    half = f"CAST('0.{'0' * scale}5' AS DECIMAL({scale + 2}, {scale + 1}))"
    plain = f"TRY_CAST(CAST({doubled} AS DECIMAL(38, 0)) * {half} AS {result})"
    # With so many digits the quotient has none that Flink would round twice, and nothing overflows.
    room = _DIGITS_OF_A_DIVISION - 1 - shift
    if digits <= room:
        return plain
    long = _long_division(call, above, below, result, shift)
    if room <= 0:
        return long
    limit = f"CAST('1{'0' * room}' AS HUGEINT)"
    return f"CASE WHEN abs({above}) < {limit} THEN {plain} ELSE {long} END"


_DIGITS_A_STEP = 9
"""So many digits of a quotient are worked out at once: a divisor may have as many as are left of 38."""


def _long_division(call: Call, above: str, below: str, result: SqlType, shift: int) -> str:
    """A quotient by the rules of long division, with HUGEINT alone, and rounded twice as on Flink."""
    precision, _ = decimal_of(result)
    kept = min(precision, _DIGITS_OF_A_DIVISION)
    name = f"CAST({{}} AS {result})"
    long = stop(call.engine, "a division by a number of too many digits", str(result))
    many = (
        name.format("NULL")
        if precision <= _DIGITS_OF_A_DIVISION
        else stop(call.engine, f"a quotient of more than {_DIGITS_OF_A_DIVISION} digits", str(result))
    )
    power = "CAST('1{}' AS HUGEINT)".format
    # Of each step: the quotient so far, what remains, the divisor, and 1 or -1.
    state = (
        f"[abs({above}) // abs({below}), abs({above}) % abs({below}), abs({below}), "
        f"CAST(CASE WHEN ({above} < 0) <> ({below} < 0) THEN -1 ELSE 1 END AS HUGEINT)]"
    )

    def at(index: int) -> str:
        return f"list_extract(v, {index})"

    steps = [min(_DIGITS_A_STEP, shift - done) for done in range(0, shift, _DIGITS_A_STEP)]
    body = _rounded("v", many, result)
    for step in reversed(steps):
        factor = power("0" * step)
        moved = f"({at(2)} * {factor})"
        new = f"[{at(1)} * {factor} + {moved} // {at(3)}, {moved} % {at(3)}, {at(3)}, {at(4)}]"
        body = f"list_extract(list_transform([{new}], v -> {body}), 1)"
    widest = power("0" * (38 - max(steps, default=0)))
    most = power("0" * max(kept - shift, 0))
    checked = f"CASE WHEN {at(3)} >= {widest} THEN {long} WHEN {at(1)} >= {most} THEN {many} ELSE {body} END"
    return f"list_extract(list_transform([{state}], v -> {checked}), 1)"


def _rounded(place: str, many: str, result: SqlType) -> str:
    """The quotient in `place` as a DECIMAL: Flink rounds it to 34 digits, then half away from zero."""
    precision, scale = decimal_of(result)
    quotient, rest, divisor, sign = (f"list_extract({place}, {index})" for index in (1, 2, 3, 4))
    length = f"CASE WHEN {quotient} = 0 THEN 0 ELSE length(CAST({quotient} AS VARCHAR)) END"
    left = f"{divisor} - {rest} - {rest}"
    near = f"CAST(rpad('1', CAST({_DIGITS_OF_A_DIVISION + 1} - {length} AS INT), '0') AS HUGEINT)"
    up = (
        f"CASE WHEN {length} >= {_DIGITS_OF_A_DIVISION} "
        f"THEN CASE WHEN {left} < 0 OR ({left} = 0 AND {quotient} % 2 = 1) THEN 1 ELSE 0 END "
        f"WHEN {left} <= {divisor} // {near} THEN 1 ELSE 0 END"
    )
    unit = f"CAST('{'0.' + '0' * (scale - 1) + '1' if scale else '1'}' AS DECIMAL({scale + 1}, {scale}))"
    value = f"CAST(({quotient} + {up}) * {sign} AS DECIMAL(38, 0)) * {unit}"
    most = f"CAST('1{'0' * min(precision, _DIGITS_OF_A_DIVISION)}' AS HUGEINT)"
    return f"CASE WHEN {quotient} >= {most} THEN {many} ELSE TRY_CAST({value} AS {result}) END"


def _decimal(text: str, kind: SqlType) -> str:
    # A bare whole number in a division would be one of whole numbers.
    return f"CAST({text} AS DECIMAL({decimal_of(kind)[0]}, 0))" if kind.name != "DECIMAL" else text


def _unscaled(text: str, kind: SqlType) -> str:
    """The digits of an exact number as a whole number, on DuckDB."""
    precision, scale = decimal_of(kind)
    if precision + scale > 38 and scale:
        return f"CAST(replace(CAST({text} AS VARCHAR), '.', '') AS HUGEINT)"
    if scale:
        text = f"CAST({text} AS DECIMAL(38, {scale})) * CAST(1{'0' * scale} AS DECIMAL({scale + 1}, 0))"
    return f"CAST({text} AS HUGEINT)"


def _as_decimal(call: Call, text: str) -> str:
    kind = call.result()
    if call.engine == "duckdb":
        if call.name == "*":
            # Of two DECIMALs of up to 18 digits DuckDB's product has no more.
            text = f"CAST(_1 AS DECIMAL(38, {decimal_of(call.kind(0))[1]})) * _2"
        return f"TRY_CAST({text} AS {kind})"
    if call.engine == "trino" and call.name == "*":
        (p1, s1), (p2, s2) = decimal_of(call.kind(0)), decimal_of(call.kind(1))
        if s1 + s2 > 38 or (p1 + p2 > 38 and kind.parameters[1] < s1 + s2):
            raise call.refuse(f"the product of {call.kind(0)} and {call.kind(1)}")
    return f"CAST({text} AS {kind})"


def _moved(call: Call) -> exp.Expr | str:
    """A time plus or minus an interval."""
    if call.name == "*":
        raise call.refuse("a product with an interval")
    time, interval = call.arguments
    if call.family(0) == "interval":
        if call.name == "-" or call.family(1) == "interval":
            raise call.refuse(f"{call.name} of intervals")
        time, interval = interval, time
    assert isinstance(interval, exp.Interval)
    unit = interval.args.get("unit")
    name = unit.name.upper().removesuffix("S") if isinstance(unit, exp.Var) else ""
    text = interval.this.name if interval.this else ""
    if not text.removeprefix("-").isdigit() or name not in UNITS:
        raise call.refuse(f"an interval other than a whole number of {', '.join(UNITS)}")
    amount = int(text) * (-1 if call.name == "-" else 1)
    return moved(call, time, str(amount), name)


UNITS = ("SECOND", "MINUTE", "HOUR", "DAY", "WEEK", "MONTH", "QUARTER", "YEAR")
_MILLISECONDS = {"SECOND": 1000, "MINUTE": 60_000, "HOUR": 3_600_000, "DAY": 86_400_000, "WEEK": 604_800_000}
_MONTHS = {"MONTH": 1, "QUARTER": 3, "YEAR": 12}


def moved(call: Call, time: exp.Expr, amount: str, unit: str) -> str | exp.Expr:
    """A template for `time` moved by a number of units; `_1` and `_2` are the call's arguments."""
    from pipeline.lower.expressions.template import fill  # noqa: PLC0415

    index = call.arguments.index(time)
    family = call.family(index)
    if family not in ("timestamp", "date"):
        raise call.refuse("arithmetic on other than dates and timestamps")
    if family == "date" and unit in ("SECOND", "MINUTE", "HOUR"):
        raise call.refuse(f"a DATE plus an interval of {unit}")
    count = literal_int(_number(amount)) if amount.lstrip("-").isdigit() else None
    months = _MONTHS.get(unit)
    factor = months or _MILLISECONDS[unit] // (86_400_000 if family == "date" else 1000)
    steps = str(count * factor) if count is not None else f"({amount}) * {factor}"
    place = f"_{index + 1}"
    word = "MONTH" if months else ("DAY" if family == "date" else "SECOND")
    if call.engine == "trino":
        text = f"date_add('{word.lower()}', {steps}, {place})"
    elif call.engine == "spark":
        if family == "date":
            text = f"add_months({place}, {steps})" if months else f"date_add({place}, CAST({steps} AS INT))"
        else:
            interval = (
                f"make_ym_interval(0, CAST({steps} AS INT))"
                if months
                else (f"make_dt_interval(0, 0, 0, CAST({steps} AS DECIMAL(18, 6)))")
            )
            text = f"{place} + {interval}"
    else:
        function = {"MONTH": "to_months", "DAY": "to_days", "SECOND": "to_seconds"}[word]
        cast = "" if word == "SECOND" else " AS INT"
        steps = f"CAST({steps} AS INT)" if cast else steps
        text = f"{place} + {function}({steps})"
        if family == "date":
            text = f"CAST({text} AS DATE)"
    return fill(text, call.arguments, call.engine)


def _number(text: str) -> exp.Expr:
    value: exp.Expr = exp.Literal.number(text.lstrip("-"))
    return exp.Neg(this=value) if text.startswith("-") else value
