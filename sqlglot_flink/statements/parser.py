"""Tells Flink's statements apart by their first words, and splits a script into them."""

from __future__ import annotations

import typing as t

from sqlglot import exp, parser
from sqlglot.tokenizer_core import Token, TokenType

from sqlglot_flink.queries.cursor import TEXT_TOKENS
from sqlglot_flink.statements.alter import AlterParser
from sqlglot_flink.statements.dml import DmlParser
from sqlglot_flink.statements.session import SessionParser
from sqlglot_flink.statements.show import ShowParser
from sqlglot_flink.statements.words import is_word


class StatementParser(ShowParser, SessionParser, AlterParser, DmlParser):
    """Parses every statement but queries, UPDATE, DELETE and MERGE, which sqlglot reads itself."""

    FLINK_STATEMENTS: t.ClassVar[dict[str, t.Callable[[t.Any], exp.Expr | None]]] = {
        "ADD": lambda self: self._flink_add(),
        "ALTER": lambda self: self._flink_alter(),
        "ANALYZE": lambda self: self._flink_analyze(),
        "BEGIN": lambda self: self._flink_begin(),
        "CALL": lambda self: self._flink_call(),
        "CLEAR": lambda self: self._flink_client_command(),
        "COMPILE": lambda self: self._flink_compile(),
        "CREATE": lambda self: self._flink_create(),
        "DESC": lambda self: self._flink_describe(),
        "DESCRIBE": lambda self: self._flink_describe(),
        "DROP": lambda self: self._flink_drop(),
        "END": lambda self: self._flink_end(),
        "EXECUTE": lambda self: self._flink_execute(),
        "EXIT": lambda self: self._flink_client_command(),
        "EXPLAIN": lambda self: self._flink_explain(),
        "HELP": lambda self: self._flink_client_command(),
        "INSERT": lambda self: self._flink_insert(),
        "LOAD": lambda self: self._flink_load(),
        "QUIT": lambda self: self._flink_client_command(),
        "REMOVE": lambda self: self._flink_remove(),
        "REPLACE": lambda self: self._flink_replace(),
        "RESET": lambda self: self._flink_reset(),
        "SET": lambda self: self._flink_set(),
        "SHOW": lambda self: self._flink_show(),
        "STATEMENT": lambda self: self._flink_statement_set(),
        "STOP": lambda self: self._flink_stop(),
        "TRUNCATE": lambda self: self._flink_truncate(),
        "UNLOAD": lambda self: self._flink_unload(),
        "UPSERT": lambda self: self._flink_upsert(),
        "USE": lambda self: self._flink_use(),
    }

    def _parse_statement(self) -> exp.Expr | None:
        start, index = self._curr, self._index
        parse = None
        if start and start.token_type not in TEXT_TOKENS:
            parse = self.FLINK_STATEMENTS.get(start.text.upper())
        if parse is None:
            return super()._parse_statement()
        self._advance()
        comments, self._prev_comments = self._prev_comments, []
        statement = parse(self)
        if statement is None:
            self._retreat(index)
            return super()._parse_statement()
        if comments:
            statement.add_comments(comments, prepend=True)
        statement.update_positions(start)
        return statement

    def _parse(
        self,
        parse_method: t.Callable[[parser.Parser], exp.Expr | None],
        raw_tokens: list[Token],
        sql: str | None = None,
    ) -> list[exp.Expr | None]:
        self.reset()
        self.sql = sql or ""
        self._chunks, trailing = split_script(raw_tokens)
        statements = self._parse_batch_statements(parse_method=parse_method, sep_first_statement=False)
        for statement, comments in zip(statements, trailing, strict=False):
            if statement is not None and comments:
                statement.add_comments(comments)
        return statements


def split_script(tokens: list[Token]) -> tuple[list[list[Token]], list[list[str]]]:
    """Split a script at its semicolons, but keep a statement set whole.

    Returns the statements' tokens, and for each statement the comments that stand behind its semicolon.
    """
    chunks: list[list[Token]] = [[]]
    trailing: list[list[str]] = [[]]
    position = 0
    while position < len(tokens):
        end = _statement_set_end(tokens, position, chunks[-1])
        if end is not None:
            chunks[-1].extend(tokens[position : end + 1])
            position = end + 1
            continue
        token = tokens[position]
        position += 1
        if token.token_type != TokenType.SEMICOLON:
            chunks[-1].append(token)
            continue
        trailing[-1].extend(token.comments)
        if position < len(tokens):
            chunks.append([])
            trailing.append([])
    return chunks, trailing


def _statement_set_end(tokens: list[Token], position: int, before: list[Token]) -> int | None:
    """Return where the statement set that begins at `position` ends, or None where none begins."""
    heads = (
        (("STATEMENT", "SET", "BEGIN"),)
        if before
        else (
            ("STATEMENT", "SET", "BEGIN"),
            ("BEGIN", "STATEMENT", "SET"),
        )
    )
    head = tokens[position : position + 3]
    if len(head) < 3 or not any(
        all(is_word(token, word) for token, word in zip(head, words, strict=True)) for words in heads
    ):
        return None
    return next(
        (
            index
            for index in range(position + 3, len(tokens))
            if is_word(tokens[index], "END") and tokens[index - 1].token_type == TokenType.SEMICOLON
        ),
        None,
    )
