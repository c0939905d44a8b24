"""MATCH_RECOGNIZE in batch: Flink's meaning on DuckDB, Spark and Trino."""

from pipeline.lower.match.lowering import columns_of, lower_match, not_on_flink, reads_of, refusals

__all__ = ["columns_of", "lower_match", "not_on_flink", "reads_of", "refusals"]
