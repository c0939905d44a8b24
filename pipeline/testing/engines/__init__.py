"""Engines behind one interface: DuckDB, Spark and Trino for the batch form; and Flink, the reference.

    with SparkEngine() as spark:
        rows = spark.run(ddl, {"purchase": [{"amount": Decimal("1.00"), ...}]}, "SELECT ...")

`pipeline.parity.run.ENGINES` has the classes by name.
"""
