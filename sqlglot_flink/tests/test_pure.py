"""The compiled build of sqlglot is refused with a way out."""

from __future__ import annotations

import pytest
import sqlglot.parser

from sqlglot_flink.pure import CompiledSqlglotError, require_pure_sqlglot


def test_plain_sqlglot_is_accepted() -> None:
    require_pure_sqlglot()


def test_compiled_sqlglot_is_refused_with_the_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlglot.parser, "__file__", "sqlglot/parser.cpython-311-x86_64-linux-gnu.so")
    with pytest.raises(CompiledSqlglotError, match="pip uninstall sqlglotc"):
        require_pure_sqlglot()
