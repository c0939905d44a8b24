"""A model that is computed anew over the real cache and server: nothing falls back, and the end is
noticed."""

from __future__ import annotations

from typing import Any

from chalicelib import clock

from tests.integration.serving.support import LiveClient, Stack, eventually, revenue

REVENUE = "revenue-per-minute"
MINUTE_MS = 60_000


def item(
    stack: Stack, amount: int, written: int, *, minute: int = 1, currency: str = "EUR"
) -> dict[str, Any]:
    """A row, written `written` ms after the test began."""
    start = stack.minute(minute)
    return revenue(start, str(amount), currency=currency, updated_ms=stack.clock_ms + written)


def marker(
    stack: Stack, state: str, *, since: int = 100, until_ms: int | None = None, from_ms: int | None = None
) -> dict[str, Any]:
    """What whoever starts an application writes into the model's table."""
    until = clock.now_ms() + MINUTE_MS if until_ms is None else until_ms
    times = {"since": stack.clock_ms + since, "until": until, "_updated_at": clock.now_ms()}
    if from_ms is not None:
        times["from"] = from_ms
    keys = {"pk": {"S": "_recomputing"}, "sk": {"S": "_recomputing"}, "state": {"S": state}}
    return stack.store(REVENUE, keys | {name: {"S": clock.iso(ms)} for name, ms in times.items()})


def shown(stack: Stack) -> dict[str, tuple[str, str]]:
    """Revenue and status by currency, as the API says."""
    rows = stack.get("/v1/metrics/revenue_per_minute")["rows"]
    return {row["currency"]: (row["revenue"], row["status"]) for row in rows}


def see(stack: Stack, wanted: dict[str, tuple[str, str]]) -> None:
    """Wait until the API shows that: it may answer from memory for a moment."""
    eventually(lambda: shown(stack) == wanted, f"{wanted}, not {shown(stack)}")


def test_numbers_stay_while_they_are_recomputed_and_are_corrected_at_once(stack: Stack) -> None:
    stack.publish(stack.store(REVENUE, item(stack, 70, 0)))
    with LiveClient(stack) as client:
        client.join()
        see(stack, {"EUR": ("70.00", "provisional")})
        stack.publish(marker(stack, "running"))
        assert [(r["revenue"], r["status"]) for r in client.receive()["rows"]] == [("70.00", "recomputing")]
        for amount in (10, 20, 80):
            stack.publish(stack.store(REVENUE, item(stack, amount, 100 + amount)))
            see(stack, {"EUR": ("70.00", "recomputing")})
        assert stack.get("/v1/health")["models"]["revenue_per_minute"]["recomputing"] is True
        client.messages = []
        client.ping()
        assert [message["type"] for message in client.messages] == ["pong"]
        stack.publish(marker(stack, "done"))
        assert [(r["revenue"], r["status"]) for r in client.receive()["rows"]] == [("80.00", "provisional")]
        see(stack, {"EUR": ("80.00", "provisional")})
        stack.publish(stack.store(REVENUE, item(stack, 90, 300)))
        assert [r["revenue"] for r in client.receive()["rows"]] == ["90.00"]


def test_rows_that_come_after_the_end_was_told_change_nothing_back(stack: Stack) -> None:
    stack.publish(stack.store(REVENUE, item(stack, 70, 0)), marker(stack, "running"))
    late = stack.store(REVENUE, item(stack, 10, 110))
    stack.store(REVENUE, item(stack, 80, 180))
    stack.publish(marker(stack, "done"))
    see(stack, {"EUR": ("80.00", "provisional")})
    # On AWS a table has several shards, and the end may pass a row on the way.
    stack.publish(late)
    see(stack, {"EUR": ("80.00", "provisional")})


def test_a_number_that_is_lower_after_an_edit_goes_down_and_a_row_that_is_no_more_goes(stack: Stack) -> None:
    stack.publish(*(stack.store(REVENUE, item(stack, 70, 0, currency=c)) for c in ("EUR", "USD")))
    with LiveClient(stack) as client:
        client.join()
        see(stack, {"EUR": ("70.00", "provisional"), "USD": ("70.00", "provisional")})
        stack.publish(marker(stack, "running"), stack.store(REVENUE, item(stack, 30, 150)))
        stack.publish(marker(stack, "done"))
        see(stack, {"EUR": ("30.00", "provisional")})
        eventually(
            lambda: (
                client.receive()
                and {key[1]: row["revenue"] for key, row in client.rows.items()} == {"EUR": "30.00"}
            ),
            "the page to lose the row",
        )
    items = stack.dynamodb.scan(TableName=f"{stack.prefix}-{REVENUE}")["Items"]
    assert {row["sk"]["S"][-3:] for row in items} == {"EUR", "ing"}


def test_windows_before_the_replay_stay_as_they_are(stack: Stack) -> None:
    old, new = item(stack, 70, 0, minute=5), item(stack, 70, 0, minute=1, currency="USD")
    stack.publish(stack.store(REVENUE, old), stack.store(REVENUE, new))
    stack.publish(marker(stack, "running", from_ms=stack.minute(3)))
    see(stack, {"EUR": ("70.00", "provisional"), "USD": ("70.00", "recomputing")})
    stack.publish(marker(stack, "done", from_ms=stack.minute(3)))
    see(stack, {"EUR": ("70.00", "provisional")})


def test_a_hold_whose_writer_died_ends_at_its_deadline_and_takes_no_row_away(stack: Stack) -> None:
    stack.publish(*(stack.store(REVENUE, item(stack, 70, 0, currency=c)) for c in ("EUR", "USD")))
    with LiveClient(stack) as client:
        client.join()
        see(stack, {"EUR": ("70.00", "provisional"), "USD": ("70.00", "provisional")})
        stack.publish(marker(stack, "running", until_ms=clock.now_ms() + 1500))
        stack.publish(stack.store(REVENUE, item(stack, 30, 150)))
        see(stack, {"EUR": ("30.00", "provisional"), "USD": ("70.00", "provisional")})
        # No row comes any more: the page's own ping ends it.
        eventually(
            lambda: client.ping() and {row["revenue"] for row in client.rows.values()} == {"30.00", "70.00"},
            "the page to be told",
        )


def test_a_hold_survives_a_bucket_that_is_loaded_again(stack: Stack) -> None:
    stack.publish(stack.store(REVENUE, item(stack, 70, 0)))
    see(stack, {"EUR": ("70.00", "provisional")})
    stack.publish(marker(stack, "running"), stack.store(REVENUE, item(stack, 10, 110)))
    # As if the bucket was loaded long ago, or an item of it was deleted.
    key = next(iter(stack.valkey_client.scan_iter("*:rows:*")))
    stack.valkey_client.hdel(key, "!complete", "!load")
    see(stack, {"EUR": ("70.00", "recomputing")})
    stack.store(REVENUE, item(stack, 75, 160))
    stack.publish(marker(stack, "done"))
    see(stack, {"EUR": ("75.00", "provisional")})


def test_an_end_that_comes_twice_or_is_long_over_is_no_news(stack: Stack) -> None:
    stack.publish(stack.store(REVENUE, item(stack, 70, 0)), marker(stack, "running"), marker(stack, "done"))
    done = marker(stack, "done")
    stack.publish(stack.store(REVENUE, item(stack, 80, 500)))
    stack.publish(done, done)
    see(stack, {"EUR": ("80.00", "provisional")})


def test_a_marker_that_cannot_be_read_is_left_out_and_said(stack: Stack) -> None:
    broken = {"pk": {"S": "_recomputing"}, "sk": {"S": "_recomputing"}, "state": {"S": "running"}}
    stack.publish(stack.record(REVENUE, broken), stack.store(REVENUE, item(stack, 70, 0)))
    see(stack, {"EUR": ("70.00", "provisional")})
