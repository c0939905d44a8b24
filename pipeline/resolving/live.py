"""Whether a SELECT can be streamed live, and the events that it would then count."""

from __future__ import annotations

from sqlglot import exp

from pipeline.queries import aggregates, match_of, set_keys, window_of
from sqlglot_flink import Cumulate, Hop, Session, TableFunction, Tumble


def why_not_live(select: exp.Select, tree: exp.Expr) -> str:
    """What keeps a SELECT of the model `tree` from being updated while its windows fill; empty: nothing."""
    window = window_of(select)
    if match_of(select) is not None:
        return "a pattern is known only when the watermark has passed it"
    if select.args.get("joins"):
        return "a join is known only when the watermark has passed both sides"
    if window is None:
        return "it does more than count the windows of one event"
    if isinstance(window, (Cumulate, Session)):
        return f"{window.NAME} windows are known only when the watermark closes them"
    if not isinstance(window, (Tumble, Hop)) or not any(aggregates(select)):
        return "it aggregates nothing"
    reason = _why_not_by_key(select)
    if not reason and pipe_of(window.this.this, tree) is None:
        return "its windows are cut over more than one event's rows as they come"
    return reason


def _why_not_by_key(select: exp.Select) -> str:
    if set_keys(select):
        return "its windows are grouped in several ways"
    if select.args.get("having"):
        return "HAVING is known only when the watermark closes the window"
    if any(True for _ in select.find_all(exp.Window)):
        return "OVER needs rows in their order"
    if any(column.name == "window_time" for column in select.find_all(exp.Column)):
        return "window_time is known only when the watermark closes the window"
    return ""


def pipe_of(source: exp.Expr, tree: exp.Expr) -> list[exp.Select] | None:
    """The SELECTs, outermost first, that only choose and rename rows and columns of one event.

    Empty where `source` is the event itself, None where something else happens on the way.
    """
    if isinstance(source, exp.Subquery):
        select = source.this
    elif isinstance(source, exp.Table) and isinstance(source.this, exp.Identifier):
        if any(value for key, value in source.args.items() if key not in ("this", "alias")):
            return None
        definition = _cte(source.name, tree)
        if definition is None:
            return []
        select = definition
    else:
        return None
    if not isinstance(select, exp.Select) or not _only_chooses(select):
        return None
    inner = pipe_of(select.args["from_"].this, tree)
    return None if inner is None else [select, *inner]


def _cte(name: str, tree: exp.Expr) -> exp.Expr | None:
    with_ = tree.args.get("with_")
    found: exp.Expr | None = next(
        (cte.this for cte in (with_.expressions if with_ else []) if cte.alias == name), None
    )
    return found


def _only_chooses(select: exp.Select) -> bool:
    allowed = {"expressions", "from_", "where", "kind"}
    if any(value for key, value in select.args.items() if key not in allowed):
        return False
    if any(aggregates(select)) or any(True for _ in select.find_all(exp.Window)):
        return False
    source = select.args["from_"].this
    return not (isinstance(source, exp.Table) and isinstance(source.this, TableFunction))
