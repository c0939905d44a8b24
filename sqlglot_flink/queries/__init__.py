"""Queries and expressions of Flink SQL: parser and generator mixins, shaped like Calcite's grammar."""
