"""Flink's statements other than queries: their expressions, and the mixins that parse and write them.

How a dialect inherits them:

    class FlinkParser(StatementParser): ...       # overrides _parse_statement and _parse, both call super()
    class FlinkGenerator(StatementGenerator):
        TRANSFORMS = {**StatementGenerator.TRANSFORMS, ...}
        (PROPERTIES_LOCATION comes with it)

The tokenizer must have no COMMANDS (they swallow the rest of a statement) and must read a type by
`_parse_types`, a query by `_parse_ddl_select`, an expression by `_parse_disjunction` and a table's hint by
`_parse_hint`, which is where statements and queries meet.
"""

from sqlglot_flink.statements.generator import StatementGenerator
from sqlglot_flink.statements.parser import StatementParser

__all__ = ["StatementGenerator", "StatementParser"]
