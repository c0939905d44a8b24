"""What HTTP callers read, over the real server, with the rows in DynamoDB and Valkey."""

from __future__ import annotations

import os
import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Self

import httpx
import pytest
from chalicelib import cache, clock

from tests.integration.serving.support import Stack, eventually, revenue

REVENUE = "revenue-per-minute"
PATH = "/v1/metrics/revenue_per_minute"


def test_published_row_is_served_with_its_status_and_age(stack: Stack) -> None:
    watermark_ms = stack.minute(1) + 30_000
    closed = revenue(stack.minute(3), "25.5", purchases=2, updated_ms=stack.clock_ms - 900)
    open_ = revenue(stack.minute(1), "7.25", updated_ms=stack.clock_ms, watermark_ms=watermark_ms)
    stack.publish(stack.store(REVENUE, closed), stack.store(REVENUE, open_))
    body = stack.get(PATH)
    first, second = body["rows"]
    assert (first["revenue"], first["purchases"], first["status"]) == ("25.50", 2, "fresh")
    assert (second["revenue"], second["purchases"], second["status"]) == ("7.25", 1, "provisional")
    assert first["minute_start"] == first["window_start"] == clock.iso(stack.minute(3))
    assert body["watermark"] == clock.iso(watermark_ms)
    assert body["as_of"] == second["as_of"] == clock.iso(stack.clock_ms)
    assert 0 <= body["age_ms"] <= first["age_ms"] - 900


def test_reader_sees_what_dynamodb_holds_before_anything_was_published(stack: Stack) -> None:
    stack.store(REVENUE, revenue(stack.minute(2), "12.34", updated_ms=stack.clock_ms))
    assert list(stack.rows().values()) == ["12.34"]


def test_hours_with_more_than_a_page_of_rows_are_read_whole(stack: Stack) -> None:
    hour = (stack.clock_ms // clock.HOUR_MS - 2) * clock.HOUR_MS
    padding = {"padding": {"S": "x" * 1000}}
    with ThreadPoolExecutor(8) as writers:
        items = [
            revenue(hour, "1", currency=f"{number:04d}", updated_ms=stack.clock_ms) | padding
            for number in range(1300)
        ]
        list(writers.map(lambda item: stack.store(REVENUE, item), items))
    bounds = {"from": clock.iso(hour), "to": clock.iso(hour + clock.HOUR_MS)}
    assert len(stack.get(PATH, **bounds)["rows"]) == 1300


def test_range_starts_inclusive_and_ends_exclusive_across_hours(stack: Stack) -> None:
    hour = (stack.clock_ms // clock.HOUR_MS - 3) * clock.HOUR_MS
    for offset in range(-2, 3):
        stack.store(REVENUE, revenue(hour + offset * 60_000, str(offset + 10), updated_ms=stack.clock_ms))
    bounds = {"from": clock.iso(hour - 60_000), "to": clock.iso(hour + 60_000)}
    assert list(stack.rows(**bounds).values()) == ["9.00", "10.00"]


def test_time_with_a_plus_that_nobody_encoded_is_understood(stack: Stack) -> None:
    stack.store(REVENUE, revenue(stack.minute(2), "1", updated_ms=stack.clock_ms))
    text = clock.iso(stack.minute(10) + clock.HOUR_MS)[:-5] + "+01:00"
    response = stack.http.get(f"{PATH}?from={text}")
    assert response.json()["from"] == clock.iso(stack.minute(10))


def test_rows_are_filtered_by_any_of_the_values_of_a_dimension(stack: Stack) -> None:
    for currency in ("EUR", "USD", "GBP", "ÄÖ#%"):
        stack.store(REVENUE, revenue(stack.minute(2), "1", currency=currency, updated_ms=stack.clock_ms))
    assert {key[25:] for key in stack.rows(currency=["EUR", "ÄÖ#%"])} == {"EUR", "ÄÖ#%"}
    assert stack.rows(currency="nope") == {}


def test_row_without_a_dimension_is_null_and_found_by_an_empty_value(stack: Stack) -> None:
    for category in (None, "laptops"):
        start, end = clock.iso(stack.minute(2)), clock.iso(stack.minute(1))
        stack.store(
            "page-views-per-minute",
            {
                "pk": {"S": clock.hour_bucket(stack.minute(2))},
                "sk": {"S": f"{start}#{category or '%N'}"},
                "minute_start": {"S": start},
                "page_views": {"N": "3"},
                "_window_start": {"S": start},
                "_window_end": {"S": end},
                "_updated_at": {"S": clock.iso(stack.clock_ms)},
            }
            | ({"category": {"S": category}} if category else {}),
        )
    body = stack.get("/v1/metrics/page_views_per_minute")
    assert [row["category"] for row in body["rows"]] == [None, "laptops"]
    assert body["watermark"] is None
    (row,) = stack.get("/v1/metrics/page_views_per_minute", category="")["rows"]
    assert (row["category"], row["page_views"], row["status"]) == (None, 3, "provisional")


def test_catalogue_lists_all_metrics(shared_stack: Stack) -> None:
    metrics = shared_stack.get("/v1/metrics")["metrics"]
    assert [metric["name"] for metric in metrics] == [
        "active_users",
        "page_views_per_minute",
        "revenue_per_minute",
    ]
    fields = {
        "name",
        "question",
        "owner",
        "columns",
        "key",
        "time_column",
        "windows",
        "chart",
        "topic",
        "route",
    }
    assert all(set(metric) == fields for metric in metrics)


def test_head_is_get_without_the_body(shared_stack: Stack) -> None:
    response = shared_stack.http.head(PATH)
    assert (response.status_code, response.content) == (200, b"")
    assert response.headers["content-type"] == "application/json"


def test_any_origin_may_read_and_preflight_says_so(shared_stack: Stack) -> None:
    answer = shared_stack.http.get(PATH, headers={"Origin": "https://shop.example"})
    assert answer.headers["access-control-allow-origin"] == "*"
    preflight = shared_stack.http.options(PATH, headers={"Access-Control-Request-Method": "GET"})
    assert preflight.status_code == 200
    assert preflight.headers["access-control-allow-methods"] == "GET,HEAD,OPTIONS"
    assert preflight.headers["access-control-allow-origin"] == "*"
    failure = shared_stack.http.get("/v1/metrics/nope")
    assert failure.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize(
    ("path", "status", "code", "message"),
    [
        ("/v1/metrics/nope", 404, "unknown_metric", "there is no metric 'nope'"),
        (f"/v1/metrics/{'%F0%9F%9B%92' * 90}", 404, "unknown_metric", "..."),
        ("/v1/metrics/..%2f..%2fetc%2fpasswd", 404, "unknown_metric", "passwd"),
        ("/v1/nope", 404, "unknown_route", "expected one of the choices"),
        (f"{PATH}?form=x", 400, "unknown_parameter", "unknown parameter 'form'"),
        (f"{PATH}?{'x' * 5000}=1", 400, "unknown_parameter", "..."),
        (f"{PATH}?from=yesterday", 400, "bad_time", "such as 2026-11-22T18:00:00Z"),
        (f"{PATH}?from=", 400, "bad_time", "from is ''"),
        (f"{PATH}?from=%00", 400, "bad_time", "expected an ISO 8601 time"),
        (f"{PATH}?from=0001-01-01T00:00:00%2B14:00", 400, "bad_time", "ISO 8601"),
        (f"{PATH}?to=9999-12-31T23:59:59-14:00", 400, "bad_time", "ISO 8601"),
        (f"{PATH}?from=1960-01-01T00:00:00Z", 400, "bad_time", "since 1970"),
        (f"{PATH}?to={'9' * 6000}", 400, "bad_time", "..."),
        (f"{PATH}?from=2026-11-22T18:00:00Z&from=2026-11-22T19:00:00Z", 400, "bad_time", "given 2 times"),
        (f"{PATH}?from=2026-11-22T19:00:00Z&to=2026-11-22T18:00:00Z", 400, "bad_range", "before to"),
        (f"{PATH}?from=2026-11-22T19:00:00Z&to=2026-11-22T19:00:00Z", 400, "bad_range", "before to"),
        (f"{PATH}?from=2100-01-01T00:00:00Z", 400, "bad_range", "to is now unless given"),
        (f"{PATH}?from=2026-11-20T00:00:00Z&to=2026-11-22T00:00:00Z", 400, "bad_range", "at most 25 h"),
        (f"{PATH}?{'&'.join('currency=X' for _ in range(101))}", 400, "too_many_values", "at most 100"),
        ("/v1/metrics?limit=3", 400, "unknown_parameter", "none is expected here"),
        (f"{PATH}?currency={'x' * 9000}", 414, "query_too_long", "8192 bytes"),
    ],
)
def test_request_that_cannot_be_understood_says_what_was_expected(
    shared_stack: Stack, path: str, status: int, code: str, message: str
) -> None:
    response = shared_stack.http.get(path)
    assert response.status_code == status
    error = response.json()["error"]
    assert error["code"] == code
    assert message in error["message"]
    if code in {"unknown_metric", "unknown_route"}:
        assert error["choices"]


def test_unsupported_method_is_refused_with_those_allowed(shared_stack: Stack) -> None:
    response = shared_stack.http.post(PATH, json={})
    assert response.status_code == 405
    assert response.json()["error"]["choices"] == ["GET", "HEAD"]
    assert response.headers["allow"] == "GET, HEAD, OPTIONS"


def test_two_hundred_parallel_requests_get_the_same_numbers(stack: Stack) -> None:
    for minute in range(20):
        stack.store(REVENUE, revenue(stack.minute(minute), "1.5", updated_ms=stack.clock_ms))
    bounds = {"from": clock.iso(stack.minute(30)), "to": clock.iso(stack.minute(0) + 60_000)}
    limits = httpx.Limits(max_connections=200)
    with (
        httpx.Client(base_url=stack.url, timeout=60, limits=limits) as client,
        ThreadPoolExecutor(200) as pool,
    ):
        answers = list(pool.map(lambda _: client.get(PATH, params=bounds), range(200)))
    assert {answer.status_code for answer in answers} == {200}
    assert {len(answer.json()["rows"]) for answer in answers} == {20}


def test_parallel_requests_keep_their_own_parameters(stack: Stack) -> None:
    currencies = [f"C{number:02d}" for number in range(40)]
    for currency in currencies:
        stack.store(REVENUE, revenue(stack.minute(2), "1", currency=currency, updated_ms=stack.clock_ms))
    with ThreadPoolExecutor(20) as pool:
        found = list(pool.map(lambda currency: stack.rows(currency=currency), currencies * 5))
    assert [next(iter(rows))[25:] for rows in found] == currencies * 5


def test_without_valkey_numbers_come_from_dynamodb_and_health_says_degraded(stack: Stack) -> None:
    stack.publish(stack.store(REVENUE, revenue(stack.minute(2), "1", updated_ms=stack.clock_ms)))
    assert stack.get("/v1/health")["status"] == "ok"
    stack.valkey.kill()
    record = stack.store(REVENUE, revenue(stack.minute(2), "2", updated_ms=stack.clock_ms + 1))
    eventually(lambda: list(stack.rows().values()) == ["2.00"], "the number from DynamoDB")
    health = stack.get("/v1/health")
    assert (health["status"], health["checks"]["valkey"]["ok"]) == ("degraded", False)
    assert health["models"]["revenue_per_minute"]["as_of"] == clock.iso(stack.clock_ms + 1)
    with pytest.raises(cache.CacheUnavailableError):
        stack.publish(record)


class Traffic:
    """A writer that publishes what it stored, and readers that watch the numbers; all in threads."""

    currencies = ("EUR", "USD", "GBP")

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self._stop = threading.Event()
        self.written = dict.fromkeys(self.currencies, 0)
        self.failures: list[str] = []
        self._threads = [threading.Thread(target=work) for work in (self._write, self._read, self._read)]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def some_more(self) -> None:
        """Wait for ten more versions of every row."""
        before = self.written["GBP"]
        eventually(lambda: self.written["GBP"] > before + 10, "traffic")

    def _write(self) -> None:
        backlog: list[dict[str, Any]] = []
        while backlog or not self._stop.is_set():
            if not self._stop.is_set():
                backlog += [self._store(currency, self.written[currency] + 1) for currency in self.currencies]
            try:
                self._stack.publish(*backlog)
                backlog.clear()
            except cache.CacheUnavailableError:
                self._stop.wait(0.05)

    def _store(self, currency: str, amount: int) -> dict[str, Any]:
        updated_ms = self._stack.clock_ms + amount
        item = revenue(self._stack.minute(2), str(amount), currency=currency, updated_ms=updated_ms)
        record = self._stack.store(REVENUE, item)
        self.written[currency] = amount
        return record

    def _read(self) -> None:
        seen = dict.fromkeys(self.currencies, 0.0)
        with httpx.Client(base_url=self._stack.url, timeout=30) as client:
            while not self._stop.is_set():
                complete = self.written["GBP"] > 0
                numbers = {r["currency"]: float(r["revenue"]) for r in client.get(PATH).json()["rows"]}
                if complete and len(numbers) != len(self.currencies):
                    self.failures.append(f"partial: {numbers}")
                fell = [
                    f"{name} fell from {seen[name]} to {now}"
                    for name, now in numbers.items()
                    if now < seen[name]
                ]
                self.failures += fell
                seen |= numbers


def test_numbers_are_right_while_valkey_is_killed_and_comes_back_empty(stack: Stack) -> None:
    with Traffic(stack) as traffic:
        for _ in range(2):
            traffic.some_more()
            stack.valkey.kill()
            traffic.some_more()
            stack.valkey.start()
        traffic.some_more()
    assert traffic.failures == []
    expected = {currency: f"{amount}.00" for currency, amount in traffic.written.items()}
    eventually(
        lambda: {key[25:]: value for key, value in stack.rows().items()} == expected, "the last numbers"
    )
    eventually(lambda: stack.get("/v1/health")["status"] == "ok", "health")


def test_without_dynamodb_and_valkey_callers_are_told_at_once_and_health_is_503(stack: Stack) -> None:
    stack.valkey.kill()
    stack.dynamodb.delete_table(TableName=f"{stack.prefix}-{REVENUE}")
    eventually(lambda: stack.http.get(PATH).status_code == 503, "the answer that nothing can be read")
    error = stack.http.get(PATH).json()["error"]
    assert (error["code"], error["choices"]) == ("unavailable", [])
    for table in ("page-views-per-minute", "active-users"):
        stack.dynamodb.delete_table(TableName=f"{stack.prefix}-{table}")
    eventually(lambda: stack.http.get("/v1/health").status_code == 503, "health")
    assert stack.http.get("/v1/metrics").status_code == 200


def test_cached_hour_whose_trust_ran_out_is_served_while_dynamodb_is_away(stack: Stack) -> None:
    stack.publish(stack.store(REVENUE, revenue(stack.minute(2), "1", updated_ms=stack.clock_ms)))
    assert len(stack.rows()) == 1
    for key in stack.valkey_client.keys("*rows*"):
        assert stack.valkey_client.hset(key, "!complete", "1") == 0
    stack.dynamodb.delete_table(TableName=f"{stack.prefix}-{REVENUE}")
    for _ in range(3):
        assert list(stack.rows().values()) == ["1.00"]


def test_evicted_bucket_is_loaded_again_whole(stack: Stack) -> None:
    records = [
        stack.store(REVENUE, revenue(stack.minute(2), "1", currency=c, updated_ms=stack.clock_ms))
        for c in ("EUR", "USD")
    ]
    stack.publish(*records)
    assert len(stack.rows()) == 2
    stack.valkey_client.delete(*stack.valkey_client.keys("*rows*"))
    stack.publish(stack.store(REVENUE, revenue(stack.minute(2), "5", updated_ms=stack.clock_ms + 5)))
    eventually(lambda: list(stack.rows().values()) == ["5.00", "1.00"], "both rows")


def test_deleted_row_is_served_no_more(stack: Stack) -> None:
    item = revenue(stack.minute(2), "1", updated_ms=stack.clock_ms)
    stack.publish(stack.store(REVENUE, item))
    assert len(stack.rows()) == 1
    stack.dynamodb.delete_item(
        TableName=f"{stack.prefix}-{REVENUE}", Key={"pk": item["pk"], "sk": item["sk"]}
    )
    stack.publish(stack.record(REVENUE, item, "REMOVE"))
    eventually(lambda: stack.rows() == {}, "the row to go")


def test_record_that_is_no_result_row_does_not_hold_up_the_others(stack: Stack) -> None:
    good = stack.store(REVENUE, revenue(stack.minute(2), "1", updated_ms=stack.clock_ms))
    bad = revenue(stack.minute(3), "1", updated_ms=stack.clock_ms)
    del bad["_updated_at"]
    stack.publish(stack.store(REVENUE, bad), good, stack.record("no-such-table", bad))
    assert list(stack.rows().values()) == ["1.00"]


def test_warm_reads_make_no_call_to_dynamodb(stack: Stack) -> None:
    stack.publish(stack.store(REVENUE, revenue(stack.minute(2), "1", updated_ms=stack.clock_ms)))
    assert len(stack.rows()) == 1
    # Without its table a read of DynamoDB would fail.
    stack.dynamodb.delete_table(TableName=f"{stack.prefix}-{REVENUE}")
    assert len(stack.rows()) == 1


def test_new_build_is_picked_up_while_serving(stack: Stack) -> None:
    path = os.environ["MANIFEST_PATH"]
    assert stack.get("/v1/health")["build_id"] == "0123456789abcdef"
    with open(path) as file:  # noqa: PTH123
        content = (
            file.read().replace("0123456789abcdef", "fedcba9876543210").replace("web team", "growth team")
        )
    with open(f"{path}.new", "w") as file:  # noqa: PTH123
        file.write(content)
    os.replace(f"{path}.new", path)  # noqa: PTH105
    eventually(lambda: stack.get("/v1/health")["build_id"] == "fedcba9876543210", "the new build")
    assert stack.get("/v1/metrics")["metrics"][1]["owner"] == "growth team"
    os.remove(path)  # noqa: PTH107
    assert stack.get("/v1/health")["status"] == "ok", "the old manifest stays in use"


def test_page_that_is_not_built_says_so_and_one_that_is_gets_served(stack: Stack, tmp_path: Any) -> None:
    missing = stack.http.get("/")
    assert (missing.status_code, missing.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "not built yet" in missing.text
    page = tmp_path / "build" / "dashboard"
    (page / "assets").mkdir(parents=True)
    (page / "index.html").write_text("<!doctype html><title>Live</title>")
    (page / "assets" / "app.js").write_text("console.log(1)")
    index = stack.http.get("/")
    assert index.text.endswith("<title>Live</title>")
    assert index.headers["cache-control"] == "no-cache"
    again = stack.http.get("/", headers={"If-None-Match": index.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert stack.http.get("/assets/app.js").headers["content-type"] == "text/javascript; charset=utf-8"
    assert stack.http.get("/metrics/revenue_per_minute").text == index.text
    assert stack.http.get("/assets/gone.js").status_code == 404
    assert stack.http.get("/%2e%2e/%2e%2e/manifest.json").status_code == 404
    assert stack.http.post("/").status_code == 405


def test_server_whose_port_is_taken_says_so_and_exits_with_1(shared_stack: Stack) -> None:
    import subprocess
    import sys

    port = shared_stack.url.rsplit(":", 1)[1]
    command = [sys.executable, "-m", "local.server", "--port", port]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert ended.returncode == 1
    assert f"port {port} on 127.0.0.1 cannot be taken" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_server_stops_on_interrupt_too(stack: Stack) -> None:
    assert stack.get("/v1/health")
    assert stack.server.stop(signal.SIGINT) == -signal.SIGINT
