"""Plans a prepared job once, so that it can be submitted later without planning it again.

`StatementSet.execute` plans and submits in one step, and `explain` throws its plan away. A job that replaces
another one must be known to be plannable before the old one ends, and planning costs more than anything else
in the swap: the steps of `execute` are taken one by one here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flink_app.errors import FlinkAppError
from flink_app.main import reason

if TYPE_CHECKING:
    from pyflink.table import StatementSet

    from flink_app.job import Job


class PlannedJob:
    """A job that Flink has planned and nobody runs yet."""

    def __init__(self, job: Job, executor: Any, pipeline: Any) -> None:
        self.job = job
        self._executor, self._pipeline = executor, pipeline

    def submit(self) -> str:
        """Start it; returns Flink's id of it. Raises FlinkAppError when the cluster does not take it."""
        try:
            return str(self._executor.executeAsync(self._pipeline).getJobID().toString())
        except Exception as error:
            raise FlinkAppError(f"Flink cannot run the job of {_files(self.job)}: {reason(error)}") from error


def plan(job: Job, statement_set: StatementSet) -> PlannedJob:
    """Have the prepared job planned; raises FlinkAppError when Flink cannot."""
    environment = statement_set._t_env._j_tenv
    operations = statement_set._j_statement_set.getOperations()
    try:
        transformations = environment.getPlanner().translate(operations)
        field = environment.getClass().getDeclaredField("execEnv")
        field.setAccessible(True)
        executor = field.get(environment)
        configuration = environment.getConfig().getConfiguration()
        pipeline = executor.createPipeline(transformations, configuration, job.app)
    except Exception as error:
        raise FlinkAppError(f"Flink cannot plan the job of {_files(job)}: {reason(error)}") from error
    return PlannedJob(job, executor, pipeline)


def _files(job: Job) -> str:
    return ", ".join(statement.file for statement in job.inserts)
