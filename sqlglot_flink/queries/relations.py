"""What stands in FROM: tables, table functions, subqueries, joins, and what may follow each."""

from __future__ import annotations

import typing as t

from sqlglot import exp
from sqlglot.tokenizer_core import TokenType

from sqlglot_flink.expressions import ExtendedTable, MatchedTable, TableFunction
from sqlglot_flink.queries.cursor import STRUCTURAL_WORDS
from sqlglot_flink.queries.match import MatchParser
from sqlglot_flink.queries.windows import window_of
from sqlglot_flink.reserved import RESERVED_WORDS

_JOINS: tuple[tuple[str, str, str], ...] = (
    ("INNER JOIN", "", "INNER"),
    ("LEFT OUTER JOIN", "LEFT", "OUTER"),
    ("LEFT SEMI JOIN", "LEFT", "SEMI"),
    ("LEFT ANTI JOIN", "LEFT", "ANTI"),
    ("LEFT JOIN", "LEFT", ""),
    ("RIGHT OUTER JOIN", "RIGHT", "OUTER"),
    ("RIGHT JOIN", "RIGHT", ""),
    ("FULL OUTER JOIN", "FULL", "OUTER"),
    ("FULL JOIN", "FULL", ""),
    ("CROSS JOIN", "", "CROSS"),
    ("ASOF JOIN", "", "ASOF"),
    ("JOIN", "", ""),
)
"""Words of a join, its side, its kind."""
_NO_ALIAS = frozenset({"QUALIFY", "MATCH_CONDITION", "ASOF"})


class RelationParser(MatchParser):
    """Relations and joins. Joins stay flat and in order, as in sqlglot."""

    def _from_clause(self) -> tuple[exp.From, list[exp.Join]]:
        first = self._relation()
        clause = exp.From(this=first)
        return clause, self._join_list()

    def _join_list(self) -> list[exp.Join]:
        joins: list[exp.Join] = []
        while True:
            join = self._parse_join()
            if join is None:
                return joins
            joins.append(join)

    def _parse_join(self, *_args: t.Any, **_kwargs: t.Any) -> exp.Join | None:
        if self._match(TokenType.COMMA):
            return self.expression(exp.Join(this=self._relation()))
        index = self._index
        natural = self._take("NATURAL")
        found = next((join for join in _JOINS if self._take(*join[0].split())), None)
        if found is None:
            self._retreat(index)
            return None
        comments = self._prev_comments
        words, side, kind = found
        join = exp.Join(
            this=self._relation(), side=side or None, kind=kind or None, method="NATURAL" if natural else None
        )
        if self._take("MATCH_CONDITION"):
            join.set("match_condition", self._required_expression())
        if self._take("ON"):
            join.set("on", self._required_expression())
        elif self._take("USING"):
            join.set("using", self._names_in_parentheses())
        elif words == "JOIN" and not natural:
            join.meta["bare"] = True
        return self.expression(join, comments=comments)

    def _relation(self) -> exp.Expr:
        """Read one operand of FROM with everything that belongs to it."""
        lateral = self._take("LATERAL")
        node = self._relation_body()
        if lateral:
            node = self.expression(exp.Lateral(this=node))
        return self._relation_suffix(node)

    def _relation_body(self) -> exp.Expr:
        if self._at("TABLE") and self._next.token_type == TokenType.L_PAREN:
            return self.expression(exp.Table(this=self._table_function()))
        if self._at("UNNEST"):
            return self._parse_unnest()
        if self._symbol(TokenType.L_PAREN):
            return self._parenthesised_relation()
        if not self._at_name(reserved=True):
            self.raise_error("Expected a table, a subquery or a table function")
            return exp.Table(this=exp.to_identifier(""))
        parts = self._take_parts()
        if self._symbol(TokenType.L_PAREN):
            return self.expression(exp.Table(this=self._call(parts)))
        table = self._table_of(parts)
        if self._symbol(TokenType.HINT):
            hint = self._parse_hint()
            table.set("hints", [hint] if hint else None)
        if self._take("EXTEND"):
            columns = self._wrapped_list(self._insert_column)
            return self.expression(exp.Table(this=ExtendedTable(this=table, expressions=columns)))
        return table

    def _insert_column(self) -> exp.Expr:
        raise NotImplementedError

    def _table_function(self) -> exp.Expr:
        start = self._curr
        self._advance(2)
        specific = self._take("SPECIFIC")
        if not self._at_name(reserved=True):
            self.raise_error("Expected a table function such as TUMBLE, HOP, CUMULATE or SESSION")
        parts = self._take_parts()
        if not self._symbol(TokenType.L_PAREN):
            self.raise_error(f"Expected ( after {parts[-1].name}")
        function = self._call(parts)
        result = self.expression(TableFunction(this=window_of(self, function) or function), start)
        if specific:
            result.meta["specific"] = True
        self._close()
        return result

    def _table_of(self, parts: list[exp.Identifier]) -> exp.Table:
        names: list[t.Any] = list(parts)
        if len(names) > 3:
            names[2:] = [exp.Dot.build(names[2:])]
        return self.expression(
            exp.Table(**dict(zip(("this", "db", "catalog"), reversed(names), strict=False)))
        )

    def _parenthesised_relation(self) -> exp.Expr:
        """Read a query, or relations joined, in parentheses; both become a Subquery, bare VALUES Values."""
        self._open()
        inner: exp.Expr
        if self._query_follows(0):
            inner = self._required_query()
        elif self._symbol(TokenType.L_PAREN):
            leaf = self._parenthesised_relation()
            inner = self._rest_of_query(leaf)
            if inner is leaf:
                inner = self._relation_suffix(leaf)
                self._attach_joins(inner)
        else:
            inner = self._relation()
            self._attach_joins(inner)
        self._close()
        if isinstance(inner, exp.Values) and not inner.args.get("alias") and not inner.args.get("order"):
            return inner
        return self.expression(exp.Subquery(this=inner))

    def _attach_joins(self, relation: exp.Expr) -> None:
        joins = self._join_list()
        if joins:
            relation.set("joins", joins)

    def _relation_suffix(self, node: exp.Expr) -> exp.Expr:
        if self._take("FOR", "SYSTEM_TIME", "AS", "OF"):
            moment = self._required_expression()
            node.set(
                "version", self.expression(exp.Version(this="TIMESTAMP", kind="AS OF", expression=moment))
            )
        match = self._parse_match_recognize()
        if match is not None:
            node.set("match", match)
        pivots = self._pivot_list()
        if pivots:
            node.set("pivots", pivots)
        alias = self._relation_alias()
        if alias and match is None and self._at("MATCH_RECOGNIZE"):
            # Flink 2.3 takes the alias of what is matched before it.
            node.set("alias", alias)
            match, alias = self._parse_match_recognize(), None
            node.set("match", match)
            if match is not None:
                match.set("alias", self._relation_alias())
        elif alias and isinstance(node, exp.Unnest):
            self._unnest_alias(node, alias)
        elif alias and match is not None and not pivots:
            match.set("alias", alias)
        elif alias:
            node.set("alias", alias)
        sample = self._sample()
        if sample:
            node.set("sample", sample)
        return _of_kind(node, MatchedTable) if node.args.get("match") and type(node) is exp.Table else node

    def _match_of_query(self, clause: exp.From) -> exp.Expr | None:
        """Take the match of FROM's first relation off it: as in sqlglot, that one is the query's."""
        match: exp.Expr | None = clause.this.args.get("match")
        if match is not None:
            clause.this.set("match", None)
            if isinstance(clause.this, MatchedTable):
                clause.set("this", _of_kind(clause.this, exp.Table))
        return match

    def _relation_alias(self) -> exp.TableAlias | None:
        explicit = self._take("AS")
        if not explicit and (
            not self._at_name() or (self._word() in _NO_ALIAS and not self._names_a_table())
        ):
            return None
        name = self._take_name(any_word=explicit)
        columns = self._names_in_parentheses() if self._symbol(TokenType.L_PAREN) else None
        return self.expression(exp.TableAlias(this=name, columns=columns))

    def _names_a_table(self) -> bool:
        """Tell whether a word that may begin a clause ends the relation as its alias does."""
        following = self._word(self._next)
        return not self._next or (
            following in STRUCTURAL_WORDS and following not in ("NOT", "CASE", "CAST", "EXISTS", "INTERVAL")
        )

    def _parse_table_alias(self, *_args: t.Any, **_kwargs: t.Any) -> exp.TableAlias | None:
        return self._relation_alias()

    def _parse_unnest(self, *_args: t.Any, **_kwargs: t.Any) -> exp.Unnest:
        self._advance()
        node = exp.Unnest(expressions=self._wrapped_list(self._query_or_expression))
        if self._take("WITH", "ORDINALITY"):
            node.set("offset", True)
        return self.expression(node)

    def _unnest_alias(self, node: exp.Unnest, alias: exp.TableAlias) -> None:
        columns = alias.args.get("columns") or []
        # sqlglot keeps the name of the ordinality apart from the other columns.
        if node.args.get("offset") and len(columns) > len(node.expressions):
            node.set("offset", columns.pop())
        node.set("alias", alias)

    def _query_or_expression(self) -> exp.Expr:
        return self._required_query() if self._query_follows(0) else self._required_expression()

    def _sample(self) -> exp.TableSample | None:
        if not self._take("TABLESAMPLE"):
            return None
        method = self._take_any("BERNOULLI", "SYSTEM", "SUBSTITUTE")
        self._open()
        size = self._parse_string() or self._parse_number()
        self._take_any("PERCENT", "ROWS")
        self._close()
        seed = None
        if self._take("REPEATABLE"):
            self._open()
            seed = self._required_expression()
            self._close()
        return self.expression(
            exp.TableSample(method=exp.var(method) if method else None, percent=size, seed=seed)
        )

    def _pivot_list(self) -> list[exp.Pivot]:
        found = []
        if self._at("PIVOT") and self._next.token_type == TokenType.L_PAREN:
            found.append(self._pivot())
        if self._at("UNPIVOT"):
            found.append(self._unpivot())
        return found

    def _pivot(self) -> exp.Pivot:
        self._advance(2)
        aggregates = self._comma_list(self._aliased)
        self._require("FOR")
        axis = self._name_or_names()
        self._require("IN")
        values = self._wrapped_list(self._aliased, empty=True)
        self._close()
        field = exp.In(this=axis, expressions=values)
        return self.expression(exp.Pivot(expressions=aggregates, fields=[field], unpivot=False))

    def _unpivot(self) -> exp.Pivot:
        self._advance()
        nulls = self._take_any("INCLUDE NULLS", "EXCLUDE NULLS")
        self._open()
        measure = self._name_or_names()
        self._require("FOR")
        axis = self._name_or_names()
        self._require("IN")
        values = self._wrapped_list(self._unpivot_value)
        self._close()
        field = exp.In(this=axis, expressions=values)
        include = {"INCLUDE NULLS": True, "EXCLUDE NULLS": False}.get(nulls or "")
        return self.expression(
            exp.Pivot(expressions=[measure], fields=[field], unpivot=True, include_nulls=include)
        )

    def _unpivot_value(self) -> exp.Expr:
        columns = self._name_or_names()
        if not self._take("AS"):
            return columns
        return self.expression(exp.PivotAlias(this=columns, alias=self._required_expression()))

    def _name_or_names(self) -> exp.Expr:
        if self._symbol(TokenType.L_PAREN):
            return exp.Tuple(expressions=self._names_in_parentheses())
        return self._take_name()

    def _aliased(self) -> exp.Expr:
        value = self._required_expression()
        explicit = self._take("AS")
        if explicit or self._at_name():
            return self.expression(exp.Alias(this=value, alias=self._take_name(any_word=explicit)))
        return value

    # sqlglot's statements (UPDATE, DELETE, MERGE) and its builders read a relation by these names.
    def _parse_table(self, *_args: t.Any, joins: bool = False, **_kwargs: t.Any) -> exp.Expr | None:
        if self._word() in RESERVED_WORDS and not (
            self._at("TABLE") or self._at("UNNEST") or self._at("LATERAL") or self._at_name(reserved=True)
        ):
            return None
        relation = self._relation()
        if joins:
            self._attach_joins(relation)
        return relation

    def _parse_table_parts(self, *_args: t.Any, **_kwargs: t.Any) -> exp.Table:
        return self._table_of(self._take_parts())

    def _parse_table_part(self, *_args: t.Any, **_kwargs: t.Any) -> exp.Expr | None:
        return self._take_name()

    def _parse_from(self, *_args: t.Any, **kwargs: t.Any) -> exp.From | None:
        if not (kwargs.get("skip_from_token") or self._take("FROM")):
            return None
        clause, joins = self._from_clause()
        if joins:
            clause.this.set("joins", joins)
        return clause

    def _parse_lateral(self) -> exp.Lateral | None:
        found = self._relation() if self._at("LATERAL") else None
        return found if isinstance(found, exp.Lateral) else None


def _of_kind(table: exp.Expr, kind: type[exp.Table]) -> exp.Table:
    """The same table as a node of another class."""
    node = kind(**table.args)
    node.comments = table.comments
    node.meta.update(table.meta)
    return node
