"""Writes Flink SQL."""

from __future__ import annotations

import typing as t

from sqlglot import exp

from sqlglot_flink import expressions as own
from sqlglot_flink.queries.write_queries import QueryGenerator, own_method
from sqlglot_flink.queries.write_types import TypeGenerator
from sqlglot_flink.reserved import RESERVED_WORDS
from sqlglot_flink.statements import StatementGenerator

OWN_CLASSES: tuple[type[exp.Expr], ...] = tuple(
    found for found in vars(own).values() if isinstance(found, type) and found.__module__ == own.__name__
)
# sqlglot has transforms for these, which would go before the methods.
_BY_METHOD: tuple[type[exp.Expr], ...] = (
    exp.All,
    exp.Any,
    exp.Array,
    exp.Between,
    exp.CurrentCatalog,
    exp.CurrentDate,
    exp.CurrentSchema,
    exp.CurrentTime,
    exp.CurrentTimestamp,
    exp.CurrentUser,
    exp.Except,
    exp.Hint,
    exp.Intersect,
    exp.Localtime,
    exp.Localtimestamp,
    exp.Null,
    exp.SessionUser,
    exp.Union,
)

_JSON_PATH = (own.JsonExists, own.JsonValue, own.JsonQuery)
_JSON_CONSTRUCTOR = (own.JsonObject, own.JsonObjectAgg, own.JsonArray, own.JsonArrayAgg)


class FlinkGenerator(StatementGenerator, QueryGenerator, TypeGenerator):
    """Writes what was read, token by token as far as Flink's parser can tell; quotes reserved words."""

    INTERVAL_ALLOWS_PLURAL_FORM = False
    JOIN_HINTS = False
    TABLE_HINTS = True
    TZ_TO_WITH_TIME_ZONE = False
    RESERVED_KEYWORDS: t.ClassVar[set[str]] = {word.lower() for word in RESERVED_WORDS}
    TYPE_MAPPING = TypeGenerator.TYPE_MAPPING

    TRANSFORMS: t.ClassVar[dict[type[exp.Expr], t.Callable[..., str]]] = {
        **StatementGenerator.TRANSFORMS,
        **{found: own_method(found) for found in (*OWN_CLASSES, *_BY_METHOD)},
        **dict.fromkeys(_JSON_PATH, lambda self, e: self.json_path_text(e)),
        **dict.fromkeys(_JSON_CONSTRUCTOR, lambda self, e: self.json_constructor_text(e)),
    }
