"""Tests of models as data: cases in YAML, run on DuckDB and on Flink, compared row by row."""
