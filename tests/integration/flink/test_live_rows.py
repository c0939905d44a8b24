"""One job through its life: live rows, hostile input, kill -9 and restore, a changed plan.

The tests run in order on one emulator and one state; each start of Flink goes on where the last one ended.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.integration.flink.harness import Aws, Flink, Launcher, alive, event, iso, wait_for
from tests.integration.flink.proxy import FAULTS, Proxy

MINUTE = timedelta(minutes=1)
ROCKSDB_MAGIC = bytes.fromhex("f7cff485b741e288")  # ends each of its table files


def minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)


def key(moment: datetime, dimension: str) -> str:
    return f"{iso(minute(moment))}#{dimension}"


def purchase(at: datetime, currency: str, amount: str = "1.00", **fields: Any) -> dict[str, Any]:
    return event("purchase", at, own={"order_id": "o-1", "amount": amount, "currency": currency}, **fields)


def purchases(aws: Aws, currency: str) -> dict[str, int]:
    return {
        sk: count
        for sk, count in aws.numbers("revenue-per-minute", "purchases").items()
        if sk.endswith(f"#{currency}")
    }


@pytest.fixture(scope="module")
def flink(aws: Aws, launcher: Launcher, proxy: Proxy) -> Iterator[list[Flink]]:
    """The starts so far; the last one runs."""
    launcher.endpoint = proxy.endpoint
    aws.create_stream("page-view", shards=2)
    aws.create_stream("purchase")
    for table in ("page-views-per-minute", "revenue-per-minute", "active-users"):
        aws.create_table(table)
    starts = [launcher.start("main")]
    announced = starts[0].announced()
    assert announced["restored_from"] is None
    assert announced["windows_from"] == "TRIM_HORIZON"
    yield starts
    for start in starts:
        start.process.terminate()
        start.process.wait(20)


def test_the_web_page_and_its_api_answer(flink: list[Flink]) -> None:
    assert json.loads(flink[-1].get("/overview"))["jobs-running"] == 1
    assert b"<html" in flink[-1].get("/")


def test_an_event_becomes_a_row_of_the_agreed_form(flink: list[Flink], aws: Aws) -> None:
    at = datetime.now(UTC)
    aws.put("purchase", purchase(at, "A#%Z", "20.10"), purchase(at, "A#%Z", "5.15"))
    sort_key = key(at, "A%23%25Z")
    row = wait_for("row", lambda: purchases_row(aws, sort_key, 2))
    assert row["pk"] == {"S": f"{at:%Y-%m-%dT%H}"}
    assert row["minute_start"] == row["_window_start"] == {"S": iso(minute(at))}
    assert row["_window_end"] == {"S": iso(minute(at) + MINUTE)}
    assert row["currency"] == {"S": "A#%Z"}
    assert row["revenue"] == {"N": "25.25"}
    assert row["_ttl"] == {"N": str(int((minute(at) + MINUTE).timestamp()) + 7 * 24 * 3600)}
    assert iso(at) <= row["_updated_at"]["S"] <= iso(datetime.now(UTC))


def purchases_row(aws: Aws, sort_key: str, count: int) -> dict[str, Any]:
    row = aws.rows("revenue-per-minute").get(sort_key)
    return row if row is not None and row["purchases"] == {"N": str(count)} else {}


def test_a_row_says_the_watermark_of_its_stream(flink: list[Flink], aws: Aws) -> None:
    first, then = datetime.now(UTC) - timedelta(seconds=30), datetime.now(UTC)
    aws.put("purchase", purchase(first, "WMK"))

    def watermark() -> str:
        aws.put("purchase", purchase(then, "WMK"))
        return str(
            aws.rows("revenue-per-minute").get(key(then, "WMK"), {}).get("_watermark", {}).get("S", "")
        )

    expected = iso(then - timedelta(seconds=5))
    wait_for("watermark", lambda: watermark() >= expected)


def test_a_late_event_counts_in_its_own_minute_and_a_too_late_one_nowhere(
    flink: list[Flink], aws: Aws
) -> None:
    now = datetime.now(UTC)
    late, too_late = now - timedelta(minutes=10), now - timedelta(hours=2, minutes=5)
    aws.put("purchase", purchase(too_late, "LTE"), purchase(late, "LTE"), purchase(now, "LTE"))
    expected = {key(late, "LTE"): 1, key(now, "LTE"): 1}
    wait_for("late row", lambda: purchases(aws, "LTE") == expected)


def test_an_event_sent_twice_counts_once(flink: list[Flink], aws: Aws) -> None:
    at = datetime.now(UTC)
    once = purchase(at, "DUP")
    aws.put("purchase", once, once)
    aws.put("purchase", once, purchase(at, "DUP"))
    wait_for("two", lambda: purchases(aws, "DUP") == {key(at, "DUP"): 2})


def test_users_are_counted_once_in_each_window_of_each_length(flink: list[Flink], aws: Aws) -> None:
    # An hour ago nothing else has happened.
    at = minute(datetime.now(UTC) - timedelta(hours=1))
    aws.put(
        "page-view",
        event("page_view", at + timedelta(seconds=1), user_id="a"),
        event("page_view", at + timedelta(seconds=2), user_id="b"),
    )
    aws.put("purchase", purchase(at + timedelta(seconds=3), "USR", user_id="a"))
    aws.put("purchase", purchase(at + timedelta(seconds=63), "USR", user_id="c"))
    expected = {key(at, "1m"): 2, key(at + MINUTE, "1m"): 1, key(at + MINUTE, "5m"): 1}
    expected |= {key(at - step * MINUTE, "5m"): 3 for step in range(4)} | {key(at - 4 * MINUTE, "5m"): 2}

    def found() -> dict[str, int]:
        hour_ago = iso(at - 10 * MINUTE), iso(at + 10 * MINUTE)
        return {
            sk: n
            for sk, n in aws.numbers("active-users", "active_users").items()
            if hour_ago[0] < sk < hour_ago[1]
        }

    wait_for("users", lambda: found() == expected)


def test_nothing_on_a_stream_stops_the_job(flink: list[Flink], aws: Aws) -> None:
    at = datetime.now(UTC)
    good = event("page_view", at, category=None)
    broken: list[dict[str, Any] | bytes] = [
        *(
            b"garbage",
            b"[1, 2]",
            b"12",
            b'"text"',
            b"null",
            b"{}",
            b"",
            b"\xff\xfe",
            b'{"event_id": {"a": 1}}',
        ),
        event("page_view", at, event_id=None),
        event("page_view", at, timestamp="yesterday"),
        event("page_view", at, timestamp=None),
        event("page_view", at, user_id=None),
        # A clock that runs far ahead must not take the watermark with it.
        event("page_view", at + timedelta(days=365)),
    ]
    aws.put("page-view", *broken, good)
    odd = [event("page_view", at, category="odd", custom_properties=value) for value in ("text", [1], None)]
    aws.put("page-view", *odd, event("page_view", at, category="odd", own={"load_time_ms": "soon"}))
    wait_for(
        "row without a category",
        lambda: "category" not in aws.rows("page-views-per-minute").get(key(at, "%N"), {"category": 1}),
    )
    wait_for("odd rows", lambda: aws.numbers("page-views-per-minute", "page_views").get(key(at, "odd")) == 4)
    (job,) = json.loads(flink[-1].get("/jobs/overview"))["jobs"]
    assert job["state"] == "RUNNING"
    assert job["tasks"]["failed"] == 0
    assert all(sk < iso(at + timedelta(days=1)) for sk in aws.rows("page-views-per-minute"))
    checkpoints = json.loads(flink[-1].get(f"/jobs/{job['jid']}/checkpoints"))
    assert checkpoints["counts"]["restored"] == 0, "the job has restarted"


def test_throttled_and_lost_writes_leave_the_newest_row(flink: list[Flink], aws: Aws, proxy: Proxy) -> None:
    at = datetime.now(UTC)
    currencies = [f"T{number:02}" for number in range(40)]
    rounds = 0
    with proxy.faults() as met:

        def each_fault_often() -> bool:
            nonlocal rounds
            aws.put("purchase", *(purchase(at, currency) for currency in currencies))
            rounds += 1
            return all(met[fault] >= 5 for fault in FAULTS)

        wait_for("faults", each_fault_often)
    last = [purchase(at, currency) for currency in currencies[:5]]
    aws.put("purchase", *last)
    expected = {key(at, currency): rounds + (currency < "T05") for currency in currencies}

    def found() -> dict[str, int]:
        return {sk: n for sk, n in aws.numbers("revenue-per-minute", "purchases").items() if sk in expected}

    wait_for("newest rows", lambda: found() == expected)
    assert proxy.gone_back() == {}
    (job,) = json.loads(flink[-1].get("/jobs/overview"))["jobs"]
    checkpoints = json.loads(flink[-1].get(f"/jobs/{job['jid']}/checkpoints"))
    assert checkpoints["counts"]["restored"] == 0, "the job has restarted"


def test_after_kill_9_in_mid_stream_every_count_is_right(
    flink: list[Flink], aws: Aws, launcher: Launcher
) -> None:
    begin = minute(datetime.now(UTC)) - 40 * MINUTE

    def batch(number: int) -> list[dict[str, Any]]:
        return [purchase(begin + timedelta(seconds=second), "KIL") for second in range(number, 600, 3)]

    def total(each_minute: int) -> dict[str, int]:
        return {key(begin + step * MINUTE, "KIL"): each_minute for step in range(10)}

    aws.put("purchase", *batch(0))
    wait_for("first batch", lambda: purchases(aws, "KIL") == total(20))
    completed = _completed_checkpoints(flink[-1])
    changes = 0

    def checkpoint_amid_changes() -> bool:
        nonlocal changes
        aws.put("purchase", purchase(begin, "CHA"))
        changes += 1
        return _completed_checkpoints(flink[-1]) > completed + 1

    wait_for("checkpoint of it", checkpoint_amid_changes)
    aws.put("purchase", *batch(1), purchase(begin, "CHA"))
    wait_for("newer row", lambda: purchases(aws, "CHA") == {key(begin, "CHA"): changes + 1})
    jvm = flink[-1].jvm
    flink[-1].kill()
    assert not alive(jvm)
    aws.put("purchase", *batch(2))

    flink.append(launcher.start("main"))
    assert flink[-1].announced()["restored_from"].startswith("chk-")
    wait_for("every event once", lambda: purchases(aws, "KIL") == total(60))
    wait_for("the changed row", lambda: purchases(aws, "CHA") == {key(begin, "CHA"): changes + 1})


@pytest.mark.chaos
def test_state_that_cannot_be_loaded_is_given_up_and_every_count_is_right(
    flink: list[Flink], aws: Aws, launcher: Launcher
) -> None:
    at = datetime.now(UTC)
    aws.put("purchase", *(purchase(at, "BAD") for _ in range(300)))
    wait_for("row before", lambda: purchases(aws, "BAD") == {key(at, "BAD"): 300})
    completed = _completed_checkpoints(flink[-1])
    wait_for("checkpoint of it", lambda: _completed_checkpoints(flink[-1]) > completed + 1)
    before = aws.rows("revenue-per-minute")
    flink[-1].kill()
    _damage_state(launcher.state / "state")
    aws.put("purchase", *(purchase(at, "BAD") for _ in range(200)))

    damaged = launcher.start("main")
    assert damaged.process.wait(150) == 1
    *_, told = [json.loads(line) for line in damaged.log.read_text(encoding="utf-8").splitlines()]
    assert "cannot be loaded: the job failed 3 times before it ran, last with: " in told["message"]
    assert told["message"].endswith("The next start reads the streams again.")
    flink.append(launcher.start("main"))
    announced = flink[-1].announced()
    assert announced["restored_from"] is None
    assert "could not be restored in 2 attempts" in announced["message"]
    wait_for("every event once", lambda: purchases(aws, "BAD") == {key(at, "BAD"): 500})

    def others() -> dict[str, Any]:
        rows = aws.rows("revenue-per-minute")
        return {sk: rows[sk]["purchases"] for sk in before if not sk.endswith("#BAD")}

    expected = {sk: row["purchases"] for sk, row in before.items() if not sk.endswith("#BAD")}
    wait_for("the other rows as they were", lambda: others() == expected)


def _damage_state(state: Path) -> None:
    """Cut RocksDB's files in half: those beside the checkpoints, and the small ones inside their metadata."""
    damaged = 0
    for path in state.glob("checkpoints-*/*/*/*"):
        content = path.read_bytes()
        if path.name == "_metadata":
            broken = content.replace(ROCKSDB_MAGIC, bytes(len(ROCKSDB_MAGIC)))
        else:
            broken = content[: len(content) // 2]
        damaged += broken != content
        path.write_bytes(broken)
    assert damaged, "no state was found"


def _completed_checkpoints(flink: Flink) -> int:
    (job,) = json.loads(flink.get("/jobs"))["jobs"]
    return int(json.loads(flink.get(f"/jobs/{job['id']}/checkpoints"))["counts"]["completed"])


def test_a_changed_plan_starts_without_state_and_rewrites_the_same_rows(
    flink: list[Flink], aws: Aws, launcher: Launcher
) -> None:
    before = aws.rows("revenue-per-minute")
    flink[-1].kill()
    insert = launcher.build / "flink/main/inserts/revenue_per_minute.sql"
    sql = insert.read_text(encoding="utf-8")
    assert "COUNT(*) AS `purchases`" in sql
    changed = sql.replace("COUNT(*) AS `purchases`", "COUNT(`order_id`) AS `purchases`")
    insert.write_text(changed, encoding="utf-8")
    at = datetime.now(UTC)
    aws.put("purchase", purchase(at, "CHG"))

    flink.append(launcher.start("main"))
    announced = flink[-1].announced()
    assert announced["restored_from"] is None
    assert iso(at - timedelta(hours=2, minutes=10)) < announced["windows_from"] < iso(at - timedelta(hours=2))
    wait_for("new row", lambda: purchases(aws, "CHG") == {key(at, "CHG"): 1})

    def rewritten() -> bool:
        now = aws.rows("revenue-per-minute")
        return all(now[sk]["_updated_at"]["S"] > row["_updated_at"]["S"] for sk, row in before.items())

    wait_for("rewritten rows", rewritten)
    after = aws.rows("revenue-per-minute")
    same = ("purchases", "revenue", "currency", "_window_end")
    assert {sk: [after[sk][name] for name in same] for sk in before} == {
        sk: [row[name] for name in same] for sk, row in before.items()
    }


def test_it_ends_by_sigterm_and_leaves_no_process(flink: list[Flink]) -> None:
    jvm = flink[-1].jvm
    flink[-1].process.terminate()
    assert flink[-1].process.wait(20) == 0
    wait_for("end of the JVM", lambda: not alive(jvm), 20)
