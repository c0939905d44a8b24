"""Refuses the compiled build of sqlglot, with which no plugin dialect can work."""

from __future__ import annotations

import sqlglot.parser


class CompiledSqlglotError(ImportError):
    """Raised on import where sqlglot was installed as `sqlglot[c]` or `sqlglotc`."""


def require_pure_sqlglot() -> None:
    """Raise `CompiledSqlglotError` unless sqlglot's parser is Python source.

    Classes compiled by mypyc cannot be subclassed by interpreted ones, so the first subclass below would fail
    with a message that names neither the cause nor the way out.
    """
    file = sqlglot.parser.__file__ or ""
    if not file.endswith((".py", ".pyc")):
        raise CompiledSqlglotError(
            "sqlglot_flink cannot work with the compiled build of sqlglot. "
            "Uninstall `sqlglotc` and install plain `sqlglot`: pip uninstall sqlglotc && pip install sqlglot"
        )
