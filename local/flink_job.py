"""One application on the local cluster: starts its job, replaces it, watches it, and says how far it is.

A replacement is planned while the old job runs, and refused when Flink refuses it. Then the old job is
cancelled and the new one submitted, which gets its slots once nothing of the old one runs: with both writing,
the old one's last write of a row could come after the new one's last, and would stay.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flink_app import main as flink_main
from flink_app import settings
from flink_app.errors import FlinkAppError
from flink_app.job import Job, load_job
from flink_app.properties import PATH_VARIABLE, parse_start, read_properties
from flink_app.restart import (
    Run,
    Start,
    begin_restore,
    checkpoint_time,
    choose_start,
    end_restore,
    failed_restores,
    give_up_restore,
    newest_checkpoint,
    plan_hash,
    read_run,
)
from local import flink_rest
from local.catch_up import CatchUp
from local.flink_cluster import Cluster
from local.flink_plan import PlannedJob
from local.flink_plan import plan as plan_job
from local.recomputing import AwsError, Recomputing, shards, tables

LOADING_FAILURES = 3
"""Flink restarts a job for ever. One that failed so often while its tasks loaded their state, and never ran,
is not helped by that: nothing outside this machine is asked in that phase."""
_SERVING_WITHIN_SECONDS = 2.0
_CHECK_SECONDS = 1.0

Log = Callable[..., None]


@dataclass(frozen=True)
class Status:
    """What stands in `status.json`: see `local.flink`."""

    build_id: str
    state: str
    reason: str
    job_id: str | None

    def write(self, state_dir: Path) -> None:
        """Replace the file."""
        temporary = state_dir / "status.new"
        temporary.write_text(json.dumps(asdict(self)) + "\n", encoding="utf-8")
        temporary.replace(state_dir / "status.json")


class Application:
    """The job of one application, in a cluster of its own that it keeps."""

    def __init__(self, options: argparse.Namespace, jar: Path, log: Log) -> None:
        self._options = options
        self._state_dir: Path = options.state_dir
        self._jar = jar
        self._log = log
        self._cluster: Cluster | None = None
        self._status: Status | None = None
        self._run: Run | None = None
        self._start: Start | None = None
        self._began = time.monotonic()
        self._runs = False
        self._recomputing: Recomputing | None = None
        self._catch_up: CatchUp | None = None
        self._caught_up_at: float | None = None
        self._checked = 0.0

    def start(self) -> None:
        """Start the JVM and the job, as its state allows; raises FlinkAppError when it cannot run."""
        job = load_job(self._options.build_dir, self._options.app)
        self._say(job, "starting", "")
        now = datetime.now(UTC)
        plan = plan_hash(job, self._jar)
        if self._options.start is None:
            old_run = read_run(self._state_dir)
            checkpoint = newest_checkpoint(self._state_dir, old_run)
            failed = failed_restores(self._state_dir, checkpoint)
            start = choose_start(plan, job, old_run, checkpoint, now, failed=failed)
            if failed and start.checkpoint is None:
                windows = start.run.start_text()
                self._log("warn", f"{start.reason}; starting without state, windows from {windows}")
            first = old_run is None
        else:
            run = Run.new(plan, parse_start(self._options.start, "--start"), now)
            start, first = Start(run, None, "asked for by --start"), False
        if start.checkpoint is not None:
            begin_restore(self._state_dir, start.checkpoint)
        start.run.write(self._state_dir)
        shutil.rmtree(self._state_dir / "tmp", ignore_errors=True)
        (self._state_dir / "tmp").mkdir()
        self._remove_leftovers(start)
        if start.checkpoint is None:
            end_restore(self._state_dir)
        options = self._options
        self._cluster = Cluster(self._state_dir, self._jar, options.rest_port, options.parallelism)
        try:
            planned = self._plan(start)
        except FlinkAppError as error:
            self._say(job, "refused", str(error))
            raise
        self._submit(planned, start, announce=not first and not start.run.caught_up)

    def replace(self, build_id: str | None) -> None:
        """Bring the application to the build on disk; the running job goes on where that cannot run."""
        assert self._cluster is not None
        self._began = time.monotonic()
        try:
            job = load_job(self._options.build_dir, self._options.app)
            if job.build_id != build_id:
                return  # a newer build is on disk: its tables are being made, and it is named next
            plan = plan_hash(job, self._jar)
            if self._run is not None and plan == self._run.plan and self._status is not None:
                self._status = replace(self._status, build_id=job.build_id)
                self._status.write(self._state_dir)
                return
            old = self._run
            checkpoint = newest_checkpoint(self._state_dir, old)
            start = choose_start(plan, job, old, checkpoint, datetime.now(UTC))
            planned = self._plan(start)
        except FlinkAppError as error:
            self._log("error", f"build {build_id} is refused, what runs goes on: {error}")
            if self._status is not None:
                refused = replace(self._status, build_id=build_id or "", state="refused", reason=str(error))
                refused.write(self._state_dir)
            return
        planned_at = time.monotonic()
        old_job = self._status.job_id if self._status is not None else None
        if old_job is not None:
            self._cluster.cancel(old_job)
        start = replace(start, run=replace(start.run, began=datetime.now(UTC)))
        start.run.write(self._state_dir)
        end_restore(self._state_dir)
        self._submit(planned, start, announce=True)
        submitted = time.monotonic()
        if old_job is not None:
            # What the old job wrote in its last moments is older than this; all of the new one is younger.
            self._run = replace(start.run, began=self._cluster.ended_at(old_job))
            self._run.write(self._state_dir)
            if self._recomputing is not None:
                self._recomputing.since = self._run.began
        self._remove_leftovers(start)
        self._log(
            "info",
            f"build {build_id} replaces the job",
            plan_seconds=round(planned_at - self._began, 2),
            submit_seconds=round(submitted - planned_at, 2),
            stopped_after_seconds=round(time.monotonic() - planned_at, 2),
        )

    def look(self, serving: str | None) -> None:
        """Take the next step of what is under way; called ten times a second.

        Raises FlinkAppError when the job has ended, or must go on without its state.
        """
        assert self._status is not None
        assert self._start is not None
        job_id = self._status.job_id
        if not self._runs:
            self._look_at_start(str(job_id))
        if self._catch_up is not None:
            self._look_at_catch_up(serving)
        if time.monotonic() - self._checked > _CHECK_SECONDS:
            self._checked = time.monotonic()
            self._look_at_health(str(job_id))

    def _look_at_start(self, job_id: str) -> None:
        assert self._start is not None
        port = self._options.rest_port
        if not flink_rest.all_run(flink_rest.get(port, f"/jobs/{job_id}")):
            failures = flink_rest.loading_failures(flink_rest.get(port, f"/jobs/{job_id}/exceptions"))
            if len(failures) >= LOADING_FAILURES:
                self._give_up(failures[0])
            return
        self._runs = True
        end_restore(self._state_dir)
        checkpoint = self._start.checkpoint
        page = f"http://{flink_rest.HOST}:{port}"
        origin = f"restored from {checkpoint.name}" if checkpoint else "fresh"
        self._log(
            "info",
            f"flink is running job {job_id}, UI {page}, {origin}: {self._start.reason}",
            job_id=job_id,
            ui=page,
            restored_from=checkpoint.name if checkpoint else None,
            windows_from=self._start.run.start_text(),
            seconds=round(time.monotonic() - self._began, 1),
        )

    def _look_at_catch_up(self, serving: str | None) -> None:
        assert self._catch_up is not None
        assert self._run is not None
        assert self._status is not None
        try:
            if self._caught_up_at is None:
                if not self._runs or not self._catch_up.look():
                    if self._recomputing is not None and self._runs:
                        self._recomputing.renew()
                    return
                self._caught_up_at = time.monotonic()
                self._run = replace(self._run, caught_up=True)
                self._run.write(self._state_dir)
                self._status = replace(self._status, state="caught_up")
                self._status.write(self._state_dir)
            waited = time.monotonic() - self._caught_up_at
            if self._recomputing is not None:
                follows = self._options.follow is not None
                if follows and serving != self._status.build_id and waited < _SERVING_WITHIN_SECONDS:
                    return
                self._recomputing.end()
        except (AwsError, OSError) as error:
            self._log("warn", f"readers cannot be told yet: {error}")
            return
        steps = self._catch_up.reached_seconds
        self._catch_up, self._recomputing = None, None
        self._status = replace(self._status, state="live")
        self._status.write(self._state_dir)
        seconds = round(time.monotonic() - self._began, 1)
        self._log(
            "info",
            f"all that the streams held is counted and written ({seconds} s)",
            seconds=seconds,
            seconds_after_submit=steps,
        )

    def _look_at_health(self, job_id: str) -> None:
        """End with the job; and when it has stood still so long that its state can no longer be trusted."""
        assert self._run is not None
        port = self._options.rest_port
        job = flink_rest.get(port, f"/jobs/{job_id}")
        if job.get("state") in flink_rest.ENDED:
            answer = flink_rest.get(port, f"/jobs/{job_id}/exceptions")
            reason = flink_rest.cause(answer.get("root-exception") or "")
            raise FlinkAppError(f"the job of app {self._options.app} ended {job['state']}: {reason}")
        checkpoint = newest_checkpoint(self._state_dir, self._run)
        if not job or flink_rest.all_run(job) or checkpoint is None:
            return
        if expired(checkpoint_time(checkpoint), datetime.now(UTC)):
            raise FlinkAppError(
                f"the job has not run since {checkpoint.name}, which is older than its state may be: Flink "
                "would restore rows of which a part has expired. The next start reads the streams again."
            )

    def _plan(self, start: Start) -> PlannedJob:
        """The job on disk, planned to start so; raises FlinkAppError when Flink refuses it."""
        return plan_job(*flink_main.prepare(read_properties(self._write_properties(start))))

    def _submit(self, planned: PlannedJob, start: Start, *, announce: bool) -> None:
        """Start the job; readers are told first, so that they never see a row of it as a whole one."""
        options = self._options
        self._recomputing = None
        names = tables(options.build_dir, options.app, options.name_prefix) if announce else ()
        if names:
            began, windows = start.run.began, start.run.start
            self._recomputing = Recomputing(options.aws_endpoint, options.region, names, began, windows)
            try:
                self._recomputing.announce()
            except (AwsError, OSError) as error:
                raise FlinkAppError(
                    f"{options.aws_endpoint} does not take what readers must know: {error}"
                ) from error
        job, job_id = planned.job, planned.submit()
        self._run, self._start, self._runs, self._caught_up_at = start.run, start, False, None
        try:
            read = shards(
                options.build_dir, job.sources, options.name_prefix, options.aws_endpoint, options.region
            )
        except (AwsError, OSError) as error:
            raise FlinkAppError(f"{options.aws_endpoint} does not list the shards: {error}") from error
        self._catch_up = None if start.run.caught_up else CatchUp(options.rest_port, job_id, read)
        state = "live" if self._catch_up is None else "recomputing"
        self._say(job, state, start.reason, job_id)

    def _say(self, job: Job, state: str, reason: str, job_id: str | None = None) -> None:
        self._status = Status(job.build_id, state, reason, job_id)
        self._status.write(self._state_dir)

    def _write_properties(self, start: Start) -> Path:
        """The document of run-time properties, as Managed Flink would write it."""
        options = self._options
        assert self._cluster is not None
        flink = dict(self._cluster.properties())
        flink["execution.checkpointing.dir"] = start.run.checkpoint_dir(self._state_dir).as_uri()
        if start.checkpoint is not None:
            flink["execution.state-recovery.path"] = start.checkpoint.as_uri()
            flink["execution.state-recovery.claim-mode"] = "CLAIM"
        endpoint = {"aws.endpoint": options.aws_endpoint}
        job = {
            "app": options.app,
            "name_prefix": options.name_prefix,
            "aws_region": options.region,
            "build_dir": str(options.build_dir.resolve()),
            "start": start.run.start_text(),
            "wait": "false",
        }
        groups: dict[str, Any] = {"job": job, "source": endpoint, "sink": endpoint, "flink": flink}
        document = [{"PropertyGroupId": name, "PropertyMap": pairs} for name, pairs in groups.items()]
        path = self._state_dir / "application_properties.json"
        path.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
        os.environ[PATH_VARIABLE] = str(path)
        return path

    def _give_up(self, cause: str) -> None:
        assert self._start is not None
        failed = f"the job failed {LOADING_FAILURES} times before it ran, last with: {cause}"
        if self._start.checkpoint is None:
            raise FlinkAppError(
                f"{failed}. It holds no state yet: look at the disk and the memory of this machine."
            )
        give_up_restore(self._state_dir, self._start.checkpoint)
        name = self._start.checkpoint.name
        raise FlinkAppError(f"{name} cannot be loaded: {failed}. The next start reads the streams again.")

    def _remove_leftovers(self, start: Start) -> None:
        """Drop checkpoints that no start will ever restore."""
        for directory in self._state_dir.glob("checkpoints-*"):
            if directory != start.run.checkpoint_dir(self._state_dir):
                shutil.rmtree(directory, ignore_errors=True)
        # Flink itself deletes only the one it restores from, once it has newer ones.
        if start.checkpoint is not None:
            for checkpoint in start.run.checkpoint_dir(self._state_dir).glob("*/chk-*"):
                if checkpoint != start.checkpoint:
                    shutil.rmtree(checkpoint, ignore_errors=True)


def expired(checkpoint: datetime, now: datetime) -> bool:
    """Whether state of a checkpoint taken then may have passed its time to live by `now`."""
    return (now - checkpoint).total_seconds() * 1000 > settings.RESTORE_WITHIN_MS
