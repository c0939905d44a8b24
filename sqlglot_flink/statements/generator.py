"""Writes Flink's statements."""

from __future__ import annotations

import typing as t

from sqlglot import exp, generator
from sqlglot.expressions.properties import PropertiesLocation

from sqlglot_flink.statements import expressions as fl
from sqlglot_flink.statements.generate_ddl import DdlGenerator
from sqlglot_flink.statements.generate_statements import OtherStatementGenerator

OWN_PROPERTIES = (
    fl.DistributionProperty,
    fl.FreshnessProperty,
    fl.ModelInput,
    fl.ModelOutput,
    fl.RefreshModeProperty,
    fl.ResourcesProperty,
    fl.StartModeProperty,
)
OWN_CLASSES: tuple[type[exp.Expression], ...] = tuple(
    cls for cls in vars(fl).values() if isinstance(cls, type) and cls.__module__ == fl.__name__
)


def _write(generator_: t.Any, expression: exp.Expr) -> str:
    """Call the method named like the expression; sqlglot finds such methods for its own classes alone."""
    return str(getattr(generator_, f"{expression.key}_sql")(expression))


class StatementGenerator(DdlGenerator, OtherStatementGenerator):
    """Writes every statement of Flink SQL; queries are left to the inheriting class."""

    WITH_PROPERTIES_PREFIX = "WITH"

    PROPERTIES_LOCATION: t.ClassVar[dict[type[exp.Expression], PropertiesLocation]] = {
        **generator.Generator.PROPERTIES_LOCATION,
        exp.PartitionedByProperty: PropertiesLocation.POST_SCHEMA,
        exp.Property: PropertiesLocation.POST_WITH,
        **dict.fromkeys(OWN_PROPERTIES, PropertiesLocation.POST_SCHEMA),
    }

    TRANSFORMS: t.ClassVar[dict[type[exp.Expr], t.Callable[..., str]]] = {
        **generator.Generator.TRANSFORMS,
        **dict.fromkeys((*OWN_CLASSES, exp.LanguageProperty), _write),
    }
