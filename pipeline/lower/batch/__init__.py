"""Lowers models to the batch engines: DuckDB, Trino (Athena) and Spark (Glue)."""

from pipeline.lower.batch.late import late_rows_exact, lower_late
from pipeline.lower.batch.lowering import PASSES, lower_batch
from pipeline.lower.batch.plan import Mode
from pipeline.lower.batch.tables import create_table

__all__ = ["PASSES", "Mode", "create_table", "late_rows_exact", "lower_batch", "lower_late"]
